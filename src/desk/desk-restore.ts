/** What the desk looks like after a start: calls going on, paperwork left open, drafts as they were. Pure. */
import type { CallId, CallRecord, LiveCall } from '../calls/call.ts';
import { type DeskCall, openDeskCall, reopenEndedCall } from './desk-call.ts';
import type { KeptDraft } from './desk-ports.ts';
import type { Draft } from './draft.ts';
import { promisedIn } from './follow-up.ts';

/** Nobody does the paperwork of older calls at the desk. */
const AFTER_CALL_MS = 12 * 3_600_000;

export type KeptDrafts = ReadonlyMap<CallId, Draft>;

export function draftsByCall(drafts: readonly KeptDraft[]): KeptDrafts {
  return new Map(drafts.map(({ callId, ...draft }) => [callId, draft]));
}

/** Calls that have an outcome but whose notes may be unfinished: they have to be asked for by id. */
export function openDrafts(drafts: KeptDrafts, known: readonly CallRecord[], now: number): readonly CallId[] {
  const ids = new Set(known.map(({ id }) => id));
  return [...drafts]
    .filter(([id, draft]) => draft.finishedBy === null && !ids.has(id) && isRecent(draft.at, now))
    .map(([id]) => id);
}

/** Oldest first. */
export function restoreEnded(records: readonly CallRecord[], drafts: KeptDrafts, now: number): readonly DeskCall[] {
  return records
    .filter(({ endedAt }) => endedAt !== null && isRecent(endedAt, now))
    .toSorted((a, b) => (a.endedAt ?? '').localeCompare(b.endedAt ?? ''))
    .map((record) => withDraft(reopenEndedCall(record), drafts));
}

export function openLive(call: LiveCall, at: string, drafts: KeptDrafts): DeskCall {
  return withDraft(openDeskCall(call, at), drafts);
}

function withDraft(blank: DeskCall, drafts: KeptDrafts): DeskCall {
  const { record } = blank.call;
  const committed = { outcome: record.outcome?.code ?? null, notes: record.notes ?? '', followUp: promisedIn(record) };
  return { ...blank, committed, draft: drafts.get(record.id) ?? { ...blank.draft, ...committed } };
}

function isRecent(at: string, now: number): boolean {
  return now - Date.parse(at) <= AFTER_CALL_MS;
}
