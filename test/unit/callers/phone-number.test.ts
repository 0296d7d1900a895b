import { maskNumber, readNumber, readNumbers } from '../../../src/callers/phone-number.ts';

const tokyo = '+81312345678';
const mobile = '+819012345678';

describe('reads a Japanese number however it is written', () => {
  test.each<[string, string]>([
    ['0312345678', tokyo],
    ['03-1234-5678', tokyo],
    ['  03-1234-5678  ', tokyo],
    ['03 1234 5678', tokyo],
    ['03.1234.5678', tokyo],
    ['03/1234/5678', tokyo],
    ['(03)1234-5678', tokyo],
    ['(03) 1234 5678', tokyo],
    ['03(1234)5678', tokyo],
    ['[03]1234-5678', tokyo],
    ['【03】1234-5678', tokyo],
    ['０３－１２３４－５６７８', tokyo],
    ['０３（１２３４）５６７８', tokyo],
    ['０３１２３４５６７８', tokyo],
    ['０３　１２３４　５６７８', tokyo],
    ['０３．１２３４．５６７８', tokyo],
    ['03ー1234ー5678', tokyo],
    ['03ｰ1234ｰ5678', tokyo],
    ['03−1234−5678', tokyo],
    ['03–1234–5678', tokyo],
    ['03—1234—5678', tokyo],
    ['03‐1234‐5678', tokyo],
    ['03‑1234‑5678', tokyo],
    ['03―1234―5678', tokyo],
    ['03─1234─5678', tokyo],
    ['03～1234～5678', tokyo],
    ['03〜1234〜5678', tokyo],
    ['03・1234・5678', tokyo],
    ['03の1234の5678', tokyo],
    ['031-234-5678', tokyo],
    ['0312-34-5678', tokyo],
    ['03-12345678', tokyo],
    ['+81312345678', tokyo],
    ['+81-3-1234-5678', tokyo],
    ['+81 3 1234 5678', tokyo],
    ['+81(0)312345678', tokyo],
    ['+81 (0)3-1234-5678', tokyo],
    ['＋８１（０）３－１２３４－５６７８', tokyo],
    ['(+81)3-1234-5678', tokyo],
    ['+810312345678', tokyo],
    ['81312345678', tokyo],
    ['81-3-1234-5678', tokyo],
    ['810312345678', tokyo],
    ['0081312345678', tokyo],
    ['0081-3-1234-5678', tokyo],
    ['010 81 3 1234 5678', tokyo],
    ['01181312345678', tokyo],
    ['001-010-81-3-1234-5678', tokyo],
    ['+0312345678', tokyo],
    ['312345678', tokyo],
    ['9012345678', mobile],
    ['18403-1234-5678', tokyo],
    ['184 03 1234 5678', tokyo],
    ['1860312345678', tokyo],
    ['186-090-1234-5678', mobile],
    ['0077-03-1234-5678', tokyo],
    ['003303-1234-5678', tokyo],
    ['122-03-1234-5678', tokyo],
    ["'0312345678", tokyo],
    ['TEL:03-1234-5678', tokyo],
    ['TEL 03-1234-5678', tokyo],
    ['℡03-1234-5678', tokyo],
    ['☎03-1234-5678', tokyo],
    ['📞 03-1234-5678', tokyo],
    ['電話：03-1234-5678', tokyo],
    ['Tel. 03-1234-5678', tokyo],
    ['携帯 090-1234-5678', mobile],
    ['携帯：090-1234-5678', mobile],
    ['(携帯)090-1234-5678', mobile],
    ['090-1234-5678（携帯）', mobile],
    ['090-1234-5678 (mobile)', mobile],
    ['090-1234-5678 田中様', mobile],
    ['03-1234-5678(代)', tokyo],
    ['03-1234-5678㈹', tokyo],
    ['03-1234-5678（代表）', tokyo],
    ['\u202d03-1234-5678\u202c', tokyo],
    ['\ufeff03\u200b1234\u200b5678', tokyo],
    ['03\u00a01234\u00a05678', tokyo],
    ['03\u20091234\u20095678', tokyo],
    ['tel:+81-3-1234-5678', tokyo],
    ['tel:0312345678', tokyo],
    ['tel:03-1234-5678;phone-context=+81', tokyo],
    ['sip:+81312345678@example.com', tokyo],
    ['sip:+81312345678@example.com;user=phone', tokyo],
    ['sips:0312345678@10.0.0.1:5061', tokyo],
    ['sip:%2B81312345678@example.com', tokyo],
    ['"山田 太郎" <0312345678>', tokyo],
    ['山田 <sip:0312345678@pbx.example>', tokyo],
    ['<0312345678>', tokyo],
    ['0312345678@203.0.113.5', tokyo],
    ['03-1234-5678（平日9-17時）', tokyo],
    ['山田太郎 携帯 090-1234-5678', mobile],
  ])('%j', (raw, e164) => {
    expect(readNumber(raw)).toMatchObject({ kind: 'number', e164 });
  });
});

