/** One owed record: what one connector is to hold about one call for one purpose. Instants are milliseconds since 1970. */
export interface OwedTable {
  id: string;
  connector: string;
  /** What the record is for, for example `callLog`. */
  purpose: string;
  call_id: string;
  /** Counts every change of the desired state; the content itself is computed when it is written. */
  version: number;
  /** `owed` | `writing` | `written` | `refused` | `discarded` | `notNeeded`. */
  status: string;
  /** The version the CRM holds; null when it holds none, as far as we know. */
  written_version: number | null;
  remote_id: string | null;
  /**
   * What it was first sent as. The key never changes again, or there would be a second record. `key_object` null: it was never
   * sent; the other two null: it may repeat.
   */
  key_object: string | null;
  key_field: string | null;
  key_value: string | null;
  /** Tries since the last success, change or retry. */
  attempts: number;
  next_attempt_at: number;
  /** The claim under which it is being written, and until when nobody else may. */
  lease: string | null;
  lease_until: number | null;
  /** The last problem as JSON, in the CRM's own words, and its code for queries. */
  problem: string | null;
  problem_code: string | null;
  created_at: number;
  /** When the desired state last changed. */
  changed_at: number;
}

/** Why nothing is written to a connector for the moment. */
export interface ConnectorHoldTable {
  connector: string;
  /** `unreachable` | `rateLimited` | `unauthorized` | `heldBack`. */
  kind: string;
  reason: string;
  since: number;
  until: number;
  /** Failures in a row. */
  failures: number;
}

export interface OwedTables {
  owed_records: OwedTable;
  connector_holds: ConnectorHoldTable;
}
