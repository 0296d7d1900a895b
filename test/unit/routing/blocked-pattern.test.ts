import { NoPattern, patternsOf, readPattern } from '../../../src/routing/blocked-pattern.ts';

test.each([
  ['090-1234-5678', '+819012345678'],
  ['０９０（１２３４）５６７８', '+819012345678'],
  ['+81 90 1234 5678', '+819012345678'],
  ['+1 212 555 0100', '+12125550100'],
  ['0120*', '+81120*'],
  ['０１２０＊', '+81120*'],
  ['090-12*', '+819012*'],
  ['+252*', '+252*'],
  ['+1 (900) *', '+1900*'],
  ['  +86*  ', '+86*'],
])('%s means %s', (text, pattern) => {
  expect(readPattern(text, { region: 'JP' })).toBe(pattern);
});

test.each([
  ['1001', /inside extension/],
  ['非通知', /ROUTING_BLOCK_WITHHELD/],
  ['anonymous', /ROUTING_BLOCK_WITHHELD/],
  ['+81*', /every caller of your own country/],
  ['0*', /every caller of your own country/],
  ['+8*', /every caller of your own country/],
  ['*', /country code/],
  ['+*', /country code/],
  ['+0*', /country code/],
  ['120*', /country code/],
  ['+8190%*', /country code/],
  [`+${'9'.repeat(16)}*`, /country code/],
  ["'; drop table blocked_numbers; --", /no telephone number/],
  ['9'.repeat(200), /no telephone number/],
])('%s is refused with a word on what to write', (text, words) => {
  expect(() => readPattern(text, { region: 'JP' })).toThrow(NoPattern);
  expect(() => readPattern(text, { region: 'JP' })).toThrow(words);
});

test('outside Japan the beginning of numbers is written with its country code', () => {
  expect(() => readPattern('0900*', { region: 'GB' })).toThrow(/country code/);
  expect(readPattern('+44900*', { region: 'GB' })).toBe('+44900*');
});

test('a number is blocked by itself and by each of its beginnings, the most exact first', () => {
  expect(patternsOf('+81312')).toEqual(['+81312', '+81312*', '+8131*', '+813*', '+81*', '+8*']);
});
