/** Requests that all processes sent to one CRM in one hour. */
export interface QuotaSpentTable {
  connector: string;
  /** For which object the vendor counts them; '' where it counts by account. */
  object: string;
  /** Hours since 1970. */
  hour: number;
  spent: number;
}

/** What the vendor itself last said of its day. */
export interface QuotaToldTable {
  connector: string;
  object: string;
  used: number;
  day_limit: number;
  /** Milliseconds since 1970. */
  told_at: number;
}

/** Processes that share the accounts. */
export interface QuotaProcessTable {
  process: string;
  /** Milliseconds since 1970. */
  seen_at: number;
}

export interface QuotaTables {
  quota_spent: QuotaSpentTable;
  quota_told: QuotaToldTable;
  quota_processes: QuotaProcessTable;
}