describe('tells the kind of line and writes the number as people do', () => {
  test.each<[string, string, string, string]>([
    ['0120123456', '+81120123456', '0120-123-456', 'tollFree'],
    ['08001234567', '+818001234567', '0800-123-4567', 'tollFree'],
    ['0570000123', '+81570000123', '0570-000-123', 'shared'],
    ['0990123456', '+81990123456', '0990-123-456', 'premium'],
    ['05012345678', '+815012345678', '050-1234-5678', 'ip'],
    ['06012345678', '+816012345678', '060-1234-5678', 'mobile'],
    ['07012345678', '+817012345678', '070-1234-5678', 'mobile'],
    ['08012345678', '+818012345678', '080-1234-5678', 'mobile'],
    ['09012345678', mobile, '090-1234-5678', 'mobile'],
    ['0667890123', '+81667890123', '06-6789-0123', 'fixed'],
    ['0463123456', '+81463123456', '0463-12-3456', 'fixed'],
    ['0126723456', '+81126723456', '01267-2-3456', 'fixed'],
    ['0311112222', '+81311112222', '03-1111-2222', 'fixed'],
    ['+14155552671', '+14155552671', '+1 415 555 2671', 'fixed'],
    ['+442079460958', '+442079460958', '+44 20 7946 0958', 'fixed'],
  ])('%s', (raw, e164, national, lineType) => {
    const read = readNumber(raw);
    expect(read).toMatchObject({ kind: 'number', e164, national, lineType, extension: null });
    expect(read.kind === 'number' && read.tollFree).toBe(lineType === 'tollFree');
  });
});

test.each<[string, string]>([
  ['+1 (415) 555-2671', '+14155552671'],
  ['14155552671', '+14155552671'],
  ['010-1-415-555-2671', '+14155552671'],
  ['0014155552671', '+14155552671'],
  ['+44 (0)20 7946 0958', '+442079460958'],
  ['+82-10-1234-5678', '+821012345678'],
  ['+390612345678', '+390612345678'],
])('reads the foreign number %s', (raw, e164) => {
  expect(readNumber(raw)).toMatchObject({ kind: 'number', e164 });
});

test.each<[string, string]>([
  ['03-0000-0000', '+81300000000'],
  ['090-0000-0000', '+819000000000'],
  ['+81900000000', '+81900000000'],
  ['+85212345678', '+85212345678'],
])('reads %s, which no numbering plan knows, so that a caller is found under it', (raw, e164) => {
  expect(readNumber(raw)).toMatchObject({ kind: 'number', e164 });
});

describe('keeps the extension behind a number apart', () => {
  test.each<[string, string]>([
    ['03-1234-5678 内線12', '12'],
    ['03-1234-5678内線 1234', '1234'],
    ['03-1234-5678（内線12）', '12'],
    ['03-1234-5678（内線：12）', '12'],
    ['03-1234-5678 内線番号 12', '12'],
    ['03-1234-5678(内)12', '12'],
    ['03-1234-5678（代）内線12', '12'],
    ['03-1234-5678 ext. 12', '12'],
    ['03-1234-5678 ext12', '12'],
    ['03-1234-5678 Extension 12', '12'],
    ['03-1234-5678x12', '12'],
    ['03-1234-5678 X 12', '12'],
    ['03-1234-5678#12', '12'],
    ['０３－１２３４－５６７８＃１２', '12'],
    ['03-1234-5678,12', '12'],
    ['0312345678,,12', '12'],
    ['0312345678;ext=12', '12'],
    ['tel:+81-3-1234-5678;ext=12', '12'],
  ])('%j', (raw, extension) => {
    expect(readNumber(raw)).toMatchObject({ kind: 'number', e164: tokyo, extension });
  });
});

