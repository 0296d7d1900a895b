import { CommandRefused, firstChannelId, isCommandKey, type OriginateOrder } from './pbx-commands.ts';

/**
 * What is sent to a PBX, whatever the interface; pure. Every value is digits, an id or name the PBX itself made, or a word of ours:
 * whatever else comes in is refused here once more, however well it was checked before.
 */

/** The dialplan that `infra/asterisk/toritsugi-commands.conf` brings; no application is ever named in an action. */
export const contexts = { dial: 'toritsugi-dial', hold: 'toritsugi-hold', spy: 'toritsugi-spy' } as const;

export interface Ringing {
  /** The device of an extension: `PJSIP/1001`. */
  readonly device: (extension: string) => string;
  readonly ringMs: number;
}

/** A phone is rung, and goes on in our dialplan. */
export interface Origination {
  readonly device: string;
  readonly channelId: string;
  readonly context: string;
  readonly exten: string;
  /** What the agent's phone shows, digits. */
  readonly shown: string;
  readonly variables: readonly (readonly [name: string, value: string])[];
}

/** `peer`: the slot to retrieve from, or the name of the channel to listen to. @throws CommandRefused `unsafe` */
export function originationOf({ key, extension, purpose }: OriginateOrder, peer: string, { device }: Ringing): Origination {
  if (!isCommandKey(key)) throw unsafe('The key');
  const { variables, ...goal } = goalOf(purpose, peer);
  return {
    device: deviceOf(extension, device),
    channelId: firstChannelId(key),
    ...goal,
    variables: [['TORITSUGI_KEY', key], ['TORITSUGI_AGENT', extension], ...variables],
  };
}

function goalOf(purpose: OriginateOrder['purpose'], peer: string): Omit<Origination, 'device' | 'channelId'> {
  switch (purpose.kind) {
    case 'call': {
      const dial = digits(purpose.dial, 'The number');
      const callerId = purpose.callerId === null ? '' : digits(purpose.callerId.replace(/^\+/, ''), 'The caller id');
      return { context: contexts.dial, exten: dial, shown: dial, variables: [['TORITSUGI_CALLER_ID', callerId]] };
    }
    case 'retrieve': {
      const slot = digits(peer, 'The parking slot');
      return { context: contexts.dial, exten: slot, shown: slot, variables: [] };
    }
    case 'spy': {
      const shown = digits(purpose.agentExtension, 'The extension');
      const variables = [['TORITSUGI_TARGET', channelName(peer)]] as const;
      return { context: contexts.spy, exten: purpose.mode, shown, variables };
    }
  }
}

export function deviceOf(extension: string, device: Ringing['device']): string {
  const made = device(digits(extension, 'The extension'));
  if (!/^[A-Za-z0-9]+\/[A-Za-z0-9._-]+(?:@[A-Za-z0-9._-]+)?$/.test(made)) throw unsafe('The device of the extension');
  return made;
}

/** Digits and nothing else. @throws CommandRefused `unsafe` */
export function digits(text: string, what: string): string {
  if (!/^\d{1,32}$/.test(text)) throw unsafe(what);
  return text;
}

/** As Asterisk itself writes it: `PJSIP/trunk-out-0000002a`. @throws CommandRefused `unsafe` */
export function channelName(text: string): string {
  if (!/^[A-Za-z0-9]+\/[A-Za-z0-9@._+*#/-]{1,150}(?:;[12])?$/.test(text)) throw unsafe('The name of a channel');
  return text;
}

function unsafe(what: string): CommandRefused {
  return new CommandRefused('unsafe', `${what} is not of the kind that may be sent to a PBX.`, 'Nothing was sent.');
}
