import type { RecordWrite } from '../../../../connectors/connector.ts';
import { type KintoneForm, readForm } from '../../../../connectors/kintone/kintone-form.ts';
import { type CurrentRecord, mergeOwned, needsReading } from '../../../../connectors/kintone/merge-owned.ts';
import { chunksOf, type PreparedRow, prepareRow, wavesOf } from '../../../../connectors/kintone/prepare-rows.ts';
import { CALLS_APP } from '../../../../infra/sandbox/kintone/default-apps.ts';

const form = readForm('2', { properties: CALLS_APP.fields }, 0) as KintoneForm;

const write = (over: Partial<RecordWrite> = {}): RecordWrite => ({
  object: 'calls',
  key: { field: '通話ID', value: 'main-1' },
  fields: { 件名: '着信', メモ: 'ours' },
  owners: {},
  ...over,
});

function rowOf(over: Partial<RecordWrite> = {}, index = 0): PreparedRow {
  const prepared = prepareRow(index, write(over), form);
  if (!prepared.ok) throw prepared.error;
  return prepared.row;
}

function problemsOf(over: Partial<RecordWrite>) {
  const prepared = prepareRow(0, write(over), form);
  return prepared.ok ? [] : prepared.error.fields.map((problem) => [problem.field, problem.code]);
}

describe('what kintone would lose without a word is refused', () => {
  test.each<[string, Partial<RecordWrite>, unknown]>([
    ['a field the app does not have', { fields: { 無い: 1 } }, [['無い', 'UNKNOWN_FIELD']]],
    ['a system field', { fields: { 更新日時: 'x' } }, [['更新日時', 'NOT_WRITABLE']]],
    ['a key the app does not have', { key: { field: '鍵', value: '1' } }, [['鍵', 'UNKNOWN_FIELD']]],
    ['a key that may repeat', { key: { field: '件名', value: '1' } }, [['件名', 'NO_KEY']]],
    ['an empty key', { key: { field: '通話ID', value: '' } }, [['通話ID', 'EMPTY_KEY']]],
    [
      'all of it at once',
      { key: { field: '件名', value: '1' }, fields: { 無い: 1, 他: 2 } },
      [
        ['件名', 'NO_KEY'],
        ['無い', 'UNKNOWN_FIELD'],
        ['他', 'UNKNOWN_FIELD'],
      ],
    ],
    [
      'names that every object has',
      { fields: { constructor: 'x', toString: 'y' } },
      [
        ['constructor', 'UNKNOWN_FIELD'],
        ['toString', 'UNKNOWN_FIELD'],
      ],
    ],
  ])('%s', (_what, over, problems) => {
    expect(problemsOf(over)).toEqual(problems);
  });
});

test('does not repeat the key among the fields', () => {
  expect(rowOf({ fields: { 通話ID: 'main-1', 件名: 'x' } }).fields.map((field) => field.field.code)).toEqual(['件名']);
});

describe('whose word counts', () => {
  const standing = (values: CurrentRecord['values']): CurrentRecord => ({ id: '5', revision: '2', values });
  const merged = (owner: 'ours' | 'fillEmpty' | 'append' | 'theirs', before: string | null, ours = 'ours') =>
    mergeOwned(rowOf({ fields: { メモ: ours }, owners: { メモ: owner } }), standing({ メモ: before }));

  test.each([
    ['ours', 'typed', { メモ: { value: 'ours' } }],
    ['fillEmpty', 'typed', {}],
    ['fillEmpty', null, { メモ: { value: 'ours' } }],
    ['theirs', null, {}],
    ['append', null, { メモ: { value: 'ours' } }],
    ['append', 'typed', { メモ: { value: 'typed\nours' } }],
    ['append', 'typed\nours', {}],
    ['append', 'before ours after', {}],
  ] as const)('%s over %j', (owner, before, record) => {
    expect(merged(owner, before)).toEqual(record);
  });

  test('appending nothing changes nothing', () => {
    expect(merged('append', 'typed', '')).toEqual({});
  });

  test('cuts what is appended, never what stands there', () => {
    const row = rowOf({ fields: { 件名: 'abcdef' }, owners: { 件名: 'append' } });
    const before = 'x'.repeat(251);
    expect(mergeOwned(row, standing({ 件名: before }))).toEqual({ 件名: { value: `${before} abc` } });
    expect(mergeOwned(row, standing({ 件名: 'x'.repeat(255) }))).toEqual({});
  });

  test('a new record takes everything, whoever owns it', () => {
    const row = rowOf({ owners: { 件名: 'theirs', メモ: 'append' } });
    expect(mergeOwned(row, null)).toEqual({ 件名: { value: '着信' }, メモ: { value: 'ours' } });
  });

  test('nothing is read where every field is ours, or where there is no key to read by', () => {
    expect(needsReading(rowOf())).toBe(false);
    expect(needsReading(rowOf({ owners: { メモ: 'append' } }))).toBe(true);
    expect(needsReading(rowOf({ key: null, owners: { メモ: 'append' } }))).toBe(false);
  });
});

test('lets the same key wait for the next wave, in order', () => {
  const keys = ['a', 'b', 'a', 'a', 'c'];
  const rows = keys.map((value, index) => rowOf({ key: { field: '通話ID', value } }, index));
  expect(wavesOf(rows).map((wave) => wave.map((row) => row.index))).toEqual([[0, 1, 4], [2], [3]]);
});

test('puts rows without a key all into one wave', () => {
  expect(wavesOf([rowOf({ key: null }, 0), rowOf({ key: null }, 1)])).toHaveLength(1);
});

test('cuts rows into chunks', () => {
  expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunksOf([], 2)).toEqual([]);
});
