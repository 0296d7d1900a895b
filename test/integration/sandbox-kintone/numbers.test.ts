/** What was observed of the real service's numbers and formulas at several precisions. */
import type { AppDefinition, FieldProperty } from '../../../infra/sandbox/kintone/app-definition.ts';
import { type NumberPrecision, USUAL_PRECISION } from '../../../infra/sandbox/kintone/exact-decimal.ts';
import {
  byCode,
  checkBox,
  date,
  dateTime,
  number,
  systemFields,
  table,
  text,
} from '../../../infra/sandbox/kintone/field-builders.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { askKintone } from './ask-kintone.ts';

let sandbox: SandboxKintone | null = null;
afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
});

const ITEMS = table('items', [number('qty'), text('name')]);

/** Writes one record into an app of these fields and reads it again; what it is refused with instead. */
async function written(fields: readonly FieldProperty[], values: object, precision?: NumberPrecision) {
  const app: AppDefinition = {
    ...{ id: '1', code: '', name: '数', fields: byCode([...systemFields(), ...fields]) },
    ...(precision === undefined ? {} : { precision }),
  };
  sandbox = await startSandboxKintone({ port: 0, apps: [app] });
  const record = Object.fromEntries(Object.entries(values).map(([code, value]) => [code, { value }]));
  const reply = await askKintone(sandbox, 'POST', 'record.json', { body: { app: 1, record } });
  if (reply.status !== 200) {
    const { errors } = reply.body as { errors: Record<string, { messages: string[] }> };
    return { refused: Object.fromEntries(Object.entries(errors).map(([path, { messages }]) => [path, messages.join()])) };
  }
  const { body } = await askKintone(sandbox, 'GET', 'record.json?app=1&id=1');
  return (body as { record: Record<string, { value: unknown }> }).record;
}

async function kept(value: unknown, precision?: NumberPrecision): Promise<unknown> {
  const record = await written([number('n')], { n: value }, precision);
  return 'refused' in record ? record.refused : record.n?.value;
}

async function keptInTable(value: unknown, precision?: NumberPrecision): Promise<unknown> {
  const record = await written([ITEMS], { items: [{ value: { qty: { value } } }] }, precision);
  if ('refused' in record) return record.refused;
  const rows = record.items?.value as readonly { value: { qty: { value: unknown } } }[];
  return rows[0]?.value.qty.value;
}

const SMALL = { digits: 5, decimalPlaces: 2 };
const LARGE: NumberPrecision = { digits: 30, decimalPlaces: 10, roundingMode: 'HALF_EVEN' };

describe('a number', () => {
  test.each<[string, string, NumberPrecision]>([
    ['0.00015', '0.0002', USUAL_PRECISION],
    ['0.00025', '0.0002', USUAL_PRECISION],
    ['0.00035', '0.0004', USUAL_PRECISION],
    ['-0.00015', '-0.0002', USUAL_PRECISION],
    ['-0.00005', '0', USUAL_PRECISION],
    ['1e-7', '0', USUAL_PRECISION],
    ['1e-99999', '0', USUAL_PRECISION],
    ['1.5e-3', '0.0015', USUAL_PRECISION],
    ['1e11', '100000000000', USUAL_PRECISION],
    ['00012.50', '12.5', USUAL_PRECISION],
    [' 42 ', '42', USUAL_PRECISION],
    ['5.', '5', USUAL_PRECISION],
    ['999999999999.9999', '999999999999.9999', USUAL_PRECISION],
    ['0.025', '0.02', { ...SMALL, roundingMode: 'HALF_EVEN' }],
    ['0.00001', '0.01', { ...SMALL, roundingMode: 'UP' }],
    ['-0.00005', '-0.01', { ...SMALL, roundingMode: 'UP' }],
    ['1.99999', '1.99', { ...SMALL, roundingMode: 'DOWN' }],
    ['999.99', '999.99', { ...SMALL, roundingMode: 'DOWN' }],
    ['12345678901234567', '12345678901234567', LARGE],
    ['999999999999.99995', '999999999999.99995', LARGE],
    ['1e-7', '0.0000001', LARGE],
  ])('%s is kept as %s', async (sent, value, precision) => {
    expect(await kept(sent, precision)).toBe(value);
    await sandbox?.close();
    expect(await keptInTable(sent, precision)).toBe(value);
  });

  test.each<[string, NumberPrecision]>([
    ['1234567890123', USUAL_PRECISION],
    ['1e12', USUAL_PRECISION],
    ['999999999999.99995', USUAL_PRECISION],
    ['123456789012345678901234567890', USUAL_PRECISION],
    ['1e400', USUAL_PRECISION],
    ['1e99999', USUAL_PRECISION],
    ['1000', { ...SMALL, roundingMode: 'UP' }],
    ['1e21', LARGE],
  ])('%s has too many digits', async (sent, precision) => {
    const wording = '有効桁数を超えています。';
    expect(await kept(sent, precision)).toEqual({ 'record.n.value': wording });
    await sandbox?.close();
    expect(await keptInTable(sent, precision)).toEqual({ 'record.items.value[0].value.qty.value': wording });
  });

  test.each([
    ['.5', '0.5'],
    ['５', '5'],
    ['0x10', ''],
    ['1,000', ''],
    ['--1', ''],
  ])('%s is none, and %p in a table', async (sent, inTable) => {
    expect(await kept(sent)).toEqual({ 'record[n].value': '数字でなければなりません。' });
    await sandbox?.close();
    expect(await keptInTable(sent)).toBe(inTable);
  });

  test('is compared with its limits as it was sent, not as it is kept', async () => {
    const limited = { ...number('n'), maxValue: '10' };
    expect(await written([limited], { n: '10.00004' })).toEqual({
      refused: { 'record.n.value': '10以下である必要があります。' },
    });
  });
});

