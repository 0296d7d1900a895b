import type { CallId, CallRecord } from './call.ts';
import type { FiledCall } from './filed-calls.ts';

/** Deciding what the ledger is to learn from what Asterisk wrote down. Pure. */

/** A time in which nobody listened; milliseconds since 1970. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** To be written into the ledger; `absorbed` are calls that were heard as separate ones and are this one. */
export interface Filling {
  readonly kind: 'new' | 'completed';
  readonly record: CallRecord;
  readonly absorbed: readonly CallId[];
}

/** The last words before a loss may have been lost on the way. */
const edgeMs = 1_000;

/**
 * `known`: the ended calls of the ledger that are this one, by id, alias or linked id. A call nobody knows is new. One that was heard
 * from its beginning to its end stays as it is; one of which a part fell into a gap is completed. Null: nothing is to be written.
 */
export function fillGap(filed: FiledCall, known: readonly CallRecord[], gaps: readonly Gap[]): Filling | null {
  const [heard, ...others] = known.toSorted((a, b) => age(filed, a) - age(filed, b) || a.startedAt.localeCompare(b.startedAt));
  if (heard === undefined) return { kind: 'new', record: filed.record, absorbed: [] };
  if (known.every((call) => call.filledIn)) return heard.id === filed.record.id ? null : replacing(filed, known);
  if (heard.filledIn || !known.some((call) => touches(call, gaps))) return null;
  const isBetterTold = filed.isWhole || beganIn(heard, gaps);
  const record = complete(heard, { ...filed, isWhole: isBetterTold });
  if (others.length === 0 && !tellsMore(record, heard)) return null;
  return { kind: 'completed', record, absorbed: others.map(({ id }) => id) };
}

/** A part of the call had been written down before the rest was: a consultation, say. It turns out to belong to this one. */
function replacing({ record }: FiledCall, parts: readonly CallRecord[]): Filling {
  return { kind: 'new', record, absorbed: parts.map(({ id }) => id) };
}

/** All calls of a time that was partly heard: what was heard, completed, and what fell into a gap from end to end. */
export function withFilled(
  heard: readonly CallRecord[],
  filed: readonly FiledCall[],
  gaps: readonly Gap[],
): readonly CallRecord[] {
  const calls = new Map(heard.map((call) => [call.id, call]));
  const byKey = new Map<CallId, CallId>();
  const index = (call: CallRecord) => {
    for (const key of keysOf(call)) byKey.set(key, call.id);
  };
  heard.forEach(index);
  const inner = gaps.filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to));
  for (const one of filed) {
    const ids = new Set(one.possibleIds.flatMap((id) => byKey.get(id) ?? []));
    const filling = fillGap(
      one,
      [...ids].flatMap((id) => calls.get(id) ?? []),
      gaps,
    );
    // What was before the first word and after the last one is none of this time.
    if (filling === null || (filling.kind === 'new' && !touches(filling.record, inner))) continue;
    for (const id of filling.absorbed) calls.delete(id);
    calls.set(filling.record.id, filling.record);
    index(filling.record);
  }
  return [...calls.values()];
}

/** A filed call that has one of them among its possible ids is this one, heard from whichever of its channels on. */
export function keysOf({ id, pbx, linkedIds }: CallRecord): readonly CallId[] {
  return [id, ...linkedIds.map((linkedId) => `${pbx}-${linkedId}` as CallId)];
}

/** The call under the very id it has in the files is the one that was heard from the beginning. */
function age(filed: FiledCall, call: CallRecord): number {
  return call.id === filed.record.id ? 0 : 1;
}

function touches({ startedAt, endedAt }: CallRecord, gaps: readonly Gap[]): boolean {
  const from = Date.parse(startedAt) - edgeMs;
  const to = endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt) + edgeMs;
  return gaps.some((gap) => gap.from <= to && gap.to >= from);
}

