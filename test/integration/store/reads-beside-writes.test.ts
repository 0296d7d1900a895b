import { openFreshStore, type TestDatabases } from '../../support/databases.ts';
import { startSqlite } from '../../support/sqlite.ts';

let databases: TestDatabases;
beforeAll(async () => {
  databases = await startSqlite();
});
afterAll(() => databases.stop());

test('a read is answered while a transaction is under way, with what was committed last', async () => {
  const store = await openFreshStore(databases);
  const names = () => store.db.selectFrom('directory_sources').select('connector').execute();
  const source = { object: '1', definition: '', generation: 1, records_read: 0 };
  await store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('directory_sources')
      .values({ id: 1, connector: 'kintone', ...source })
      .execute();
    expect(await names()).toEqual([]);
  });
  expect(await names()).toEqual([{ connector: 'kintone' }]);
  await store.close();
});
