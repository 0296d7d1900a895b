import type { Generated } from 'kysely';

/** One object of one connector in which callers are found, and how far its reading has come. Instants are milliseconds since 1970. */
export interface DirectorySourceTable {
  id: number;
  connector: string;
  object: string;
  /** The source as the mapping said it when the reading began; another one means reading everything again. */
  definition: string;
  /** The connector's own; null before the first page. */
  cursor: string | null;
  /** The reading of everything that is going on; null when only changes are read. */
  reading: string | null;
  /** Counts the readings of everything; a record carries the one that last saw it. */
  generation: number;
  /** Records with an older generation are gone from the CRM and still to be dropped; null when there are none. */
  drop_below: number | null;
  records_read: number;
  /** As the CRM told; null when it did not. */
  records_total: number | null;
  page_at: number | null;
  /** When a run last came to the end of what the CRM had. */
  complete_at: number | null;
  /** Why the last run did not, as a connector error's kind and words. */
  problem: string | null;
}

export interface DirectoryRecordTable {
  id: Generated<number>;
  source: number;
  record_id: string;
  name: string;
  /** JSON: field and value as the CRM holds them. */
  phones: string;
  /** The digits of each E.164, joined by commas: the rows of `directory_numbers` that belong to this record. */
  numbers: string;
  /** JSON: what the card shows. */
  field_values: string;
  modified_at: string | null;
  generation: number;
}

export interface DirectoryNumberTable {
  /** The digits of the E.164 as an integer; at most fifteen, so it is exact. */
  number: number;
  record: number;
}

/** A telephone field that nobody can read. */
export interface DirectoryUnreadableTable {
  source: number;
  record_id: string;
  field: string;
  name: string;
  raw: string;
  why: string;
  generation: number;
}

/** Which of several records the operators mean by a number, one per connector. */
export interface CallerChoiceTable {
  number: number;
  connector: string;
  object: string;
  record_id: string;
  chosen_by: string;
  chosen_at: number;
}

export interface DirectoryTables {
  directory_sources: DirectorySourceTable;
  directory_records: DirectoryRecordTable;
  directory_numbers: DirectoryNumberTable;
  directory_unreadable: DirectoryUnreadableTable;
  caller_choices: CallerChoiceTable;
}
