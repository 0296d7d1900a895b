import type { Row, RowReader } from '../record-store.ts';
import type { Schema } from '../schema.ts';
import type { TimeZone } from './local-days.ts';

/** What a query is run against. */
export interface QueryWorld {
  readonly store: RowReader;
  /** As the asking user sees it. */
  readonly schema: Schema;
  /** Milliseconds. */
  readonly now: number;
  readonly timeZone: TimeZone;
  /** How people of the org write numbers and dates, such as `ja-JP`. */
  readonly locale: string;
  /** Which records there are for this query: most leave out the recycle bin. */
  readonly isThere: (row: Row) => boolean;
  /** True when that is exactly the records outside the recycle bin. */
  readonly countsLive: boolean;
}
