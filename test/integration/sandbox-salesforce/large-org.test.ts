import { plantContacts } from '../../../infra/sandbox/salesforce/generated-contacts.ts';
import { createOrderedRows } from '../../../infra/sandbox/salesforce/ordered-rows.ts';
import { createRecordStore, type Row } from '../../../infra/sandbox/salesforce/record-store.ts';
import { findObject, schema } from '../../../infra/sandbox/salesforce/schema.ts';
import { createTimeZone } from '../../../infra/sandbox/salesforce/soql/local-days.ts';
import { parseSoql } from '../../../infra/sandbox/salesforce/soql/parse.ts';
import { runQuery } from '../../../infra/sandbox/salesforce/soql/run.ts';
import { startOrg } from './org.ts';

const CONTACTS = 20_000;
const NOW = Date.parse('2026-11-20T00:00:00Z');

/** What a query costs is how many records it has to look at; that is the same on every machine. */
function largeOrg() {
  const store = createRecordStore(() => NOW);
  plantContacts(store, CONTACTS, '0055g0000000001AAA', NOW);
  let looks = 0;
  const isThere = (row: Row) => {
    looks += 1;
    return row.IsDeleted !== true;
  };
  const world = { store, schema, now: NOW, timeZone: createTimeZone('Asia/Tokyo'), locale: 'ja-JP', isThere, countsLive: true };
  return {
    store,
    ask: (soql: string) => {
      looks = 0;
      const result = runQuery(parseSoql(soql), world);
      return { looks, result, rows: result.kind === 'rows' ? result.rows : [] };
    },
  };
}

const org = largeOrg();
const instant = (row: Row | undefined) => String(row?.SystemModstamp).replace('+0000', 'Z');

test('a page read by seeking costs its own rows, wherever it lies, also among records of one moment', () => {
  const costs: number[] = [];
  const ids = new Set<unknown>();
  let where = '';
  for (;;) {
    const { looks, rows } = org.ask(`SELECT Id FROM Contact ${where} ORDER BY SystemModstamp, Id LIMIT 190`);
    for (const row of rows) ids.add(row.Id);
    const last = rows.at(-1);
    if (last === undefined) break;
    costs.push(looks);
    where = `WHERE (SystemModstamp > ${instant(last)} OR (SystemModstamp = ${instant(last)} AND Id > '${last.Id}'))`;
  }
  expect(ids.size).toBe(CONTACTS);
  expect(Math.max(...costs)).toBeLessThanOrEqual(191);
});

test.each([
  ["Id = '0035g000000009cAAA'", 1],
  ["Phone IN ('090-0000-0000', 'nobody') OR MobilePhone = '08007654321'", 3],
  ["AccountId = '0015g0000000001AAA'", 0],
  ['SystemModstamp >= 2026-11-20T00:00:00Z', 0],
  ['SystemModstamp >= 2026-11-19T23:59:58Z AND SystemModstamp < 2026-11-19T23:59:59Z', 200],
])('a condition on what has an index, %s, costs at most %i looks', (where, most) => {
  expect(org.ask(`SELECT Id FROM Contact WHERE ${where}`).looks).toBeLessThanOrEqual(most);
});

test('counting all records looks at none of them', () => {
  expect(org.ask('SELECT COUNT() FROM Contact')).toMatchObject({ looks: 0, result: { total: CONTACTS } });
});

test('an order by Id is read from both ends', () => {
  const down = org.ask('SELECT Id FROM Contact ORDER BY Id DESC LIMIT 3');
  expect(down.looks).toBe(3);
  expect([...down.rows].reverse().map(({ Id }) => Id)).toEqual(
    org.ask(`SELECT Id FROM Contact WHERE Id >= '${down.rows.at(-1)?.Id}' ORDER BY Id`).rows.map(({ Id }) => Id),
  );
});

test('indexes follow what happens to a record, and what is taken back', () => {
  const contact = findObject('Contact');
  if (contact === undefined) throw new Error('no Contact');
  const { store } = org;
  const found = () => org.ask("SELECT Id FROM Contact WHERE Phone = '03-9999-0000' ORDER BY SystemModstamp").rows.length;
  const row = store.insert(contact, { LastName: 'x', Phone: '03-9999-0000' }, 'u');
  expect(found()).toBe(1);
  expect(() =>
    store.transact(() => {
      store.update(contact, String(row.Id), { Phone: '03-1' }, 'u');
      store.insert(contact, { LastName: 'y', Phone: '03-9999-0000' }, 'u');
      store.remove(contact, String(row.Id), 'u');
      throw new Error('taken back');
    }),
  ).toThrow('taken back');
  expect(found()).toBe(1);
  store.update(contact, String(row.Id), { Phone: '03-2' }, 'u');
  expect(found()).toBe(0);
  expect(store.withPhoneEnd(contact, '03-9999-0000')).toEqual([]);
  store.remove(contact, String(row.Id), 'u');
  expect(org.ask('SELECT COUNT() FROM Contact').result).toMatchObject({ total: CONTACTS });
});

test('rows stay in order through thousands of additions and removals in any order', () => {
  const rows = createOrderedRows((row) => String(row.Key));
  const kept = new Set<Row>();
  // A fixed walk through all residues instead of chance.
  for (let step = 0; step < 12_000; step += 1) {
    const number = (step * 7_919) % 12_007;
    const row: Row = { Key: String(number % 50).padStart(2, '0'), Id: String(number).padStart(6, '0') };
    rows.add(row);
    kept.add(row);
    if (step % 3 === 2) {
      const [oldest] = kept;
      if (oldest === undefined) continue;
      rows.remove(oldest);
      kept.delete(oldest);
    }
  }
  const name = (row: Row) => `${row.Key}/${row.Id}`;
  const expected = [...kept].map(name).sort();
  expect([...rows.walk({ from: null, to: null }, false)].map(name)).toEqual(expected);
  expect([...rows.walk({ from: null, to: null }, true)].map(name)).toEqual([...expected].reverse());
  const range = { from: { key: '10', id: '' }, to: { key: '12', id: '000500' } };
  expect([...rows.walk(range, false)].map(name)).toEqual(expected.filter((each) => each >= '10/' && each < '12/000500'));
});

test('a result of many pages is read from its locator, each page once, without what was deleted meanwhile', async () => {
  const sandbox = await startOrg({ contacts: 5000 });
  const first = (await sandbox.call('GET', `/query?q=${encodeURIComponent('SELECT Id FROM Contact')}`)).body as Page;
  expect(first).toMatchObject({ totalSize: 5020, done: false });
  expect(first.records).toHaveLength(2000);
  const [victim] = await sandbox.query('SELECT Id FROM Contact ORDER BY Id DESC LIMIT 1');
  await sandbox.call('DELETE', `/sobjects/Contact/${victim?.Id}`);
  const rest: unknown[] = [];
  let next: string | undefined = first.nextRecordsUrl;
  while (next !== undefined) {
    const body = (await sandbox.call('GET', next.replace('/services/data/v67.0', ''))).body as Page;
    rest.push(...body.records);
    next = body.nextRecordsUrl;
  }
  expect(rest).toHaveLength(3019);
  await sandbox.close();
});

interface Page {
  readonly records: readonly unknown[];
  readonly nextRecordsUrl?: string;
}
