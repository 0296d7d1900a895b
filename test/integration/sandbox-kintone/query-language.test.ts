/** What was observed of the real service's queries, beyond what its documents say. */
import type { AppDefinition } from '../../../infra/sandbox/kintone/app-definition.ts';
import { openAppRecords } from '../../../infra/sandbox/kintone/app-records.ts';
import {
  byCode,
  checkBox,
  date,
  dropDown,
  multiLine,
  number,
  systemFields,
  table,
  text,
  userSelect,
} from '../../../infra/sandbox/kintone/field-builders.ts';
import type { WireValue } from '../../../infra/sandbox/kintone/field-values.ts';
import { KintoneFailure } from '../../../infra/sandbox/kintone/kintone-failure.ts';
import type { QueryWorld } from '../../../infra/sandbox/kintone/query-evaluation.ts';
import { parseQuery } from '../../../infra/sandbox/kintone/query-parser.ts';
import { selectRecords } from '../../../infra/sandbox/kintone/record-selection.ts';

const APP: AppDefinition = {
  id: '1',
  code: 'APP',
  name: '問い',
  fields: byCode([
    ...systemFields(),
    ...[
      text('t'),
      number('n'),
      date('d'),
      multiLine('m'),
      dropDown('c', ['あ', 'い']),
      checkBox('b', ['x', 'y']),
      userSelect('u'),
    ],
    { type: 'RICH_TEXT', code: 'r', label: 'r', required: false },
    { type: 'ORGANIZATION_SELECT', code: 'o', label: 'o', required: false },
    table('表', [number('行の数'), text('行の文'), checkBox('行の印', ['x', 'y'])]),
  ]),
};
/** A Wednesday in Japan. */
const NOW = Date.parse('2026-11-25T00:30:00Z');
const LONG = 'x'.repeat(64);
const world: QueryWorld = {
  now: NOW,
  user: 'sato',
  organization: 'sales',
  isKnownPerson: (_kind, code) => ['sato', 'suzuki', 'sales'].includes(code),
  indexLagMs: 0,
};

type Values = Readonly<Record<string, WireValue>>;

function appOf(rows: readonly Values[]) {
  const records = openAppRecords(APP);
  const stamp = { revision: 1, createdAt: NOW, updatedAt: NOW, creator: 'sato', modifier: 'sato' };
  for (const values of rows) records.put({ id: records.nextId(), ...stamp, values }, []);
  return records;
}
function found(rows: readonly Values[], query: string): readonly number[] {
  const wants = { total: false, everything: false };
  return selectRecords(appOf(rows), parseQuery(`${query} order by $id asc`), world, wants).records.map(({ id }) => id);
}
function refusal(query: string): string | null {
  try {
    found([{}], query);
    return null;
  } catch (error) {
    return error instanceof KintoneFailure ? error.code : String(error);
  }
}

describe('numbers', () => {
  const rows = ['5', '', '-1', '0', '0.5', '999999999999.9999', '999999999999.9998'].map((n) => ({ n }));

  test.each<[string, readonly number[]]>([
    ['n = "05"', [1]],
    ['n = "+5"', [1]],
    ['n = "0.5e1"', [1]],
    ['n = "5.0"', [1]],
    ['n = "-0"', [4]],
    ['n = ".5"', [5]],
    ['n = "５"', [1]],
    ['n = "-１"', [3]],
    ['n > "999999999999.9998"', [6]],
    ['n = "999999999999.99990"', [6]],
    ['n = ""', [2]],
    ['n != ""', [1, 3, 4, 5, 6, 7]],
    ['n != "0"', [1, 2, 3, 5, 6, 7]],
    ['n in ("05", "")', [1, 2]],
    ['n not in ("0")', [1, 2, 3, 5, 6, 7]],
    ['n < 0', [2, 3]],
    ['n >= 0 and n < 1', [4, 5]],
    ['n = "5 "', []],
    ['n != "abc"', []],
    ['n > "abc"', []],
    ['n in ("5", "abc")', [1]],
    ['n not in ("abc")', [1, 2, 3, 4, 5, 6, 7]],
    ['n != "－１"', []],
  ])('%s', (query, ids) => {
    expect(found(rows, query)).toEqual(ids);
  });

  test.each<[string, readonly number[]]>([
    ['レコード番号 = "02"', [2]],
    ['レコード番号 = "APP-2"', [2]],
    ['$id = "+2"', [2]],
    ['レコード番号 in ("３")', [3]],
    ['レコード番号 = "2.0"', []],
    ['レコード番号 != "abc"', []],
    ['レコード番号 > "05"', [6, 7]],
    ['レコード番号 = ""', []],
    ['レコード番号 != ""', [1, 2, 3, 4, 5, 6, 7]],
  ])('%s', (query, ids) => {
    expect(found(rows, query)).toEqual(ids);
  });
});

