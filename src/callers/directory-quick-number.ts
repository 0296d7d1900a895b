/** The plain spellings of Japanese numbers, read without the tables of every country: nine in ten of a million records. Pure. */
import type { ReadOptions } from './phone-number.ts';

const national = /^\(?0[1-9]\d{0,3}\)?[- ]?\d{1,4}[- ]?\d{3,4}$/;
const international = /^\+81[- ]?[1-9]\d{0,3}[- ]?\d{1,4}[- ]?\d{3,4}$/;
/** Nine digits, or ten behind 20 to 90: such a number is read as itself, whether or not a plan knows it. */
const significant = /^(?:[1-9]\d{8}|[2-9]0\d{8})$/;
/** Behind these two area codes a number that is in no plan may be meant as one abroad. */
const dialsAbroad = /^1[01]/;

/** The E.164 that `readNumbers` would give for a field with this one number; null for what has to be looked at closer. */
export function quickNumber(raw: string, { region = 'JP', trunkPrefix = '', extensionDigits = 6 }: ReadOptions): string | null {
  if (region !== 'JP' || trunkPrefix !== '' || extensionDigits > 9 || raw.length > 20) return null;
  const isNational = national.test(raw);
  if (!isNational && !international.test(raw)) return null;
  const digits = raw.replace(/\D/g, '').slice(isNational ? 1 : 2);
  return significant.test(digits) && !dialsAbroad.test(digits) ? `+81${digits}` : null;
}
