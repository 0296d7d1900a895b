/** Whose word counts: our desired state laid over the record as it stands. Pure. */
import type { FieldType, FieldValue } from '../connector.ts';
import { objectOf } from './answer-path.ts';
import type { KnownField } from './describe-object.ts';
import { sendableValue } from './field-values.ts';
import type { PreparedField, PreparedRow } from './prepare-rows.ts';

/** The record as it stands. */
export interface CurrentRecord {
  readonly id: string;
  readonly version: string | null;
  /** What stands in a field, by its name; null when it is empty. */
  readonly values: Readonly<Record<string, FieldValue>>;
}

/** Texts to which something can be added below. */
const APPENDABLE = new Set<FieldType>(['string', 'text']);

/** Sooner or later it has to be read before it is written. */
export function isShared(row: PreparedRow): boolean {
  return row.key !== null && row.fields.some(({ owner }) => owner !== 'ours');
}

/** Now it has to be. */
export function needsReading(row: PreparedRow): boolean {
  return !row.isFirst && isShared(row);
}

/** `current` null: the record is new, and everything is filled in, whoever owns it. */
export function mergeOwned(row: PreparedRow, current: CurrentRecord | null): readonly (readonly [KnownField, FieldValue])[] {
  return row.fields.flatMap((prepared) => {
    const { field } = prepared;
    const value = current === null ? prepared.value : ownedValue(prepared, current.values[field.name] ?? null);
    return value === undefined ? [] : [[field, value] as const];
  });
}

/** As the service takes it, each value in its place; the key among them. */
export function recordBody(row: PreparedRow, merged: readonly (readonly [KnownField, FieldValue])[]): Record<string, unknown> {
  const key = row.key === null ? [] : [[row.key.field, row.key.value] as const];
  return objectOf([...key, ...merged].map(([field, value]) => [field.at, sendableValue(value, field.type)] as const));
}

/** Undefined: leave the field as it is. */
function ownedValue(prepared: PreparedField, standing: FieldValue): FieldValue | undefined {
  switch (prepared.owner) {
    case 'ours':
      return prepared.value;
    case 'theirs':
      return undefined;
    case 'fillEmpty':
      return isEmpty(standing) ? prepared.value : undefined;
    case 'append':
      return appended(prepared, standing);
  }
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Once, however often it is repeated; what is too long for the field is cut at our end, never at the person's. */
function appended({ field, value }: PreparedField, standing: FieldValue): FieldValue | undefined {
  if (isEmpty(standing)) return value;
  if (isEmpty(value) || !APPENDABLE.has(field.type)) return undefined;
  const before = String(standing);
  const ours = String(sendableValue(value, field.type));
  if (before.includes(ours)) return undefined;
  const whole = `${before}${field.type === 'string' ? ' ' : '\n'}${ours}`.slice(0, field.length ?? undefined);
  return whole.length > before.length ? whole : undefined;
}
