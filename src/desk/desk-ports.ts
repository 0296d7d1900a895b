/** Everything the desk and the admin's ledger page need from the rest of the hub; `hub.ts` joins them. */
import type { CallerMatch } from '../callers/caller-match.ts';
import type { CallDirection, CallId, CallOutcome, CallRecord, CallResult, LiveCall } from '../calls/call.ts';
import type { FollowUpPlan } from './follow-up.ts';

export type Language = 'ja' | 'en';

/** A CRM: our name for it, and the one its users know. */
export interface ConnectorName {
  readonly name: string;
  readonly label: string;
  /** Its mapping says where follow-ups go. */
  readonly takesFollowUps: boolean;
}

/** One of the outcomes the operators may choose; configured by the admin. */
export interface OutcomeChoice {
  readonly code: string;
  readonly label: Readonly<Record<Language, string>>;
  /** One character on the keyboard, null when it has none. */
  readonly shortcut: string | null;
  /** Calls for which it is offered; internal calls have no outcome. */
  readonly directions: readonly CallDirection[];
  /** The operator is asked when to call again. */
  readonly needsRecall: boolean;
}

/** A person who can be chosen on the sign-in page. */
export interface DeskAgent {
  readonly extension: string;
  readonly name: string;
}

/** An earlier call with the same customer, as shown on the pop. */
export interface EarlierCall {
  readonly callId: CallId;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly direction: CallDirection;
  /** The extension that spoke last, null when nobody did. */
  readonly agent: string | null;
  readonly result: CallResult | null;
  readonly talkSeconds: number;
  readonly outcome: CallOutcome | null;
  readonly notes: string | null;
}

/** What operators are writing about a call: kept on every change, so that a reload, a transfer or a restart loses nothing. */
export interface KeptDraft {
  readonly callId: CallId;
  readonly outcome: string | null;
  readonly notes: string;
  readonly followUp: FollowUpPlan | null;
  /** Grows with every change of the notes. */
  readonly revision: number;
  /** Who pressed "done", null while the call's paperwork is open. */
  readonly finishedBy: string | null;
  /** Extensions that put the card away. */
  readonly closed: readonly string[];
  /** Who wrote last, and when (ISO 8601 UTC). */
  readonly by: string | null;
  readonly at: string;
}

/** A CRM record, named so that its connector finds it. */
export interface RecordRef {
  readonly object: string;
  readonly id: string;
}

/** Used by the desk itself. */
export interface DeskPorts {
  /** All calls going on now; read once, at start. */
  liveCalls(): readonly LiveCall[];
  /** Calls that ended lately and have no outcome, newest first; read once, at start, so that after-call work survives a restart. */
  callsWithoutOutcome(limit: number): Promise<readonly CallRecord[]>;
  /** Newest first, without calls that are still going on. */
  earlierCalls(number: string, limit: number): Promise<readonly EarlierCall[]>;
  outcomes(): readonly OutcomeChoice[];
  /** The CRMs by the names their users know. */
  connectors(): readonly ConnectorName[];
  agents(): readonly DeskAgent[];
  /** Who this number belongs to; used for calls restored after a restart and for `GET /callers/:number`. */
  lookUpCaller(number: string): Promise<CallerMatch>;
  /** Writes the business side of a call into the ledger; calling again replaces it. */
  saveOutcome(callId: CallId, outcome: CallOutcome | null, notes: string | null, by: string): Promise<void>;
  /** The same for what was promised; null takes it back. What the ledger has already changes nothing. */
  saveFollowUp(callId: CallId, followUp: FollowUpPlan | null, by: string): Promise<void>;
  /** The operator's choice among several records (null: none of them); remembered for the number. Answers the match after it. */
  chooseRecord(callId: CallId, connector: string, record: RecordRef | null, by: string): Promise<CallerMatch>;
  /** Drafts of calls that are going on or ended lately. */
  readDrafts(): Promise<readonly KeptDraft[]>;
  keepDraft(draft: KeptDraft): Promise<void>;
  /** E.164 as people write it in the country of the hub: `+81312345678` → `03-1234-5678`. */
  nationalNumber(number: string): string;
}

interface CallQuery {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly before: string | null;
  /** E.164. */
  readonly number: string | null;
  readonly agent: string | null;
}

interface FollowUpQuery {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after: string | null;
  /** The extension whose call it was. */
  readonly agent: string | null;
}

/** Reading calls back. */
export interface CallBookPorts {
  /** Newest first. */
  listCalls(query: CallQuery): Promise<{ readonly calls: readonly CallRecord[]; readonly next: string | null }>;
  /** Calls with an open follow-up, the next due first. */
  listFollowUps(query: FollowUpQuery): Promise<{ readonly calls: readonly CallRecord[]; readonly next: string | null }>;
  /** By id or alias. */
  findCall(callId: CallId): Promise<CallRecord | null>;
  /** E.164 from anything a person may type; null when it is no telephone number. */
  readNumber(text: string): string | null;
}

export type LedgerState = 'logged' | 'waiting' | 'needsPerson' | 'refused' | 'notNeeded';

/** The call with its outcome, or what is to be done later. */
export type LedgerPart = 'callLog' | 'followUp';

/** How far one CRM is with one call, or with its follow-up. */
export interface LedgerEntry {
  readonly connector: string;
  readonly part: LedgerPart;
  readonly state: LedgerState;
  /**
   * Why it is not logged: a code the page has plain words for (`queued`, `unreachable`, `rateLimited`, `heldBack`, `unauthorized`, `rejected`,
   * `missing`, `ambiguous`, `unknownCaller`, `mapping`, `stillTalking`, `discarded`, `internal`), and the CRM's own words.
   */
  readonly reason: { readonly code: string; readonly detail: string | null } | null;
  readonly attempts: number;
  /** When it will be tried again, ISO 8601 UTC. */
  readonly nextTryAt: string | null;
  /** The page of the record in the CRM, once it is there. */
  readonly recordUrl: string | null;
}

export interface LedgerRow {
  readonly call: CallRecord;
  readonly entries: readonly LedgerEntry[];
}

export interface LedgerSummary {
  /** Calls a CRM should have and has not: the number that must be 0. */
  readonly owed: number;
  readonly connectors: readonly {
    readonly connector: string;
    readonly label: string;
    readonly counts: Readonly<Record<LedgerState, number>>;
  }[];
}

interface LedgerQuery {
  readonly state: LedgerState | null;
  readonly connector: string | null;
  readonly limit: number;
  readonly before: string | null;
}

/** What one CRM is owed about one call; `part` null: all of it. */
export interface OwedPart {
  readonly callId: CallId;
  readonly connector: string;
  readonly part: LedgerPart | null;
}

/** The admin's ledger. Commands answer false when there is nothing of that name to act on. */
export interface LedgerPorts extends Pick<DeskPorts, 'nationalNumber'> {
  ledgerSummary(): Promise<LedgerSummary>;
  /** Newest first. */
  ledgerRows(query: LedgerQuery): Promise<{ readonly rows: readonly LedgerRow[]; readonly next: string | null }>;
  retryOwed(owed: OwedPart, by: string): Promise<boolean>;
  /** Tries everything again that is refused or needs a person; answers how many. */
  retryAllOwed(connector: string | null, by: string): Promise<number>;
  discardOwed(owed: OwedPart, by: string): Promise<boolean>;
  /** Takes a discard back. */
  restoreOwed(owed: OwedPart, by: string): Promise<boolean>;
}
