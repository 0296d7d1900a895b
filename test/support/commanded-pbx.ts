import { type AmiAction, serialiseAction } from '../../src/telephony/ami/ami-action.ts';
import type { AmiResponse } from '../../src/telephony/ami/ami-client.ts';
import { createAmiPacket } from '../../src/telephony/ami/ami-packet.ts';
import { createAmiPbxCommands } from '../../src/telephony/commands/ami-pbx-commands.ts';
import type { ChannelFacts } from '../../src/telephony/telephony-event.ts';
import { createHeardPbx } from './heard-pbx.ts';

export type Answer = AmiResponse | Error | 'silence';

/** A PBX at the other end of the commands: remembers what it was told, answers as asked to, and tells what happens on it. */
export function createCommandedPbx(answer: (action: AmiAction) => Answer = () => done) {
  const { deps, ...heard } = createHeardPbx();
  const sent: AmiAction[] = [];
  const commands = createAmiPbxCommands({
    ...deps,
    async act(action) {
      sent.push(action);
      // What cannot be put on the wire is refused as the client does.
      serialiseAction(action, 'id');
      const given = answer(action);
      if (given instanceof Error) throw given;
      return given === 'silence' ? new Promise(() => {}) : given;
    },
  });
  return {
    ...heard,
    commands,
    /** As they would be on the wire, without their ids. */
    sent: () =>
      sent.map(({ name, headers = [] }) => [name, ...headers.map(([header, value]) => `${header}: ${value}`)].join(' | ')),
  };
}

export const done: AmiResponse = response('Response: Success');

export function refused(words: string): AmiResponse {
  return { ...response('Response: Error'), ok: false, text: words };
}

export function response(text: string, events: readonly string[] = []): AmiResponse {
  return { ok: true, text: '', message: createAmiPacket(text), events: events.map(createAmiPacket) };
}

/** A channel's name is its id with its technology in front. */
export function named(action: AmiAction): AmiResponse {
  const channel = action.headers?.find(([header]) => header === 'Channel')?.[1] ?? '';
  return response(`Response: Success\r\nValue: PJSIP/${channel}`);
}

export function leg(id: string, facts: Partial<ChannelFacts> = {}): ChannelFacts {
  return {
    ...{ id, linkedId: id, party: 'line', extension: null, localPair: null, localHalf: null, outgoing: true, up: true },
    ...{ callerNumber: null, callerName: null, dialled: null },
    ...facts,
  };
}

/** Lets what is under way go on until it has come so far. */
export async function turns(isThere: () => boolean): Promise<void> {
  for (let turn = 0; !isThere(); turn += 1) {
    if (turn > 1_000) throw new Error('It did not come so far.');
    await Promise.resolve();
  }
}
