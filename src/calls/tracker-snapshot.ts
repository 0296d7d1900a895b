import type { BridgeKind, SnapshotChannel, TelephonyEvent } from '../telephony/telephony-event.ts';
import { knownChannel } from './tracker-birth.ts';
import { enter, mergeCompany, settleAll, withItself } from './tracker-bridge.ts';
import { companyOf, settleConversation } from './tracker-conversation.ts';
import { endCall, forgetChannel, isOver, leaveBridge } from './tracker-end.ts';
import { withItem, withoutItem } from './tracker-lists.ts';
import { compareChannelIds } from './tracker-merge.ts';
import { type Call, callOf, channelsOf, type Tracker, touch } from './tracker-state.ts';

/** Making up for what was not heard. */

type SnapshotTaken = Extract<TelephonyEvent, { type: 'snapshotTaken' }>;

export function snapshotTaken(tracker: Tracker, snapshot: SnapshotTaken): void {
  closeWhatIsGone(tracker, snapshot);
  takePlaces(tracker, snapshot);
  for (const { channelId, byExtension } of snapshot.parked) {
    const call = callOf(tracker, tracker.channels.get(channelId));
    if (call === null) continue;
    call.parked ??= { by: byExtension ?? call.lastAgents.at(-1) ?? null, at: snapshot.at };
    call.isParkedNow = true;
  }
  tracker.lostAt.delete(tracker.hearing);
}

/** A PBX that was started after a call began has forgotten the call: it was cut off when the PBX was last heard. */
export function pbxBooted(tracker: Tracker, at: number, bootedAt: number): void {
  const pbx = tracker.hearing;
  const until = tracker.lostAt.get(pbx) ?? at;
  for (const call of [...tracker.calls.values()]) {
    // The PBX tells its age in whole seconds. Of a call that goes on at another PBX too, the snapshot shows which legs are gone.
    if (call.startedAt > bootedAt - 1_500 || channelsOf(tracker, call).some((channel) => channel.pbx !== pbx)) continue;
    endUnheard(tracker, call, Math.max(until, call.heardAt), 'restarted');
  }
}

function endUnheard(tracker: Tracker, call: Call, at: number, ending: 'unheard' | 'restarted'): void {
  settleConversation(tracker, call, at);
  endCall(tracker, call, at, ending);
}

function closeWhatIsGone(tracker: Tracker, snapshot: SnapshotTaken): void {
  const alive = new Set(snapshot.channels.map(({ channel }) => channel.id));
  const lostAt = tracker.lostAt.get(tracker.hearing) ?? snapshot.at;
  const bereaved = new Set<Call>();
  for (const channel of [...tracker.channels.values()]) {
    if (channel.pbx !== tracker.hearing || alive.has(channel.id)) continue;
    const call = callOf(tracker, channel);
    if (call !== null) {
      bereaved.add(call);
      call.channelIds = withoutItem(call.channelIds, channel.id);
    }
    forgetChannel(tracker, channel);
  }
  for (const call of bereaved) if (isOver(tracker, call)) endCall(tracker, call, Math.max(lostAt, call.heardAt), 'unheard');
}

function takePlaces(tracker: Tracker, { at, channels, bridges }: SnapshotTaken): void {
  const kinds = new Map(bridges.map(({ bridgeId, kind }) => [bridgeId, kind]));
  // The oldest first, so that the first leg of a call gives it its id and its direction.
  const inOrder = [...channels].sort((a, b) => compareChannelIds(a.channel.id, b.channel.id));
  const present = new Set(channels.map(({ channel }) => channel.id));
  for (const item of inOrder) {
    const { id, linkedId } = item.channel;
    // Legs whose first leg is gone may be what an ended call left behind: its id, and its call log, must not be taken again.
    const firstChannelId = linkedId !== null && present.has(linkedId) ? linkedId : id;
    takePlace(tracker, item, { kinds, at, firstChannelId });
  }
  for (const item of inOrder) {
    const channel = tracker.channels.get(item.channel.id);
    const bridge = tracker.bridges.get(channel?.bridgeId ?? '');
    if (channel === undefined || bridge === undefined) continue;
    settleAll(tracker, mergeCompany(tracker, withItself(channel, companyOf(tracker, channel)), bridge, at), at);
  }
  for (const call of tracker.calls.values()) settleConversation(tracker, call, at);
}

interface Place {
  readonly kinds: ReadonlyMap<string, BridgeKind>;
  readonly at: number;
  readonly firstChannelId: string;
}

function takePlace(tracker: Tracker, item: SnapshotChannel, { kinds, at, firstChannelId }: Place): void {
  const isNew = !tracker.channels.has(item.channel.id);
  const channel = knownChannel(tracker, item.channel, at - item.ageMs, firstChannelId);
  if (channel === null) return;
  channel.up = item.channel.up;
  if (channel.up) channel.dialling = false;
  if (channel.bridgeId !== item.bridgeId) {
    leaveBridge(tracker, channel);
    if (item.bridgeId !== null) enter(tracker, channel, item.bridgeId, kinds.get(item.bridgeId) ?? 'conversation');
  }
  const call = callOf(tracker, channel);
  if (call === null) return;
  touch(tracker, call, at);
  if (isNew && item.ringing && channel.extension !== null) {
    channel.dialling = true;
    channel.rang = true;
    call.rang = withItem(tracker, call.rang, channel.extension);
  }
  if (item.queue !== null && channel.isCustomer) call.queues = withItem(tracker, call.queues, item.queue);
}
