import { readNumber } from '../src/callers/phone-number.ts';
import { createTracker, track } from '../src/calls/tracker.ts';
import { defaultNumbering, isOutsideNumber } from '../src/telephony/numbering.ts';
import type { TelephonyEvent } from '../src/telephony/telephony-event.ts';

/** The call tracker as the hub has it, counting the calls that come out. */
export function createBenchTracker(): { hear(event: TelephonyEvent): void; ended(): number } {
  const tracker = createTracker({
    pbx: 'bench',
    toE164(raw) {
      const read = readNumber(raw);
      return read.kind === 'number' ? read.e164 : null;
    },
    isWithheld: (raw) => readNumber(raw).kind === 'withheld',
    isOutsideNumber: (dialled) => isOutsideNumber(defaultNumbering, dialled),
  });
  let calls = 0;
  return {
    hear(event) {
      for (const told of track(tracker, event)) if (told.type === 'callEnded') calls += 1;
    },
    ended: () => calls,
  };
}
