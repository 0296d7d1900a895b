import type { CallCustomer, CallRecord, CallResult, LiveCall, Transfer } from './call.ts';
import { companyOf } from './tracker-conversation.ts';
import { ownText } from './tracker-lists.ts';
import { outOfScope } from './tracker-scope.ts';
import { type Call, type CallEnding, channelsOf, type Tracker } from './tracker-state.ts';

/** From what the tracker knows of a call to what everybody else sees of it. */

interface End {
  readonly at: number;
  readonly ending: CallEnding;
}

export function liveCall(tracker: Tracker, call: Call, end: End | null = null): LiveCall {
  const ringing: string[] = [];
  for (const channel of channelsOf(tracker, call)) {
    if (channel.dialling && channel.extension !== null && !ringing.includes(channel.extension)) ringing.push(channel.extension);
  }
  const talking = talkingNow(tracker, call);
  return {
    record: callRecord(tracker, call, end),
    phase: end === null ? phaseOf(call, ringing) : 'ended',
    ringing: end === null ? ringing : [],
    talking: end === null ? talking : [],
  };
}

function talkingNow(tracker: Tracker, call: Call): string[] {
  const talking = new Set<string>();
  for (const { extension } of call.partners) if (extension !== null) talking.add(extension);
  const holder = call.onHold ? tracker.channels.get(call.lastHold?.channelId ?? '') : undefined;
  for (const { extension } of holder === undefined ? [] : [holder, ...companyOf(tracker, holder)]) {
    if (extension !== null) talking.add(extension);
  }
  return [...talking];
}

function phaseOf(call: Call, ringing: readonly string[]): LiveCall['phase'] {
  if (call.isParkedNow) return 'parked';
  if (call.onHold) return 'held';
  if (call.partners.length > 0) return 'talking';
  if (ringing.length > 0) return 'ringing';
  return call.queuedIn === null ? 'started' : 'waiting';
}

function callRecord(tracker: Tracker, call: Call, end: End | null): CallRecord {
  const until = end?.at ?? call.heardAt;
  return {
    id: call.id,
    pbx: call.pbx,
    linkedIds: call.linkedIds.map((id) => outOfScope(call.pbx, id)),
    direction: call.direction,
    customer: call.direction === 'internal' ? null : customerOf(tracker, call),
    did: call.direction === 'inbound' ? call.did : null,
    placedBy: call.direction === 'inbound' ? null : call.placedBy,
    queue: call.queues[0] ?? null,
    queues: call.queues,
    startedAt: isoTime(call.startedAt),
    answeredAt: call.answeredAt === null ? null : isoTime(call.answeredAt),
    endedAt: end === null ? null : isoTime(end.at),
    rang: call.rang,
    answered: call.answeredAt !== null,
    answeredBy: call.answeredBy,
    spokeWith: call.spokeWith,
    result: end === null ? null : resultOf(tracker, call, end),
    hangupCause: call.hangupCause,
    hangupBy: end === null ? null : hangupByOf(call, end),
    waitSeconds: seconds(waitMs(tracker, call, until)),
    talkSeconds: seconds(talkMs(call, until)),
    holdSeconds: seconds(call.holdMs),
    talkByAgent: Object.fromEntries(call.spokeWith.map((agent, index) => [agent, seconds(call.talkMs[index] ?? 0)])),
    transfers: call.transfers.map(publicTransfer),
    recordings: call.recordings,
    filledIn: false,
    leadId: null,
    outcome: null,
    notes: null,
    followUp: null,
    matches: [],
  };
}

function customerOf({ settings }: Tracker, call: Call): CallCustomer {
  const raw = call.customerRaw;
  const name = call.customerName;
  if (raw === null) return { raw, number: null, name, withheld: call.direction === 'inbound' };
  if (call.readRaw !== raw) {
    call.readRaw = raw;
    call.readAsWithheld = settings.isWithheld(raw, call.pbx);
    const number = call.readAsWithheld ? null : settings.toE164(raw, call.pbx);
    call.readNumber = number === null ? null : ownText(number);
  }
  return { raw, number: call.readNumber, name, withheld: call.direction === 'inbound' && call.readAsWithheld };
}

function publicTransfer(transfer: Call['transfers'][number]): Transfer {
  const { kind, from, to, answered, at } = transfer;
  return { kind, from, to, answered, at: isoTime(at) };
}

function resultOf(tracker: Tracker, call: Call, end: End): CallResult {
  if (end.ending === 'restarted') return 'failed';
  if (call.answeredAt !== null) return 'answered';
  if (call.reachedVoicemail) return 'voicemail';
  if (call.gaveUp || stillWaits(tracker, call) || end.ending !== 'heard') return 'abandoned';
  if (call.attempt !== null) return call.attempt;
  return call.wasEverUp ? 'abandoned' : 'failed';
}

function hangupByOf(call: Call, end: End): CallRecord['hangupBy'] {
  if (end.ending === 'restarted') return 'pbx';
  return end.ending === 'heard' ? (call.endedBy ?? 'pbx') : null;
}

/** From the moment the caller began to wait for a person, until one answered or nobody was being called any more. */
function waitMs(tracker: Tracker, call: Call, until: number): number {
  const pickedUp = call.isOriginated ? call.initiatorUpAt : null;
  const from = pickedUp ?? call.firstQueuedAt ?? call.firstOfferedAt ?? call.startedAt;
  return (call.answeredAt ?? (stillWaits(tracker, call) ? until : (call.waitedUntil ?? until))) - from;
}

function stillWaits(tracker: Tracker, call: Call): boolean {
  return call.queuedIn !== null || channelsOf(tracker, call).some((channel) => channel.dialling);
}

/** Everything from the first answer on counts, ringing after a transfer too, unless the transfer reached nobody. */
function talkMs(call: Call, until: number): number {
  if (call.answeredAt === null) return 0;
  const lastTransfer = call.transfers.at(-1);
  return (call.isTransferring && lastTransfer !== undefined ? lastTransfer.at : until) - call.answeredAt;
}

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms)) / 1000;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
