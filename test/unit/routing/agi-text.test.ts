import { mayAsk, readAgiHeaders, setVariable } from '../../../src/routing/agi-text.ts';
import { createTokenCheck } from '../../../src/routing/secret-token.ts';

const TOKEN = 'a-token-of-more-than-24-characters';

describe('who may ask', () => {
  const isToken = createTokenCheck(TOKEN);
  const nobodyHasIt = () => false;

  test.each(['127.0.0.1', '127.8.9.10', '::ffff:127.0.0.1', '::1'])('this machine (%s), without a token', (address) => {
    expect(mayAsk(address, new Map(), nobodyHasIt)).toBe(true);
  });

  test.each([undefined, '', '10.0.0.5', '::ffff:10.0.0.5', 'fe80::1', '127.0.0.1.evil.example', '1127.0.0.1'])(
    'another machine (%s) only with the token',
    (address) => {
      expect(mayAsk(address, new Map(), isToken)).toBe(false);
      expect(mayAsk(address, new Map([['arg_2', `${TOKEN}x`]]), isToken)).toBe(false);
      expect(mayAsk(address, new Map([['arg_2', TOKEN]]), isToken)).toBe(true);
      expect(mayAsk(address, new Map([['arg_2', TOKEN]]), nobodyHasIt)).toBe(false);
    },
  );
});

test('a token that could be guessed is refused at start', () => {
  expect(() => createTokenCheck('short')).toThrow(/at least 24/);
});

test('lines that are none of AGI are passed over', () => {
  expect([...readAgiHeaders(['agi_x: 1', 'Agi_y: 2', 'agi_: 3', 'agi_a b: 4', 'agi_z:5', 'agi_x: 6'])]).toEqual([
    ['x', '1'],
    ['z', '5'],
  ]);
});

test.each([
  ['plain', 'SET VARIABLE X "plain"\n'],
  ['a"b', 'SET VARIABLE X "a\\"b"\n'],
  ['a\\', 'SET VARIABLE X "a\\\\"\n'],
  ['a\r\n\0b', 'SET VARIABLE X "a b"\n'],
])('%j stays one value of one command', (value, command) => {
  expect(setVariable('X', value)).toBe(command);
});
