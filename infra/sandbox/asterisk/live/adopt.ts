import { fromPacketBytes } from '../ari-text.ts';
import type { LiveBridge, LiveChannel, PbxState } from '../pbx-state.ts';
import { type Bridge, conversation, parkingLot, stasisMixing } from './bridge.ts';
import type { Channel, ChannelState, Party } from './channel.ts';
import { endChannel, type LivePbx } from './live-pbx.ts';

/** Applications under which a channel stands that the PBX made to call somebody. */
const calledApplications = new Set(['AppDial', 'AppQueue']);

/** Makes the channels of a played call, from one of them, channels that live; null: there is no such channel. */
export function adoptCall(pbx: LivePbx, state: PbxState, nameOrId: string, stopPlaying: (id: string) => void): Channel | null {
  const found = state.channel(nameOrId) ?? named(state, nameOrId);
  if (found === null || pbx.channels.has(found.block.Uniqueid)) return null;
  stopPlaying(found.block.Uniqueid);
  for (const played of connectedWith(state, found)) adopt(pbx, state, played);
  return pbx.channels.get(found.block.Uniqueid) ?? null;
}

function named(state: PbxState, name: string): LiveChannel | null {
  for (const channel of state.channels()) if (channel.block.Channel === name) return channel;
  return null;
}

/** Those that share a linked id or a conversation with it, and so on. */
function connectedWith(state: PbxState, first: LiveChannel): readonly LiveChannel[] {
  const found = new Set([first]);
  for (const channel of found) {
    for (const other of state.channels()) {
      const isSameCall = other.block.Linkedid === channel.block.Linkedid;
      const isTogether = channel.bridgeId !== '' && other.bridgeId === channel.bridgeId && !isLot(state, channel.bridgeId);
      if (isSameCall || isTogether) found.add(other);
    }
  }
  return [...found];
}

function isLot(state: PbxState, bridgeId: string): boolean {
  return state.bridge(bridgeId)?.type === 'parking';
}

function adopt(
  pbx: LivePbx,
  state: PbxState,
  { block, application, applicationData, since, bridgeId, protocolId, variables }: LiveChannel,
): void {
  const party = (number: string, name: string): Party => ({
    number: known(number),
    name: fromPacketBytes(known(name)).replace(/\\(["'\\?])/g, '$1'),
  });
  const channel: Channel = {
    ...{ id: block.Uniqueid, name: block.Channel, device: block.Channel.replace(/-[0-9a-f]{8}(;[12])?$/, ''), protocolId, since },
    linked: linkedIn(pbx, block.Linkedid),
    state: (block.ChannelStateDesc === '' ? 'Down' : block.ChannelStateDesc) as ChannelState,
    caller: party(block.CallerIDNum, block.CallerIDName),
    connected: party(block.ConnectedLineNum, block.ConnectedLineName),
    place: { context: block.Context, exten: block.Exten, priority: Number(block.Priority) },
    ...{ application, applicationData: fromPacketBytes(applicationData), variables: new Map(variables) },
    ...{ bridge: null, afterBridge: null, atHangup: null, hearsMusic: false },
    ...{ stasis: null, half: null, progress: null, isGone: false, atEnd: [] },
    interrupt: calledApplications.has(application) ? null : () => {},
  };
  pbx.channels.set(channel.id, channel);
  pbx.announce.know(channel);
  pbx.devices.set(channel, channel.state);
  const bridge = state.bridge(bridgeId);
  if (bridge === null) return;
  const live = pbx.bridges.get(bridgeId) ?? bridgeFrom(bridge);
  pbx.bridges.set(bridgeId, live);
  live.channels.push(channel);
  channel.bridge = live;
  channel.afterBridge = () => endChannel(pbx, channel, 16);
}

/** All channels of one linked id are of one age. */
function linkedIn(pbx: LivePbx, id: string): Channel['linked'] {
  for (const { linked } of pbx.channels.values()) if (linked.id === id) return linked;
  return { id, serial: pbx.serial++ };
}

function bridgeFrom({ id, type, name, since }: LiveBridge): Bridge {
  const kind = type === 'parking' ? parkingLot : type === 'stasis' ? stasisMixing : conversation;
  return { id, kind, name: known(name), since, channels: [] };
}

function known(text: string): string {
  return text === '<unknown>' ? '' : text;
}
