import { type FormField, readForm } from '../../../../connectors/kintone/kintone-form.ts';
import { type AppForm, arrangedLayout, planForm, type WantedField } from '../../../../connectors/kintone/setup-plan.ts';
import { relatedRecords } from '../../../../connectors/kintone/setup-related.ts';

function fieldsOf(
  ...properties: readonly (Readonly<Record<string, unknown>> & { readonly code: string })[]
): ReadonlyMap<string, FormField> {
  const form = readForm('1', { properties: Object.fromEntries(properties.map((property) => [property.code, property])) }, 0);
  if (form === null) throw new Error('no form');
  return form.fields;
}

const row = (...codes: readonly string[]) => ({ type: 'ROW', fields: codes.map((code) => ({ type: 'X', code })) });
const text = (code: string, more: object = {}) => ({ type: 'SINGLE_LINE_TEXT', code, ...more });
const wanted = (name: string, kind: WantedField['kind'] = 'text', more: Partial<WantedField> = {}): WantedField => ({
  ...{ name, kind, choices: [], isKey: false },
  ...more,
});

function published(...properties: readonly (Readonly<Record<string, unknown>> & { readonly code: string })[]): AppForm {
  const state = { fields: fieldsOf(...properties), layout: properties.map(({ code }) => row(code)) };
  return { live: state, preview: state };
}

test.each<[string, WantedField, Readonly<Record<string, unknown>> & { readonly code: string }, object]>([
  [
    'a table’s cell',
    wanted('品名'),
    { type: 'SUBTABLE', code: '表', fields: { 品名: text('品名') } },
    { kind: 'inTable', code: '品名' },
  ],
  [
    'a field that a lookup fills',
    wanted('社名'),
    { ...text('社名'), lookup: { relatedApp: { app: '3' }, fieldMappings: [{ field: '社名', relatedField: 'x' }] } },
    { kind: 'copied', code: '社名' },
  ],
  [
    'a calculated field',
    wanted('秒', 'integer'),
    { type: 'CALC', code: '秒' },
    { kind: 'otherType', code: '秒', type: 'CALC', wanted: 'NUMBER' },
  ],
  [
    'a number as the key, though our ids have letters',
    wanted('ID', 'text', { isKey: true }),
    { type: 'NUMBER', code: 'ID', unique: true },
    { kind: 'otherType', code: 'ID', type: 'NUMBER', wanted: 'SINGLE_LINE_TEXT' },
  ],
])('%s is a conflict and no step', (_, want, property, conflict) => {
  expect(planForm([want], published(property), [])).toEqual({ steps: [], conflicts: [conflict] });
});

test.each([
  [
    'radio buttons for a choice',
    wanted('結果', 'choice', { choices: ['応答'] }),
    { type: 'RADIO_BUTTON', options: { 応答: {} } },
  ],
  ['one line for a long text', wanted('結果', 'longText'), { type: 'SINGLE_LINE_TEXT' }],
  ['a link for a telephone number', wanted('結果'), { type: 'LINK', protocol: 'CALL' }],
  ['a text for a user', wanted('結果', 'user'), { type: 'SINGLE_LINE_TEXT' }],
])('%s does as well', (_, want, property) => {
  expect(planForm([want], published({ code: '結果', ...property }), [])).toEqual({ steps: [], conflicts: [] });
});

test('rows that hold new fields alone go to the end, three short ones in each; every other part stays', () => {
  const group = { type: 'GROUP', code: 'g', layout: [row('z')] };
  const layout = [row('a', 'x'), group, row('n1'), row('b'), row('n2'), row('n3')];
  expect(arrangedLayout(layout, [['n1', 'n2'], ['n3']])).toEqual([row('a', 'x'), group, row('b'), row('n1', 'n2'), row('n3')]);
});

test('a form that was made and not published needs publishing only', () => {
  const fields = fieldsOf(text('件名'), text('番号'));
  const form = { live: null, preview: { fields, layout: [row('件名', '番号')] } };
  expect(planForm([wanted('件名'), wanted('番号')], form, []).steps).toEqual([{ kind: 'publish' }]);
});

test('somebody’s unpublished layout is told as such', () => {
  const form = published(text('甲'), text('乙'));
  const moved = { ...form.preview, layout: [row('乙'), row('甲')] };
  const { conflicts } = planForm([wanted('丙')], { ...form, preview: moved }, []);
  expect(conflicts).toEqual([{ kind: 'unpublished', codes: ['(layout)'] }]);
});

test('calls are shown by the record number, unless some field shows them already', () => {
  const relation = { app: '2', linkField: '顧客番号', shown: ['件名'], newestBy: null, code: '通話' };
  const number = { type: 'RECORD_NUMBER', code: 'レコード番号' };
  const state = (...properties: readonly (Readonly<Record<string, unknown>> & { readonly code: string })[]) => ({
    fields: fieldsOf(...properties),
    layout: [],
  });
  expect(relatedRecords(state(number), relation)?.property).toMatchObject({
    type: 'REFERENCE_TABLE',
    referenceTable: { relatedApp: { app: '2' }, condition: { field: 'レコード番号', relatedField: '顧客番号' } },
  });
  const there = { type: 'REFERENCE_TABLE', code: '履歴', referenceTable: { relatedApp: { app: '2', code: '' } } };
  expect(relatedRecords(state(number, there), relation)).toEqual({ code: '履歴', property: null });
  expect(relatedRecords(state(), relation)).toBeNull();
});
