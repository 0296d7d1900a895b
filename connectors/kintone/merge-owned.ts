/** Whose word counts: our desired state laid over the record as it stands. Pure. */
import type { FieldValue } from '../connector.ts';
import { kintoneValue } from './kintone-values.ts';
import type { PreparedField, PreparedRow } from './prepare-rows.ts';

/** The record as it stands: wrapped values by field code. */
export interface CurrentRecord {
  readonly id: string;
  readonly revision: string;
  /** What stands in a field in plain form; null when it is empty. */
  readonly values: Readonly<Record<string, FieldValue>>;
}

export type WrappedRecord = Readonly<Record<string, { readonly value: unknown }>>;

/** Texts to which something can be added below. */
const APPENDABLE = new Set(['SINGLE_LINE_TEXT', 'MULTI_LINE_TEXT', 'RICH_TEXT']);

/** Only then does the record have to be read before it is written. */
export function needsReading(row: PreparedRow): boolean {
  return row.key !== null && !row.isFirst && row.fields.some((field) => field.owner !== 'ours');
}

/** `current` null: the record is new, and everything is filled in, whoever owns it. */
export function mergeOwned(row: PreparedRow, current: CurrentRecord | null): WrappedRecord {
  const merged = row.fields.flatMap((field) => {
    const value = current === null ? field.value : ownedValue(field, current.values[field.field.code] ?? null);
    return value === undefined ? [] : [[field.field.code, { value: kintoneValue(value, field.field) }] as const];
  });
  return Object.fromEntries(merged);
}

/** Undefined: leave the field as it is. */
function ownedValue(field: PreparedField, standing: FieldValue): FieldValue | undefined {
  switch (field.owner) {
    case 'ours':
      return field.value;
    case 'theirs':
      return undefined;
    case 'fillEmpty':
      return isEmpty(standing) ? field.value : undefined;
    case 'append':
      return appended(field, standing);
  }
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Once, however often it is repeated; what is too long for the field is cut at our end, never at the person's. */
function appended(field: PreparedField, standing: FieldValue): FieldValue | undefined {
  if (isEmpty(standing)) return field.value;
  if (isEmpty(field.value) || !APPENDABLE.has(field.field.type)) return undefined;
  const before = String(standing);
  const ours = String(kintoneValue(field.value, field.field));
  if (before.includes(ours)) return undefined;
  const separator = field.field.type === 'SINGLE_LINE_TEXT' ? ' ' : '\n';
  const most = field.field.maxLength === '' ? Number.POSITIVE_INFINITY : Number(field.field.maxLength);
  const whole = `${before}${separator}${ours}`.slice(0, most);
  return whole.length > before.length ? whole : undefined;
}
