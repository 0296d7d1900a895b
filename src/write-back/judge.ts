import {
  ConnectorError,
  Missing,
  RateLimited,
  Rejected,
  Unauthorized,
  Unreachable,
  type WriteResult,
} from '../../connectors/connector.ts';
import { HeldBack } from '../quotas/held-back.ts';
import { backOffMs } from './back-off.ts';
import type { ConnectorHold, OwedRecord, Problem, ProblemCode } from './owed-record.ts';

/** Pure: what follows from a connector's answer. */

/** What becomes of one owed record. */
export type Verdict =
  | { readonly do: 'written'; readonly remoteId: string }
  /** Again at that instant; `attempts` are those that count. `problem` null: nothing was wrong. */
  | { readonly do: 'retry'; readonly at: number; readonly attempts: number; readonly problem: Problem | null }
  | { readonly do: 'refuse'; readonly problem: Problem }
  /** There is nothing to write. */
  | { readonly do: 'notNeeded' };

export interface Judgement {
  /** In the order of the batch. */
  readonly verdicts: readonly Verdict[];
  /** The connector's hold from now on; null lifts it. */
  readonly hold: ConnectorHold | null;
}

export interface JudgedBatch {
  readonly connector: string;
  readonly batch: readonly OwedRecord[];
  readonly answer: { readonly results: readonly WriteResult[] } | { readonly thrown: unknown };
  readonly hold: ConnectorHold | null;
  readonly now: number;
  readonly random: () => number;
}

/** From this many tries on a record is sent alone, so that one which breaks the whole batch cannot hold the others. */
export const ALONE_AFTER = 3;
/** A foreign error is a bug of the connector; it is not tried for ever. */
const MOST_UNEXPECTED = ALONE_AFTER + 3;
const LONGEST_LIMIT_MS = 24 * 60 * 60_000;
const UNAUTHORIZED_MS = 60_000;

export function judge(judged: JudgedBatch): Judgement {
  const { answer, batch } = judged;
  if ('results' in answer && answer.results.length === batch.length) return judgeResults(judged, answer.results);
  if ('thrown' in answer) return judgeThrown(judged, answer.thrown);
  const miscounted = new Error(`the connector gave ${answer.results.length} results for ${batch.length} records`);
  return judgeThrown(judged, miscounted);
}

function judgeResults(judged: JudgedBatch, results: readonly WriteResult[]): Judgement {
  const verdicts = judged.batch.map((record, index): Verdict => {
    const result = results[index];
    if (result?.ok) return { do: 'written', remoteId: result.id };
    return judgeRecord(judged, record, result?.error);
  });
  const held = results.map((result) => (result.ok ? null : holdFor(judged, result.error))).find((hold) => hold !== null);
  const answered = results.some((result) => result.ok || !(result.error instanceof Unreachable));
  if (held !== undefined) return { verdicts, hold: held };
  return { verdicts, hold: answered || results.length === 0 ? null : holdUnreachable(judged, 'no record could be written') };
}

/** Nothing is known of any record of the batch. */
function judgeThrown(judged: JudgedBatch, thrown: unknown): Judgement {
  const { batch, now } = judged;
  const isAboutOneRecord = thrown instanceof Rejected || thrown instanceof Missing || !(thrown instanceof ConnectorError);
  const mustIsolate = isAboutOneRecord && batch.length > 1;
  const verdicts = batch.map((record): Verdict => {
    if (!mustIsolate) return judgeRecord(judged, record, thrown);
    return { do: 'retry', at: now, attempts: Math.max(ALONE_AFTER, record.attempts), problem: describe(thrown, now) };
  });
  const reached = thrown instanceof Rejected || thrown instanceof Missing;
  if (reached) return { verdicts, hold: null };
  return { verdicts, hold: holdFor(judged, thrown) ?? holdUnreachable(judged, describe(thrown, now).message) };
}

function judgeRecord({ now, random }: JudgedBatch, record: OwedRecord, error: unknown): Verdict {
  const problem = describe(error, now);
  if (error instanceof Rejected || error instanceof Missing) return { do: 'refuse', problem };
  // The connector is held, not the record: its turn comes when the hold is over, and the try does not count.
  if (error instanceof RateLimited || error instanceof Unauthorized) {
    return { do: 'retry', at: now, attempts: Math.max(0, record.attempts - 1), problem };
  }
  if (!(error instanceof Unreachable) && record.attempts >= MOST_UNEXPECTED) return { do: 'refuse', problem };
  return { do: 'retry', at: now + backOffMs(record.attempts, random), attempts: record.attempts, problem };
}

/** The hold that an error puts on the whole connector, if any. */
function holdFor(judged: JudgedBatch, error: unknown): ConnectorHold | null {
  if (error instanceof RateLimited) {
    const waitMs = Math.min(Math.max(error.retryAfterMs, 0), LONGEST_LIMIT_MS);
    const kind = error instanceof HeldBack ? 'heldBack' : 'rateLimited';
    return { ...begin(judged, kind, error.message), until: judged.now + waitMs };
  }
  if (error instanceof Unauthorized) {
    return { ...begin(judged, 'unauthorized', error.message), until: judged.now + UNAUTHORIZED_MS };
  }
  return null;
}

function holdUnreachable(judged: JudgedBatch, reason: string): ConnectorHold {
  const hold = begin(judged, 'unreachable', reason);
  return { ...hold, until: judged.now + backOffMs(hold.failures, judged.random) };
}

function begin(judged: JudgedBatch, kind: ConnectorHold['kind'], reason: string): Omit<ConnectorHold, 'until'> {
  const goesOn = judged.hold !== null && judged.hold.kind === kind;
  const failures = (judged.hold?.failures ?? 0) + 1;
  return {
    connector: judged.connector,
    kind,
    reason,
    since: goesOn ? Math.min(judged.hold.since, judged.now) : judged.now,
    failures,
  };
}

function describe(error: unknown, at: number): Problem {
  const code: ProblemCode = error instanceof ConnectorError ? error.kind : 'unexpected';
  const message = error instanceof Error ? error.message : 'the connector gave no result';
  return { code, message: message.slice(0, 2_000), fields: error instanceof Rejected ? error.fields : [], at };
}
