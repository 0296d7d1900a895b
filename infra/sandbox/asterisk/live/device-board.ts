import type { Channel, ChannelState } from './channel.ts';

/** Which phones and lines are in use, counted as their channels come, change and go. */
export interface DeviceBoard {
  /** null: the channel is gone. */
  set(channel: Channel, state: ChannelState | null): void;
}

interface Device {
  readonly counts: Map<ChannelState, number>;
  state: string;
}

export function createDeviceBoard(tell: (device: string, state: string) => void): DeviceBoard {
  const devices = new Map<string, Device>();
  const counted = new WeakMap<Channel, ChannelState>();

  return {
    set(channel, state) {
      if (!channel.device.startsWith('PJSIP/')) return;
      const device: Device = devices.get(channel.device) ?? { counts: new Map(), state: 'NOT_INUSE' };
      devices.set(channel.device, device);
      const before = counted.get(channel);
      if (before !== undefined) device.counts.set(before, (device.counts.get(before) ?? 1) - 1);
      counted.delete(channel);
      if (state !== null) {
        counted.set(channel, state);
        device.counts.set(state, (device.counts.get(state) ?? 0) + 1);
      }
      const news = stateOf(channel.device, device.counts);
      if (news === device.state) return;
      device.state = news;
      tell(channel.device, news);
    },
  };
}

/** A phone of the recorded PBX takes one call at a time, a line any number. */
function stateOf(device: string, counts: ReadonlyMap<ChannelState, number>): string {
  const count = (states: readonly ChannelState[]) => states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
  const [ringing, talking] = [count(['Ringing']), count(['Ring', 'Up', 'Busy'])];
  if (ringing + talking === 0) return 'NOT_INUSE';
  if (/^PJSIP\/\d+$/.test(device)) return 'BUSY';
  return talking === 0 ? 'RINGING' : 'INUSE';
}
