/** Which numbers an entry of the block list means: one number, or all that begin alike. Pure. */
import { type CountryCode, getCountryCallingCode } from 'libphonenumber-js/max';
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';

/** E.164 (`+81312345678`), or the beginning of one and a `*` (`+81120*`). */
export type BlockedPattern = string & { readonly __brand: 'BlockedPattern' };

/** The text names no number that could be blocked; the message says what to write instead. */
export class NoPattern extends Error {
  override readonly name = 'NoPattern';
}

const mostDigits = 15;

/**
 * What a person means: a number in any spelling, or its beginning and a `*`, international or, in Japan, as written at home (`0120*`).
 * @throws NoPattern
 */
export function readPattern(text: string, numbers: ReadOptions): BlockedPattern {
  const written = text.normalize('NFKC').trim();
  if (written.endsWith('*')) return beginningOf(written.slice(0, -1), numbers.region ?? 'JP');
  const read = readNumber(written, numbers);
  if (read.kind === 'number') return read.e164 as BlockedPattern;
  if (read.kind === 'withheld') {
    throw new NoPattern('Withheld callers have no number: block them all with the setting ROUTING_BLOCK_WITHHELD.');
  }
  if (read.kind === 'extension') throw new NoPattern('This is an inside extension; only outside numbers can be blocked.');
  throw new NoPattern(
    'This is no telephone number; write it with its area code (03-1234-5678), or its beginning and a * (0120*).',
  );
}

function beginningOf(text: string, region: string): BlockedPattern {
  const bare = text.replace(/[\s().\-‐-―−ー]/gu, '');
  const own = getCountryCallingCode(region as CountryCode);
  const digits = bare.startsWith('+') ? bare.slice(1) : region === 'JP' && bare.startsWith('0') ? own + bare.slice(1) : '';
  if (!/^[1-9]\d*$/.test(digits) || digits.length > mostDigits) {
    throw new NoPattern('The beginning of numbers is written with its country code and a * at the end, for example +81120*.');
  }
  if (own.startsWith(digits)) throw new NoPattern('This would block every caller of your own country; write more digits.');
  return `+${digits}*` as BlockedPattern;
}

/** Every pattern that would block this number, the most exact first. */
export function patternsOf(e164: string): readonly BlockedPattern[] {
  const beginnings = Array.from(
    { length: Math.min(e164.length, mostDigits + 1) - 1 },
    (_, index) => `${e164.slice(0, index + 2)}*`,
  );
  return [e164, ...beginnings.toReversed()] as BlockedPattern[];
}
