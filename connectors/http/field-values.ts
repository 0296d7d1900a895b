/** Values between the port's plain form and the service's JSON. Pure. */
import type { FieldType, FieldValue } from '../connector.ts';

/** Empty is null; what is no plain value is null, too. */
export function plainValue(value: unknown): FieldValue {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.flatMap((each: unknown) => (isScalar(each) ? [String(each)] : []));
  return null;
}

/** One value, or those of a path with `*`. */
export function plainValues(values: readonly unknown[], isMany: boolean): FieldValue {
  return isMany ? plainValue(values.flat()) : plainValue(values[0]);
}

/** Texts in a field, empty ones left out. */
export function textsOf(values: readonly unknown[]): readonly string[] {
  return values.flat().flatMap((each) => (isScalar(each) && String(each).trim() !== '' ? [String(each)] : []));
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** An id is a text or a number; null for what is neither. */
export function idOf(value: unknown): string | null {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;
}

/** ISO 8601 UTC from an instant, or from seconds or milliseconds since 1970; null for what is none. */
export function instantOf(value: unknown): string | null {
  const number = typeof value === 'number' ? value : null;
  const time = number === null ? Date.parse(typeof value === 'string' ? value : '') : number * (number < 1e11 ? 1000 : 1);
  return Number.isFinite(time) && Math.abs(time) < 8.64e15 ? new Date(time).toISOString() : null;
}

/** What `value` is in JSON as the value of a field of this type. */
export function sendableValue(value: FieldValue, type: FieldType): unknown {
  if (value === null) return null;
  switch (type) {
    case 'integer':
    case 'number':
      return numberOf(value);
    case 'reference':
      return typeof value === 'number' ? value : sendableText(textOf(value));
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'multiPicklist':
      return Array.isArray(value) ? value : [textOf(value)];
    case 'text':
      return sendableText(textOf(value));
    case 'other':
      return value;
    default:
      return sendableText(textOf(value)).replace(/\s*[\r\n]+\s*/gu, ' ');
  }
}

function numberOf(value: FieldValue): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

function textOf(value: FieldValue): string {
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/** Without control characters and halves of characters: a caller's name may hold anything, and no log may be lost for it. */
function sendableText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/gu, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu, '');
}
