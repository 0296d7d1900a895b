import { readNumber } from '../../../../src/callers/phone-number.ts';
import {
  checkDestination,
  type Destination,
  type DiallingRules,
  japaneseRules,
} from '../../../../src/telephony/commands/destination.ts';

function check(typed: string, rules: Partial<DiallingRules> = {}): Destination {
  return checkDestination(typed, readNumber(typed, { region: 'JP' }), { ...japaneseRules, ...rules });
}

describe('a number is dialled as digits, however it was typed', () => {
  test.each([
    ['03-1234-5678', '0312345678'],
    ['０３−１２３４−５６７８', '0312345678'],
    ['（03）1234-5678', '0312345678'],
    ['+81 3 1234 5678', '0312345678'],
    ['+81 (0)90-1111-0001', '09011110001'],
    ['tel:+81-90-1111-0001', '09011110001'],
    ['090 1111 0001', '09011110001'],
    ['0120-111-222', '0120111222'],
    ['050-1234-5678', '05012345678'],
    ['0570-000-000', '0570000000'],
    ['184-090-1111-0001', '18409011110001'],
    ['18603 1234 5678', '1860312345678'],
  ])('%s', (typed, dial) => {
    expect(check(typed)).toMatchObject({ kind: 'outside', dial });
  });

  test('with what the PBX wants in front of it', () => {
    expect(check('03-1234-5678', { outsidePrefix: '0' })).toMatchObject({ kind: 'outside', dial: '00312345678' });
    expect(check('1003')).toEqual({ kind: 'inside', dial: '1003' });
    expect(check('１００３', { outsidePrefix: '0' })).toEqual({ kind: 'inside', dial: '1003' });
  });

  test('and known by its international form', () => {
    expect(check('03-1234-5678')).toMatchObject({ e164: '+81312345678' });
  });
});

describe('refused unless it is allowed', () => {
  test.each([
    ['110', 'emergency'],
    ['１１９', 'emergency'],
    ['0990-123-456', 'premium'],
    ['+1 212 555 0123', 'international'],
    ['+44 20 7946 0018', 'international'],
  ])('%s', (typed, because) => {
    expect(check(typed)).toEqual({ kind: 'refused', because });
  });

  test('also with the digit that leads outside before it', () => {
    expect(check('0110', { outsidePrefix: '0' })).toEqual({ kind: 'refused', because: 'emergency' });
    expect(check('9119', { outsidePrefix: '9' })).toEqual({ kind: 'refused', because: 'emergency' });
    expect(check('0110')).toEqual({ kind: 'inside', dial: '0110' });
  });

  test('and dialled when it is', () => {
    const allow = new Set(['emergency', 'international'] as const);
    expect(check('110', { allow })).toEqual({ kind: 'inside', dial: '110' });
    expect(check('+1 212 555 0123', { allow, outsidePrefix: '9' })).toMatchObject({ dial: '901012125550123' });
  });
});

describe('refused whatever the rules', () => {
  const allow = new Set(['emergency', 'premium', 'international'] as const);
  test.each([
    '',
    ' ',
    'abc',
    '非通知',
    '104',
    '171',
    '12',
    '*8',
    '#1',
    '**1003',
    '1003&1004',
    'PJSIP/1003',
    'Local/1003@from-internal',
    'Local/09011110001@outbound/n',
    '09011110001&PJSIP/1003',
    '09011110001,30,tT',
    '09011110001|30',
    '09011110001/n',
    '0901111$'.concat('{EXTEN}'),
    '$[1+1]0901111',
    '09011110001\r\nAction: Command',
    '09011110001\nChannel: PJSIP/1003',
    '0901111\u20280001\u2029Action: Hangup',
    'System(rm -rf /)',
    '0'.repeat(500),
    '1'.repeat(30),
  ])('%j', (typed) => {
    expect(check(typed, { allow }).kind).toBe('refused');
  });
});

test('whatever is thrown at it, only digits come out', () => {
  const pieces = [
    '0',
    '9',
    '03',
    '090',
    '110',
    '-',
    ' ',
    '&',
    ',',
    '/',
    '\r',
    '\n',
    '|',
    '${',
    '}',
    '@',
    'Local/',
    ';',
    '0312345678',
    '+81',
    '（',
    '＆',
  ];
  for (let seed = 0; seed < 20_000; seed += 1) {
    let rest = seed * 2_654_435_761;
    let typed = '';
    for (let length = seed % 7; length >= 0; length -= 1) {
      typed += pieces[rest % pieces.length];
      rest = Math.floor(rest / pieces.length) + length * 31;
    }
    const destination = check(typed, { allow: new Set(['emergency', 'premium', 'international']) });
    if (destination.kind !== 'refused') expect(destination.dial).toMatch(/^\d{3,24}$/);
  }
});
