import type { Kysely } from 'kysely';
import type { ChangePage } from '../../../connectors/connector.ts';
import { createDirectoryStore } from '../../../src/callers/directory-store.ts';
import { syncDirectory } from '../../../src/callers/directory-sync.ts';
import type { Database } from '../../../src/store/schema.ts';
import { callerRecord, changePage, contacts } from '../../support/caller-records.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { deadFrom } from '../../support/dead-from.ts';
import { directoryContents } from '../../support/directory-contents.ts';
import { fakeCallerConnector } from '../../support/fake-caller-connector.ts';

const never = new AbortController().signal;
describe.each(databaseKinds)('a sync that is broken off, on $kind', ({ start }) => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());

  const person = (id: string, phone: string) => callerRecord(id, { Phone: phone });
  const everything = (last: boolean) => ({ id: 'tuesday', last });
  /** A CRM whose history holds a change, a lost number, a deletion, and a reading of everything that no longer sees one record. */
  const history: readonly ChangePage[] = [
    changePage([person('A', '03-1234-5670'), person('B', '03-1234-5671'), person('C', '03-1234-5672')], { cursor: '1' }),
    changePage([person('A', '03-1234-5673'), person('B', 'gone')], { cursor: '2', deleted: [{ object: 'Contact', id: 'C' }] }),
    changePage([person('D', '03-1234-5674'), person('E', '03-1234-5670')], { cursor: '3' }),
    changePage([person('A', '03-1234-5673')], { cursor: '4', everything: everything(false) }),
    changePage([person('E', '03-1234-5675'), person('F', '03-1234-5675')], { cursor: '5', everything: everything(true) }),
  ];
  const crm = fakeCallerConnector('salesforce', [contacts], {
    async *pages(_source, since) {
      yield* history.slice(since === null ? 0 : Number(since));
    },
  });

  const syncWith = async (db: Kysely<Database>) =>
    syncDirectory(crm, { directory: createDirectoryStore(db, {}, () => 1000) }, never);

  test('a sync killed at any statement, and started again, leaves the same directory as one that was not', async () => {
    const whole = await openFreshStore(databases);
    await syncWith(whole.db);
    const expected = await directoryContents(whole);
    await whole.close();
    expect(expected.records.map(({ record_id }) => record_id)).toEqual(['A', 'E', 'F']);

    let kills = 0;
    for (let isThrough = false; !isThrough; ) {
      const store = await openFreshStore(databases);
      isThrough = await syncWith(store.db.withPlugin(deadFrom(kills + 1))).then(
        () => true,
        () => false,
      );
      await syncWith(store.db);
      expect([kills, await directoryContents(store)]).toEqual([kills, expected]);
      await store.close();
      kills += 1;
    }
    expect(kills).toBeGreaterThan(30);
    // One database for every statement, each with a thread of its own.
  }, 60_000);
});
