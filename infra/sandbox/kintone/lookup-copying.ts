/** Lookups: the mapped fields are copied when the key is written; later edits of the source do not flow. Pure. */
import type { FieldProperty, LookupProperty } from './app-definition.ts';
import type { AppRecords, StoredRecord } from './app-records.ts';
import { failures } from './failures.ts';
import { emptyValue, isEmptyValue, toMinute, type WireValue } from './field-values.ts';

/** Records of another app; null where there is no such app or the caller may not see it. */
export type VisibleApp = (app: string) => AppRecords | null;

/** The fields that only a lookup fills: what a client sends for them is passed over. */
export function copiedFields(fields: readonly FieldProperty[]): ReadonlySet<string> {
  return new Set(fields.flatMap((field) => field.lookup?.fieldMappings.map((mapping) => mapping.field) ?? []));
}

/**
 * The values of the mapped fields for a key, by their codes. @throws KintoneFailure GAIA_LO04 where no record holds the key,
 * GAIA_LO03 where the source's field allows duplicates, so that nobody knows which record is meant.
 */
export function lookupCopies(
  field: FieldProperty,
  key: WireValue | undefined,
  siblings: Readonly<Record<string, FieldProperty>>,
  visibleApp: VisibleApp,
): Readonly<Record<string, WireValue>> {
  const { lookup } = field;
  if (lookup === undefined) return {};
  const source = isEmptyValue(key) ? null : sourceRecord(field, lookup, String(key), visibleApp);
  const copies = lookup.fieldMappings.map((mapping) => {
    const target = siblings[mapping.field];
    const empty = target === undefined ? '' : emptyValue(target);
    return [mapping.field, source === null ? empty : (copiedValue(source, mapping.relatedField) ?? empty)];
  });
  return Object.fromEntries(copies);
}

interface Source {
  readonly records: AppRecords;
  readonly record: StoredRecord;
}

function sourceRecord(field: FieldProperty, lookup: LookupProperty, key: string, visibleApp: VisibleApp): Source {
  const records = visibleApp(lookup.relatedApp.app);
  const property = records?.app.fields[lookup.relatedKeyField];
  if (records === null || property === undefined) throw failures.lookupKeyNotFound(field.code, key);
  if (property.type !== 'RECORD_NUMBER' && property.unique !== true) throw failures.lookupNotUnique();
  const record = property.type === 'RECORD_NUMBER' ? byNumber(records, key) : records.holderOf(property.code, key);
  if (record === undefined) throw failures.lookupKeyNotFound(field.code, key);
  return { records, record };
}

function byNumber(records: AppRecords, key: string): StoredRecord | undefined {
  return records.get(Number(/^(?:.*-)?(\d+)$/.exec(key)?.[1]));
}

function copiedValue({ records, record }: Source, code: string): WireValue | undefined {
  const property = records.app.fields[code];
  switch (property?.type) {
    case 'RECORD_NUMBER':
      return records.app.code === '' ? String(record.id) : `${records.app.code}-${record.id}`;
    case 'CREATED_TIME':
      return toMinute(record.createdAt);
    case 'UPDATED_TIME':
      return toMinute(record.updatedAt);
    case 'CREATOR':
      return record.creator;
    case 'MODIFIER':
      return record.modifier;
    default:
      return record.values[code];
  }
}
