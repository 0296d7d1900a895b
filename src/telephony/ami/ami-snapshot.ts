import { endpointOfDevice } from '../numbering.ts';
import type { BridgeKind, ChannelFacts, SnapshotChannel, TelephonyEvent } from '../telephony-event.ts';
import { channelFacts } from './ami-channel-facts.ts';
import type { AmiMessage } from './ami-message.ts';
import { bridgeKind } from './ami-translate-bridges.ts';
import type { AmiTranslation } from './ami-vocabulary.ts';

/**
 * Send these in this order after every log-in, each with an `ActionID` of its own, and pass every message through the
 * translator. The snapshot is complete when both `CoreShowChannels` and `BridgeList` have answered in full; a PBX that refuses one
 * of them is waited for a little and then believed without it. QueueStatus and Status only add to what is known.
 */
export const snapshotActions: readonly { readonly Action: string }[] = [
  { Action: 'CoreShowChannels' },
  { Action: 'QueueStatus' },
  { Action: 'ParkedCalls' },
  { Action: 'BridgeList' },
  { Action: 'Status' },
];

/** Events that are held back while the lists come in, and how long that may last. */
const mostWithheld = 20_000;
const longestListMs = 5_000;

const listEvents = new Set(['CoreShowChannel', 'CoreShowChannelsComplete', 'BridgeListItem', 'BridgeListComplete', 'ParkedCall']);

/** Collects the lists of one snapshot and holds live events back until it is complete, so that they are applied on top of it. */
export interface SnapshotCollector {
  /** Whether the message was part of a list. */
  take(message: AmiMessage, at: number): boolean;
  readonly isCollecting: boolean;
  withhold(event: TelephonyEvent): void;
  /** The snapshot and everything held back, once it is complete or has waited long enough; otherwise null. */
  finished(at: number): readonly TelephonyEvent[] | null;
}

export function createSnapshotCollector(translation: AmiTranslation): SnapshotCollector {
  let startedAt: number | null = null;
  let channels: SnapshotChannel[] = [];
  let bridges: { bridgeId: string; kind: BridgeKind }[] = [];
  let parked: { channelId: string; byExtension: string | null }[] = [];
  let complete = new Set<string>();
  let withheld: TelephonyEvent[] = [];

  function takeItem(message: AmiMessage): void {
    switch (message.event) {
      case 'CoreShowChannel': {
        const channel = snapshotChannel(message, translation);
        if (channel !== null) channels.push(channel);
        return;
      }
      case 'BridgeListItem': {
        const bridgeId = message.get('BridgeUniqueid');
        if (bridgeId !== undefined) bridges.push({ bridgeId, kind: bridgeKind(message) });
        return;
      }
      case 'ParkedCall': {
        const channelId = message.get('ParkeeUniqueid');
        const device = message.get('ParkerDialString') ?? '';
        if (channelId === undefined) return;
        parked.push({ channelId, byExtension: endpointOfDevice(translation.numbering, device).extension });
        return;
      }
      default:
        if (message.event !== null) complete.add(message.event);
    }
  }

  return {
    get isCollecting() {
      return startedAt !== null;
    },

    take(message, at) {
      if (message.event === null || !listEvents.has(message.event)) return false;
      // A ParkedCall with an ActionID answers ParkedCalls; without one it is news.
      if (message.event === 'ParkedCall' && (startedAt === null || message.get('ActionID') === undefined)) return false;
      startedAt ??= at;
      takeItem(message);
      return true;
    },

    withhold(event) {
      withheld.push(event);
    },

    finished(at) {
      if (startedAt === null) return null;
      const isComplete = complete.has('CoreShowChannelsComplete') && complete.has('BridgeListComplete');
      if (!isComplete && withheld.length < mostWithheld && at - startedAt < longestListMs) return null;
      const held = withheld;
      const snapshot: TelephonyEvent = { type: 'snapshotTaken', at: startedAt, channels, bridges, parked };
      // Without the list of channels nothing is known to be gone.
      const events = complete.has('CoreShowChannelsComplete') ? [snapshot, ...held] : held;
      startedAt = null;
      channels = [];
      bridges = [];
      parked = [];
      complete = new Set();
      withheld = [];
      return events;
    },
  };
}

function snapshotChannel(message: AmiMessage, { numbering }: AmiTranslation): SnapshotChannel | null {
  const facts = channelFacts(message, '', numbering);
  if (facts === null) return null;
  const bridgeId = message.get('BridgeId') || null;
  const application = message.get('Application');
  const data = message.get('ApplicationData') ?? '';
  const channel: ChannelFacts = { ...facts, outgoing: facts.outgoing || data === '(Outgoing Line)', dialled: null };
  const queue = application === 'Queue' ? (data.split(',')[0] ?? null) : null;
  return { channel, ringing: message.get('ChannelState') === '5', bridgeId, queue, ageMs: ageMs(message.get('Duration')) };
}

/** `01:02:03` */
function ageMs(duration: string | undefined): number {
  const [hours, minutes, seconds] = (duration ?? '').split(':').map(Number);
  const age = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  return Number.isFinite(age) ? age : 0;
}
