import type { ChannelFacts, DialStatus, TelephonyEvent } from '../telephony/telephony-event.ts';
import { ensureCall, joinCall, knownChannel } from './tracker-birth.ts';
import { addTransfer, settleConversation } from './tracker-conversation.ts';
import { sharedList, withItem } from './tracker-lists.ts';
import { callOfEitherHalf, joinHelper, uniteHalves } from './tracker-local.ts';
import { mergeCalls } from './tracker-merge.ts';
import { type AttemptResult, type Call, type Channel, callOf, channelsOf, type Tracker, touch } from './tracker-state.ts';

/** Calling phones and lines: who rang, and how it failed. */

type DialBegun = Extract<TelephonyEvent, { type: 'dialBegun' }>;

export function dialBegun(tracker: Tracker, { at, source, target, number }: DialBegun): void {
  const caller = source === null ? null : knownChannel(tracker, source, at);
  const called = knownChannel(tracker, target, at);
  if (called === null) return;
  const call = callOfDial(tracker, caller, called, target, at);
  if (call === null) return;
  touch(tracker, call, at);
  if (!called.up) {
    if (!isDialling(tracker, call)) startRound(call);
    called.dialling = true;
  }
  if (called.party === 'phone' && called.extension !== null && !call.rang.includes(called.extension)) {
    call.rang = sharedList(tracker, withItem(tracker, call.rang, called.extension));
    called.isInRang = true;
  }
  // A phone that the PBX itself rings is about to retrieve the customer, who is parked until then.
  if (caller !== null) call.isParkedNow = false;
  if (call.answeredAt === null && called.id !== call.initiatorId) call.firstOfferedAt ??= at;
  if (called.isCustomer) call.customerRaw = dialledNumber(tracker, call, source?.dialled ?? null, number);
  else if (source === null) guessOriginated(tracker, call, called, target);
  if (call.isOriginated && called.party === 'phone' && called.id !== call.initiatorId && !call.hadCustomer) becomeInternal(call);
  noticeConsultation(call, caller, called);
  if (caller?.isCustomer && called.party === 'phone') noticeMove(tracker, call, called.extension, at);
}

/** An agent who has spoken with the customer calls a colleague on the same leg: the customer waits meanwhile. */
function noticeConsultation(call: Call, caller: Channel | null, called: Channel): void {
  if (!call.hadCustomer || call.answeredAt === null || caller?.party !== 'phone' || called.extension === null) return;
  if (caller.extension !== null && call.lastAgents.includes(caller.extension)) {
    call.consulting = { by: caller.extension, to: called.extension };
  }
}

/** A call whose customer, alone after a conversation, is sent on without anybody saying so (AMI Redirect). */
export function noticeMove(tracker: Tracker, call: Call, to: string | null, at: number): void {
  if (call.answeredAt === null || call.partners.length > 0 || call.isTransferring) return;
  if (call.parked !== null || call.lastAgents.length === 0 || call.onHold) return;
  const from = call.lastAgents.at(-1) ?? null;
  addTransfer(tracker, call, { kind: 'blind', from, to, answered: false, at: call.aloneSince ?? at, implied: true });
  call.isTransferring = true;
}

function callOfDial(tracker: Tracker, caller: Channel | null, called: Channel, facts: ChannelFacts, at: number): Call | null {
  const callerCall = caller && callOfEitherHalf(tracker, caller, at);
  const calledCall = callOf(tracker, called);
  if (callerCall !== null) {
    if (calledCall === null) joinCall(tracker, callerCall, called, facts);
    return uniteHalves(tracker, calledCall === null ? callerCall : mergeCalls(tracker, callerCall, calledCall, at), called, at);
  }
  const call = ensureCall(tracker, called, facts, at);
  if (call !== null && caller?.party === 'helper') joinHelper(tracker, call, caller);
  return call && uniteHalves(tracker, call, called, at);
}

function startRound(call: Call): void {
  call.attempt = null;
  call.attemptBy = null;
  call.wasCancelled = false;
}

/** Click-to-call shows the customer's number on the agent's phone; until the PBX says more this is the best guess. */
function guessOriginated(tracker: Tracker, call: Call, called: Channel, facts: ChannelFacts): void {
  const shown = facts.callerNumber;
  if (called.id !== call.initiatorId || called.party !== 'phone' || call.customerRaw !== null || shown === null) return;
  if (!tracker.settings.isOutsideNumber(shown, call.pbx)) return;
  call.direction = 'outbound';
  call.customerRaw = shown;
}

function becomeInternal(call: Call): void {
  call.direction = 'internal';
  call.customerRaw = null;
}

/** What the agent dialled, if it reads as the number that was sent to the line; otherwise (access digits …) what was sent. */
function dialledNumber(tracker: Tracker, call: Call, dialled: string | null, sent: string | null): string | null {
  const asked = call.customerRaw ?? dialled;
  if (sent === null) return asked;
  if (asked === null) return sent;
  const { toE164 } = tracker.settings;
  const sentNumber = toE164(sent, call.pbx);
  return sentNumber !== null && toE164(asked, call.pbx) === sentNumber ? asked : sent;
}

