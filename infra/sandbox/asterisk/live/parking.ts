import { asPacketBytes, channelHeaders } from '../ami-packet-text.ts';
import { type Bridge, conversation, parkingLot } from './bridge.ts';
import { answer, createCallee, parseDestination, startCall } from './call-out.ts';
import { blockOf, type Channel } from './channel.ts';
import { connectCaller, tellDial } from './dial.ts';
import { change, createBridge, endChannel, enterBridge, type LivePbx, leaveBridge, say } from './live-pbx.ts';
import type { Application } from './run-dialplan.ts';

const firstSpace = 701;
const lastSpace = 710;
export const parkingTimeoutMs = 45_000;

/** Puts a channel into the first free space; null when there is none. `parker`: the device it comes back to. */
export function park(pbx: LivePbx, channel: Channel, parker: string, timeoutMs: number): string | null {
  const space = freeSpace(pbx);
  if (space === null) return null;
  const letOthersGo = leaveBridge(pbx, channel);
  channel.interrupt?.('redirected');
  // Whoever ran a dialplan goes on having one.
  if (channel.interrupt !== null) channel.interrupt = () => {};
  const parkedAt = pbx.now();
  let stay: 'parked' | 'over' = 'parked';

  function tell(event: string, more: readonly (readonly [string, string])[] = []): void {
    const seconds = Math.floor((pbx.now() - parkedAt) / 1_000);
    pbx.announce.say(event, 'call', [
      ...channelHeaders(blockOf(channel), 'Parkee'),
      ...more,
      ['ParkerDialString', asPacketBytes(parker)],
      ['Parkinglot', 'default'],
      ['ParkingSpace', space ?? ''],
      ['ParkingTimeout', String(Math.max(0, Math.floor(timeoutMs / 1_000) - seconds))],
      ['ParkingDuration', String(seconds)],
    ]);
  }

  /** Whether it was still parked. */
  function unpark(event: string, more: readonly (readonly [string, string])[] = []): boolean {
    if (stay === 'over') return false;
    stay = 'over';
    callOff();
    pbx.parked.delete(space ?? '');
    tell(event, more);
    say(pbx, channel, 'MusicOnHoldStop');
    return true;
  }

  enterBridge(pbx, lotOf(pbx), channel, null);
  say(pbx, channel, 'MusicOnHoldStart', [['Class', 'default']]);
  channel.atEnd.push(() => unpark('ParkedCallGiveUp'));
  const callOff = pbx.after(timeoutMs, () => {
    if (!unpark('ParkedCallTimeOut')) return;
    leaveBridge(pbx, channel);
    callBack(pbx, channel, parker);
  });
  pbx.parked.set(space, {
    ...{ channel, space },
    take: (retriever) => unpark('UnParkedCall', channelHeaders(blockOf(retriever), 'Retriever')),
  });
  tell('ParkedCall');
  letOthersGo();
  return space;
}

/** Of all lots the sandbox has one, and its bridge stays. */
function lotOf(pbx: LivePbx): Bridge {
  for (const bridge of pbx.bridges.values()) if (bridge.kind === parkingLot) return bridge;
  return createBridge(pbx, parkingLot, { name: 'default' });
}

function freeSpace({ parked }: LivePbx): string | null {
  for (let space = firstSpace; space <= lastSpace; space += 1) if (!parked.has(String(space))) return String(space);
  return null;
}

/** Nobody took it: it goes back to who parked it. */
function callBack(pbx: LivePbx, channel: Channel, parker: string): void {
  const destination = parseDestination(parker);
  const callee = destination === null ? null : createCallee(pbx, destination, { parent: channel });
  if (destination === null || callee === null) {
    endChannel(pbx, channel, 16);
    return;
  }
  change(pbx, callee, { application: 'AppDial', applicationData: '(Outgoing Line)', connected: channel.caller });
  tellDial(pbx, 'DialBegin', channel, callee, { dialString: destination.resource });
  let isAnswered = false;
  callee.atEnd.push(() => {
    if (!isAnswered) endChannel(pbx, channel, 16);
  });
  const giveUp = startCall(pbx, callee, destination, {
    ringing: () => tellDial(pbx, 'DialState', channel, callee, { status: 'RINGING' }),
    answered() {
      isAnswered = true;
      tellDial(pbx, 'DialEnd', channel, callee, { status: 'ANSWER' });
      channel.interrupt = () => {};
      connectCaller(pbx, channel, callee, () => endChannel(pbx, channel, 16));
    },
    failed(cause) {
      tellDial(pbx, 'DialEnd', channel, callee, { status: 'BUSY' });
      endChannel(pbx, callee, cause);
    },
  });
  channel.interrupt = () => {
    giveUp();
    tellDial(pbx, 'DialEnd', channel, callee, { status: 'CANCEL' });
    endChannel(pbx, callee, 0);
  };
}

/** Who dials the parking extension parks itself. */
export const parkApplication: Application = ({ pbx, channel, end, whenInterrupted }) => {
  answer(pbx, channel);
  whenInterrupted(() => {});
  const space = park(pbx, channel, channel.device, parkingTimeoutMs);
  if (space === null) end('next');
};

/** Takes a parked call out of its space. */
export const parkedCallApplication: Application = ({ pbx, channel, data, end, whenInterrupted }) => {
  answer(pbx, channel);
  const place = pbx.parked.get(data.split(',')[1] ?? '');
  if (place === undefined || !place.take(channel)) return end('next');
  const parked = place.channel;
  leaveBridge(pbx, parked);
  const bridge = createBridge(pbx, conversation);
  enterBridge(pbx, bridge, parked, null);
  whenInterrupted(() => {});
  enterBridge(pbx, bridge, channel, () => end({ hangup: 16 }));
  const [one, two] = [parked.caller, channel.caller];
  change(pbx, parked, { connected: two });
  change(pbx, channel, { connected: one });
};
