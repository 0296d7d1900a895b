/** A call of the ledger. Instants are milliseconds since 1970. */
export interface CallTable {
  id: string;
  pbx: string;
  direction: string;
  started_at: number;
  /** Null while the call lives. */
  ended_at: number | null;
  /** E.164; null when withheld, unreadable or internal. */
  customer_number: string | null;
  /** `CallRecord` as JSON, as the tracker told it: without the business side, which stands in columns of its own. */
  record: string;
  /** What the tracker needs to go on with this call after a restart, as JSON; null once it has ended. */
  live_state: string | null;
  /** `CallOutcome` as JSON. */
  outcome: string | null;
  notes: string | null;
  /** `CallFollowUp` as JSON. */
  follow_up: string | null;
  /** When it is due; null unless it is open. */
  follow_up_due_at: number | null;
  lead_id: string | null;
  /** Who last wrote outcome, notes, follow-up or match, and when. */
  edited_by: string | null;
  edited_at: number | null;
}

/** The CRM record a call belongs to, at most one per connector. */
export interface CallMatchTable {
  call_id: string;
  connector: string;
  object: string;
  record_id: string;
  name: string;
}

/** The id of a call that turned out to be part of another one. */
export interface CallAliasTable {
  alias: string;
  call_id: string;
}

/** Every extension that placed, heard ringing or took part in a call. */
export interface CallAgentTable {
  call_id: string;
  extension: string;
}

export interface LedgerTables {
  calls: CallTable;
  call_matches: CallMatchTable;
  call_aliases: CallAliasTable;
  call_agents: CallAgentTable;
}