/** A fraction of a second is no news: what was heard stays as it is, and no CRM is written to again. */
function tellsMore(record: CallRecord, heard: CallRecord): boolean {
  const isNear = (one: number | string | null, other: number | string | null) =>
    one === other || (one !== null && other !== null && Math.abs(asSeconds(one) - asSeconds(other)) <= 1);
  const times = ['startedAt', 'answeredAt', 'endedAt', 'waitSeconds', 'talkSeconds', 'holdSeconds'] as const;
  if (!times.every((fact) => isNear(record[fact], heard[fact]))) return true;
  const told = ({ direction, customer, did, placedBy, queues, answeredBy, spokeWith, result, hangupBy }: CallRecord) =>
    JSON.stringify([direction, customer?.raw, did, placedBy, queues, answeredBy, spokeWith, result, hangupBy]);
  const moves = ({ transfers }: CallRecord) => JSON.stringify(transfers.map(({ kind, from, to }) => [kind, from, to]));
  const isLonger = record.rang.length > heard.rang.length || record.recordings.length > heard.recordings.length;
  return isLonger || told(record) !== told(heard) || moves(record) !== moves(heard);
}

function asSeconds(time: number | string): number {
  return typeof time === 'number' ? time : Date.parse(time) / 1000;
}

/** What was picked up on the way has no true beginning. */
function beganIn({ startedAt }: CallRecord, gaps: readonly Gap[]): boolean {
  const at = Date.parse(startedAt);
  return gaps.some(({ from, to }) => at >= from - edgeMs && at <= to + edgeMs && Number.isFinite(from));
}

/** Never less than was heard. */
function complete(heard: CallRecord, filed: FiledCall): CallRecord {
  const { record } = filed;
  const both = {
    id: heard.id,
    linkedIds: united(heard.linkedIds, record.linkedIds),
    rang: united(record.rang, heard.rang),
    recordings: united(heard.recordings, record.recordings),
    ...(record.queues.length >= heard.queues.length ? {} : { queue: heard.queue, queues: heard.queues }),
    ...(record.transfers.length >= heard.transfers.length ? {} : { transfers: heard.transfers }),
    hangupCause: heard.hangupCause ?? record.hangupCause,
    hangupBy: record.hangupBy ?? heard.hangupBy,
    holdSeconds: Math.max(heard.holdSeconds, record.holdSeconds),
    ...businessSideOf(heard),
    filledIn: true,
  };
  const isLess = filed.isCutOff || (heard.answered && !record.answered);
  if (filed.isWhole && !isLess) {
    const customer = record.customer === null || heard.customer?.number ? heard.customer : record.customer;
    return { ...record, customer, did: record.did ?? heard.did, ...both };
  }
  const own = { queue: heard.queue ?? record.queue, queues: heard.queues.length > 0 ? heard.queues : record.queues };
  return {
    ...heard,
    ...both,
    ...own,
    transfers: heard.transfers,
    hangupBy: heard.hangupBy,
    ...(isLess ? {} : endOf(heard, record)),
  };
}

/** What CDR knows better of a call whose end was not heard. */
function endOf(heard: CallRecord, record: CallRecord): Partial<CallRecord> {
  if (heard.hangupBy !== null && heard.endedAt !== null) return {};
  const { endedAt, result, hangupBy } = record;
  if (!heard.answered || endedAt === null || heard.answeredAt === null) {
    const { answered, answeredAt, answeredBy, spokeWith, talkSeconds, waitSeconds, talkByAgent } = record;
    return { endedAt, result, hangupBy, answered, answeredAt, answeredBy, spokeWith, talkSeconds, waitSeconds, talkByAgent };
  }
  const talkSeconds = Math.max(heard.talkSeconds, (Date.parse(endedAt) - Date.parse(heard.answeredAt)) / 1000);
  const spokeWith = united(heard.spokeWith, record.spokeWith);
  return { endedAt, result, hangupBy, talkSeconds, spokeWith, talkByAgent: { ...record.talkByAgent, ...heard.talkByAgent } };
}

function businessSideOf({ leadId, outcome, notes, matches }: CallRecord) {
  return { leadId, outcome, notes, matches };
}

function united(first: readonly string[], second: readonly string[]): readonly string[] {
  return [...new Set([...first, ...second])];
}
