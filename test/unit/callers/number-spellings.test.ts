import { spellings } from '../../../src/callers/number-spellings.ts';
import { readNumber } from '../../../src/callers/phone-number.ts';

test('a Tokyo number is looked for in every form a CRM may hold, likeliest first', () => {
  const forms = spellings('+81312345678');
  expect(forms.slice(0, 3)).toEqual(['03-1234-5678', '0312345678', '+81312345678']);
  expect(forms).toEqual(
    expect.arrayContaining([
      '+81-3-1234-5678',
      '+81 3-1234-5678',
      '+81 3 1234 5678',
      '(03)1234-5678',
      '(03) 1234-5678',
      '03(1234)5678',
      '03 1234 5678',
      '03.1234.5678',
      '０３－１２３４－５６７８',
      '０３１２３４５６７８',
      '03ー1234ー5678',
      '０３ー１２３４ー５６７８',
      '（０３）１２３４－５６７８',
      '81312345678',
      '+81(0)312345678',
      '+81 (0)3-1234-5678',
      '312345678',
      '0081312345678',
      '031-234-5678',
      '0312-34-5678',
      '03-12345678',
    ]),
  );
});

test('a mobile, a free dial and a number with a five-digit area code are split at the right places', () => {
  expect(spellings('+819012345678')[0]).toBe('090-1234-5678');
  expect(spellings('+819012345678')).toContain('0901-234-5678');
  expect(spellings('+81120123456')[0]).toBe('0120-123-456');
  expect(spellings('+818001234567')[0]).toBe('0800-123-4567');
  expect(spellings('+81126723456')[0]).toBe('01267-2-3456');
  expect(spellings('+81463123456')[0]).toBe('0463-12-3456');
});

test('a foreign number is looked for in its international forms', () => {
  expect(spellings('+14155552671')).toEqual(
    expect.arrayContaining([
      '+14155552671',
      '+1 415 555 2671',
      '+1-415-555-2671',
      '+1 (415) 555-2671',
      '14155552671',
      '010-1-415-555-2671',
    ]),
  );
  expect(spellings('+14155552671', { region: 'US' })).toEqual(
    expect.arrayContaining(['(415) 555-2671', '415-555-2671', '4155552671', '+14155552671']),
  );
});

test.each(['', '+', 'anonymous', '+81', '1001', "'; DROP TABLE"])('there is no spelling of %j', (text) => {
  expect(spellings(text)).toEqual([]);
});

describe('every spelling of any number reads back to that number', () => {
  const prefixes = [
    '3',
    '6',
    '45',
    '52',
    '463',
    '467',
    '126',
    '1267',
    '99',
    '9969',
    '120',
    '800',
    '570',
    '50',
    '60',
    '70',
    '80',
    '90',
    '990',
    '20',
  ];
  const lengthOf = (prefix: string) => (/^(?:800|50|60|70|80|90|20)$/.test(prefix) ? 10 : 9);
  test.each(prefixes)('+81 %s…', (prefix) => {
    let seed = Number(prefix);
    for (let round = 0; round < 12; round += 1) {
      let national = prefix;
      while (national.length < lengthOf(prefix)) {
        seed = (seed * 48_271 + 11) % 2_147_483_647;
        national += String(seed % 10);
      }
      const read = readNumber(`+81${national}`);
      if (read.kind !== 'number') continue;
      const forms = spellings(read.e164);
      expect(forms.length).toBeGreaterThanOrEqual(20);
      expect(forms.length).toBeLessThanOrEqual(40);
      expect(new Set(forms).size).toBe(forms.length);
      for (const form of forms) expect([form, readNumber(form)]).toEqual([form, expect.objectContaining({ e164: read.e164 })]);
    }
  });

  test.each([
    ['+14155552671', 'US'],
    ['+442079460958', 'GB'],
    ['+4930123456', 'DE'],
    ['+390612345678', 'IT'],
    ['+821012345678', 'KR'],
  ])('%s at home in %s and called from Japan', (e164, region) => {
    for (const options of [{ region }, {}]) {
      const forms = spellings(e164, options);
      expect(forms.length).toBeGreaterThanOrEqual(8);
      for (const form of forms) expect([form, readNumber(form, options)]).toEqual([form, expect.objectContaining({ e164 })]);
    }
  });
});
