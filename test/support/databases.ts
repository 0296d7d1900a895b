import { migrate } from '../../src/store/migrate.ts';
import { openDatabase, type Store } from '../../src/store/open-database.ts';
import { startPostgres } from './postgres.ts';
import { startSqlite } from './sqlite.ts';

/** A database server as the store's tests see it: SQLite's is a folder. */
export interface TestDatabases {
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** For `describe.each`: every suite about stored things runs on both. */
export const databaseKinds: readonly { readonly kind: string; readonly start: () => Promise<TestDatabases> }[] = [
  { kind: 'SQLite', start: startSqlite },
  { kind: 'PostgreSQL', start: startPostgres },
];

/** Patience for `beforeAll(start)`: initdb takes seconds on a busy machine. */
export const START_TIMEOUT_MS = 120_000;

/** A new, empty, migrated store. The test closes it. */
export async function openFreshStore(databases: TestDatabases): Promise<Store> {
  const store = openDatabase({ url: await databases.createDatabase() });
  await migrate(store);
  return store;
}
