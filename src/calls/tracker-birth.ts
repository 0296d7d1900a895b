import type { ChannelFacts } from '../telephony/telephony-event.ts';
import type { CallId } from './call.ts';
import { endCall, forgetChannel } from './tracker-end.ts';
import { emptyList, ownText, sharedWord, withItem } from './tracker-lists.ts';
import { type Call, type Channel, callOf, type Tracker } from './tracker-state.ts';

/** How channels come to be known, and to which call each belongs. */

type JoiningFacts = Pick<ChannelFacts, 'linkedId' | 'callerNumber' | 'callerName'>;

/**
 * The channel of these facts, newly known if need be; null when it is over already and must not be brought back. A call that begins
 * with it is named after its linked id, the Uniqueid of the call's first channel, unless `firstChannelId` says otherwise.
 */
export function knownChannel(tracker: Tracker, facts: ChannelFacts, at: number, firstChannelId = facts.linkedId): Channel | null {
  const known = tracker.channels.get(facts.id);
  if (known !== undefined) {
    noteLinkedId(tracker, known, facts.linkedId);
    return known;
  }
  if (tracker.goneChannels.has(facts.id)) return null;
  if (tracker.channels.size >= tracker.limits.maxChannels) makeRoom(tracker, at);
  const channel: Channel = {
    id: ownText(facts.id),
    pbx: sharedWord(tracker, tracker.hearing),
    party: facts.party,
    extension: sharedWord(tracker, facts.extension),
    localPair: facts.localPair,
    localHalf: facts.localHalf,
    outgoing: facts.outgoing,
    dialled: sharedWord(tracker, facts.dialled),
    callId: null,
    isCustomer: false,
    up: facts.up,
    busy: false,
    bridgeId: null,
    holding: false,
    dialling: false,
    rang: false,
    isInRang: false,
  };
  tracker.channels.set(channel.id, channel);
  if (channel.localPair !== null) tracker.localHalves.set(`${channel.localPair};${channel.localHalf}`, channel.id);
  const call = callForNewChannel(tracker, channel, facts);
  if (call !== null) joinCall(tracker, call, channel, facts);
  // Without linked ids (ARI) the dial that follows says to which call a called channel belongs.
  else if (facts.linkedId !== null || !channel.outgoing) {
    joinCall(tracker, createCall(tracker, channel, firstChannelId, at), channel, facts);
  }
  return channel;
}

/** Gives a channel that belongs nowhere to a call, or to a new one. */
export function ensureCall(tracker: Tracker, channel: Channel, facts: ChannelFacts, at: number): Call | null {
  const call = callOf(tracker, channel);
  if (call !== null) return call;
  const created = createCall(tracker, channel, null, at);
  joinCall(tracker, created, channel, facts);
  return created;
}

export function joinCall(tracker: Tracker, call: Call, channel: Channel, facts: JoiningFacts): void {
  if (call.channelIds.length >= tracker.limits.maxListItems) return;
  channel.callId = call.id;
  call.channelIds = withItem(tracker, call.channelIds, channel.id);
  noteLinkedId(tracker, channel, facts.linkedId ?? (call.linkedIds.length === 0 ? channel.id : null));
  tracker.touched.add(call);
  if (channel.up) call.wasEverUp = true;
  if (channel.party === 'phone') joinPhone(tracker, call, channel);
  if (channel.party === 'line') joinLine(call, channel, facts);
}

function joinPhone(tracker: Tracker, call: Call, phone: Channel): void {
  if (call.initiatorId !== null) return;
  call.initiatorId = phone.id;
  call.placedBy = phone.extension;
  call.isOriginated = phone.outgoing;
  if (phone.outgoing || phone.dialled === null || !tracker.settings.isOutsideNumber(phone.dialled, phone.pbx)) return;
  call.direction = 'outbound';
  call.customerRaw = phone.dialled;
}

function joinLine(call: Call, line: Channel, facts: JoiningFacts): void {
  if (call.initiatorId === null && !line.outgoing) {
    call.initiatorId = line.id;
    call.direction = 'inbound';
    call.customerRaw = facts.callerNumber;
    call.customerName = facts.callerName;
    call.did = line.dialled !== null && /^\+?\d{2,32}$/.test(line.dialled) ? line.dialled : null;
    becomeCustomer(call, line);
    return;
  }
  // An outside colleague, a forwarded mobile, a transfer to the outside: on our side of the conversation.
  if (call.direction === 'inbound' || (call.hadCustomer && call.answeredAt !== null)) return;
  call.direction = 'outbound';
  if (call.initiatorId === null) {
    call.initiatorId = line.id;
    call.isOriginated = true;
  }
  becomeCustomer(call, line);
}

