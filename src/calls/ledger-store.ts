import type { Store } from '../store/open-database.ts';
import type { CallId, CallRecord } from './call.ts';
import type { LedgerChange, LedgerCompanion } from './ledger-change.ts';
import {
  type Edited,
  editFollowUp,
  editMatch,
  editOutcome,
  type FollowUpEdit,
  type MatchEdit,
  type OutcomeEdit,
} from './ledger-edit.ts';
import { type FollowUpPage, type FollowUpQuery, listFollowUps } from './ledger-follow-ups.ts';
import {
  type CallListQuery,
  type CallPage,
  callsWithoutOutcome,
  countCalls,
  earlierCalls,
  findCall,
  listCalls,
  liveCalls,
  type RestorableCall,
} from './ledger-read.ts';
import type { TrackedCall } from './ledger-rows.ts';
import { writeCalls } from './ledger-write.ts';

/** Every call, before any CRM hears of it. What the tracker tells goes in through the journal, what people write through the edits. */
export interface Ledger {
  /** All of it or nothing. Writing the same again changes nothing. */
  write(calls: readonly TrackedCall[]): Promise<void>;
  /** During and after the call. @throws UnknownCall */
  setOutcome(idOrAlias: CallId, edit: OutcomeEdit): Promise<CallRecord>;
  /** During and after the call. @throws UnknownCall */
  setFollowUp(idOrAlias: CallId, edit: FollowUpEdit): Promise<CallRecord>;
  /** During and after the call. @throws UnknownCall */
  setMatch(idOrAlias: CallId, edit: MatchEdit): Promise<CallRecord>;
  find(idOrAlias: CallId): Promise<CallRecord | null>;
  /** @throws BadPageMark */
  list(query: CallListQuery): Promise<CallPage>;
  earlierWith(number: string, limit: number): Promise<readonly CallRecord[]>;
  /** Open ones of calls that have ended or still go on, the next due first. @throws BadPageMark */
  followUps(query: FollowUpQuery): Promise<FollowUpPage>;
  withoutOutcome(limit: number): Promise<readonly CallRecord[]>;
  /** For the tracker, at start. */
  live(): Promise<readonly RestorableCall[]>;
  counts(): Promise<{ readonly live: number; readonly ended: number }>;
}

export interface LedgerSettings {
  readonly store: Store;
  /** Write-back, which notes what is owed in the same transaction. */
  readonly companion: LedgerCompanion;
  /** Told after the commit; it must not throw. */
  readonly committed: (changes: readonly LedgerChange[]) => void;
}

export function createLedger({ store, companion, committed }: LedgerSettings): Ledger {
  const { db } = store;

  async function edit(change: (tx: Parameters<LedgerCompanion>[0]) => Promise<Edited>): Promise<CallRecord> {
    const { call, changes } = await db.transaction().execute(async (tx) => {
      const edited = await change(tx);
      const told: LedgerChange[] =
        edited.changed && edited.call.endedAt !== null ? [{ type: 'callEdited', call: edited.call }] : [];
      if (told.length > 0) await companion(tx, told);
      return { call: edited.call, changes: told };
    });
    if (changes.length > 0) committed(changes);
    return call;
  }

  return {
    write: async (calls) => {
      const changes = await db.transaction().execute(async (tx) => {
        const made = await writeCalls(tx, calls);
        if (made.length > 0) await companion(tx, made);
        return made;
      });
      if (changes.length > 0) committed(changes);
    },
    setOutcome: (id, outcome) => edit((tx) => editOutcome(tx, id, outcome)),
    setFollowUp: (id, followUp) => edit((tx) => editFollowUp(tx, id, followUp)),
    setMatch: (id, match) => edit((tx) => editMatch(tx, id, match)),
    find: (id) => findCall(db, id),
    list: (query) => listCalls(db, query),
    earlierWith: (number, limit) => earlierCalls(db, number, limit),
    followUps: (query) => listFollowUps(db, query),
    withoutOutcome: (limit) => callsWithoutOutcome(db, limit),
    live: () => liveCalls(db),
    counts: () => countCalls(db),
  };
}
