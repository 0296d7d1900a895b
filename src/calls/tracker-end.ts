import { addUpConversation } from './tracker-conversation.ts';
import { remember, withoutItem } from './tracker-lists.ts';
import { liveCall } from './tracker-record.ts';
import { type Call, type CallEnding, type Channel, callOf, channelsOf, type Tracker } from './tracker-state.ts';

/** How channels and calls cease. */

export function hangUpChannel(tracker: Tracker, channel: Channel, cause: number | null): void {
  const call = callOf(tracker, channel);
  if (call !== null) {
    tracker.touched.add(call);
    const isInitiator = channel.id === call.initiatorId;
    if (channel.isCustomer || (isInitiator && !call.hadCustomer)) call.hangupCause = cause ?? call.hangupCause;
    call.channelIds = withoutItem(call.channelIds, channel.id);
  }
  forgetChannel(tracker, channel);
}

export function forgetChannel(tracker: Tracker, channel: Channel): void {
  leaveBridge(tracker, channel);
  tracker.channels.delete(channel.id);
  if (channel.localPair !== null) tracker.localHalves.delete(`${channel.localPair};${channel.localHalf}`);
  remember(tracker, tracker.goneChannels, channel.id);
}

export function leaveBridge(tracker: Tracker, channel: Channel): void {
  if (channel.bridgeId === null) return;
  const bridge = tracker.bridges.get(channel.bridgeId);
  channel.bridgeId = null;
  if (bridge === undefined) return;
  bridge.members = withoutItem(bridge.members, channel.id);
  if (bridge.members.length === 0) tracker.bridges.delete(bridge.id);
}

/**
 * A call with a customer is over when the customer's last leg is gone, whoever stays behind to talk about it; an outbound call
 * nobody has answered may still try another line; any other is over with its last channel.
 */
export function isOver(tracker: Tracker, call: Call): boolean {
  const channels = channelsOf(tracker, call);
  if (channels.length === 0) return true;
  if (!call.hadCustomer || channels.some((channel) => channel.isCustomer)) return false;
  return call.direction === 'inbound' || call.answeredAt !== null;
}

export function endCall(tracker: Tracker, call: Call, at: number, ending: CallEnding): void {
  addUpConversation(call, at);
  tracker.touched.delete(call);
  if (call.isTold) tracker.told.push({ type: 'callEnded', at: isoTime(at), call: liveCall(tracker, call, { at, ending }) });
  // Legs that live on belong to no call until something new begins with them.
  for (const channel of channelsOf(tracker, call)) {
    channel.callId = null;
    channel.isCustomer = false;
  }
  for (const linkedId of call.linkedIds) {
    if (tracker.callOfLinkedId.get(linkedId) === call.id) tracker.callOfLinkedId.delete(linkedId);
  }
  tracker.calls.delete(call.id);
  for (const id of [call.id, ...call.aliases]) remember(tracker, tracker.endedCalls, id);
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
