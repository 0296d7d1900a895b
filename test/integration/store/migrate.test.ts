import { sql } from 'kysely';
import { migrate } from '../../../src/store/migrate.ts';
import type { Migration } from '../../../src/store/migration.ts';
import { migrations } from '../../../src/store/migrations.ts';
import { openDatabase, type Store } from '../../../src/store/open-database.ts';
import { databaseKinds, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';

describe.each(databaseKinds)('migrations on $kind', ({ start }) => {
  let databases: TestDatabases;
  const opened: Store[] = [];

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  afterAll(() => databases.stop());

  function open(url: string): Store {
    const store = openDatabase({ url });
    opened.push(store);
    return store;
  }

  test('run once, and a second start finds nothing to do', async () => {
    const store = open(await databases.createDatabase());
    expect(await migrate(store)).toEqual(migrations.map((migration) => migration.name));
    expect(await migrate(store)).toEqual([]);
  });

  test('run once even when several processes start at the same moment', async () => {
    const url = await databases.createDatabase();
    const ran = await Promise.all([1, 2, 3, 4].map(() => migrate(open(url))));
    expect(ran.flat().sort()).toEqual(migrations.map((migration) => migration.name).sort());
  });

  test('each do no harm when run again on a finished schema', async () => {
    const store = open(await databases.createDatabase());
    await migrate(store);
    await sql`delete from schema_migrations`.execute(store.db);
    expect(await migrate(store)).toHaveLength(migrations.length);
  });

  test('leave the schema as it was when one of them fails', async () => {
    const store = open(await databases.createDatabase());
    await migrate(store);
    const broken: Migration = {
      name: '9999-broken',
      up: async (db) => {
        await db.schema.createTable('half_done').addColumn('id', 'text').execute();
        await sql`select * from no_such_table`.execute(db);
      },
    };
    await expect(migrate(store, [...migrations, broken])).rejects.toThrow(/no_such_table/);
    await expect(sql`select * from half_done`.execute(store.db)).rejects.toThrow(/half_done/);
    expect(await migrate(store)).toEqual([]);
  });
});

test('every migration has a number of its own, and they run in the order of their numbers', () => {
  const numbers = migrations.map((migration) => /^(\d{4})-[a-z-]+$/.exec(migration.name)?.[1]);
  expect(numbers).toEqual([...new Set(numbers)].sort());
  expect(numbers).not.toContain(undefined);
});
