/** Something to do later, as an operator promises it during a call or after it. Pure; the browser asks the same questions. */
import type { CallRecord } from '../calls/call.ts';

export interface FollowUpPlan {
  /** ISO 8601 UTC. */
  readonly dueAt: string;
  readonly note: string;
}

/** What still holds of the follow-up in the ledger. */
export function promisedIn({ followUp }: CallRecord): FollowUpPlan | null {
  return followUp?.state === 'open' ? { dueAt: followUp.dueAt, note: followUp.note ?? '' } : null;
}

/** Characters: one line beside a time, no second place for notes. */
export const FOLLOW_UP_NOTE_LIMIT = 200;

/** Years ahead; what is further away is a slip of the keyboard. */
const MOST_YEARS = 2;

/** Somebody who chooses "now" must not be told that it is over by the time it arrives. */
const LENIENCE_MS = 60_000;

export type DueAtProblem = 'past' | 'tooFar';

/** Null: it may be promised. What was promised already may stay, also once its time has come. */
export function dueAtProblem(dueAt: string, promised: FollowUpPlan | null, now: number): DueAtProblem | null {
  const at = Date.parse(dueAt);
  if (promised !== null && Date.parse(promised.dueAt) === at) return null;
  if (at < now - LENIENCE_MS) return 'past';
  return at > latestDueAt(now) ? 'tooFar' : null;
}

function latestDueAt(now: number): number {
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + MOST_YEARS);
  return latest.getTime();
}

export function isSameFollowUp(one: FollowUpPlan | null, other: FollowUpPlan | null): boolean {
  return one?.dueAt === other?.dueAt && one?.note === other?.note;
}
