import type { CallId } from './call.ts';
import { channelsOf, type Tracker } from './tracker-state.ts';

/** One end of a live call, for whoever is to act on it. */
export interface LiveLeg {
  /** With its PBX in front, see `splitScope`. */
  readonly channelId: string;
  /** Null for outside lines. */
  readonly extension: string | null;
  readonly isCustomer: boolean;
  readonly isUp: boolean;
  /** In a bridge where nobody hears anybody: held by the hub, or parked. */
  readonly isWaiting: boolean;
  /** The agent who has put the customer on hold. */
  readonly isHolder: boolean;
}

/** The phones and lines of a live call, by its id or an alias, in the order in which they came; empty when there is no such call. */
export function liveLegs(tracker: Tracker, idOrAlias: CallId): readonly LiveLeg[] {
  const call = tracker.calls.get(idOrAlias) ?? [...tracker.calls.values()].find(({ aliases }) => aliases.includes(idOrAlias));
  if (call === undefined) return [];
  const ends = channelsOf(tracker, call).filter(({ party }) => party !== 'helper');
  return ends.map(({ id, extension, isCustomer, up, bridgeId }) => ({
    ...{ channelId: id, extension, isCustomer, isUp: up },
    isWaiting: tracker.bridges.get(bridgeId ?? '')?.kind === 'holding',
    isHolder: call.onHold && call.lastHold?.channelId === id,
  }));
}
