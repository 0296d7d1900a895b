import type { RecordWrite } from '../../connectors/connector.ts';
import type { CallId } from '../calls/call.ts';
import { fixKey } from './fix-key.ts';
import type { Verdict } from './judge.ts';
import type { OwedRecord, Problem, Purpose, SentKey } from './owed-record.ts';

/** Why a record cannot be made out of the facts: a person has to look. */
export interface RenderProblem {
  readonly problem: { readonly code: 'mapping' | 'ambiguous' | 'unknownCaller'; readonly message: string };
}

/** What the CRM is to hold about a call as things are now; null when there is nothing to write. */
export type Render = (purpose: Purpose, callId: CallId) => Promise<RecordWrite | null | RenderProblem>;

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

/** Ready to be sent, or settled without. A renderer that throws has a bug; its record waits for a person, the others go on. */
export async function renderOwed(record: OwedRecord, render: Render, now: number): Promise<ReadyRecord | SettledRecord> {
  const refuse = (code: Problem['code'], message: string): SettledRecord => ({
    record,
    verdict: { do: 'refuse', problem: { code, message: message.slice(0, 2_000), fields: [], at: now } },
  });
  try {
    const rendered = await render({ connector: record.connector, purpose: record.purpose }, record.callId);
    if (rendered === null) return { record, verdict: { do: 'notNeeded' } };
    if ('problem' in rendered) return refuse(rendered.problem.code, rendered.problem.message);
    const fixed = fixKey(record, rendered);
    return 'problem' in fixed ? refuse(fixed.problem.code, fixed.problem.message) : { record, ...fixed };
  } catch (error) {
    return refuse('mapping', error instanceof Error ? error.message : 'the record could not be made');
  }
}
