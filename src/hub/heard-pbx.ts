/** One PBX from its events to the calls they make: who listens, what is understood, what is kept. */
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import { afterRealTime } from '../telephony/after.ts';
import { isOutsideNumber } from '../telephony/numbering.ts';
import { createPbxListener, type PbxListener } from '../telephony/pbx-listener.ts';
import type { PbxState } from '../telephony/pbx-state.ts';
import { createHeardCalls, type HeardCalls, type HeardCallsDeps } from './heard-calls.ts';
import type { PbxParts } from './hub-parts.ts';

export interface HeardPbxDeps extends Omit<HeardCallsDeps, 'settings'> {
  readonly region: string;
  readonly onState: (state: PbxState) => void;
  readonly newId: () => string;
  readonly random: () => number;
}

export interface HeardPbx extends Pick<HeardCalls, 'restore' | 'live'>, Pick<PbxListener, 'start' | 'stop' | 'state'> {
  readonly name: string;
}

export function createHeardPbx({ name, ami, clientFactory, numbering }: PbxParts, deps: HeardPbxDeps): HeardPbx {
  const reading: ReadOptions = { region: deps.region, trunkPrefix: numbering.outsidePrefix };
  const calls = createHeardCalls({
    ...deps,
    settings: {
      pbx: name,
      toE164: (raw) => {
        const read = readNumber(raw, reading);
        return read.kind === 'number' ? read.e164 : null;
      },
      isWithheld: (raw) => readNumber(raw, reading).kind === 'withheld',
      isOutsideNumber: (dialled) => isOutsideNumber(numbering, dialled),
    },
  });
  const listener = createPbxListener({
    ...{ name, settings: ami, clientFactory, translator: { numbering }, after: afterRealTime },
    ...{ now: deps.now, newId: deps.newId, random: deps.random, onState: deps.onState, log: deps.log },
    onEvent: calls.onTelephonyEvent,
  });
  return {
    name,
    restore: calls.restore,
    live: calls.live,
    start: listener.start,
    stop: listener.stop,
    get state() {
      return listener.state;
    },
  };
}
