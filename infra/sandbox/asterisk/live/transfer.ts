import { asPacketBytes, channelHeaders } from '../ami-packet-text.ts';
import { bridgeHeaders, bridgeText, channelText } from './announce.ts';
import { type Bridge, conversation } from './bridge.ts';
import { createCallee, startCall } from './call-out.ts';
import { blockOf, type Channel, type Interruption, type Place } from './channel.ts';
import { tellDial } from './dial.ts';
import { stepsAt } from './dialplan.ts';
import {
  change,
  createBridge,
  endChannel,
  enterBridge,
  type LivePbx,
  say,
  settle,
  setVariable,
  stopMusic,
  takeOut,
  tellHold,
} from './live-pbx.ts';
import { runDialplan } from './run-dialplan.ts';

export interface Move {
  readonly channel: Channel;
  readonly place: Place;
}

/** Sends channels to places in the dialplan, out of whatever they are in; together, so that none ends another by leaving it. */
export function redirect(pbx: LivePbx, moves: readonly Move[], reason: Interruption = 'redirected'): void {
  for (const { channel } of moves) stopMusic(pbx, channel);
  // The new place is told while the old application still stands; what runs there next at the same place is not.
  for (const { channel, place } of moves) change(pbx, channel, { place });
  const bridges = new Set(moves.map(({ channel }) => takeOut(pbx, channel)));
  const goOns = [...bridges].map((bridge) => settle(pbx, bridge));
  for (const { channel, place } of moves) {
    channel.interrupt?.(reason);
    runDialplan(pbx, channel, place);
  }
  for (const goOn of goOns) goOn();
}

export function doesExist(pbx: LivePbx, { context, exten, priority }: Place): boolean {
  return stepsAt(pbx.dialplan, context, exten)?.[priority - 1] !== undefined;
}

/** Who is in a conversation with this channel; null when nobody, or several. */
export function partnerOf(channel: Channel): Channel | null {
  const [partner, ...more] = channel.bridge?.kind.dissolves ? channel.bridge.channels.filter((other) => other !== channel) : [];
  return partner === undefined || more.length > 0 ? null : partner;
}

export type TransferResult = 'Success' | 'Invalid';

/** Hands the partner over to an extension, without asking there. */
export function blindTransfer(pbx: LivePbx, transferer: Channel, { context, exten }: Omit<Place, 'priority'>): TransferResult {
  const { bridge } = transferer;
  const partner = partnerOf(transferer);
  tellHold(pbx, transferer, false);
  if (bridge === null) return 'Invalid';
  const place: Place = { context, exten, priority: 1 };
  // Whether the extension exists nobody asks: where it does not, the call just ends.
  const result = partner === null ? 'Invalid' : 'Success';
  if (partner !== null) {
    setVariable(pbx, transferer, 'BLINDTRANSFER', partner.name);
    setVariable(pbx, partner, 'BLINDTRANSFER', transferer.name);
  }
  tellBlindTransfer(pbx, bridge, transferer, partner, { context, exten, result });
  if (partner === null) return result;
  redirect(pbx, [{ channel: partner, place }], 'transferred');
  return result;
}

function tellBlindTransfer(
  pbx: LivePbx,
  bridge: Bridge,
  transferer: Channel,
  transferee: Channel | null,
  { context, exten, result }: { context: string; exten: string; result: TransferResult },
): void {
  const headers: (readonly [string, string])[] = [
    ['Result', result],
    ...channelHeaders(blockOf(transferer), 'Transferer'),
    ...(transferee === null ? [] : channelHeaders(blockOf(transferee), 'Transferee')),
    ...bridgeHeaders(bridge),
    ['IsExternal', 'Yes'],
    ['Context', asPacketBytes(context)],
    ['Extension', asPacketBytes(exten)],
  ];
  const body = {
    ...{ channel: channelText(transferer), exten, context, result, is_external: true },
    ...(transferee === null ? {} : { transferee: channelText(transferee) }),
    bridge: bridgeText(bridge),
  };
  pbx.announce.say('BlindTransfer', 'call', headers, 'BridgeBlindTransfer', body);
}

/** Whom a transferer consults at the moment. */
const consultations = new WeakMap<Channel, Channel>();

/**
 * The transferer leaves the partner to the music and calls the extension through a Local channel; when it hangs up, the two are put
 * together; when it calls off, it is back with the partner.
 */
