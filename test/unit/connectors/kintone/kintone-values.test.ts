import type { FieldValue } from '../../../../connectors/connector.ts';
import { type FormField, readForm } from '../../../../connectors/kintone/kintone-form.ts';
import { kintoneValue, plainValue, textsOf } from '../../../../connectors/kintone/kintone-values.ts';

function field(type: string): FormField {
  const form = readForm('1', { properties: { f: { type, code: 'f' }, t: { type: 'SUBTABLE', code: 't', fields: {} } } }, 0);
  const found = form?.fields.get('f');
  if (found === undefined) throw new Error('no field');
  return found;
}

const wrapped = (type: string, value: unknown) => ({ type, value });

test.each<[unknown, FieldValue]>([
  [wrapped('SINGLE_LINE_TEXT', 'a'), 'a'],
  [wrapped('SINGLE_LINE_TEXT', ''), null],
  [wrapped('NUMBER', '12.5'), 12.5],
  [wrapped('NUMBER', '0'), 0],
  [wrapped('NUMBER', ''), null],
  [wrapped('NUMBER', '12345678901234567890'), '12345678901234567890'],
  [wrapped('NUMBER', '1.50'), '1.50'],
  [wrapped('DROP_DOWN', null), null],
  [wrapped('CHECK_BOX', ['x', 'y']), ['x', 'y']],
  [wrapped('USER_SELECT', [{ code: 'sato', name: '佐藤' }]), ['佐藤']],
  [wrapped('CREATOR', { code: 'sato', name: '佐藤' }), '佐藤'],
  [wrapped('__ID__', '7'), '7'],
  [undefined, null],
  ['no cell', null],
])('%j is read as %j', (cell, plain) => {
  expect(plainValue(cell)).toEqual(plain);
});

test('reads login names where they are asked for', () => {
  expect(plainValue(wrapped('USER_SELECT', [{ code: 'sato', name: '佐藤' }]), 'code')).toEqual(['sato']);
});

test.each<[string, FieldValue, unknown]>([
  ['SINGLE_LINE_TEXT', 'a', 'a'],
  ['SINGLE_LINE_TEXT', null, ''],
  ['SINGLE_LINE_TEXT', true, 'true'],
  ['MULTI_LINE_TEXT', ['a', 'b'], 'a\nb'],
  ['SINGLE_LINE_TEXT', 'two\r\n lines', 'two lines'],
  ['MULTI_LINE_TEXT', 'two\nlines\tand \u0000\u001bnothing', 'two\nlines\tand nothing'],
  ['SINGLE_LINE_TEXT', 'half a smile \ud83d', 'half a smile \ufffd'],
  ['NUMBER', 12.5, '12.5'],
  ['NUMBER', null, ''],
  ['DATETIME', '2026-11-23T01:02:03.456Z', '2026-11-23T01:02:03Z'],
  ['DATETIME', '2026-11-23T10:02:03.456+09:00', '2026-11-23T10:02:03+09:00'],
  ['DATETIME', null, null],
  ['DATE', '2026-11-23', '2026-11-23'],
  ['DATE', '', null],
  ['TIME', '09:30', '09:30'],
  ['TIME', '09:30:59', '09:30'],
  ['TIME', null, null],
  ['DROP_DOWN', '応答', '応答'],
  ['DROP_DOWN', null, null],
  ['CHECK_BOX', 'x', ['x']],
  ['CHECK_BOX', ['x', 'y'], ['x', 'y']],
  ['MULTI_SELECT', null, []],
  ['USER_SELECT', 'sato', [{ code: 'sato' }]],
  ['USER_SELECT', null, []],
])('a %s of %j is written as %j', (type, plain, written) => {
  expect(kintoneValue(plain, field(type))).toEqual(written);
});

test('gathers the texts of a table’s column, empty ones left out', () => {
  const cell = { ...field('SINGLE_LINE_TEXT'), code: 'tel', table: 'contacts' };
  const row = (tel: string) => ({ id: '1', value: { tel: wrapped('SINGLE_LINE_TEXT', tel) } });
  expect(textsOf({ contacts: wrapped('SUBTABLE', [row('03-1'), row(' '), row('03-2'), 'no row']) }, cell)).toEqual([
    '03-1',
    '03-2',
  ]);
});
