import type { Faults } from './faults.ts';
import type { RecordStore, Row } from './record-store.ts';

/** One REST request below `/services/data/vNN.0`, whether it came alone or inside a composite. */
export interface ApiCall {
  readonly method: string;
  /** Decoded segments after the version. */
  readonly segments: readonly string[];
  readonly params: URLSearchParams;
  /** Parsed JSON; undefined when none was sent. */
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
  /** `/services/data/v67.0` as the client wrote the version. */
  readonly base: string;
  readonly userId: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Everything the resources work on. */
export interface Org {
  readonly store: RecordStore;
  readonly faults: Faults;
  readonly now: () => number;
  readonly cursors: Cursors;
  readonly usage: () => { readonly used: number; readonly limit: number };
  /** The most rows a page of a query holds. */
  readonly pageRows: number;
  /** False while a record is too young to be in the search index. */
  readonly isIndexed: (row: Row) => boolean;
}

/** Results of queries that were larger than a page. */
export interface Cursors {
  keep(records: readonly object[]): string;
  /** Null when it has been dropped: there is room for a few only. */
  read(id: string): readonly object[] | null;
}

const MOST_CURSORS = 20;

export function createCursors(): Cursors {
  const kept = new Map<string, readonly object[]>();
  let serial = 0;
  return {
    keep: (records) => {
      serial += 1;
      const id = `01g5g000${String(serial).padStart(7, '0')}AAA`;
      kept.set(id, records);
      const [oldest] = kept.keys();
      if (kept.size > MOST_CURSORS && oldest !== undefined) kept.delete(oldest);
      return id;
    },
    read: (id) => kept.get(id) ?? null,
  };
}
