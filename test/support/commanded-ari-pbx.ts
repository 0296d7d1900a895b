import type { AriRequest, AriResponse } from '../../src/telephony/ari/ari-client.ts';
import { createAriPbxCommands } from '../../src/telephony/commands/ari-pbx-commands.ts';
import { createHeardPbx } from './heard-pbx.ts';

/** A PBX at the other end of the commands over ARI: remembers what it was told and answers as asked to. */
export function createCommandedAriPbx(answer: (request: AriRequest) => AriResponse | Error) {
  const { deps, ...heard } = createHeardPbx();
  const sent: AriRequest[] = [];
  const commands = createAriPbxCommands({
    ...deps,
    async request(request) {
      sent.push(request);
      const given = answer(request);
      if (given instanceof Error) throw given;
      return given;
    },
  });
  return { ...heard, commands, sent };
}
