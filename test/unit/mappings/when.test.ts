import { isWhen, parseWhen, WhenSyntaxError } from '../../../src/mappings/when.ts';

const values = {
  direction: 'inbound',
  talkSeconds: 33.5,
  match: true,
  missed: false,
  queues: ['sales', 'support'],
  notes: "it's",
};

test.each([
  ['match', true],
  ['missed', false],
  ['not missed', true],
  ['not outcome', true],
  ['outcome', false],
  ["direction == 'inbound'", true],
  ["direction != 'inbound'", false],
  ["direction == 'outbound' or match", true],
  ["match and direction == 'outbound'", false],
  ["missed and match or direction == 'inbound'", true],
  ['talkSeconds > 33', true],
  ['talkSeconds >= 33.5 and talkSeconds <= 33.5', true],
  ['talkSeconds < 0', false],
  ['match == true', true],
  ["queues == 'support'", true],
  ["queues != 'support'", false],
  ["queue == 'sales'", false],
  ["queue != 'sales'", true],
  ['waitSeconds > 0', false],
  ['notes == "it\'s"', true],
  ["  direction=='inbound'  ", true],
])('%s is %s', (condition, expected) => {
  expect(isWhen(parseWhen(condition), values)).toBe(expected);
});

test.each([
  '',
  'and',
  'match or',
  'not',
  'match match',
  "direction = 'x'",
  'direction ==',
  'a == b',
  "not a == 'b'",
  '(a)',
  "a == 'b",
  'a; b',
  '1 == 1',
])('%p is refused', (condition) => {
  expect(() => parseWhen(condition)).toThrow(WhenSyntaxError);
});

test('a condition of endless length is refused', () => {
  expect(() => parseWhen(Array(200).fill('match').join(' and '))).toThrow(/too long/u);
});
