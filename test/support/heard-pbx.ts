import type { TelephonyEvent } from '../../src/telephony/telephony-event.ts';
import { createHandClock } from './ami-clock.ts';

/** What a test tells of a PBX to whoever gives it commands, in whichever language those are sent. */
export function createHeardPbx() {
  const clock = createHandClock();
  const listeners = new Set<(event: TelephonyEvent) => void>();
  let listening = true;
  return {
    ...{ clock, listeners },
    tell: (...events: TelephonyEvent[]) => {
      for (const event of events) for (const listener of [...listeners]) listener(event);
    },
    goAway: () => {
      listening = false;
    },
    /** What the commands are made with. */
    deps: {
      ...{ pbx: 'main', after: clock.after, ringMs: 25_000 },
      device: (extension: string) => `PJSIP/${extension}`,
      isListening: () => listening,
      listen(listener: (event: TelephonyEvent) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}
