import { PbxFailure } from '../pbx-failure.ts';
import type { RecordKind } from './record-layout.ts';
import type { RecordRows } from './record-rows.ts';

/**
 * Where Asterisk writes down its calls: a file of one kind, or a database with several tables. It is read again and again, from a
 * moment on; what was read before may come again.
 */
export interface RecordSource {
  /** For people: `CEL file /var/log/asterisk/cel-custom/Master.csv`. No secret. */
  readonly name: string;
  /**
   * What happened from `since` on (milliseconds since 1970), and what was so shortly before that it may have been written late. @throws RecordsUnavailable; and whatever
   * `signal` says when it is aborted.
   */
  read(since: number, signal: AbortSignal): Promise<RecordsRead>;
  close(): Promise<void>;
}

export interface RecordsRead {
  readonly rows: RecordRows;
  /** Lines that were no record. */
  readonly skipped: number;
  /** There was too much for once: everything up to this moment was read. Null when all was. */
  readonly readUpTo: number | null;
}

/** A file or database of the PBX that cannot be read now; it is tried again. */
export class RecordsUnavailable extends PbxFailure {
  override readonly name = 'RecordsUnavailable';
}

/** Neighbouring rows may be a little out of order; CDR may be written in batches, minutes after the call. */
export const lateMs: Readonly<Record<RecordKind, number>> = { cel: 60_000, queueLog: 60_000, cdr: 600_000 };

/** What one reading may hold: an hour of a busy call centre, worked off within seconds, in slices. */
export const mostRowsOfOneReading = 150_000;
