import type { AmiAction } from '../ami/ami-action.ts';
import type { OriginateOrder } from './pbx-commands.ts';
import { contexts, originationOf, type Ringing } from './safe-values.ts';

/** The AMI actions of the commands; pure. */

/** `peer`: the slot to retrieve from, or the name of the channel to listen to. @throws CommandRefused `unsafe` */
export function originateAction(order: OriginateOrder, peer: string, ringing: Ringing): AmiAction {
  const { device, channelId, context, exten, shown, variables } = originationOf(order, peer, ringing);
  return {
    name: 'Originate',
    headers: [
      ['Channel', device],
      ['Context', context],
      ['Exten', exten],
      ['Priority', '1'],
      ['Timeout', String(ringing.ringMs)],
      ['CallerID', `"${shown}" <${shown}>`],
      ['Async', 'true'],
      ['ChannelId', channelId],
      ...variables.map(([name, value]) => ['Variable', `${name}=${value}`] as const),
    ],
  };
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