test.each(['110', '119', '117', '1001', '22', '123456', '１００１', '*97', '#7119', '内線1001', 'sip:1001@10.0.0.1', '100-1'])(
  'takes %s for an extension or short code, no customer',
  (raw) => {
    expect(readNumber(raw).kind).toBe('extension');
  },
);

test('takes longer extensions for numbers of the house when the setting says so', () => {
  expect(readNumber('8123456', { extensionDigits: 7 })).toEqual({ kind: 'extension', digits: '8123456' });
  expect(readNumber('8123456')).toEqual({ kind: 'unreadable', why: 'tooFewDigits' });
});

describe('knows that a number is withheld', () => {
  test.each<[string | null, string]>([
    ['anonymous', 'caller'],
    ['Anonymous', 'caller'],
    ['ANONYMOUS', 'caller'],
    ['anonymous@anonymous.invalid', 'caller'],
    ['sip:anonymous@anonymous.invalid', 'caller'],
    ['"Anonymous" <sip:anonymous@anonymous.invalid>', 'caller'],
    ['sip:09012345678@anonymous.invalid', 'caller'],
    ['restricted', 'caller'],
    ['private', 'caller'],
    ['Private Number', 'caller'],
    ['withheld', 'caller'],
    ['No Caller ID', 'caller'],
    ['非通知', 'caller'],
    ['非通知設定', 'caller'],
    ['ﾋﾂｳﾁ', 'caller'],
    ['P', 'caller'],
    ['Ｐ', 'caller'],
    ['266696687', 'caller'],
    ['公衆電話', 'payphone'],
    ['C', 'payphone'],
    ['payphone', 'payphone'],
    ['unavailable', 'unavailable'],
    ['表示圏外', 'unavailable'],
    ['通知不可', 'unavailable'],
    ['O', 'unavailable'],
    ['S', 'unavailable'],
    ['unknown', 'none'],
    ['<unknown>', 'none'],
    ['asterisk', 'none'],
    ['"" <>', 'none'],
    ['0', 'none'],
    ['0000000000', 'none'],
    ['', 'none'],
    ['   ', 'none'],
    [null, 'none'],
  ])('%j', (raw, reason) => {
    expect(readNumber(raw)).toEqual({ kind: 'withheld', reason });
  });
});

describe('leaves junk alone, safely', () => {
  test.each<[string, string]>([
    ['9'.repeat(200), 'tooManyDigits'],
    ['x'.repeat(200), 'noDigits'],
    ['0'.repeat(300), 'tooLong'],
    ['-', 'noDigits'],
    ['なし', 'noDigits'],
    ['sip:alice@example.com', 'noDigits'],
    ["'; DROP TABLE calls; --", 'noDigits'],
    ["0312345678'; DROP TABLE calls; --", 'strangeCharacters'],
    ["' OR 1=1 --", 'strangeCharacters'],
    ['03"1234"5678', 'strangeCharacters'],
    ['<script>alert(1)</script>', 'strangeCharacters'],
    ['03-1234-5678\r\nAction: Originate', 'several'],
    ['taro@example.com 123', 'strangeCharacters'],
    ['5551234', 'tooFewDigits'],
    ['12345678', 'tooFewDigits'],
    ['0312345', 'tooFewDigits'],
    ['03-1234', 'tooFewDigits'],
    ['99999999999999999', 'tooManyDigits'],
    ['03-1234-5678 090-1234-5678', 'tooManyDigits'],
    ['\u0000\u0001', 'noDigits'],
    ['$\u007bjndi:ldap://x}', 'noDigits'],
  ])('%j', (raw, why) => {
    expect(readNumber(raw)).toEqual({ kind: 'unreadable', why });
  });

  test('also where a careless pattern would run for minutes', () => {
    for (const junk of [
      '((((((((((',
      '- '.repeat(120),
      '1 '.repeat(120),
      'あ '.repeat(120),
      '(あ.'.repeat(80),
      '<'.repeat(250),
      'x '.repeat(120),
    ]) {
      expect(['unreadable', 'withheld']).toContain(readNumber(junk).kind);
      expect(readNumbers(junk)).toHaveLength(1);
    }
  });
});