async function calculated(
  expression: string,
  values: object,
  property: Partial<FieldProperty> = {},
  precision?: NumberPrecision,
) {
  const field = { type: 'CALC', code: 'c', label: 'c', expression, format: 'NUMBER', ...property } as FieldProperty;
  const others = [number('n'), number('m'), date('d'), dateTime('t'), checkBox('b', ['x', 'y']), ITEMS];
  const record = await written([...others, field], values, precision);
  return 'refused' in record ? record : record.c?.value;
}
const TEXT = { type: 'SINGLE_LINE_TEXT' } as const;
const rows = (...numbers: readonly string[]) => ({ items: numbers.map((qty) => ({ value: { qty: { value: qty } } })) });

describe('a formula', () => {
  test.each<[string, object, string]>([
    ['n', {}, ''],
    ['-n', {}, '0'],
    ['n + 1', {}, '1'],
    ['SUM(n)', {}, '0'],
    ['n = 0', {}, '1'],
    ['IF(n > 0, 1, 2)', {}, '2'],
    ['IF(1 > 0, n, 2)', {}, ''],
    ['d', {}, ''],
    ['d + 86400', {}, '86400'],
    ['SUM(qty)', {}, ''],
    ['SUM(qty) + 1', {}, ''],
    ['SUM(qty)', rows(''), '0'],
    ['SUM(qty)', rows('1', '', '2.5'), '3.5'],
    ['1 / 3', {}, '0.3333'],
    ['1 / 3 * 3', {}, '0.9999'],
    ['0.00015 * 10000', {}, '2'],
    ['0.00025 * 1', {}, '0.0002'],
    ['999999999999 + 1', {}, ''],
    ['n * 10 / 10', { n: '999999999999' }, ''],
    ['n + m', { n: '999999999999', m: '0.00025' }, '999999999999.0002'],
    ['n * 0.1', { n: '7' }, '0.7'],
    ['1 / n', {}, ''],
    ['4 ^ 1.5', {}, '4'],
    ['4 ^ -2', {}, '0.0625'],
    ['2 ^ 101', {}, ''],
    ['ROUND(-2.5, 0)', {}, '-3'],
    ['ROUND(1.25, 1)', {}, '1.3'],
    ['ROUNDUP(-1.21, 1)', {}, '-1.3'],
    ['ROUNDDOWN(-1.29, 1)', {}, '-1.2'],
    ['ROUND(1250, -2)', {}, '1300'],
    ['1 > 0', {}, '1'],
    ['AND(1 > 0, NOT(n = 0))', { n: '1' }, '1'],
    ['OR(n > 5, n < 0)', { n: '1' }, '0'],
    ['IF(1, 1, 2)', {}, ''],
    ['AND(1, 1)', {}, ''],
    ['(1 > 0) + 1', {}, ''],
    ['"7" + 1', {}, ''],
    ['n & "x"', { n: '1' }, ''],
    ['IF(CONTAINS(b, "x"), 1, 2)', { b: ['x'] }, '1'],
    ['IF(CONTAINS(b, "x"), 1, 2)', { b: ['y'] }, '2'],
    ['IF(CONTAINS(name, "a"), 1, 2)', { items: [{ value: { name: { value: 'a' } } }] }, '1'],
  ])('%s of %j comes to %p', async (expression, values, result) => {
    expect(await calculated(expression, values)).toBe(result);
  });

  test.each<[string, object, string]>([
    ['n', { n: '5' }, '5'],
    ['n & "x"', {}, 'x'],
    ['(1 > 0) & "x"', {}, 'truex'],
    ['1 / 3 & ""', {}, '0.3333'],
    ['IF(1, "a", "b")', {}, ''],
    ['IF(n = 1, "a", "b")', { n: '1' }, 'a'],
    ['YEN(n, 0)', { n: '-1234567.5' }, '-¥1,234,568'],
    ['YEN(n, 2)', { n: '12.5' }, '¥12.50'],
    ['DATE_FORMAT(t, "YYYY/MM/dd HH:mm", "Asia/Tokyo")', { t: '2026-11-25T15:04:00Z' }, '2026/11/26 00:04'],
    ['DATE_FORMAT(t, "YYYY-MM-dd", "UTC")', { t: '2026-11-25T15:04:00Z' }, '2026-11-25'],
    ['DATE_FORMAT(t, "h:mm a", "system")', { t: '2026-11-25T15:04:00Z' }, '12:04 AM'],
    ['DATE_FORMAT(t, "YYYY", "Nowhere/Land")', { t: '2026-11-25T15:04:00Z' }, ''],
  ])('of a text, %s of %j comes to %p', async (expression, values, result) => {
    expect(await calculated(expression, values, TEXT)).toBe(result);
  });

  test.each<[string, string, object, string]>([
    ['NUMBER_DIGIT', 'n * 3', { n: '90061' }, '270183'],
    ['DATETIME', 'n * 3600', { n: '90061' }, '1980-04-10T13:00:00Z'],
    ['DATE', 'n * 3600', { n: '90061' }, '1980-04-10'],
    ['TIME', 'n', { n: '90061' }, '01:01'],
    ['TIME', 'n', { n: '-60' }, '23:59'],
    ['HOUR_MINUTE', 'n', { n: '90061' }, '25:01'],
    ['DAY_HOUR_MINUTE', 'n', { n: '90061' }, '25:01'],
    ['DATE', 'd + 86400', { d: '2026-04-25' }, '2026-04-26'],
    ['DATETIME', 't + 3600', { t: '2026-04-25T10:00:00Z' }, '2026-04-25T11:00:00Z'],
    ['NUMBER', 't - d', { t: '2026-04-25T10:00:00Z', d: '2026-04-25' }, '36000'],
    ['DATE', 'd', {}, ''],
    ['DATE', '999999999999', {}, ''],
  ])('in the format %s, %s of %j reads %p', async (format, expression, values, result) => {
    expect(await calculated(expression, values, { format })).toBe(result);
  });

  test.each<[string, NumberPrecision, string]>([
    ['1 / 3', LARGE, '0.3333333333'],
    ['999999999999 + 1', LARGE, '1000000000000'],
    ['2 ^ -20', LARGE, '0.0000009537'],
    ['1 / 3 * 3', { ...SMALL, roundingMode: 'UP' }, '1.02'],
    ['-0.00001', { ...SMALL, roundingMode: 'UP' }, '-0.01'],
    ['0.01 * 10000', { ...SMALL, roundingMode: 'UP' }, ''],
    ['2 ^ -20', { ...SMALL, roundingMode: 'UP' }, '0.01'],
  ])('is kept to the digits of its app: %s at %j is %p', async (expression, precision, result) => {
    expect(await calculated(expression, {}, {}, precision)).toBe(result);
  });
});