export function attendedTransfer(pbx: LivePbx, transferer: Channel, { context, exten }: Omit<Place, 'priority'>): boolean {
  const { bridge } = transferer;
  const partner = partnerOf(transferer);
  if (bridge === null || partner === null || consultations.has(transferer)) return false;
  const resource = `${exten}@${context}/n`;
  if (!doesExist(pbx, { context, exten, priority: 1 })) return false;
  tellHold(pbx, transferer, true);
  say(pbx, partner, 'MusicOnHoldStart', [['Class', 'default']]);
  const destination = { technology: 'Local', resource };
  const callee = createCallee(pbx, destination, { parent: transferer });
  if (callee === null) return false;
  callee.connected = transferer.caller;
  const over = transferer.afterBridge;
  const consulting = createBridge(pbx, conversation);
  takeOut(pbx, transferer);
  enterBridge(pbx, consulting, callee, null);
  enterBridge(pbx, consulting, transferer, back);
  tellDial(pbx, 'DialBegin', null, callee, { dialString: resource });
  const [first, held, called] = [bridge, partner, callee];
  let isAnswered = false;
  const giveUp = startCall(pbx, callee, destination, {
    ringing: () => tellDial(pbx, 'DialState', null, callee, { status: 'RINGING' }),
    answered() {
      isAnswered = true;
      tellDial(pbx, 'DialEnd', null, callee, { status: 'ANSWER' });
    },
    failed: () => {},
  });
  consultations.set(transferer, callee);
  transferer.atEnd.push(complete);

  /** Called off, or nobody there: both are together again. */
  function back(): void {
    consultations.delete(transferer);
    giveUp();
    if (held.isGone) {
      if (over === null) endChannel(pbx, transferer, 16);
      else over();
      return;
    }
    say(pbx, held, 'MusicOnHoldStop');
    tellHold(pbx, transferer, false);
    enterBridge(pbx, first, transferer, over);
  }

  /** The transferer has hung up: the two others are put together. */
  function complete(): void {
    if (!consultations.delete(transferer) || called.isGone || held.isGone) return;
    tellAttendedTransfer(pbx, { transferer, transferee: held, target: called, first, second: consulting, isAnswered });
    say(pbx, held, 'MusicOnHoldStop');
    takeOut(pbx, called);
    enterBridge(pbx, first, called, null);
    const parties = [held.caller, called.caller] as const;
    change(pbx, held, { connected: parties[1] });
    change(pbx, called, { connected: parties[0] });
  }

  return true;
}

interface Handover {
  readonly transferer: Channel;
  readonly transferee: Channel;
  readonly target: Channel;
  readonly first: Bridge;
  readonly second: Bridge;
  readonly isAnswered: boolean;
}

function tellAttendedTransfer(pbx: LivePbx, { transferer, transferee, target, first, second, isAnswered }: Handover): void {
  const headers: (readonly [string, string])[] = [
    ['Result', 'Success'],
    ...channelHeaders(blockOf(transferer), 'OrigTransferer'),
    ...bridgeHeaders(first, 'Orig'),
    ...channelHeaders(blockOf(transferer), 'SecondTransferer'),
    ...bridgeHeaders(second, 'Second'),
    ...channelHeaders(blockOf(transferee), 'Transferee'),
    ...channelHeaders(blockOf(target), 'TransferTarget'),
    ['IsExternal', 'No'],
    ['DestType', 'Bridge'],
    ['DestBridgeUniqueid', first.id],
  ];
  const body = {
    ...{ transferer_first_leg: channelText(transferer), transferer_second_leg: channelText(transferer) },
    ...{ result: 'Success', is_external: false, transferee: channelText(transferee) },
    ...(isAnswered ? { transfer_target: channelText(target) } : {}),
    ...{ destination_type: 'bridge', destination_bridge: first.id },
  };
  pbx.announce.say('AttendedTransfer', 'call', headers, 'BridgeAttendedTransfer', body);
}

/** Whether there was a consultation to call off. */
export function cancelAttendedTransfer(pbx: LivePbx, transferer: Channel): boolean {
  const callee = consultations.get(transferer);
  if (callee === undefined) return false;
  endChannel(pbx, callee, 16);
  return true;
}