describe('strips the prefix with which the PBX dials out', () => {
  test.each<[string, string, string]>([
    ['00312345678', '0', tokyo],
    ['90312345678', '9', tokyo],
    ['0184 03 1234 5678', '0', tokyo],
    ['0312345678', '0', tokyo],
    ['901081312345678', '9', '+81312345678'],
  ])('%s with prefix %s', (raw, trunkPrefix, e164) => {
    expect(readNumber(raw, { trunkPrefix })).toMatchObject({ kind: 'number', e164 });
  });
});

test('reads national numbers of another region when it is set', () => {
  expect(readNumber('(415) 555-2671', { region: 'US' })).toMatchObject({ e164: '+14155552671', national: '(415) 555-2671' });
  expect(readNumber('020 7946 0958', { region: 'GB' })).toMatchObject({ e164: '+442079460958', national: '020 7946 0958' });
});

describe('finds every number of a field that holds several', () => {
  const both = [tokyo, mobile];
  test.each<[string, readonly string[]]>([
    ['03-1234-5678 / 090-1234-5678', both],
    ['03-1234-5678/090-1234-5678', both],
    ['03-1234-5678、090-1234-5678', both],
    ['03-1234-5678,090-1234-5678', both],
    ['03-1234-5678;090-1234-5678', both],
    ['03-1234-5678\n090-1234-5678', both],
    ['03-1234-5678\r\n090-1234-5678\r\n', both],
    ['03-1234-5678 090-1234-5678', both],
    ['03-1234-5678　０９０－１２３４－５６７８', both],
    ['自宅：03-1234-5678 携帯：090-1234-5678', both],
    ['TEL 03-1234-5678 / 携帯 090-1234-5678', both],
    ['①03-1234-5678 ②090-1234-5678', both],
    ['03-1234-5678 または 090-1234-5678', both],
    ['03-1234-5678 or 090-1234-5678', both],
    ['03-1234-5678 内線12 / 090-1234-5678', both],
    ['03-1234-5678 (佐藤) / 090-1234-5678 (自宅)', both],
    ['03-1234-5678 / 1001', [tokyo]],
    ['03-1234-5678・090-1234-5678', both],
    ['03-1234-5678(FAX兼用)、090-1234-5678', both],
    ['自宅 03-1234-5678\n会社 06-1234-5678 内線 22', [tokyo, '+81612345678']],
    ['03-1234-5678 / 03-1234-5678', [tokyo]],
    ['03-1234-5678~9', [tokyo, '+81312345679']],
    ['03-1234-5678～80', [tokyo, '+81312345680']],
    ['03-1234-5678/9', [tokyo, '+81312345679']],
    ['03-1234-5678 12', [tokyo]],
    ['03/1234/5678', [tokyo]],
    ['03 1234 5678', [tokyo]],
    ['03-1234-5678', [tokyo]],
  ])('%j', (raw, numbers) => {
    expect(readNumbers(raw).map((one) => (one.kind === 'number' ? one.e164 : one.kind))).toEqual(numbers);
  });

  test('and gives the one reason when there is none', () => {
    expect(readNumbers('call me / maybe')).toEqual([{ kind: 'unreadable', why: 'noDigits' }]);
    expect(readNumbers(null)).toEqual([{ kind: 'withheld', reason: 'none' }]);
  });
});

test.each<[string | null, string]>([
  ['03-1234-5678', '***5678'],
  ['０３－１２３４－５６７８', '***5678'],
  ['1001', '1001'],
  ['山田', '(no digits)'],
  [null, '(no digits)'],
])('shows no more than four digits of %j in a log', (raw, masked) => {
  expect(maskNumber(raw)).toBe(masked);
});