describe('texts', () => {
  const rows = ['abc', 'abc ', ' abc', 'abc\u3000', `${LONG}A`, `${LONG}B`, ''].map((t) => ({ t }));

  test.each<[string, readonly number[]]>([
    ['t = "abc"', [1, 2]],
    ['t = "abc  "', [1, 2]],
    ['t not in ("abc")', [3, 4, 5, 6, 7]],
    ['t = " abc"', [3]],
    ['t = "abc\u3000"', [4]],
    [`t = "${LONG}C"`, [5, 6]],
    [`t != "${LONG}C"`, [1, 2, 3, 4, 7]],
    [`t = "${LONG.slice(1)}A"`, []],
    ['t in ("")', [7]],
  ])('%s', (query, ids) => {
    expect(found(rows, query)).toEqual(ids);
  });
});

test.each<[string, readonly number[]]>([
  ['行の数 in ("05")', [1]],
  ['行の数 > 1', [1, 2]],
  ['行の数 < -1000', [2]],
  ['行の数 not in ("5")', [2]],
  ['行の文 not in ("a")', [2]],
  ['行の印 in ("x")', [1]],
  ['行の数 in ("5") and 行の文 in ("a")', [1]],
  ['行の数 > 6 and 行の文 in ("a")', [2]],
  ['行の数 > 6 and 行の文 in ("b")', []],
  ['行の数 in ("") and 行の印 in ("y")', []],
  ['行の印 in ("y") and (行の文 in ("b") and 行の数 in (""))', []],
  ['行の数 in ("7") and (行の文 in ("a") or 行の文 in ("b"))', [2]],
  ['行の文 like "b" and 行の数 not in ("7")', [2]],
])('a table answers with one of its rows, the same for all that is asked, and without rows never: %s', (query, ids) => {
  const row = (n: string, t: string, b: readonly string[], id: string) => ({
    id,
    value: {
      行の数: { type: 'NUMBER', value: n },
      行の文: { type: 'SINGLE_LINE_TEXT', value: t },
      行の印: { type: 'CHECK_BOX', value: b },
    },
  });
  const rows = [{ 表: [row('5', 'a', ['x', 'y'], '1')] }, { 表: [row('', 'b', [], '2'), row('7', 'a', ['y'], '3')] }, { 表: [] }];
  expect(found(rows, query)).toEqual(ids);
});

describe('people and choices', () => {
  const person = (code: string) => [{ code, name: code }];
  const rows = [
    { u: person('sato'), c: 'あ', b: ['x', 'y'], o: person('sales') },
    { u: [], c: null, b: [], o: [] },
  ];

  test.each<[string, readonly number[]]>([
    ['u in (LOGINUSER())', [1]],
    ['u in ("suzuki")', []],
    ['u not in ("sato")', [2]],
    ['o in (PRIMARY_ORGANIZATION())', [1]],
    ['c in ("")', [2]],
    ['c not in ("あ")', [2]],
    ['b in ("y")', [1]],
    ['b in ("")', [2]],
    ['作成者 in ("sato", LOGINUSER())', [1, 2]],
  ])('%s', (query, ids) => {
    expect(found(rows, query)).toEqual(ids);
  });
});

