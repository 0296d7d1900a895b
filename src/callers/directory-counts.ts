/** How much the directory holds. A million rows take some tens of milliseconds to count: by the one who writes, and not again soon. */
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';

export interface DirectoryCounts {
  readonly numbers: number;
  readonly sources: readonly {
    readonly connector: string;
    readonly object: string;
    readonly records: number;
    readonly unreadable: number;
  }[];
}

const goodForMs = 30_000;

/** Everybody who asks within half a minute gets the same answer. */
export function createDirectoryCounts(db: Kysely<Database>, now: () => number): () => Promise<DirectoryCounts> {
  let kept: { readonly at: number; readonly counts: Promise<DirectoryCounts> } | null = null;
  return async () => {
    if (kept === null || now() - kept.at >= goodForMs) kept = { at: now(), counts: count(db) };
    const asked = kept;
    return asked.counts.catch((error: unknown) => {
      if (kept === asked) kept = null;
      throw error;
    });
  };
}

/** In a transaction, which SQLite's writing thread works off: this thread has phones that ring. */
function count(db: Kysely<Database>): Promise<DirectoryCounts> {
  return db.transaction().execute(async (trx) => {
    const bySource = (table: 'directory_records' | 'directory_unreadable') =>
      trx
        .selectFrom(table)
        .select(['source', ({ fn }) => fn.countAll<number>().as('rows')])
        .groupBy('source')
        .execute();
    const numbers = await trx
      .selectFrom('directory_numbers')
      .select(({ fn }) => fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    const [records, unreadable] = [await bySource('directory_records'), await bySource('directory_unreadable')];
    const of = (rows: typeof records, id: number) => Number(rows.find(({ source }) => source === id)?.rows ?? 0);
    const sources = await trx.selectFrom('directory_sources').select(['id', 'connector', 'object']).orderBy('id').execute();
    return {
      numbers: Number(numbers.rows),
      sources: sources.map(({ id, ...source }) => ({ ...source, records: of(records, id), unreadable: of(unreadable, id) })),
    };
  });
}
