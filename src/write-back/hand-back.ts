/** Records that go back as they came: nothing was refused, and their try does not count. Pure. */
import type { HeldBack } from '../quotas/held-back.ts';
import { LONGEST_BACK_OFF_MS } from './back-off.ts';
import type { OwedRecord, Problem } from './owed-record.ts';
import type { SettledRecord } from './render.ts';

/** We stop in the middle of a write: it may have happened; the same key makes the repetition harmless. */
export function giveBack(record: OwedRecord, now: number): SettledRecord {
  return again(record, now, { code: 'unreachable', message: 'the hub was stopped while it was writing', fields: [], at: now });
}

/** Was made ready and is not sent after all. */
export function putAside(record: OwedRecord, now: number): SettledRecord {
  return again(record, now, record.problem);
}

/** Corrections let call logs go first when a vendor's day runs short. The day is looked at again at the latest after the longest back-off. */
export function holdBack(record: OwedRecord, held: HeldBack, now: number): SettledRecord {
  return again(record, heldUntil(held, now), { code: 'rateLimited', message: held.message, fields: [], at: now });
}

export function heldUntil(held: HeldBack, now: number): number {
  return now + Math.min(held.retryAfterMs, LONGEST_BACK_OFF_MS);
}

function again(record: OwedRecord, at: number, problem: Problem | null): SettledRecord {
  return { record, verdict: { do: 'retry', at, attempts: Math.max(0, record.attempts - 1), problem } };
}
