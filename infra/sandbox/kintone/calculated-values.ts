/** What formulas calculate with, and how a result reads on the wire. Pure. */
import type { FieldProperty } from './app-definition.ts';
import { type Decimal, decimalText } from './exact-decimal.ts';

export type CalculatedValue =
  | { readonly kind: 'number'; readonly number: Decimal }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'truth'; readonly isTrue: boolean }
  /** What is ticked in a field of several choices. */
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  /** A number, day or time that was not filled in: nothing by itself, 0 among others. */
  | { readonly kind: 'empty' }
  /** What cannot be calculated, and whatever is calculated from it. */
  | { readonly kind: 'error' };

export const EMPTY: CalculatedValue = { kind: 'empty' };
export const ERROR: CalculatedValue = { kind: 'error' };

export function numberValue(number: Decimal): CalculatedValue {
  return { kind: 'number', number };
}

export function textValue(text: string): CalculatedValue {
  return { kind: 'text', text };
}

/** As a text that is put together shows it; null where it cannot. */
export function shownText(value: CalculatedValue): string | null {
  switch (value.kind) {
    case 'number':
      return decimalText(value.number);
    case 'text':
      return value.text;
    case 'truth':
      return String(value.isTrue);
    case 'empty':
      return '';
    default:
      return null;
  }
}

/** The wire knows no signs of error: what cannot be calculated, or shown in the field's format, is empty. */
export function calculatedText(field: FieldProperty, value: CalculatedValue): string {
  if (field.type !== 'CALC') return shownText(value) ?? '';
  if (value.kind === 'truth') return value.isTrue ? '1' : '0';
  if (value.kind !== 'number') return '';
  return formatted(value.number, field.format ?? 'NUMBER');
}

const MINUTE = 60n;
const DAY_MINUTES = 1440n;
/** The first instant a date has four digits for, and the last. */
const [FIRST_SECOND, LAST_SECOND] = [-62_135_596_800n, 253_402_300_799n];

/** Numbers come without the separators, units and places a person sees; instants in seconds since 1970. */
function formatted(number: Decimal, format: string): string {
  if (format === 'NUMBER' || format === 'NUMBER_DIGIT') return decimalText(number);
  const seconds = floored(number.units, 10n ** BigInt(number.scale));
  if (format === 'DATETIME' || format === 'DATE') {
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return '';
    const iso = new Date(Number(seconds) * 1000).toISOString();
    return format === 'DATE' ? iso.slice(0, 10) : `${iso.slice(0, 16)}:00Z`;
  }
  if (format === 'TIME') return clock(((floored(seconds, MINUTE) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES);
  return seconds < 0n ? `-${clock(-seconds / MINUTE)}` : clock(seconds / MINUTE);
}

/** `25:01` */
function clock(minutes: bigint): string {
  const [hours, rest] = [minutes / 60n, minutes % 60n];
  return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

function floored(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
