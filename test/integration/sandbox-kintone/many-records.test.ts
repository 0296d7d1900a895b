import { type AppRecords, openAppRecords, type StoredRecord } from '../../../infra/sandbox/kintone/app-records.ts';
import { CUSTOMERS_APP } from '../../../infra/sandbox/kintone/default-apps.ts';
import { SAME } from '../../../infra/sandbox/kintone/form-origins.ts';
import { plantCustomers } from '../../../infra/sandbox/kintone/many-customers.ts';
import { compileCondition, type QueryWorld } from '../../../infra/sandbox/kintone/query-evaluation.ts';
import { parseQuery } from '../../../infra/sandbox/kintone/query-parser.ts';
import { selectRecords } from '../../../infra/sandbox/kintone/record-selection.ts';

const NOW = Date.parse('2026-11-23T01:00:00Z');
const COUNT = 12_000;
const world: QueryWorld = { now: NOW, user: 'sato', organization: null, isKnownPerson: () => true, indexLagMs: 0 };

const records = openAppRecords(CUSTOMERS_APP);
plantCustomers(records, COUNT, NOW);

/** Counts the records that are looked at. */
function counting(inner: AppRecords): { readonly records: AppRecords; looked(): number } {
  let looked = 0;
  function* counted(some: Iterable<StoredRecord>): IterableIterator<StoredRecord> {
    for (const record of some) {
      looked += 1;
      yield record;
    }
  }
  const wrapped: AppRecords = {
    ...inner,
    app: inner.app,
    all: () => counted(inner.all()),
    after: (id) => counted(inner.after(id)),
    before: (id) => counted(inner.before(id)),
    get: (id) => {
      looked += 1;
      return inner.get(id);
    },
  };
  return { records: wrapped, looked: () => looked };
}

function page(query: string, from: AppRecords = records) {
  return selectRecords(from, parseQuery(query), world, { total: false, everything: false }).records;
}

const phoneOf = (id: number) => String(records.get(id)?.values.電話番号);
const updatedAt = (id: number) => `${new Date(records.get(id)?.updatedAt ?? 0).toISOString().slice(0, 16)}:00Z`;

test('the same number of customers is the same customers', () => {
  const again = openAppRecords(CUSTOMERS_APP);
  plantCustomers(again, 50, NOW);
  const other = openAppRecords(CUSTOMERS_APP);
  plantCustomers(other, 50, NOW);
  expect([...again.all()]).toEqual([...other.all()]);
  expect(new Set([...records.all()].map((record) => record.values.電話番号)).size).toBe(COUNT);
});

describe('a page of an app with many records', () => {
  test.each<[string, string, number]>([
    ['sought by id at the beginning', '$id > 0 order by $id asc limit 500', 500],
    ['sought by id at the end', `$id > ${COUNT - 600} order by $id asc limit 500`, 500],
    ['of the newest', 'limit 500 offset 100', 600],
    ['of what changed since ever', '更新日時 >= "2020-01-01T00:00:00Z" and $id > 6000 order by $id asc limit 500', 500],
    ['of one phone number', `電話番号 in ("${phoneOf(77)}", "03-0000-0000") or 携帯電話 in ("${phoneOf(77)}")`, 1],
    ['of what changed last', `更新日時 >= "${updatedAt(COUNT)}" and $id > 0 order by $id asc limit 500`, 200],
    ['in the order of the changes', '更新日時 >= "2026-09-01T00:00:00Z" order by 更新日時 asc, $id asc limit 100', 100],
  ])('%s looks at hardly more records than it answers with', (_what, query, most) => {
    page(query);
    const counted = counting(records);
    expect(page(query, counted.records).length).toBeGreaterThan(0);
    expect(counted.looked()).toBeLessThanOrEqual(most);
  });
});

describe('an index never changes the answer', () => {
  const byHand = (query: string): readonly number[] => {
    const { condition } = parseQuery(query);
    const test = compileCondition(CUSTOMERS_APP, condition, world);
    return [...records.all()].filter(test).map((record) => record.id);
  };
  test.each([
    `電話番号 = "${phoneOf(5)}"`,
    `電話番号 in ("${phoneOf(5)}", "${phoneOf(6)}", "none") and $id > 5`,
    `(電話番号 in ("${phoneOf(9)}") or 携帯電話 in ("${phoneOf(9)}")) and 顧客ランク in ("A", "B", "C")`,
    `更新日時 > "${updatedAt(11_900)}"`,
    `更新日時 <= "${updatedAt(3)}" or 電話番号 = "${phoneOf(40)}"`,
    `更新日時 = "${updatedAt(50)}"`,
    `更新日時 >= "2026-11-01T00:00:00Z" and 更新日時 < "2026-11-02T00:00:00Z"`,
    '作成日時 = LAST_MONTH() and 顧客ランク in ("A")',
    '$id >= 10 and $id < 20 and 顧客ランク not in ("A")',
    'レコード番号 = "77"',
    '$id > 30 and $id < 10',
    '会社名 = ""  and $id < 100',
  ])('%s', (query) => {
    const selected = selectRecords(records, parseQuery(`${query} order by $id asc limit 500`), world, {
      total: true,
      everything: false,
    });
    const expected = byHand(query);
    expect(selected.total).toBe(expected.length);
    expect(selected.records.map((record) => record.id)).toEqual(expected.slice(0, 500));
  });

  test.each([
    ['asc', 'asc'],
    ['asc', 'desc'],
    ['desc', 'asc'],
    ['desc', 'desc'],
  ])('nor the order: %s, and among the same %s', (direction, idDirection) => {
    const sign = direction === 'asc' ? 1 : -1;
    const idSign = idDirection === 'asc' ? 1 : -1;
    const byRank = [...records.all()].toSorted(
      (left, right) =>
        sign * String(left.values.顧客ランク).localeCompare(String(right.values.顧客ランク)) || idSign * (left.id - right.id),
    );
    const found = page(`order by 顧客ランク ${direction}, $id ${idDirection} limit 500 offset 3800`);
    expect(found.map((record) => record.id)).toEqual(byRank.slice(3800, 4300).map((record) => record.id));
  });
});

test('an index follows changes, removals and what is taken back', () => {
  const few = openAppRecords(CUSTOMERS_APP);
  plantCustomers(few, 2000, NOW);
  const ids = (query: string) => page(query, few).map((record) => record.id);
  const first = few.get(1);
  if (first === undefined) throw new Error('no record');
  const changed = { ...first, updatedAt: NOW + 60_000, values: { ...first.values, 電話番号: '03-1' } };
  const late = `更新日時 > "${new Date(NOW).toISOString()}" order by 更新日時 desc`;
  expect([ids('電話番号 = "03-1"'), ids(late)]).toEqual([[], []]);
  const undo: (() => void)[] = [];
  few.put(changed, undo);
  few.remove(2, undo);
  expect([ids('電話番号 = "03-1"'), ids(late), ids('$id = 2'), few.size()]).toEqual([[1], [1], [], 1999]);
  for (const step of undo.toReversed()) step();
  expect([ids('電話番号 = "03-1"'), ids(late), ids('$id = 2'), few.size()]).toEqual([[], [], [2], 2000]);
  few.redefine({ ...CUSTOMERS_APP, code: 'CUST' }, SAME);
  expect(ids(`電話番号 = "${String(few.get(3)?.values.電話番号)}"`)).toEqual([3]);
});
