import type { AriRequest, AriResponse } from '../../src/telephony/ari/ari-client.ts';
import { createAriPbxCommands } from '../../src/telephony/commands/ari-pbx-commands.ts';
import type { TelephonyEvent } from '../../src/telephony/telephony-event.ts';
import { createHandClock } from './ami-clock.ts';

/** A PBX at the other end of the commands over ARI: remembers what it was told and answers as asked to. */
export function createCommandedAriPbx(answer: (request: AriRequest) => AriResponse | Error) {
  const clock = createHandClock();
  const sent: AriRequest[] = [];
  const listeners = new Set<(event: TelephonyEvent) => void>();
  let listening = true;
  const commands = createAriPbxCommands({
    pbx: 'main',
    async request(request) {
      sent.push(request);
      const given = answer(request);
      if (given instanceof Error) throw given;
      return given;
    },
    isListening: () => listening,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    after: clock.after,
    device: (extension) => `PJSIP/${extension}`,
    ringMs: 25_000,
  });
  return {
    ...{ commands, clock, listeners, sent },
    tell: (...events: TelephonyEvent[]) => {
      for (const event of events) for (const listener of [...listeners]) listener(event);
    },
    goAway: () => {
      listening = false;
    },
  };
}
