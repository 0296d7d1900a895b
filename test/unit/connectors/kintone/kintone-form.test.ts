import { describeForm, isUsableAsKey, isWritable } from '../../../../connectors/kintone/kintone-describe.ts';
import { type KintoneForm, readForm, systemField } from '../../../../connectors/kintone/kintone-form.ts';
import { CALLS_APP, CUSTOMERS_APP } from '../../../../infra/sandbox/kintone/default-apps.ts';
import { byCode, number, radio, systemFields, text } from '../../../../infra/sandbox/kintone/field-builders.ts';

function formOf(properties: unknown): KintoneForm {
  const form = readForm('7', { properties, revision: '3' }, 0);
  if (form === null) throw new Error('expected a form');
  return form;
}

const customers = formOf(CUSTOMERS_APP.fields);
const calls = formOf(CALLS_APP.fields);
const described = (form: KintoneForm, name: string) => describeForm('x', 'X', form).fields.find((field) => field.name === name);

test.each([
  ['顧客名', 'string'],
  ['電話番号', 'phone'],
  ['メールアドレス', 'email'],
  ['最終注文日', 'date'],
  ['累計購入額', 'number'],
  ['顧客ランク', 'picklist'],
  ['興味のある商品', 'multiPicklist'],
  ['担当者', 'user'],
  ['備考', 'text'],
  ['連絡先', 'table'],
  ['連絡先電話番号', 'string'],
  ['更新日時', 'dateTime'],
  ['作成者', 'user'],
  ['$id', 'id'],
])('%s is a %s', (name, type) => {
  expect(described(customers, name)?.type).toBe(type);
});

test('tells choices in the form’s order, and that no other is taken', () => {
  expect(described(calls, '方向')).toMatchObject({ picklist: ['着信', '発信', '内線'], restricted: true });
});

test('tells lengths, and null where there is no limit', () => {
  expect(described(calls, '件名')?.length).toBe(255);
  expect(described(calls, 'メモ')?.length).toBeNull();
  // kintone takes no more of a text that prohibits duplicates.
  expect(described(calls, '通話ID')?.length).toBe(64);
});

test('takes only a single-line text or a number without duplicates for a key', () => {
  expect(described(calls, '通話ID')).toMatchObject({ usableAsKey: true, unique: true });
  expect(described(calls, '件名')).toMatchObject({ usableAsKey: false });
  const form = formOf(byCode([number('番号', { unique: true }), text('名前')]));
  expect([...form.fields.values()].filter(isUsableAsKey).map((field) => field.code)).toEqual(['番号']);
});

test('does not demand what kintone fills in itself', () => {
  const form = formOf(
    byCode([text('a', { required: true }), text('b', { required: true, defaultValue: 'x' }), radio('c', ['1'])]),
  );
  expect(['a', 'b', 'c'].map((name) => described(form, name)?.required)).toEqual([true, false, false]);
});

test('tells that system fields, tables, their cells and what a lookup fills cannot be written', () => {
  const lookup = {
    relatedApp: { app: '1', code: '' },
    relatedKeyField: '顧客名',
    fieldMappings: [{ field: '会社', relatedField: '会社名' }],
    lookupPickerFields: [],
    filterCond: '',
    sort: '',
  };
  const form = formOf(byCode([...systemFields(), text('顧客', { lookup }), text('会社'), text('自由')]));
  const writable = [...form.fields.values()].filter(isWritable).map((field) => field.code);
  expect(writable).toEqual(['顧客', '自由']);
  expect(described(form, '顧客')).toMatchObject({ type: 'reference', referenceTo: ['1'] });
  expect(described(customers, '連絡先電話番号')).toMatchObject({ createable: false, updateable: false });
});

test('finds system fields by their kind, whatever they are called', () => {
  expect(systemField(customers, 'UPDATED_TIME')?.code).toBe('更新日時');
  const english = formOf({ Updated_datetime: { type: 'UPDATED_TIME', code: 'Updated_datetime' } });
  expect(systemField(english, 'UPDATED_TIME')?.code).toBe('Updated_datetime');
});

test('leaves out what holds no value, and keeps kinds it has never heard of as they are', () => {
  const form = formOf({ g: { type: 'GROUP', code: 'g' }, n: { type: 'HOLOGRAM', code: 'n', label: 'N' }, broken: 12 });
  expect(describeForm('x', 'X', form).fields.map((field) => [field.name, field.type])).toEqual([
    ['$id', 'id'],
    ['n', 'other'],
  ]);
});

test('loses no field over a number that comes as a number', () => {
  const lookup = { relatedApp: { app: 12 }, fieldMappings: [] };
  const form = formOf({ a: { type: 'SINGLE_LINE_TEXT', code: 'a', maxLength: 64, lookup, minLength: null } });
  expect(described(form, 'a')).toMatchObject({ length: 64, referenceTo: ['12'] });
});

test.each([null, 'page', {}, { properties: 'none' }, []])('takes %j for no form', (answer) => {
  expect(readForm('7', answer, 0)).toBeNull();
});
