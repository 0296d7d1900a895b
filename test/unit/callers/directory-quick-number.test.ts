import { quickNumber } from '../../../src/callers/directory-quick-number.ts';
import { readNumbers } from '../../../src/callers/phone-number.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const spellings: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => `${digits.slice(0, 2)}-${digits.slice(2, 6)}-${digits.slice(6)}`,
  (digits) => `${digits.slice(0, 3)}-${digits.slice(3, 7)}-${digits.slice(7)}`,
  (digits) => `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
  (digits) => `${digits.slice(0, 5)} ${digits.slice(5, 6)} ${digits.slice(6)}`,
  (digits) => `+81 ${digits.slice(1, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}`,
  (digits) => `+81${digits.slice(1)}`,
];

const slowly = (text: string) => readNumbers(text, {}).map((read) => (read.kind === 'number' ? read.e164 : read.kind));

test('reads the same as the tables do, behind every beginning of four digits, or leaves the number to them', () => {
  const random = seededRandom(7);
  let quick = 0;
  for (let beginning = 0; beginning < 10_000; beginning += 1) {
    const length = 5 + Math.floor(random() * 3);
    const rest = String(Math.floor(random() * 10 ** length)).padStart(length, '0');
    const text = spellings[beginning % spellings.length]?.(`0${String(beginning).padStart(4, '0')}${rest}`) ?? '';
    const read = quickNumber(text, {});
    if (read === null) continue;
    quick += 1;
    expect([text, slowly(text)]).toEqual([text, [read]]);
  }
  expect(quick).toBeGreaterThan(3_000);
});

test.each([
  ['03-1234-5678', '+81312345678'],
  ['09012345678', '+819012345678'],
  ['(050) 1234-5678', '+815012345678'],
  ['+81 70 1234 5678', '+817012345678'],
  ['0120-123-456', '+81120123456'],
  ['0800 123 4567', '+818001234567'],
])('reads %s', (text, e164) => {
  expect(quickNumber(text, {})).toBe(e164);
});

test.each([
  '',
  '1001',
  '110',
  '０３－１２３４－５６７８',
  '03-1234-5678 / 090-1234-5678',
  '03-1234-5678 内線12',
  '184 090 1234 5678',
  '0101234567890',
  '011-234-5678',
  '0011-1-415-555-2671',
  '0000000000',
  '03-1234-567',
  '+1 415 555 2671',
  '=cmd()',
  '0'.repeat(300),
])('leaves %j to the tables', (text) => {
  expect(quickNumber(text, {})).toBeNull();
});

test('knows no other country’s numbers, and no prefix of an exchange', () => {
  expect(quickNumber('03-1234-5678', { region: 'US' })).toBeNull();
  expect(quickNumber('03-1234-5678', { trunkPrefix: '0' })).toBeNull();
});
