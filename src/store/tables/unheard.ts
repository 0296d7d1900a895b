/** When nobody listened to a PBX, and how far what it wrote down has been looked through. Instants are milliseconds since 1970. */
export interface UnheardGapTable {
  pbx: string;
  from_at: number;
  /** Null while it goes on. */
  to_at: number | null;
}

export interface UnheardProgressTable {
  pbx: string;
  /** The very first start: what was before is none of ours. */
  began_at: number;
  /** Every call that ended before is in the ledger. */
  settled_at: number;
  /** When the PBX was last known to be heard. */
  heard_at: number;
}

export interface UnheardTables {
  unheard_gaps: UnheardGapTable;
  unheard_progress: UnheardProgressTable;
}
