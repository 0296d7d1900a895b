import { type Kysely, sql, type Transaction } from 'kysely';
import type { Migration } from './migration.ts';
import { migrations as allMigrations } from './migrations.ts';
import type { Store } from './open-database.ts';

/** Any number; it only has to be the same in every process. */
const ADVISORY_LOCK = 7_867_448_373;

/**
 * Brings the schema up to date and tells which migrations ran now. Safe to call at every start and from several processes at
 * once: all of it is one transaction under a lock, so a failed migration leaves the schema as it was.
 */
export async function migrate(
  store: Pick<Store, 'db' | 'kind'>,
  migrations: readonly Migration[] = allMigrations,
): Promise<readonly string[]> {
  return store.db.transaction().execute(async (transaction) => {
    if (store.kind === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.execute(transaction);
    const done = await namesDone(transaction);
    const ran: string[] = [];
    for (const migration of migrations) {
      if (done.has(migration.name)) continue;
      await migration.up(transaction as unknown as Kysely<unknown>);
      await sql`insert into schema_migrations (name) values (${migration.name})`.execute(transaction);
      ran.push(migration.name);
    }
    return ran;
  });
}

async function namesDone<Tables>(transaction: Transaction<Tables>): Promise<ReadonlySet<string>> {
  await transaction.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .execute();
  const { rows } = await sql<{ name: string }>`select name from schema_migrations`.execute(transaction);
  return new Set(rows.map((row) => row.name));
}
