import { evaluate } from '../../../infra/sandbox/asterisk/live/expression.ts';

test.each([
  ['"" != ""', '0'],
  ['"PJSIP/1003-00000001" != ""', '1'],
  ['"a" != "" & "agent" = "agent"', '1'],
  ['"a" != "" & "h" = "agent"', '0'],
  ['"" != "" | "a" = "a"', '1'],
  ['10 > 9', '1'],
  ['"10" < "9"', '1'],
  ['"a" = a', '0'],
  ['007 = 7', '1'],
  ['b > a', '1'],
  ['!0', '1'],
  ['(0 | 1) & 1', '1'],
  ['word', 'word'],
  ['', ''],
])('%s is %j', (expression, value) => {
  expect(evaluate(expression)).toBe(value);
});

test.each(['"a" =', '= "a"', '("a" = "a"', '"a" "b"', '"it"s" != ""', '&', '1 & )'])('%s cannot be read', (expression) => {
  expect(evaluate(expression)).toBe('');
});
