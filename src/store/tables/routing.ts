/** Callers who are not put through. Instants are milliseconds since 1970. */
export interface BlockedNumberTable {
  /** E.164, or its beginning and a `*`. */
  pattern: string;
  reason: string;
  blocked_by: string;
  blocked_at: number;
  /** Null: until somebody removes it. */
  until: number | null;
}

export interface RoutingTables {
  blocked_numbers: BlockedNumberTable;
}
