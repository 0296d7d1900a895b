import { nearest } from '../../../src/mappings/nearest.ts';
import { parseMapping } from '../../../src/mappings/parse-mapping.ts';

test('a file beyond 256 KB is refused without being read', () => {
  const { mapping, problems } = parseMapping(`connector: salesforce\n# ${'x'.repeat(256 * 1024)}`);
  expect(mapping).toBeNull();
  expect(problems.map(({ code }) => code)).toEqual(['tooLarge']);
});

test('whatever is in a file, reading it gives problems and never an exception', () => {
  for (const text of [
    'null',
    '[]',
    '42',
    '"x"',
    'connector: [a]',
    '? {a: b}\n: c',
    '--- a\n--- b',
    '\u0000',
    '{',
    '__proto__: {connector: x}',
    'callers: {}\nconnector: 1',
  ]) {
    const { mapping, problems } = parseMapping(text);
    expect(mapping).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
  }
});

test('text that only looks like a date, a number or a yes stays what YAML 1.2 says', () => {
  const { mapping } = parseMapping(
    'connector: salesforce\ncallLog: { object: Task, mayRepeat: true, fields: { A: { value: 2026-01-05 }, B: { value: yes } } }',
  );
  expect(mapping?.callLog?.fields).toMatchObject({ A: { value: '2026-01-05' }, B: { value: 'yes' } });
});

test.each([
  ['Mobile_phone', 'MobilePhone'],
  ['CallDurationInSecond', 'CallDurationInSeconds'],
  ['電話番合', '電話番号'],
  ['ＦＡＸ', 'FAX'],
  ['number', 'customer.number'],
  ['LastOrder', 'LastOrder__c'],
])('for %s the nearest name is %s', (written, meant) => {
  expect(
    nearest(written, ['Phone', 'MobilePhone', 'CallDurationInSeconds', '電話番号', 'FAX', 'customer.number', 'LastOrder__c']),
  ).toBe(meant);
});

test('nothing is suggested for a word that resembles none', () => {
  expect(nearest('Quux', ['Phone', '電話番号'])).toBeNull();
});
