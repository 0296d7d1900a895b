/** Who holds which value in the fields of an app that prohibit duplicates. */
import type { AppDefinition } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import { isEmptyValue } from './field-values.ts';
import { numberKey } from './query-values.ts';

export interface UniqueValues {
  holderOf(field: string, value: string): number | null;
  add(record: StoredRecord): void;
  remove(record: StoredRecord): void;
}

export function openUniqueValues(app: AppDefinition): UniqueValues {
  const unique = Object.values(app.fields).filter((field) => field.unique === true);
  const holders = new Map(unique.map((field) => [field.code, new Map<string, number>()]));
  // Numbers are the same however they are written.
  const keyOf = (field: string, value: string): string =>
    app.fields[field]?.type === 'NUMBER' ? (numberKey(value) ?? value) : value;
  const forEachValue = (record: StoredRecord, act: (ids: Map<string, number>, key: string) => void): void => {
    for (const [field, ids] of holders) {
      const value = record.values[field];
      if (typeof value === 'string' && !isEmptyValue(value)) act(ids, keyOf(field, value));
    }
  };
  return {
    holderOf: (field, value) => holders.get(field)?.get(keyOf(field, value)) ?? null,
    add: (record) => forEachValue(record, (ids, key) => ids.set(key, record.id)),
    remove: (record) =>
      forEachValue(record, (ids, key) => {
        if (ids.get(key) === record.id) ids.delete(key);
      }),
  };
}
