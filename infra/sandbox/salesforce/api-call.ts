import type { BulkJobs } from './bulk/bulk-job.ts';
import type { DuplicateRule } from './duplicate-rules.ts';
import type { Faults } from './faults.ts';
import type { Pace } from './pace.ts';
import type { QueryCursors } from './query-cursors.ts';
import type { RecordStore, Row } from './record-store.ts';
import type { Schema } from './schema.ts';
import type { TimeZone } from './soql/local-days.ts';
import type { QueryWorld } from './soql/query-world.ts';

/** One REST request below `/services/data/vNN.0`, whether it came alone or inside a composite. */
export interface ApiCall {
  readonly method: string;
  /** Decoded segments after the version. */
  readonly segments: readonly string[];
  readonly params: URLSearchParams;
  /** Parsed JSON, or the text of a CSV upload; undefined when none was sent. */
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
  /** `/services/data/v67.0` as the client wrote the version. */
  readonly base: string;
  /** `http://127.0.0.1:8086` as the client reached it. */
  readonly origin: string;
  readonly userId: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** Sent as JSON, a text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything the resources work on. */
export interface Org {
  readonly store: RecordStore;
  /** As the API user sees it. */
  readonly schema: Schema;
  /** When it last changed for him, in milliseconds. */
  readonly describedAt: number;
  readonly organizationId: string;
  readonly faults: Faults;
  readonly now: () => number;
  readonly timeZone: TimeZone;
  readonly cursors: QueryCursors;
  readonly jobs: BulkJobs;
  /** Does work when the present request is answered. */
  readonly later: (work: () => void) => void;
  readonly usage: () => { readonly used: number; readonly limit: number };
  readonly duplicateRules: readonly DuplicateRule[];
  /** The most rows a page of a query holds. */
  readonly pageRows: number;
  /** The most rows in one part of a bulk query's results. */
  readonly bulkPageRows: number;
  /** How long answers and jobs take. */
  readonly pace: Pace;
  /** False while a record is too young to be in the search index. */
  readonly isIndexed: (row: Row) => boolean;
}

/** 67 of `/services/data/v67.0`. */
export function versionOf(call: ApiCall): number {
  return Number(call.base.slice(call.base.lastIndexOf('v') + 1));
}

/** @param everything whether records in the recycle bin are there, too */
export function queryWorld(org: Org, everything = false): QueryWorld {
  const { store, schema, timeZone } = org;
  const locale = String(store.get(org.organizationId)?.DefaultLocaleSidKey ?? 'ja_JP').replace('_', '-');
  const isThere = everything ? () => true : (row: Row) => row.IsDeleted !== true;
  return { store, schema, timeZone, locale, now: org.now(), isThere, countsLive: !everything };
}
