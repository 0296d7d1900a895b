import { createTracker, track } from '../src/calls/tracker.ts';
import { trackerSettings } from '../src/hub/tracker-settings.ts';
import { defaultNumbering } from '../src/telephony/numbering.ts';
import type { TelephonyEvent } from '../src/telephony/telephony-event.ts';

/** The call tracker as the hub has it, counting the calls that come out. */
export function createBenchTracker(): { hear(event: TelephonyEvent): void; ended(): number } {
  const tracker = createTracker(trackerSettings([{ name: 'bench', numbering: defaultNumbering }], 'JP'));
  let calls = 0;
  return {
    hear(event) {
      for (const told of track(tracker, event)) if (told.type === 'callEnded') calls += 1;
    },
    ended: () => calls,
  };
}
