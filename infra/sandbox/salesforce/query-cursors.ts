import type { Row } from './record-store.ts';
import type { QueryWorld } from './soql/query-world.ts';
import type { PreparedQuery } from './soql/run.ts';

/** A result that is larger than a page: which rows, and what to answer of each. The rows are read when their page is asked for. */
export interface KeptResult {
  readonly prepared: PreparedQuery;
  readonly rows: readonly Row[];
  readonly world: QueryWorld;
}

export interface QueryCursors {
  keep(result: KeptResult): string;
  /** Null when it has been dropped: there is room for a few only, and none lives longer than two days. */
  read(id: string): KeptResult | null;
}

const MOST_CURSORS = 20;
const LIFETIME_MS = 2 * 86_400_000;

export function createQueryCursors(now: () => number): QueryCursors {
  const kept = new Map<string, { readonly result: KeptResult; readonly since: number }>();
  let serial = 0;
  return {
    keep: (result) => {
      serial += 1;
      const id = `01g5g000${String(serial).padStart(7, '0')}AAA`;
      kept.set(id, { result, since: now() });
      const [oldest] = kept.keys();
      if (kept.size > MOST_CURSORS && oldest !== undefined) kept.delete(oldest);
      return id;
    },
    read: (id) => {
      const cursor = kept.get(id);
      return cursor === undefined || now() - cursor.since > LIFETIME_MS ? null : cursor.result;
    },
  };
}
