import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CallRecord } from '../../src/calls/call.ts';

/** What the phones saw of one call; see the README of the recordings. */
interface TrueCall {
  readonly id: string;
  readonly direction: CallRecord['direction'];
  readonly caller_number: string | null;
  readonly called_number: string | null;
  readonly agent?: string;
  readonly did: string | null;
  readonly queue: string | null;
  readonly agents_rung: readonly string[];
  readonly agents_talked: readonly string[];
  readonly answered: boolean;
  readonly answered_by: string | null;
  /** The call was passed on to a number outside, where no agent of ours answered. */
  readonly forwarded_to?: string;
  readonly outcome: string;
  readonly talk_seconds: number | null;
  readonly hold_seconds: number | null;
  readonly wait_seconds: number | null;
  readonly transfers: readonly { readonly kind: string; readonly from: string | null; readonly to: string | null }[];
  readonly recording_file: string | null;
  readonly first_uniqueid: string;
  readonly linkedids: readonly string[];
}

interface Truth {
  readonly scenario: string;
  readonly title: string;
  /** Unix ms; Asterisk's files hold calls of its neighbours too. */
  readonly recorded_from?: number;
  readonly recorded_to?: number;
  readonly calls: readonly TrueCall[];
}

type Unknowable = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * Which interfaces of the PBX were listened to, or which of Asterisk's own records were read: `files` has CEL with all
 * events, `sampleCel` with those of Asterisk's sample configuration, `cdr` has none.
 */
/** By listening. */
export type Listened = 'ami' | 'ari' | 'both';
/** Or by reading what the PBX wrote down. */
export type Heard = Listened | 'files' | 'sampleCel' | 'cdr';

const folder = path.join(import.meta.dirname ?? __dirname, '../fixtures/traces');
const toleranceSeconds = 1;

export const traceFolder = folder;

export function truthOf(scenario: string): Truth {
  const file = path.join(folder, `${scenario}.expected.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Truth;
  } catch {
    return JSON.parse(gunzipSync(readFileSync(`${file}.gz`)).toString('utf8')) as Truth;
  }
}

/** Every way in which the records differ from what happened; none means exact. */
export function differences(records: readonly CallRecord[], truth: Truth, heard: Heard = 'ami'): string[] {
  const unknowableBy = JSON.parse(readFileSync(path.join(folder, 'unknowable.json'), 'utf8')) as Record<Heard, Unknowable>;
  const unknowable = unknowableBy[heard];
  const cannotBeKnown = (call: string, fact: string) =>
    [truth.scenario, '*'].some((scenario) => [call, '*'].some((id) => unknowable[scenario]?.[id]?.includes(fact) ?? false));
  const calls = truth.calls.filter((call) => !cannotBeKnown(call.id, '*absent'));
  const found = records.length === calls.length ? [] : [`${records.length} records for ${calls.length} calls`];
  const left = [...records];
  for (const call of calls) {
    const record = takeRecordOf(call, left);
    if (record === null) {
      found.push(`${call.id}: no record`);
      continue;
    }
    for (const [fact, got, wanted] of comparedFacts(record, call)) {
      if (isSame(got, wanted) || cannotBeKnown(call.id, fact)) continue;
      found.push(`${call.id}.${fact}: ${JSON.stringify(got)}, was ${JSON.stringify(wanted)}`);
    }
    if (call.recording_file && !record.recordings.includes(call.recording_file) && !cannotBeKnown(call.id, 'recordings')) {
      found.push(`${call.id}.recordings: ${record.recordings.join()}, was ${call.recording_file}`);
    }
  }
  return found;
}

function takeRecordOf(call: TrueCall, left: CallRecord[]): CallRecord | null {
  const isFirst = (record: CallRecord) => record.id.endsWith(call.first_uniqueid);
  const isLinked = (record: CallRecord) => record.linkedIds.some((id) => call.linkedids.includes(id));
  const sameDirection = (record: CallRecord) => record.direction === call.direction;
  for (const test of [
    (record: CallRecord) => isFirst(record) && sameDirection(record),
    (record: CallRecord) => isLinked(record) && sameDirection(record),
    isFirst,
    isLinked,
  ]) {
    const position = left.findIndex(test);
    if (position !== -1) return left.splice(position, 1)[0] ?? null;
  }
  return null;
}

type Compared = readonly [fact: string, got: unknown, wanted: unknown];

function comparedFacts(record: CallRecord, call: TrueCall): Compared[] {
  const facts: Compared[] = [
    ['direction', record.direction, call.direction],
    ['queue', record.queue, call.queue],
    ['answered', record.answered, call.answered],
    ['result', record.result, resultOf(call.outcome)],
    ['talkSeconds', near(record.talkSeconds, call.talk_seconds), call.talk_seconds],
    ['holdSeconds', near(record.holdSeconds, call.hold_seconds), call.hold_seconds],
    ['waitSeconds', near(record.waitSeconds, call.wait_seconds), call.wait_seconds],
    ['transfers', record.transfers.map(move), call.transfers.map(move)],
  ];
  if (call.direction === 'internal') return [...facts, ['customer', record.customer, null]];
  facts.push(
    ['rang', [...record.rang].sort(), [...call.agents_rung].sort()],
    ['spokeWith', record.spokeWith, call.agents_talked],
  );
  if (call.direction === 'outbound') {
    facts.push(
      ['customer.raw', record.customer?.raw, call.called_number],
      ['placedBy', record.placedBy, call.agent ?? call.caller_number],
    );
    return facts;
  }
  const answeredBy = call.forwarded_to === undefined ? call.answered_by : null;
  facts.push(['did', record.did, call.did], ['answeredBy', record.answeredBy, answeredBy]);
  if (call.caller_number === null) facts.push(['withheld', record.customer?.withheld, true]);
  else facts.push(['customer.raw', record.customer?.raw, call.caller_number]);
  return facts;
}

function resultOf(outcome: string): string {
  if (outcome === 'transferred') return 'answered';
  return outcome === 'noanswer' ? 'noAnswer' : outcome;
}

/** The wanted duration itself when the measured one is near enough. */
function near(got: number, wanted: number | null): number | null {
  return wanted === null || Math.abs(got - wanted) <= toleranceSeconds ? wanted : got;
}

function move({ kind, from, to }: { kind: string; from: string | null; to: string | null }): string {
  return `${kind} ${from}→${to}`;
}

function isSame(got: unknown, wanted: unknown): boolean {
  return JSON.stringify(got) === JSON.stringify(wanted);
}
