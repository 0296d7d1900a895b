import { type WaitingRoom, waitingRoom } from './bridge.ts';
import { answer } from './call-out.ts';
import { createBridge, destroyBridge, enterBridge, type LivePbx, leaveBridge, startMusic } from './live-pbx.ts';
import type { Application } from './run-dialplan.ts';

function roomOf(pbx: LivePbx, name: string): WaitingRoom {
  const room = pbx.waitingRooms.get(name) ?? { bridge: createBridge(pbx, waitingRoom, { name }), users: 0 };
  pbx.waitingRooms.set(name, room);
  return room;
}

/** `BridgeWait(name,participant,e(s)S(3600))`: waits with others without hearing them; `e`: without the music, `S`: no longer than that. */
export const bridgeWaitApplication: Application = ({ pbx, channel, data, end, whenInterrupted }) => {
  const [name = '', , options = ''] = data.split(',');
  answer(pbx, channel);
  const room = roomOf(pbx, name === '' ? 'default' : name);
  room.users += 1;
  let isThere = true;

  function leave(): void {
    if (!isThere) return;
    isThere = false;
    callOffTimeout();
    room.users -= 1;
    if (room.users > 0) return;
    for (const [key, one] of pbx.waitingRooms) if (one === room) pbx.waitingRooms.delete(key);
    destroyBridge(pbx, room.bridge);
  }

  function goOn(): void {
    leave();
    end('next');
  }

  function tooLong(): void {
    if (channel.bridge !== room.bridge) return;
    leaveBridge(pbx, channel);
    goOn();
  }

  const [, seconds] = /S\((\d+)\)/.exec(options) ?? [];
  const callOffTimeout = seconds === undefined ? () => {} : pbx.after(Number(seconds) * 1_000, tooLong);
  whenInterrupted(leave);
  enterBridge(pbx, room.bridge, channel, goOn);
  if (!options.includes('e(')) startMusic(pbx, channel);
};
