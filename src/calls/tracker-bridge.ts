import type { TelephonyEvent } from '../telephony/telephony-event.ts';
import { knownChannel } from './tracker-birth.ts';
import { companyOf, otherHalf, settleConversation } from './tracker-conversation.ts';
import { channelUp } from './tracker-dial.ts';
import { leaveBridge } from './tracker-end.ts';
import { emptyList, ownText, withItem } from './tracker-lists.ts';
import { mergeCalls } from './tracker-merge.ts';
import { type Bridge, type Call, type Channel, callOf, channelsOf, type Tracker, touch } from './tracker-state.ts';

/** Coming together, parting, holding. */

type BridgeEntered = Extract<TelephonyEvent, { type: 'bridgeEntered' }>;

export function bridgeEntered(tracker: Tracker, { at, bridgeId, kind, channel: facts }: BridgeEntered): void {
  const channel = knownChannel(tracker, facts, at);
  if (channel === null || channel.bridgeId === bridgeId) return;
  if (channel.bridgeId !== null) partFromBridge(tracker, channel, at);
  channelUp(tracker, channel, at);
  const bridge = enter(tracker, channel, bridgeId, kind);
  if (bridge === null) return;
  const company = withItself(channel, companyOf(tracker, channel));
  // An agent who is back with the customer holds no longer, whether or not anybody says so.
  if (company.some((other) => other.isCustomer && other.callId === channel.callId && other !== channel)) channel.holding = false;
  const calls = mergeCompany(tracker, company, bridge, at);
  if (kind === 'holding') waitInHold(tracker, channel, at);
  settleAll(tracker, calls, at);
  consultationMoved(tracker, channel, at);
}

/**
 * A customer who is put into a waiting bridge while the agent's leg lives on is on hold, wherever the agent is meanwhile; parking
 * is announced as such.
 */
function waitInHold(tracker: Tracker, channel: Channel, at: number): void {
  const call = callOf(tracker, channel);
  if (call === null || !channel.isCustomer || call.answeredAt === null || call.parked !== null || call.isTransferring) return;
  const holder = channelsOf(tracker, call).find(
    ({ party, up, extension }) => party === 'phone' && up && extension !== null && extension === call.lastAgents.at(-1),
  );
  if (holder === undefined) return;
  holder.holding = true;
  call.lastHold = { channelId: holder.id, extension: holder.extension, from: at, to: null };
  settleConversation(tracker, call, at);
}

/** Whom the holding agent talks with is told with the call, though the customer's own conversation has not changed. */
function consultationMoved(tracker: Tracker, channel: Channel, at: number): void {
  const call = callOf(tracker, channel);
  if (call?.onHold && channel.party === 'phone') touch(tracker, call, at);
}

/** Whoever leads the customer out of the waiting bridge has ended the hold. */
function leaveHold(tracker: Tracker, channel: Channel, at: number): void {
  const call = callOf(tracker, channel);
  const holder = tracker.channels.get(call?.lastHold?.channelId ?? '');
  if (call === null || !channel.isCustomer || !call.onHold || holder === undefined) return;
  holder.holding = false;
  call.aloneSince = at;
}

export function bridgeLeft(tracker: Tracker, channel: Channel, bridgeId: string, at: number): void {
  if (channel.bridgeId === bridgeId) partFromBridge(tracker, channel, at);
}

/** Leaves without an event of its own, because the channel is somewhere else already or gone. */
export function partFromBridge(tracker: Tracker, channel: Channel, at: number): void {
  const calls = callsAround(tracker, channel);
  if (tracker.bridges.get(channel.bridgeId ?? '')?.kind === 'holding') leaveHold(tracker, channel, at);
  leaveBridge(tracker, channel);
  settleAll(tracker, calls, at);
  consultationMoved(tracker, channel, at);
}

export function holdChanged(tracker: Tracker, channel: Channel, holding: boolean, at: number): void {
  if (channel.holding === holding) return;
  channel.holding = holding;
  settleAll(tracker, callsAround(tracker, channel), at);
}

/** Puts a channel where it is said to be, without any conclusion; used for snapshots. */
export function enter(tracker: Tracker, channel: Channel, bridgeId: string, kind: Bridge['kind']): Bridge | null {
  let bridge = tracker.bridges.get(bridgeId);
  if (bridge === undefined) {
    if (tracker.bridges.size >= tracker.limits.maxBridges) return null;
    bridge = { id: ownText(bridgeId), kind, members: emptyList };
    tracker.bridges.set(bridge.id, bridge);
  }
  if (bridge.members.length >= tracker.limits.maxListItems) return null;
  bridge.members = withItem(tracker, bridge.members, channel.id);
  channel.bridgeId = bridge.id;
  return bridge;
}

/**
 * Calls that meet become one, as in Asterisk. In a conference only calls without a customer join another's: two customers in one
 * room are still two calls.
 */
export function mergeCompany(tracker: Tracker, company: readonly Channel[], bridge: Bridge, at: number): Set<Call> {
  const calls = new Set<Call>();
  if (bridge.kind === 'holding') return calls;
  for (const member of company) {
    const call = callOf(tracker, member);
    if (call === null || calls.has(call)) continue;
    const into = [...calls].find((other) => bridge.kind !== 'conference' || !other.hadCustomer || !call.hadCustomer);
    if (into === undefined) {
      calls.add(call);
      continue;
    }
    calls.delete(into);
    calls.add(mergeCalls(tracker, into, call, at));
  }
  return calls;
}

export function withItself(channel: Channel, company: readonly Channel[]): readonly Channel[] {
  return channel.party === 'helper' ? company : [...company, channel];
}

function callsAround(tracker: Tracker, channel: Channel): Set<Call> {
  const calls = new Set<Call>();
  const half = otherHalf(tracker, channel);
  const around = [channel, ...companyOf(tracker, channel), ...(half === undefined ? [] : companyOf(tracker, half))];
  for (const member of around) {
    const call = callOf(tracker, member);
    if (call !== null) calls.add(call);
  }
  return calls;
}

export function settleAll(tracker: Tracker, calls: Iterable<Call>, at: number): void {
  for (const call of calls) settleConversation(tracker, call, at);
}
