/** One PBX in the hub: heard as it speaks, made up for from what it wrote down, and followed by whoever gave it a command. */
import { createUnheardStore } from '../calls/unheard-store.ts';
import type { Store } from '../store/open-database.ts';
import { afterRealTime } from '../telephony/after.ts';
import { createPbxListener, type PbxListener, type PbxListenerOptions } from '../telephony/pbx-listener.ts';
import type { TelephonyEvent } from '../telephony/telephony-event.ts';
import { createFillIn, type FillIn, type FillInDeps } from './fill-in.ts';
import type { PbxParts } from './hub-parts.ts';

export interface JoinedPbx extends Pick<PbxListener, 'start' | 'act' | 'request'> {
  readonly parts: PbxParts;
  readonly states: () => PbxListener['states'];
  readonly fillIn: Pick<FillIn, 'restore' | 'run' | 'noteHearing'>;
  /** Everything heard of it from now on; returns how to end it. */
  listen(listener: (event: TelephonyEvent) => void): () => void;
  stop(): Promise<void>;
}

export interface JoinedPbxDeps
  extends Pick<PbxListenerOptions, 'now' | 'newId' | 'random' | 'onState' | 'log'>,
    Pick<FillInDeps, 'settings' | 'otherPbxs' | 'ledger' | 'journal' | 'live' | 'matchCaller'> {
  readonly store: Store;
  readonly fillInMs: number;
  readonly onTelephonyEvent: (pbx: string, event: TelephonyEvent) => void;
}

const LONGEST_QUIET_MS = 60_000;

export function joinPbx(parts: PbxParts, deps: JoinedPbxDeps): JoinedPbx {
  const { name, ears, numbering, records } = parts;
  const { now, newId, random, onState, log, settings, otherPbxs, ledger, journal, live, matchCaller } = deps;
  const followers = new Set<(event: TelephonyEvent) => void>();
  const fillIn = createFillIn({
    ...{ sources: records, settings: { ...settings, pbx: name }, numbering, store: createUnheardStore(deps.store.db, name) },
    ...{ otherPbxs, ledger, journal, live, matchCaller, now, log, quietMs: Math.min(LONGEST_QUIET_MS, deps.fillInMs) },
  });
  const listener = createPbxListener({
    ...{ name, ears, translator: { numbering }, now, newId, after: afterRealTime, random, onState, log },
    onEvent(event) {
      deps.onTelephonyEvent(name, event);
      fillIn.onTelephonyEvent(event);
      for (const follow of [...followers]) follow(event);
    },
  });
  return {
    ...{ parts, fillIn, start: listener.start, act: listener.act, request: listener.request },
    states: () => listener.states,
    listen(follow) {
      followers.add(follow);
      return () => followers.delete(follow);
    },
    async stop() {
      await listener.stop();
      await fillIn.close();
    },
  };
}
