import { channelHeaders } from '../ami-packet-text.ts';
import type { PbxCounters } from '../fresh-ids.ts';
import type { PbxState } from '../pbx-state.ts';
import type { After } from '../player.ts';
import { type Announcer, bridgeHeaders, bridgeText, channelText } from './announce.ts';
import type { Bridge, BridgeKind, WaitingRoom } from './bridge.ts';
import { blockOf, type Channel, type ChannelState, nobody, type Party, type Place } from './channel.ts';
import type { DeviceBoard } from './device-board.ts';
import type { Dialplan } from './dialplan.ts';
import type { PhoneRules } from './phone-rules.ts';
import type { Applications } from './run-dialplan.ts';

/** The channels and bridges that live on the sandbox PBX itself, and what they are made with. */
export interface LivePbx {
  readonly now: () => number;
  readonly after: After;
  readonly newId: () => string;
  readonly counters: PbxCounters;
  readonly state: PbxState;
  readonly announce: Announcer;
  readonly phones: PhoneRules;
  readonly dialplan: Dialplan;
  readonly applications: Applications;
  readonly globals: Map<string, string>;
  readonly stasis: StasisDoor;
  readonly channels: Map<string, Channel>;
  readonly bridges: Map<string, Bridge>;
  readonly devices: DeviceBoard;
  readonly parked: Map<string, ParkedPlace>;
  /** By name. */
  readonly waitingRooms: Map<string, WaitingRoom>;
  /** Takes a channel, and those it is connected with, out of the recording it is played from; null: there is none. */
  readonly adopt: (nameOrId: string) => Channel | null;
  serial: number;
}

/** The way into the applications of ARI. */
export interface StasisDoor {
  isOpen(app: string): boolean;
  /** The application hears of this channel from now on. */
  subscribe(app: string, channelId: string): void;
}

export interface ParkedPlace {
  readonly channel: Channel;
  readonly space: string;
  /** Frees the space for somebody who takes the call; false: it was free already. */
  readonly take: (retriever: Channel) => boolean;
}

export interface NewChannel {
  readonly device: string;
  readonly state: ChannelState;
  readonly place: Place;
  readonly caller?: Party;
  /** The channel it is made for. */
  readonly parent?: Channel;
  /** Chosen by who asked for it. */
  readonly id?: string;
  /** For channels that are not named after their device: `Local/1002@agent-local-00000000;1`. */
  readonly name?: string;
}

export function createChannel(pbx: LivePbx, { device, state, place, caller = nobody, parent, id, name }: NewChannel): Channel {
  const technology = device.slice(0, device.indexOf('/'));
  const ownId = id ?? pbx.counters.nextUniqueid();
  const channel: Channel = {
    id: ownId,
    name: name ?? `${device}-${pbx.counters.nextChannelSuffix(technology)}`,
    device,
    protocolId: technology === 'PJSIP' ? pbx.newId() : '',
    since: pbx.now(),
    linked: parent?.linked ?? { id: ownId, serial: pbx.serial++ },
    ...{ state, caller, place, connected: nobody, application: '', applicationData: '' },
    ...{ variables: new Map<string, string>(), bridge: null, afterBridge: null, interrupt: null, atHangup: null },
    ...{ hearsMusic: false, stasis: null, half: null, progress: null },
    ...{ isGone: false, atEnd: [] },
  };
  pbx.channels.set(channel.id, channel);
  pbx.announce.changed(channel);
  pbx.devices.set(channel, state);
  return channel;
}

/** By name or id; a channel that was played so far is played no longer from then on, and lives. */
export function findChannel(pbx: LivePbx, nameOrId: string): Channel | null {
  const byId = pbx.channels.get(nameOrId);
  if (byId !== undefined) return byId;
  for (const channel of pbx.channels.values()) if (channel.name === nameOrId) return channel;
  return pbx.adopt(nameOrId);
}

export function change(pbx: LivePbx, channel: Channel, news: Partial<Pick<Channel, ChangingPart>>): void {
  Object.assign(channel, news);
  pbx.announce.changed(channel);
  if (news.state !== undefined) pbx.devices.set(channel, news.state);
}

type ChangingPart = 'state' | 'caller' | 'connected' | 'place' | 'application' | 'applicationData';

export function setVariable(pbx: LivePbx, channel: Channel, name: string, value: string): void {
  const plain = name.replace(/^_{1,2}/, '');
  for (const spelling of [plain, `_${plain}`, `__${plain}`]) channel.variables.delete(spelling);
  if (value !== '') channel.variables.set(name, value);
  pbx.announce.variable(channel, name, value);
}

export function variableOf(channel: Channel, name: string): string | null {
  return channel.variables.get(name) ?? channel.variables.get(`_${name}`) ?? channel.variables.get(`__${name}`) ?? null;
}

/** Variables whose names begin with an underscore go along to the channels that are called; with one, no further. */
export function inheritVariables(pbx: LivePbx, from: Channel, to: Channel): void {
  for (const [name, value] of [...from.variables]) {
    if (name.startsWith('__')) setVariable(pbx, to, name, value);
    else if (name.startsWith('_')) setVariable(pbx, to, name.slice(1), value);
  }
}

