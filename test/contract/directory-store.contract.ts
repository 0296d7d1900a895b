import { directoryEntry } from '../../src/callers/directory-entry.ts';
import { indexNumbers, prepareEntries, writeEntries } from '../../src/callers/directory-rows.ts';
import { createDirectoryStore, type DirectoryStore, mostRecordsOfANumber } from '../../src/callers/directory-store.ts';
import type { Store } from '../../src/store/open-database.ts';
import { callerRecord, changePage, contacts, leads } from '../support/caller-records.ts';
import { START_TIMEOUT_MS } from '../support/databases.ts';

const tokyo = '+81312345678';
const mobile = '+819012345678';
const never = new AbortController().signal;

/** What the directory promises, whatever database holds it. */
export function directoryStoreContract(openStore: () => Promise<Store>): void {
  let store: Store;
  let directory: DirectoryStore;

  beforeAll(async () => {
    store = await openStore();
  }, START_TIMEOUT_MS);
  afterAll(() => store.close());
  beforeEach(async () => {
    for (const table of ['directory_sources', 'directory_records', 'directory_numbers', 'directory_unreadable'] as const) {
      await store.db.deleteFrom(table).execute();
    }
    directory = createDirectoryStore(store.db, { mostUnreadable: 3 }, () => 1000);
  });

  const apply = async (...pages: readonly ReturnType<typeof changePage>[]) => {
    let state = await directory.open('salesforce', contacts);
    const appeared: string[] = [];
    for (const page of pages) {
      const applied = await directory.applyPage(state, page, never);
      state = applied.state;
      appeared.push(...applied.appeared);
    }
    return { state, appeared };
  };
  const idsOf = async (e164: string) => (await directory.find(e164)).map(({ id }) => id);

  test('finds a record under each of its numbers, with all that the card needs', async () => {
    const record = callerRecord('003A', { Phone: '０３（１２３４）５６７８', MobilePhone: '090-1234-5678 / 03-1234-5679' });
    await apply(changePage([record]));
    expect(await directory.find(tokyo)).toEqual([{ connector: 'salesforce', ...record }]);
    expect(await idsOf(mobile)).toEqual(['003A']);
    expect(await idsOf('+81312345679')).toEqual(['003A']);
    expect(await directory.record({ connector: 'salesforce', object: 'Contact', id: '003A' })).toMatchObject({ id: '003A' });
  });

  test('knows nobody under another number, and answers nonsense with nothing', async () => {
    await apply(changePage([callerRecord('003A', { Phone: '03-1234-5678' })]));
    for (const nonsense of ['+81312345670', '', '+', 'anonymous', "' OR 1=1", `+${'9'.repeat(40)}`]) {
      expect(await directory.find(nonsense)).toEqual([]);
    }
    expect(await directory.record({ connector: 'salesforce', object: 'Contact', id: 'no' })).toBeNull();
  });

  test('lists everyone who shares a number, most recently modified first', async () => {
    await apply(
      changePage([
        callerRecord('003A', { Phone: '03-1234-5678' }, { modifiedAt: '2026-01-01T00:00:00.000Z' }),
        callerRecord('003B', { Phone: '+81312345678' }, { modifiedAt: '2026-03-01T00:00:00.000Z' }),
        callerRecord('003C', { Phone: '0312345678' }, { modifiedAt: null }),
      ]),
    );
    expect(await idsOf(tokyo)).toEqual(['003B', '003A', '003C']);
  });

  test('lists no more than a page of people behind one switchboard', async () => {
    const many = Array.from({ length: mostRecordsOfANumber + 20 }, (_, index) =>
      callerRecord(`003-${index}`, { Phone: '03-1234-5678' }),
    );
    await apply(changePage(many));
    expect(await directory.find(tokyo)).toHaveLength(mostRecordsOfANumber);
  });

  test('replaces what it knew when a record changes', async () => {
    const { appeared } = await apply(
      changePage([callerRecord('003A', { Phone: '03-1234-5678', MobilePhone: '090-1234-5678' })]),
      changePage([callerRecord('003A', { Phone: '03-1234-5670', MobilePhone: '090-1234-5678' }, { name: 'New name' })]),
    );
    expect(await idsOf(tokyo)).toEqual([]);
    expect(await directory.find('+81312345670')).toMatchObject([{ id: '003A', name: 'New name' }]);
    expect(await idsOf(mobile)).toEqual(['003A']);
    expect(appeared).toEqual([tokyo, mobile, '+81312345670']);
  });

  test('forgets a record that is deleted or has lost its numbers', async () => {
    const both = [callerRecord('003A', { Phone: '03-1234-5678' }), callerRecord('003B', { Phone: '03-1234-5678' })];
    await apply(changePage(both), changePage([callerRecord('003B', {})], { deleted: [{ object: 'Contact', id: '003A' }] }));
    expect(await idsOf(tokyo)).toEqual([]);
  });

  test('a deletion of another object with the same id does no harm', async () => {
    await apply(changePage([callerRecord('1', { Phone: '03-1234-5678' })], { deleted: [{ object: 'Lead', id: '1' }] }));
    expect(await idsOf(tokyo)).toEqual(['1']);
  });

  test('takes the same page twice without doubling anything', async () => {
    const page = changePage([callerRecord('003A', { Phone: '03-1234-5678' }), callerRecord('003A', { Phone: '03-1234-5678' })]);
    const { appeared } = await apply(page, page);
    expect(await idsOf(tokyo)).toEqual(['003A']);
    expect(appeared).toEqual([tokyo]);
  });

  test('goes on from the cursor of the last page that was applied', async () => {
    await apply(changePage([callerRecord('003A', { Phone: '03-1234-5678' })], { cursor: 'after-page-7', total: 900 }));
    expect(await directory.open('salesforce', contacts)).toMatchObject({ cursor: 'after-page-7', recordsRead: 1, total: 900 });
    expect(await directory.sources()).toMatchObject([
      {
        connector: 'salesforce',
        object: 'Contact',
        readingEverything: true,
        recordsRead: 1,
        total: 900,
        pageAt: 1000,
        completeAt: null,
      },
    ]);
  });

  test('a page broken off in the middle keeps the old cursor', async () => {
    await apply(changePage([], { cursor: 'before' }));
    const state = await directory.open('salesforce', contacts);
    const many = Array.from({ length: 350 }, (_, index) =>
      callerRecord(`003-${index}`, { Phone: `03-1234-${String(index).padStart(4, '0')}` }),
    );
    const stop = new AbortController();
    const applying = directory.applyPage(state, changePage(many, { cursor: 'after' }), stop.signal);
    stop.abort();
    await expect(applying).rejects.toThrow();
    expect(await directory.open('salesforce', contacts)).toMatchObject({ cursor: 'before' });
  });

  test('drops what a first reading through to the end did not see', async () => {
    const { state } = await apply(
      changePage([callerRecord('003A', { Phone: '03-1234-5678' }), callerRecord('003B', { Phone: '03-1234-5678' })]),
    );
    await directory.finish(state, never);
    const again = await directory.open('salesforce', { ...contacts, fields: ['Email'] });
    expect(again).toMatchObject({ cursor: null });
    expect(await idsOf(tokyo)).toHaveLength(2);
    const { state: read } = await directory.applyPage(
      again,
      changePage([callerRecord('003B', { Phone: '03-1234-5678' })]),
      never,
    );
    await directory.finish(read, never);
    expect(await idsOf(tokyo)).toEqual(['003B']);
  });

  test('keeps a record that a live look-up, begun before the reading of everything, writes after it', async () => {
    const record = callerRecord('003A', { Phone: '03-1234-5678' });
    const before = await directory.open('salesforce', contacts);
    const read = await apply(changePage([record], { everything: { id: 'monday', last: true } }));
    const slow = { id: before.id, generation: before.generation };
    await store.db.transaction().execute(async (trx) => {
      const written = await writeEntries(trx, slow, prepareEntries([directoryEntry(record, {})]));
      await indexNumbers(trx, slow.id, [written]);
    });
    await directory.finish(read.state, never);
    expect(await idsOf(tokyo)).toEqual(['003A']);
  });

  test('drops what a named reading of everything did not see, also when it was interrupted', async () => {
    const [a, b, c] = ['003A', '003B', '003C'].map((id) => callerRecord(id, { Phone: '03-1234-5678' }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three records');
    const first = await apply(changePage([a, b, c], { everything: { id: 'monday', last: true } }));
    await directory.finish(first.state, never);
    expect(await idsOf(tokyo)).toHaveLength(3);
    await apply(changePage([a], { everything: { id: 'tuesday', last: false } }));
    expect(await idsOf(tokyo)).toHaveLength(3);
    const resumed = await apply(changePage([b], { everything: { id: 'tuesday', last: true }, cursor: 'end' }));
    await directory.finish(resumed.state, never);
    expect((await idsOf(tokyo)).sort()).toEqual(['003A', '003B']);
    expect(await directory.sources()).toMatchObject([{ readingEverything: false, completeAt: 1000 }]);
  });

  test('a comparison of ids keeps who is named, forgets the others, and reads nobody anew', async () => {
    const people = ['003A', '003B', '003C'].map((id) => callerRecord(id, { Phone: '03-1234-5678', MobilePhone: 'no idea' }));
    const first = await apply(changePage(people));
    await directory.finish(first.state, never);
    await apply(changePage([], { present: ['003A', 'unknown'], everything: { id: 'night', last: false } }));
    expect(await idsOf(tokyo)).toHaveLength(3);
    const last = await apply(changePage([], { present: ['003C'], everything: { id: 'night', last: true } }));
    await directory.finish(last.state, never);
    expect((await idsOf(tokyo)).sort()).toEqual(['003A', '003C']);
    expect((await directory.unreadable({ limit: 10 })).map(({ id }) => id)).toEqual(['003A', '003C']);
    expect(await directory.record({ connector: 'salesforce', object: 'Contact', id: 'unknown' })).toBeNull();
    expect(await directory.sources()).toMatchObject([{ recordsRead: 3, readingEverything: false }]);
  });

  test('forgets at once whom the CRM tells to be gone, and nobody else', async () => {
    await apply(changePage(['003A', '003B'].map((id) => callerRecord(id, { Phone: '03-1234-5678', MobilePhone: 'no idea' }))));
    const refs = [
      { object: 'Contact', id: '003A' },
      { object: 'Lead', id: '003B' },
      { object: 'Contact', id: 'unknown' },
    ];
    await directory.remove('kintone', refs);
    expect(await idsOf(tokyo)).toHaveLength(2);
    await directory.remove('salesforce', refs);
    expect(await idsOf(tokyo)).toEqual(['003B']);
    expect((await directory.unreadable({ limit: 10 })).map(({ id }) => id)).toEqual(['003B']);
  });

  test('counts records, numbers and unreadable fields of each source', async () => {
    await apply(
      changePage([
        callerRecord('003A', { Phone: '03-1234-5678', MobilePhone: '090-1234-5678' }),
        callerRecord('003B', { Phone: '03-1234-5678', MobilePhone: 'no idea' }),
      ]),
    );
    await directory.open('kintone', { ...leads, object: '12' });
    expect(await directory.counts()).toEqual({
      numbers: 3,
      sources: [
        { connector: 'salesforce', object: 'Contact', records: 2, unreadable: 1 },
        { connector: 'kintone', object: '12', records: 0, unreadable: 0 },
      ],
    });
  });

  test('a page larger than a transaction is written whole, each record once', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) =>
      callerRecord(`003-${index}`, { Phone: `03-1234-${String(index).padStart(4, '0')}` }),
    );
    const changed = callerRecord('003-7', { Phone: '03-9999-0007' });
    await apply(changePage([...many, changed]));
    expect(await directory.counts()).toMatchObject({ numbers: 2_500, sources: [{ records: 2_500 }] });
    expect(await idsOf('+81399990007')).toEqual(['003-7']);
    expect(await idsOf('+81312340007')).toEqual([]);
  });

  test('pages of mere changes drop nobody', async () => {
    const { state } = await apply(changePage([callerRecord('003A', { Phone: '03-1234-5678' })]));
    await directory.finish(state, never);
    const { state: later } = await apply(changePage([callerRecord('003B', { Phone: '03-1234-5678' })]));
    await directory.finish(later, never);
    expect(await idsOf(tokyo)).toHaveLength(2);
  });

  test('takes in what a live look-up found, also before the first sync', async () => {
    await directory.put('salesforce', contacts, [callerRecord('003A', { Phone: '03-1234-5678' })]);
    expect(await idsOf(tokyo)).toEqual(['003A']);
    expect(await directory.open('salesforce', contacts)).toMatchObject({ cursor: null });
  });

  test('several processes may open new sources and put the same record at the same moment', async () => {
    const found = callerRecord('003A', { Phone: '03-1234-5678' });
    await Promise.all([
      ...['Contact', 'Lead', 'Account', 'Contact'].map((object) => directory.open('salesforce', { ...contacts, object })),
      ...[1, 2, 3].map(() => directory.put('salesforce', contacts, [found])),
    ]);
    expect(await idsOf(tokyo)).toEqual(['003A']);
    expect((await directory.sources()).map(({ object }) => object).sort()).toEqual(['Account', 'Contact', 'Lead']);
  });

  test('forgets an object that the mapping no longer names', async () => {
    await apply(changePage([callerRecord('003A', { Phone: '03-1234-5678' })]));
    await directory.put('salesforce', leads, [callerRecord('00QA', { Phone: '03-1234-5678' }, { object: 'Lead' })]);
    await directory.put('kintone', { ...leads, object: '12' }, [callerRecord('7', { Phone: '03-1234-5678' }, { object: '12' })]);
    await directory.retire('salesforce', ['Lead'], never);
    expect((await idsOf(tokyo)).sort()).toEqual(['00QA', '7']);
    expect((await directory.sources()).map(({ object }) => object)).toEqual(['Lead', '12']);
  });

  test('reports the telephone fields that nobody can read, until they are mended', async () => {
    await apply(
      changePage([
        callerRecord('003A', { Phone: '03-1234', MobilePhone: '090-1234-5678' }),
        callerRecord('003B', { Phone: 'ask Taro' }),
      ]),
    );
    expect(await directory.unreadable({ limit: 10 })).toEqual([
      {
        connector: 'salesforce',
        object: 'Contact',
        id: '003A',
        name: 'Name of 003A',
        field: 'Phone',
        raw: '03-1234',
        why: expect.any(String),
      },
      {
        connector: 'salesforce',
        object: 'Contact',
        id: '003B',
        name: 'Name of 003B',
        field: 'Phone',
        raw: 'ask Taro',
        why: 'noDigits',
      },
    ]);
    expect(await directory.unreadable({ connector: 'kintone', limit: 10 })).toEqual([]);
    await apply(changePage([callerRecord('003A', { Phone: '03-1234-5678' }), callerRecord('003B', {})]));
    expect(await directory.unreadable({ limit: 10 })).toEqual([]);
  });

  test('keeps the report within its limit', async () => {
    await apply(changePage(Array.from({ length: 20 }, (_, index) => callerRecord(`003-${index}`, { Phone: 'no idea' }))));
    expect(await directory.unreadable({ limit: 100 })).toHaveLength(3);
  });

  test('stores quotes, zero bytes and SQL as they are', async () => {
    const name = 'O\'Brien\u0000"; DROP TABLE directory_records; --\ud83d';
    await apply(changePage([callerRecord("'; --", { Phone: '03-1234-5678' }, { name, values: { Note: 'a\u0000b 😀' } })]));
    expect(await directory.find(tokyo)).toMatchObject([
      { id: "'; --", name: name.replace('\u0000', '').toWellFormed(), values: { Note: 'a\u0000b 😀' } },
    ]);
  });

  test('remembers why a source could not be read, until it can', async () => {
    const { state } = await apply(changePage([]));
    await directory.fail(state, 'unauthorized: the token was refused');
    expect(await directory.sources()).toMatchObject([{ problem: 'unauthorized: the token was refused' }]);
    await directory.finish(state, never);
    expect(await directory.sources()).toMatchObject([{ problem: null }]);
  });

  test('a mapping that changes while a page is being read is not answered with the old reading’s place', async () => {
    const before = await directory.open('salesforce', contacts);
    const wider = { ...contacts, phones: [...contacts.phones, 'Fax'] };
    await directory.put('salesforce', wider, [callerRecord('003B', { Phone: '090-1234-5678' })]);
    const page = { ...changePage([callerRecord('003A', { Phone: '03-1234-5678' })]), cursor: 'old' };
    await expect(directory.applyPage(before, page, never)).rejects.toThrow(/mapping/);
    await expect(directory.finish(before, never)).rejects.toThrow(/mapping/);
    expect(await directory.open('salesforce', wider)).toMatchObject({ cursor: null, reading: 'first' });
    expect(await directory.sources()).toMatchObject([{ completeAt: null, readingEverything: true }]);
  });
}
