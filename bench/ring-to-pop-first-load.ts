/** A hub's first load, seen from outside: in its database. */
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, type Store } from '../src/store/open-database.ts';

const longestStartMs = 60_000;

export interface LoadSeen {
  readonly seconds: number;
  /** Written while somebody watched. */
  readonly records: number;
  /** There were more to come when he looked away. */
  readonly lasted: boolean;
}

/** The hub that starts next reads everything, as if it never had; what it holds is found until that is through. */
export async function beginFirstLoad(folder: string): Promise<void> {
  const store = open(folder);
  try {
    await store.db.updateTable('directory_sources').set({ cursor: null, complete_at: null, records_read: 0 }).execute();
  } finally {
    await store.close();
  }
}

/** Resolves when the first contacts have been written. @throws Error when that takes too long */
export async function watchLoad(folder: string): Promise<{ end(): Promise<LoadSeen> }> {
  const store = open(folder);
  const giveUpAt = performance.now() + longestStartMs;
  let first = await readContacts(store);
  for (; first.records === 0; first = await readContacts(store)) {
    if (performance.now() > giveUpAt) throw new Error('the first load did not begin');
    await pause(50);
  }
  const startedAt = performance.now();
  return {
    end: async () => {
      const last = await readContacts(store);
      const seconds = (performance.now() - startedAt) / 1_000;
      await store.close();
      return { seconds, records: last.records - first.records, lasted: !last.isOver };
    },
  };
}

async function readContacts(store: Store): Promise<{ readonly records: number; readonly isOver: boolean }> {
  const sources = store.db.selectFrom('directory_sources').select(['records_read', 'complete_at']);
  const row = await sources.where('object', '=', 'Contact').executeTakeFirst();
  return { records: row?.records_read ?? 0, isOver: row !== undefined && row.complete_at !== null };
}

function open(folder: string): Store {
  return openDatabase({ url: `sqlite:${path.join(folder, 'toritsugi.db')}` });
}
