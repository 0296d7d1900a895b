import type { RecordWrite } from '../../connectors/connector.ts';
import type { CallId } from '../calls/call.ts';
import { backOffMs } from './back-off.ts';
import { fixKey } from './fix-key.ts';
import type { Verdict } from './judge.ts';
import type { OwedRecord, Problem, Purpose, SentKey } from './owed-record.ts';

/** Why a record cannot be made out of the facts: a person has to look. */
export interface RenderProblem {
  readonly problem: { readonly code: 'mapping' | 'ambiguous' | 'unknownCaller'; readonly message: string };
}

/** Nothing is wrong with the record, but the CRM cannot take it yet: it is tried again by itself. */
export interface RenderWait {
  readonly wait: { readonly code: 'missing'; readonly message: string };
}

/** What a record is to be made for. */
export interface RenderWish extends Purpose {
  /** The CRM may have one already. */
  readonly wasSent: boolean;
}

/** What is known of a call could not be read just now, for example because the database was locked. */
export class FactsUnavailable extends Error {
  override readonly name = 'FactsUnavailable';
}

/** What the CRM is to hold about a call as things are now; null when there is nothing to write. @throws FactsUnavailable */
export type Render = (wish: RenderWish, callId: CallId) => Promise<RecordWrite | null | RenderProblem | RenderWait>;

/** An owed record that can be sent. */
export interface ReadyRecord {
  readonly record: OwedRecord;
  readonly write: RecordWrite;
  readonly key: SentKey;
}

export interface SettledRecord {
  readonly record: OwedRecord;
  readonly verdict: Verdict;
}

/**
 * Ready to be sent, or settled without. A renderer that throws anything but `FactsUnavailable` has a bug; its record waits for a
 * person, the others go on.
 */
export async function renderOwed(
  record: OwedRecord,
  render: Render,
  { now, random }: { readonly now: number; readonly random: () => number },
): Promise<ReadyRecord | SettledRecord> {
  const problemOf = (code: Problem['code'], message: string): Problem => ({
    code,
    message: message.slice(0, 2_000),
    fields: [],
    at: now,
  });
  const refuse = (code: Problem['code'], message: string): SettledRecord => ({
    record,
    verdict: { do: 'refuse', problem: problemOf(code, message) },
  });
  const later = (code: Problem['code'], message: string): SettledRecord => {
    const { attempts } = record;
    const at = now + backOffMs(attempts, random);
    return { record, verdict: { do: 'retry', at, attempts, problem: problemOf(code, message) } };
  };
  /** Nothing was tried: what waits for an admin must not go one by one when its place is there at last. */
  const untilThere = (code: Problem['code'], message: string): SettledRecord => {
    const at = now + backOffMs(Number.POSITIVE_INFINITY, random);
    return { record, verdict: { do: 'retry', at, attempts: record.attempts - 1, problem: problemOf(code, message) } };
  };
  try {
    const { connector, purpose, key } = record;
    const rendered = await render({ connector, purpose, wasSent: key !== null }, record.callId);
    if (rendered === null) return { record, verdict: { do: 'notNeeded' } };
    if ('wait' in rendered) return untilThere(rendered.wait.code, rendered.wait.message);
    if ('problem' in rendered) return refuse(rendered.problem.code, rendered.problem.message);
    const fixed = fixKey(record, rendered);
    return 'problem' in fixed ? refuse(fixed.problem.code, fixed.problem.message) : { record, ...fixed };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the record could not be made';
    if (!(error instanceof FactsUnavailable)) return refuse('mapping', message);
    return later('unexpected', message);
  }
}