describe('days', () => {
  const rows = ['2026-11-22', '2026-11-25', '2026-11-28', '2026-11-30', '2026-12-01', '2025-02-28', ''].map((d) => ({
    d: d || null,
  }));

  test.each<[string, readonly number[]]>([
    ['d = TODAY()', [2]],
    ['d = THIS_WEEK()', [1, 2, 3]],
    ['d = THIS_WEEK(SATURDAY)', [3]],
    ['d = NEXT_WEEK(MONDAY)', [4]],
    ['d < THIS_WEEK()', [6]],
    ['d > THIS_WEEK()', [4, 5]],
    ['d = THIS_MONTH()', [1, 2, 3, 4]],
    ['d = THIS_MONTH(LAST)', [4]],
    ['d = THIS_MONTH(31)', [5]],
    ['d = NEXT_MONTH(1)', [5]],
    ['d = LAST_YEAR()', [6]],
    ['d >= FROM_TODAY(3, DAYS) and d <= FROM_TODAY(1, WEEKS)', [3, 4, 5]],
    ['d = FROM_TODAY(-21, MONTHS)', []],
    ['d = ""', [7]],
    ['d != "2026-11-25"', [1, 3, 4, 5, 6, 7]],
    ['更新日時 = TODAY()', [1, 2, 3, 4, 5, 6, 7]],
    ['更新日時 = LAST_WEEK()', []],
    ['更新日時 <= NOW() and 更新日時 >= "2026-11-25T09:30:00+0900"', [1, 2, 3, 4, 5, 6, 7]],
  ])('%s', (query, ids) => {
    expect(found(rows, query)).toEqual(ids);
  });
});

test('blanks and line breaks alone are nothing', () => {
  const rows = ['', '  \n', '\u3000', 'x'].map((m) => ({ m }));
  expect(found(rows, 'm is empty')).toEqual([1, 2, 3]);
  expect(found(rows, 'm is not empty')).toEqual([4]);
});

test.each<[string, string]>([
  ['n > ""', 'GAIA_IL08'],
  ['レコード番号 < ""', 'GAIA_IL08'],
  ['c in ("無い")', 'GAIA_IQ10'],
  ['b in ("x", "無い")', 'GAIA_IQ10'],
  ['u in ("nobody")', 'GAIA_IL26'],
  ['o in ("nobody")', 'GAIA_IL28'],
  ['ステータス in ("完了")', 'GAIA_ST02'],
  ['作業者 in (LOGINUSER())', 'GAIA_ST02'],
  ['r is empty', 'GAIA_IQ03'],
  ['m = "x"', 'GAIA_IQ03'],
  ['t is empty', 'GAIA_IQ03'],
  ['行の数 = 1', 'GAIA_IQ07'],
  ['t in (LOGINUSER())', 'CB_VA01'],
  ['u in (PRIMARY_ORGANIZATION())', 'CB_VA01'],
  ['d = THIS_WEEK(SOMEDAY)', 'CB_VA01'],
  ['d = THIS_MONTH(32)', 'GAIA_IQ23'],
  ['d = THIS_MONTH(1, 2)', 'GAIA_IL08'],
  ['d = THIS_YEAR(1)', 'GAIA_IL08'],
  ['d = TODAY(1)', 'GAIA_IL08'],
  ['更新日時 > NOW(1)', 'GAIA_IL08'],
  ['d = FROM_TODAY(3)', 'GAIA_IL08'],
  ['d = FROM_TODAY(3, HOURS)', 'GAIA_IQ25'],
])('%s is refused with %s', (query, code) => {
  expect(refusal(query)).toBe(code);
});
