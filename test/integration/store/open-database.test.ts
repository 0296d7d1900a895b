import { sql } from 'kysely';
import { openDatabase, type Store, StoreUnavailable } from '../../../src/store/open-database.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { startSqlite, type TestSqlite } from '../../support/sqlite.ts';

describe.each(databaseKinds)('the store on $kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;

  beforeAll(async () => {
    databases = await start();
    store = await openFreshStore(databases);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await store.close();
    await databases.stop();
  });

  test('gives instants and counts back as numbers', async () => {
    const instant = 1_763_838_000_123;
    const call = { id: 'main-1.1', pbx: 'main', direction: 'inbound', started_at: instant, record: '{}' };
    await store.db.insertInto('calls').values(call).execute();
    const row = await store.db.selectFrom('calls').select(['started_at', 'ended_at']).executeTakeFirst();
    expect(row).toEqual({ started_at: instant, ended_at: null });
    const counted = await store.db
      .selectFrom('calls')
      .select(({ fn }) => fn.countAll<number>().as('calls'))
      .executeTakeFirst();
    expect(counted).toEqual({ calls: 1 });
  });

  test('keeps nothing of a transaction that failed', async () => {
    const failing = store.db.transaction().execute(async (transaction) => {
      await transaction.insertInto('call_aliases').values({ alias: 'main-1.2', call_id: 'main-1.1' }).execute();
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await store.db.selectFrom('call_aliases').selectAll().execute()).toEqual([]);
  });

  test('refuses an alias of a call that is not there', async () => {
    const orphan = store.db.insertInto('call_aliases').values({ alias: 'main-1.3', call_id: 'nowhere' }).execute();
    await expect(orphan).rejects.toThrow(/foreign key/i);
  });

  test('can be closed twice', async () => {
    const other = openDatabase({ url: await databases.createDatabase() });
    await other.close();
    await other.close();
  });
});

describe('the embedded store', () => {
  let sqlite: TestSqlite;
  beforeAll(async () => {
    sqlite = await startSqlite();
  });
  afterAll(() => sqlite.stop());

  test('has every commit on the disk before it goes on', async () => {
    const store = openDatabase({ url: await sqlite.createDatabase() });
    const { rows: mode } = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(store.db);
    const { rows: sync } = await sql<{ synchronous: number }>`pragma synchronous`.execute(store.db);
    await store.close();
    expect([mode[0]?.journal_mode, sync[0]?.synchronous]).toEqual(['wal', 2]);
  });

  test('waits while another process writes, without holding up the rest of the hub', async () => {
    const url = await sqlite.createDatabase();
    const first = openDatabase({ url });
    const second = openDatabase({ url });
    await sql`create table notes (text text)`.execute(first.db);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const holding = first.db.transaction().execute(() => released);
    const waiting = sql`insert into notes values ('second')`.execute(second.db);
    setImmediate(release);
    await Promise.all([holding, waiting]);
    const { rows } = await sql`select text from notes`.execute(first.db);
    await Promise.all([first.close(), second.close()]);
    expect(rows).toEqual([{ text: 'second' }]);
  });

  test('says what is wrong with an address it does not know, and never repeats a password', () => {
    expect(() => openDatabase({ url: 'mysql://root:geheim@db/x' })).toThrow(StoreUnavailable);
    expect(() => openDatabase({ url: 'mysql://root:geheim@db/x' })).not.toThrow(/geheim/);
  });

  test('says which file it cannot open', () => {
    expect(() => openDatabase({ url: 'sqlite:/dev/null/calls.db' })).toThrow(
      /SQLite file \/dev\/null\/calls.db cannot be opened/,
    );
  });
});
