import type { AmiAction } from '../ami/ami-action.ts';
import { CommandRefused, firstChannelId, isCommandKey, type OriginateOrder, type SpyMode } from './pbx-commands.ts';

/**
 * The AMI actions of the commands; pure. Every value is digits, an id or name the PBX itself made, or a word of ours: whatever else
 * comes in is refused here once more, however well it was checked before.
 */

/** The dialplan that `infra/asterisk/toritsugi-commands.conf` brings; no application is ever named in an action. */
export const contexts = { dial: 'toritsugi-dial', hold: 'toritsugi-hold', spy: 'toritsugi-spy' } as const;

export interface Ringing {
  /** The device of an extension: `PJSIP/1001`. */
  readonly device: (extension: string) => string;
  readonly ringMs: number;
}

interface Origination {
  readonly exten: string;
  readonly context: string;
  /** What the agent's phone shows, digits. */
  readonly shown: string;
  readonly variables: readonly (readonly [name: string, value: string])[];
}

/** `peer`: the slot to retrieve from, or the name of the channel to listen to. */
export function originateAction({ key, extension, purpose }: OriginateOrder, peer: string, ringing: Ringing): AmiAction {
  if (!isCommandKey(key)) throw unsafe('The key');
  const { context, exten, shown, variables } = originationOf(purpose, peer);
  return {
    name: 'Originate',
    headers: [
      ['Channel', deviceOf(extension, ringing.device)],
      ['Context', context],
      ['Exten', exten],
      ['Priority', '1'],
      ['Timeout', String(ringing.ringMs)],
      ['CallerID', `"${shown}" <${shown}>`],
      ['Async', 'true'],
      ['ChannelId', firstChannelId(key)],
      ['Variable', `TORITSUGI_KEY=${key}`],
      ['Variable', `TORITSUGI_AGENT=${extension}`],
      ...variables.map(([name, value]) => ['Variable', `${name}=${value}`] as const),
    ],
  };
}

function originationOf(purpose: OriginateOrder['purpose'], peer: string): Origination {
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
      return { context: contexts.spy, exten: spyExten(purpose.mode), shown, variables };
    }
  }
}

function spyExten(mode: SpyMode): string {
  return { listen: 'listen', whisper: 'whisper', barge: 'barge' }[mode];
}

export function deviceOf(extension: string, device: Ringing['device']): string {
  const made = device(digits(extension, 'The extension'));
  if (!/^[A-Za-z0-9]+\/[A-Za-z0-9._-]+(?:@[A-Za-z0-9._-]+)?$/.test(made)) throw unsafe('The device of the extension');
  return made;
}

export function setVariable(channelId: string, name: string, value: string): AmiAction {
  const headers = [
    ['Channel', channelId],
    ['Variable', name],
    ['Value', value],
  ] as const;
  return { name: 'Setvar', headers };
}

/** Both ends leave their bridge at once, or each alone would be hung up for want of the other. */
export function redirectBoth(
  customer: { readonly channelId: string; readonly exten: string },
  agent: { readonly channelId: string; readonly exten: string },
): AmiAction {
  return {
    name: 'Redirect',
    headers: [
      ['Channel', customer.channelId],
      ['Context', contexts.hold],
      ['Exten', customer.exten],
      ['Priority', '1'],
      ['ExtraChannel', agent.channelId],
      ['ExtraContext', contexts.hold],
      ['ExtraExten', agent.exten],
      ['ExtraPriority', '1'],
    ],
  };
}

export function redirect(channelId: string, context: string, exten: string): AmiAction {
  const headers = [
    ['Channel', channelId],
    ['Context', context],
    ['Exten', exten],
    ['Priority', '1'],
  ] as const;
  return { name: 'Redirect', headers };
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
