import type { Transaction } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { CallId, CallRecord } from './call.ts';

/** What a transaction of the ledger changed that others care for. Nothing is told of calls that are still going on. */
export type LedgerChange =
  /** It has ended; told once for every call. Of the business side only what was promised during the call is told. */
  | { readonly type: 'callEnded'; readonly call: CallRecord }
  /** Something was learned about it after its end. */
  | { readonly type: 'callCorrected'; readonly call: CallRecord }
  /** A person wrote its outcome, notes, follow-up or match after its end. */
  | { readonly type: 'callEdited'; readonly call: CallRecord }
  /** `absorbed` is from now on an alias of `survivor`, which may still be going on. */
  | { readonly type: 'callsMerged'; readonly survivor: CallId; readonly absorbed: CallId };

/** Works in the same transaction: what it writes stands if and only if the change stands. It must not wait for anything else. */
export type LedgerCompanion = (transaction: Transaction<Database>, changes: readonly LedgerChange[]) => Promise<void>;