export function originateReported(tracker: Tracker, event: Extract<TelephonyEvent, { type: 'originateReported' }>): void {
  const { at, number } = event;
  const call =
    event.channelId === null ? originatedTo(tracker, event.extension) : callOf(tracker, tracker.channels.get(event.channelId));
  if (call === null || call.hadCustomer || number === null || !tracker.settings.isOutsideNumber(number, call.pbx)) return;
  call.direction = 'outbound';
  call.customerRaw = number;
  touch(tracker, call, at);
}

/** The youngest call the PBX itself makes to this phone. */
function originatedTo(tracker: Tracker, extension: string | null): Call | null {
  let youngest: Call | null = null;
  if (extension === null) return null;
  for (const call of tracker.calls.values()) {
    if (!call.isOriginated || call.placedBy !== extension || call.answeredAt !== null) continue;
    if (youngest === null || call.startedAt >= youngest.startedAt) youngest = call;
  }
  return youngest;
}

export function dialEnded(tracker: Tracker, targetId: string, status: DialStatus, at: number): void {
  const called = tracker.channels.get(targetId);
  if (called === undefined || !called.dialling) return;
  if (status === 'answered') {
    channelUp(tracker, called, at);
    return;
  }
  called.dialling = false;
  const call = callOf(tracker, called);
  if (call === null) return;
  touch(tracker, call, at);
  if (called.party !== 'helper') noteFailure(call, called, status);
  if (!isDialling(tracker, call) && call.queuedIn === null) call.waitedUntil = at;
}

function noteFailure(call: Call, called: Channel, status: DialStatus): void {
  if (status === 'unreachable' && !called.rang && called.isInRang) {
    call.rang = call.rang.filter((extension) => extension !== called.extension);
  }
  call.wasCancelled = status === 'cancelled';
  const result = status === 'busy' ? 'busy' : status === 'unreachable' ? 'failed' : 'noAnswer';
  if (call.attempt !== null && rank(call.attempt) > rank(result)) return;
  call.attempt = result;
  call.attemptBy = called.id;
}

/** Of several phones that rang in vain the most hopeful result counts. */
function rank(result: AttemptResult): number {
  return ['failed', 'rejected', 'busy', 'noAnswer'].indexOf(result);
}

/** A leg that was being called is gone. Its cause says more than the dial status, if there was one at all. */
export function calledLegGone(tracker: Tracker, called: Channel, cause: number | null, at: number): void {
  const call = callOf(tracker, called);
  const byCause = attemptOfCause(cause);
  if (called.dialling) {
    dialEnded(
      tracker,
      called.id,
      byCause === 'busy' ? 'busy' : byCause === 'noAnswer' || byCause === null ? 'noAnswer' : 'unreachable',
      at,
    );
  }
  if (call !== null && call.attemptBy === called.id && byCause !== null) call.attempt = byCause;
}

/** Q.850 causes that tell why; the normal ones (16, 26, 31 …) do not. */
function attemptOfCause(cause: number | null): AttemptResult | null {
  switch (cause) {
    case 17:
      return 'busy';
    case 18:
    case 19:
      return 'noAnswer';
    case 21:
      return 'rejected';
    case 1:
    case 2:
    case 3:
    case 20:
    case 22:
    case 27:
    case 28:
    case 34:
    case 38:
    case 41:
    case 42:
    case 50:
    case 58:
      return 'failed';
    default:
      return null;
  }
}

export function channelUp(tracker: Tracker, channel: Channel, at: number): void {
  if (channel.up && !channel.dialling) return;
  channel.up = true;
  channel.dialling = false;
  const call = callOf(tracker, channel);
  if (call === null) return;
  touch(tracker, call, at);
  if (channel.id !== call.initiatorId) {
    call.attempt = null;
    return;
  }
  call.wasEverUp = true;
  if (call.isOriginated) call.initiatorUpAt ??= at;
}

/** The far end of a leg hung up: the caller gives up, somebody ends the conversation, or a phone refuses. */
export function hangupRequested(tracker: Tracker, channel: Channel, at: number): void {
  const call = callOf(tracker, channel);
  if (call === null || channel.busy) return;
  settleConversation(tracker, call, at);
  const side = channel.isCustomer ? 'customer' : 'agent';
  const isInitiator = channel.id === call.initiatorId;
  if (channel.dialling) {
    if (isInitiator) call.endedBy ??= side;
    return;
  }
  if (call.answeredAt === null) {
    if (!isInitiator) return;
    call.endedBy ??= side;
    call.gaveUp = isDialling(tracker, call) || call.queuedIn !== null || call.attempt === null || call.wasCancelled;
    return;
  }
  const isLastPartner = call.partners.length > 0 && call.partners.every((partner) => partner.channelId === channel.id);
  const isHolder = call.onHold && call.lastHold?.channelId === channel.id;
  if (channel.isCustomer || isLastPartner || isHolder || !call.hadCustomer) call.endedBy ??= side;
}

export function isDialling(tracker: Tracker, call: Call): boolean {
  return channelsOf(tracker, call).some((channel) => channel.dialling);
}