/** Puts whoever this channel talks with on hold, or back. */
export function tellHold(pbx: LivePbx, channel: Channel, isHeld: boolean): void {
  const body = { ...(isHeld ? { musicclass: 'default' } : {}), channel: channelText(channel) };
  const more = isHeld ? [['MusicClass', 'default'] as const] : [];
  const headers = [...channelHeaders(blockOf(channel)), ...more];
  pbx.announce.say(isHeld ? 'Hold' : 'Unhold', 'call', headers, isHeld ? 'ChannelHold' : 'ChannelUnhold', body);
}

export function say(pbx: LivePbx, channel: Channel, event: string, more: readonly (readonly [string, string])[] = []): void {
  pbx.announce.say(event, 'call', [...channelHeaders(blockOf(channel)), ...more]);
}

/** While it waits in a bridge for that. */
export function startMusic(pbx: LivePbx, channel: Channel): void {
  channel.hearsMusic = true;
  say(pbx, channel, 'MusicOnHoldStart', [['Class', 'default']]);
}

export function stopMusic(pbx: LivePbx, channel: Channel): void {
  if (!channel.hearsMusic) return;
  channel.hearsMusic = false;
  say(pbx, channel, 'MusicOnHoldStop');
}

export function createBridge(pbx: LivePbx, kind: BridgeKind, { id = pbx.newId(), name = '' } = {}): Bridge {
  const bridge: Bridge = { id, kind, name, since: pbx.now(), channels: [] };
  pbx.bridges.set(id, bridge);
  pbx.announce.say('BridgeCreate', 'call', bridgeHeaders(bridge), 'BridgeCreated', { bridge: bridgeText(bridge) });
  return bridge;
}

export function destroyBridge(pbx: LivePbx, bridge: Bridge): void {
  for (const channel of [...bridge.channels]) takeOut(pbx, channel);
  if (pbx.bridges.delete(bridge.id)) {
    pbx.announce.say('BridgeDestroy', 'call', bridgeHeaders(bridge), 'BridgeDestroyed', { bridge: bridgeText(bridge) });
  }
}

/** All inside take over the linked id of the oldest call among them. `afterBridge`: see `Channel`. */
export function enterBridge(pbx: LivePbx, bridge: Bridge, channel: Channel, afterBridge: (() => void) | null): void {
  bridge.channels.push(channel);
  channel.bridge = bridge;
  channel.afterBridge = afterBridge;
  if (bridge.kind.type !== 'parking') shareOldestLinkedId(bridge);
  tellBridge(pbx, 'BridgeEnter', 'ChannelEnteredBridge', bridge, channel);
}

function shareOldestLinkedId(bridge: Bridge): void {
  const [oldest] = bridge.channels.map(({ linked }) => linked).sort((a, b) => a.serial - b.serial);
  if (oldest !== undefined) for (const channel of bridge.channels) channel.linked = oldest;
}

/** Takes a channel out of its bridge, without a consequence for who is left in it; see `settle`. */
export function takeOut(pbx: LivePbx, channel: Channel): Bridge | null {
  const { bridge } = channel;
  if (bridge === null) return null;
  stopMusic(pbx, channel);
  bridge.channels.splice(bridge.channels.indexOf(channel), 1);
  channel.bridge = null;
  channel.afterBridge = null;
  tellBridge(pbx, 'BridgeLeave', 'ChannelLeftBridge', bridge, channel);
  return bridge;
}

/** A conversation of fewer than two is none. What it returns lets the one who was left in it go on. */
export function settle(pbx: LivePbx, bridge: Bridge | null): () => void {
  if (bridge === null || !bridge.kind.dissolves || bridge.channels.length > 1) return () => {};
  const left = bridge.channels.map((other) => ({ other, goOn: other.afterBridge }));
  for (const { other } of left) takeOut(pbx, other);
  destroyBridge(pbx, bridge);
  return () => {
    for (const { other, goOn } of left) (goOn ?? (() => endChannel(pbx, other, 16)))();
  };
}

export function leaveBridge(pbx: LivePbx, channel: Channel): () => void {
  return settle(pbx, takeOut(pbx, channel));
}

function tellBridge(pbx: LivePbx, event: string, type: string, bridge: Bridge, channel: Channel): void {
  const headers = [...bridgeHeaders(bridge), ...channelHeaders(blockOf(channel))];
  pbx.announce.say(event, 'call', headers, type, { bridge: bridgeText(bridge), channel: channelText(channel) });
}

/** The end of a channel, and of what hangs on it. */
export function endChannel(pbx: LivePbx, channel: Channel, cause: number): void {
  if (channel.isGone) return;
  channel.isGone = true;
  const hadThread = channel.interrupt !== null;
  for (const end of channel.atEnd.splice(0)) end();
  const letOthersGo = leaveBridge(pbx, channel);
  channel.interrupt?.('gone');
  channel.interrupt = null;
  if (hadThread) {
    requestHangup(pbx, channel, 16, { soft: true });
    channel.atHangup?.();
  }
  pbx.channels.delete(channel.id);
  pbx.announce.gone(channel, cause);
  pbx.devices.set(channel, null);
  letOthersGo();
}

/** Who hangs up is told before the channel ends: by the phone, or (`soft`) by the PBX itself. */
export function requestHangup(pbx: LivePbx, channel: Channel, cause: number, { soft = false } = {}): void {
  const headers = [...channelHeaders(blockOf(channel)), ['Cause', String(cause)] as const];
  const body = { cause, ...(soft ? { soft } : {}), channel: channelText(channel) };
  pbx.announce.say(soft ? 'SoftHangupRequest' : 'HangupRequest', 'call', headers, 'ChannelHangupRequest', body);
}
