/** One number in every spelling a CRM may hold it in: the look-up of a CRM that compares text letter by letter. Pure. */
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { type ReadOptions, readNumber } from './phone-number.ts';

/** The connector port takes no more. */
const mostSpellings = 40;

/**
 * Likeliest first, at most forty, each once. Every spelling reads back to `e164` by `readNumber` with the same options, so a record
 * found by one of them passes the proof that it holds the number. Empty when `e164` is no number.
 */
export function spellings(e164: string, options: ReadOptions = {}): readonly string[] {
  const number = parsePhoneNumberFromString(e164);
  if (number === undefined) return [];
  const isOwn = number.country === ((options.region ?? 'JP') as CountryCode);
  const international = number.formatInternational().split(' ').slice(1);
  const abroad = { code: number.countryCallingCode as string, parts: international.flatMap((part) => part.split('-')) };
  const all = isOwn ? ownSpellings(number.formatNational(), abroad) : foreignSpellings(number.formatNational(), abroad);
  const proven = [...new Set(all)].filter((text) => readsBack(text, number.number, options));
  return proven.slice(0, mostSpellings);
}

function readsBack(text: string, e164: string, options: ReadOptions): boolean {
  const read = readNumber(text, options);
  return read.kind === 'number' && read.e164 === e164;
}

interface Abroad {
  readonly code: string;
  readonly parts: readonly string[];
}

function ownSpellings(national: string, abroad: Abroad): readonly string[] {
  const parts = national.replace(/[()]/g, '').split(/[\s-]+/);
  const digits = parts.join('');
  const [area = '', ...rest] = parts;
  const local = rest.join('-');
  const withZero = `${area.startsWith('0') ? '(0)' : ''}${area.replace(/^0/, '')}`;
  const { code, parts: bare } = abroad;
  const hyphened = parts.join('-');
  return [
    hyphened,
    digits,
    `+${code}${bare.join('')}`,
    `+${code}-${bare.join('-')}`,
    `+${code} ${bare.join('-')}`,
    `+${code} ${bare.join(' ')}`,
    national,
    parts.join(' '),
    `(${area})${local}`,
    ...(rest.length === 2 ? [`${area}(${rest[0]})${rest[1]}`] : []),
    `(${area}) ${local}`,
    wide(hyphened),
    wide(digits),
    `${code}${bare.join('')}`,
    ...otherSplits(digits, hyphened),
    `${area}-${rest.join('')}`,
    hyphened.replaceAll('-', 'ー'),
    wide(hyphened).replaceAll('－', 'ー'),
    wide(hyphened).replaceAll('－', '‐'),
    wide(hyphened).replaceAll('－', '−'),
    hyphened.replaceAll('-', '－'),
    hyphened.replaceAll('-', '−'),
    hyphened.replaceAll('-', '‐'),
    wide(`(${area})${local}`),
    ...(rest.length === 2 ? [wide(`${area}(${rest[0]})${rest[1]}`)] : []),
    `+${code}(0)${bare.join('')}`,
    `+${code} ${withZero}-${local}`,
    `+${code}-${withZero}-${local}`,
    `+${code}${withZero}-${local}`,
    `+${code} ${withZero} ${rest.join(' ')}`,
    parts.join('.'),
    `+${code}.${bare.join('.')}`,
    wide(`+${code}${bare.join('')}`),
    wide(`+${code}-${bare.join('-')}`),
    bare.join(''),
    `00${code}${bare.join('')}`,
    `010${code}${bare.join('')}`,
    `010-${code}-${bare.join('-')}`,
    parts.join('　'),
    parts.join('/'),
  ];
}

/**
 * Hyphens at places where people put them by mistake: a Japanese area code has two to five digits, and whoever types the number
 * often does not know how many.
 */
function otherSplits(digits: string, usual: string): readonly string[] {
  if (!/^0\d{9,10}$/.test(digits)) return [];
  const shapes = digits.length === 10 ? [2, 3, 4] : [3, 4];
  const cut = (area: number) => `${digits.slice(0, area)}-${digits.slice(area, -4)}-${digits.slice(-4)}`;
  const splits = shapes.map(cut);
  if (digits.length === 10) splits.push(`${digits.slice(0, 4)}-${digits.slice(4, 7)}-${digits.slice(7)}`);
  return splits.filter((split) => split !== usual);
}

function foreignSpellings(national: string, { code, parts }: Abroad): readonly string[] {
  const digits = parts.join('');
  const trunk = national.startsWith('0') ? '(0)' : '';
  return [
    `+${code}${digits}`,
    `+${code} ${parts.join(' ')}`,
    `+${code}-${parts.join('-')}`,
    `+${code} ${parts.join('-')}`,
    `+${code} (${parts[0]}) ${parts.slice(1).join('-')}`,
    `${code}${digits}`,
    `${code}-${parts.join('-')}`,
    `${code} ${parts.join(' ')}`,
    `+${code} ${trunk}${parts.join(' ')}`,
    `+${code}.${parts.join('.')}`,
    `00${code}${digits}`,
    `010${code}${digits}`,
    `010-${code}-${parts.join('-')}`,
    `011${code}${digits}`,
    wide(`+${code}${digits}`),
    wide(`+${code}-${parts.join('-')}`),
  ];
}

function wide(text: string): string {
  return text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
}
