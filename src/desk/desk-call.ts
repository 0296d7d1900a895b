/** All the desk knows of one call, for whichever operator looks at it. Immutable; a change makes a new one. Pure. */
import type { CallerMatch } from '../callers/caller-match.ts';
import type { CallEvent, CallRecord, LiveCall } from '../calls/call.ts';
import type { EarlierCall } from './desk-ports.ts';
import { type Draft, emptyDraft, mergeDrafts } from './draft.ts';
import { type FollowUpPlan, isSameFollowUp } from './follow-up.ts';

export interface DeskCall {
  readonly call: LiveCall;
  /** Null while the look-up is under way. */
  readonly match: CallerMatch | null;
  /** Connectors for which the operator said: none of these. */
  readonly declined: readonly string[];
  /** Null while they are being read. */
  readonly earlier: readonly EarlierCall[] | null;
  readonly draft: Draft;
  /** What the ledger has of the draft already. */
  readonly committed: { readonly outcome: string | null; readonly notes: string; readonly followUp: FollowUpPlan | null };
  /** Who spoke with the customer last: theirs is the after-call work. */
  readonly lastTalking: readonly string[];
  /** When each extension joined the conversation. */
  readonly joinedAt: Readonly<Record<string, string>>;
  readonly phaseSince: string;
}

export function openDeskCall(call: LiveCall, at: string): DeskCall {
  const blank: DeskCall = {
    call,
    match: null,
    declined: [],
    earlier: null,
    draft: emptyDraft(at),
    committed: { outcome: null, notes: '', followUp: null },
    lastTalking: [],
    joinedAt: {},
    phaseSince: at,
  };
  return followCall(blank, call, at);
}

/** A call that ended before the hub (re)started and still waits for its outcome. */
export function reopenEndedCall(record: CallRecord): DeskCall {
  const opened = openDeskCall({ record, phase: 'ended', ringing: [], talking: [] }, record.endedAt ?? record.startedAt);
  const last = record.spokeWith.at(-1);
  return { ...opened, lastTalking: last === undefined ? [] : [last] };
}

/** The call moved on. */
export function followCall(known: DeskCall, call: LiveCall, at: string): DeskCall {
  const joinedAt = { ...known.joinedAt };
  for (const extension of call.talking) joinedAt[extension] ??= at;
  return {
    ...known,
    call,
    joinedAt,
    lastTalking: call.talking.length > 0 ? call.talking : known.lastTalking,
    phaseSince: call.phase === known.call.phase ? known.phaseSince : at,
  };
}

/** Two calls turned out to be one; `call` is the survivor as it is now. */
export function absorbDeskCall(survivor: DeskCall, absorbed: DeskCall): DeskCall {
  return {
    ...survivor,
    match: survivor.match ?? absorbed.match,
    earlier: survivor.earlier ?? absorbed.earlier,
    draft: mergeDrafts(survivor.draft, absorbed.draft),
    lastTalking: survivor.lastTalking.length > 0 ? survivor.lastTalking : absorbed.lastTalking,
    joinedAt: { ...survivor.joinedAt, ...absorbed.joinedAt },
  };
}

/** The operator chose a record in this CRM, or none of those offered. */
export function chooseInDeskCall(known: DeskCall, match: CallerMatch, connector: string, isDeclined: boolean): DeskCall {
  const others = known.declined.filter((each) => each !== connector);
  return { ...known, match, declined: isDeclined ? [...others, connector] : others };
}

/** True when something was written that the ledger does not have. */
export function hasUncommittedDraft({ draft, committed }: Pick<DeskCall, 'draft' | 'committed'>): boolean {
  const isSame = draft.outcome === committed.outcome && draft.notes === committed.notes;
  return !isSame || !isSameFollowUp(draft.followUp, committed.followUp);
}

/** Everyone to whom this call may mean something. */
export function concernedExtensions({ call }: DeskCall): ReadonlySet<string> {
  const { record } = call;
  const extensions = new Set([...record.rang, ...record.spokeWith, ...call.ringing, ...call.talking]);
  if (record.placedBy !== null) extensions.add(record.placedBy);
  return extensions;
}

/** Exhaustive on purpose: a new kind of event must be thought about here. */
export function callOf(event: CallEvent): LiveCall {
  switch (event.type) {
    case 'callStarted':
    case 'callChanged':
    case 'callEnded':
    case 'callMerged':
      return event.call;
  }
}