function becomeCustomer(call: Call, line: Channel): void {
  line.isCustomer = true;
  call.hadCustomer = true;
}

function callForNewChannel(tracker: Tracker, channel: Channel, facts: ChannelFacts): Call | null {
  const served = servedCall(tracker, channel.id);
  if (served !== null) return served;
  const linkedId = facts.linkedId ?? channel.id;
  const linked = tracker.callOfLinkedId.get(linkedId);
  const byLink = linked === undefined ? callOf(tracker, tracker.channels.get(linkedId)) : tracker.calls.get(linked);
  if (byLink) return byLink;
  const otherHalf = channel.localPair && tracker.localHalves.get(`${channel.localPair};${channel.localHalf === 1 ? 2 : 1}`);
  return otherHalf ? callOf(tracker, tracker.channels.get(otherHalf)) : null;
}

/** The call for which the hub itself has placed this leg. */
function servedCall(tracker: Tracker, channelId: string): Call | null {
  const forChannelId = tracker.expectedLegs.get(channelId);
  if (forChannelId === undefined) return null;
  tracker.expectedLegs.delete(channelId);
  return callOf(tracker, tracker.channels.get(forChannelId));
}

function createCall(tracker: Tracker, { id, pbx }: Channel, firstChannelId: string | null, at: number): Call {
  if (tracker.calls.size >= tracker.limits.maxCalls) giveUpOneCall(tracker, at);
  const isFirst = firstChannelId === null || firstChannelId === id;
  const call = newCall(freshCallId(tracker, isFirst ? [id] : [ownText(firstChannelId), id]), pbx, at);
  tracker.calls.set(call.id, call);
  return call;
}

/** A leg that outlives its call may start another one: never under an id that was used up. */
function freshCallId(tracker: Tracker, firstChannelIds: readonly string[]): CallId {
  const isFree = (id: CallId) => !tracker.endedCalls.has(id) && !tracker.calls.has(id);
  const free = (firstChannelIds as readonly CallId[]).find(isFree);
  if (free !== undefined) return free;
  let again = 2;
  while (!isFree(`${firstChannelIds[0]}-${again}` as CallId)) again += 1;
  return `${firstChannelIds[0]}-${again}` as CallId;
}

function giveUpOneCall(tracker: Tracker, at: number): void {
  const call = tracker.calls.values().next().value;
  if (call !== undefined) endCall(tracker, call, at, 'unknown');
}

/** A call is given up, and with its legs go all that belong to no call. */
function makeRoom(tracker: Tracker, at: number): void {
  giveUpOneCall(tracker, at);
  for (const channel of tracker.channels.values()) if (channel.callId === null) forgetChannel(tracker, channel);
}

/** Linked ids change in the life of a channel; all of them lead to the call, unless another live call has it. */
function noteLinkedId(tracker: Tracker, channel: Channel, linkedId: string | null): void {
  const call = callOf(tracker, channel);
  if (call === null || linkedId === null || tracker.callOfLinkedId.has(linkedId)) return;
  const own = linkedId === channel.id ? channel.id : ownText(linkedId);
  call.linkedIds = withItem(tracker, call.linkedIds, own);
  if (call.linkedIds.includes(own)) tracker.callOfLinkedId.set(own, call.id);
}

function newCall(id: CallId, pbx: string, at: number): Call {
  return {
    id,
    pbx,
    aliases: emptyList,
    linkedIds: emptyList,
    channelIds: emptyList,
    direction: 'internal',
    startedAt: at,
    heardAt: at,
    isTold: false,
    initiatorId: null,
    isOriginated: false,
    initiatorUpAt: null,
    customerRaw: null,
    customerName: null,
    readRaw: null,
    readNumber: null,
    readAsWithheld: false,
    hadCustomer: false,
    did: null,
    placedBy: null,
    queues: emptyList,
    queuedIn: null,
    firstQueuedAt: null,
    firstOfferedAt: null,
    waitedUntil: null,
    rang: emptyList,
    answeredAt: null,
    answeredBy: null,
    spokeWith: emptyList,
    partners: emptyList,
    lastAgents: emptyList,
    aloneSince: null,
    onHold: false,
    addedUpTo: at,
    holdMs: 0,
    talkMs: emptyList,
    lastHold: null,
    consulting: null,
    transfers: emptyList,
    isTransferring: false,
    parked: null,
    isParkedNow: false,
    recordings: emptyList,
    attempt: null,
    attemptBy: null,
    wasCancelled: false,
    gaveUp: false,
    reachedVoicemail: false,
    wasEverUp: false,
    endedBy: null,
    hangupCause: null,
  };
}
