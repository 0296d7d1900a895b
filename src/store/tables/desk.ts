/** What operators are writing about a call and have not settled yet. Instants are milliseconds since 1970. */
export interface DeskDraftTable {
  call_id: string;
  /** `KeptDraft` without its call, as JSON. */
  draft: string;
  kept_at: number;
}

export interface DeskTables {
  desk_drafts: DeskDraftTable;
}
