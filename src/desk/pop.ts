/** What one operator sees of one call at this moment: the decisions. Pure. */
import type { CallerMatch } from '../callers/caller-match.ts';
import type { CallDirection, CallId, CallResult } from '../calls/call.ts';
import { type DeskCall, hasUncommittedDraft } from './desk-call.ts';
import type { EarlierCall } from './desk-ports.ts';
import type { FollowUpPlan } from './follow-up.ts';

/**
 * `dialling` the operator called out and nobody has answered; `handedOver` somebody else has the customer now; `afterCall` the
 * conversation is over and its outcome is open; `withdrawn` it rang here and no longer does; `done` the paperwork is put away.
 */
export type PopStage = 'dialling' | 'ringing' | 'talking' | 'held' | 'parked' | 'handedOver' | 'afterCall' | 'withdrawn' | 'done';

export type WithdrawnBecause = 'answeredElsewhere' | 'callerGaveUp' | 'rangOut';

interface PopCustomer {
  readonly number: string | null;
  /** As people write it; what the PBX gave when it is no telephone number; null when there is nothing to show. */
  readonly display: string | null;
  readonly name: string | null;
  readonly withheld: boolean;
}

export interface PopDraft {
  readonly outcome: string | null;
  readonly notes: string;
  readonly followUp: FollowUpPlan | null;
  readonly revision: number;
  readonly by: string | null;
  /** True when the ledger has exactly this. */
  readonly committed: boolean;
}

export interface Pop {
  readonly callId: CallId;
  readonly direction: CallDirection;
  readonly stage: PopStage;
  /** Since when the timer of this stage runs, ISO 8601 UTC. */
  readonly since: string;
  readonly startedAt: string;
  /** Null for internal calls. */
  readonly customer: PopCustomer | null;
  /** The number the customer dialled, as people write it. */
  readonly did: string | null;
  readonly queue: string | null;
  readonly placedBy: string | null;
  /** Others in the conversation now. */
  readonly others: readonly string[];
  /** The customer waits while a colleague is asked: this operator asks, or is asked. */
  readonly consulting: 'asking' | 'asked' | null;
  /** The last transfer that concerns this operator: who sent the call here, or where it went. */
  readonly handedOverBy: string | null;
  readonly handedOverTo: string | null;
  readonly result: CallResult | null;
  readonly talkSeconds: number;
  readonly match: CallerMatch | null;
  /** Connectors of whose records none is this customer: nobody need be asked again. */
  readonly declined: readonly string[];
  readonly earlier: readonly EarlierCall[] | null;
  readonly draft: PopDraft;
  /** True when "done" was pressed while the call still goes on: the card goes at the hang-up. */
  readonly finished: boolean;
}

/** Null: this call is none of this operator's business. */
export function popStage({ call, draft, lastTalking }: DeskCall, extension: string): PopStage | null {
  const { record, phase } = call;
  const placedHere = record.placedBy === extension;
  const spoke = record.spokeWith.includes(extension) || lastTalking.includes(extension);
  const putAway = draft.finishedBy !== null || draft.closed.includes(extension);
  if (phase === 'ended') {
    if (record.direction === 'internal') return null;
    if (spoke || (placedHere && record.direction === 'outbound')) {
      if (putAway) return 'done';
      const isTheirs = lastTalking.length === 0 || lastTalking.includes(extension);
      return isTheirs ? 'afterCall' : 'handedOver';
    }
    return record.rang.includes(extension) ? 'withdrawn' : null;
  }
  if (call.talking.includes(extension)) return phase === 'held' ? 'held' : 'talking';
  if (placedHere && !spoke) return 'dialling';
  if (call.ringing.includes(extension)) return 'ringing';
  if (spoke && record.direction !== 'internal') {
    if (phase === 'parked' && lastTalking.includes(extension)) return 'parked';
    return draft.closed.includes(extension) ? 'done' : 'handedOver';
  }
  return record.rang.includes(extension) && record.direction !== 'internal' ? 'withdrawn' : null;
}

/** Only what is over, or with somebody else, can be put away. */
export function isPuttableStage(stage: PopStage | null): boolean {
  return stage === 'afterCall' || stage === 'handedOver';
}

export function withdrawnBecause({ call }: DeskCall): WithdrawnBecause {
  if (call.record.answeredBy !== null || call.talking.length > 0) return 'answeredElsewhere';
  return call.phase === 'ended' ? 'callerGaveUp' : 'rangOut';
}

/** `national` writes an E.164 number as people do. */
export function popOf(known: DeskCall, extension: string, stage: PopStage, national: (number: string) => string): Pop {
  const { call, draft } = known;
  const { record } = call;
  return {
    callId: record.id,
    direction: record.direction,
    stage,
    since: sinceWhen(known, extension, stage),
    startedAt: record.startedAt,
    customer: record.customer && {
      number: record.customer.number,
      display: displayNumber(record.customer, national),
      name: record.customer.name,
      withheld: record.customer.withheld,
    },
    did: record.did === null ? null : national(record.did),
    queue: record.queue,
    placedBy: record.placedBy,
    others: call.talking.filter((other) => other !== extension),
    consulting: consultingOf(known, extension),
    handedOverBy: record.transfers.findLast((transfer) => transfer.to === extension)?.from ?? null,
    handedOverTo: record.transfers.findLast((transfer) => transfer.from === extension)?.to ?? null,
    result: record.result,
    talkSeconds: record.talkSeconds,
    match: known.match,
    declined: known.declined,
    earlier: known.earlier,
    draft: {
      outcome: draft.outcome,
      notes: draft.notes,
      followUp: draft.followUp,
      revision: draft.revision,
      by: draft.by,
      committed: !hasUncommittedDraft(known),
    },
    finished: draft.finishedBy !== null,
  };
}

function consultingOf({ call }: DeskCall, extension: string): Pop['consulting'] {
  if (call.phase !== 'held' || call.talking.length < 2 || !call.talking.includes(extension)) return null;
  return call.record.spokeWith.includes(extension) ? 'asking' : 'asked';
}

/** Ringing counts from the start of the call: what matters then is how long the customer has been waiting. */
function sinceWhen({ call, joinedAt, phaseSince }: DeskCall, extension: string, stage: PopStage): string {
  switch (stage) {
    case 'talking':
      return joinedAt[extension] ?? phaseSince;
    case 'held':
    case 'parked':
      return phaseSince;
    case 'afterCall':
    case 'done':
      return call.record.endedAt ?? phaseSince;
    case 'dialling':
    case 'ringing':
    case 'handedOver':
    case 'withdrawn':
      return call.record.startedAt;
  }
}

function displayNumber(
  customer: { readonly number: string | null; readonly raw: string | null; readonly withheld: boolean },
  national: (number: string) => string,
): string | null {
  if (customer.withheld) return null;
  if (customer.number !== null) return national(customer.number);
  // A caller id may be anything up to a novel; the operator needs the beginning.
  return customer.raw === null || customer.raw.trim() === '' ? null : customer.raw.slice(0, 64);
}
