/** What operators write about a call, shared by every browser that shows it. Pure. */
import type { CallId } from '../calls/call.ts';
import type { KeptDraft } from './desk-ports.ts';
import { type FollowUpPlan, isSameFollowUp } from './follow-up.ts';

export type Draft = Omit<KeptDraft, 'callId'>;

/** Characters; far above what anyone types in a call, far below what would hurt. */
export const NOTES_LIMIT = 20_000;

export function emptyDraft(at: string): Draft {
  return { outcome: null, notes: '', followUp: null, revision: 0, finishedBy: null, closed: [], by: null, at };
}

export interface NotesChange {
  readonly notes: string;
  /** The revision the writer had before its eyes. */
  readonly revision: number;
  readonly by: string;
  readonly at: string;
}

/**
 * Two browsers never overwrite each other silently: a change made upon an older revision is a conflict, unless it says what is
 * already there (a repeated request).
 */
export function changeNotes(draft: Draft, change: NotesChange): { readonly draft: Draft; readonly conflict: boolean } {
  if (change.notes === draft.notes) return { draft, conflict: false };
  if (change.revision !== draft.revision) return { draft, conflict: true };
  const changed = { ...draft, notes: change.notes, revision: draft.revision + 1, finishedBy: null, by: change.by, at: change.at };
  return { draft: changed, conflict: false };
}

export function changeOutcome(draft: Draft, outcome: string | null, by: string, at: string): Draft {
  return outcome === draft.outcome ? draft : { ...draft, outcome, finishedBy: null, by, at };
}

export function changeFollowUp(draft: Draft, followUp: FollowUpPlan | null, by: string, at: string): Draft {
  return isSameFollowUp(followUp, draft.followUp) ? draft : { ...draft, followUp, finishedBy: null, by, at };
}

/** When two calls turn out to be one, what was written about either is kept. */
export function mergeDrafts(survivor: Draft, absorbed: Draft): Draft {
  if (absorbed.notes === '' && absorbed.outcome === null && absorbed.followUp === null) return survivor;
  const parts = [survivor.notes, absorbed.notes].filter((part) => part !== '');
  const notes = parts.length === 2 && parts[0] === parts[1] ? survivor.notes : parts.join('\n').slice(0, NOTES_LIMIT);
  return {
    ...survivor,
    outcome: survivor.outcome ?? absorbed.outcome,
    notes,
    followUp: survivor.followUp ?? absorbed.followUp,
    revision: Math.max(survivor.revision, absorbed.revision) + 1,
    closed: [...new Set([...survivor.closed, ...absorbed.closed])],
    by: survivor.by ?? absorbed.by,
  };
}

export function keptDraft(callId: CallId, draft: Draft): KeptDraft {
  return { callId, ...draft };
}
