/** Indexes over the records of one app, each built when it is first asked for and kept true from then on. */
import type { AppDefinition } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import type { QueriedField } from './field-families.ts';
import { type IdsByValue, openIdsByValue } from './ids-by-value.ts';
import { type OrderedIds, openOrderedIds, type SortKey } from './ordered-ids.ts';
import { type Cells, cellsOf, equalityKeys, sortKey } from './query-values.ts';

export interface RecordIndexes {
  byValue(field: QueriedField): IdsByValue;
  inOrder(field: QueriedField): OrderedIds;
  change(id: number, before: StoredRecord | undefined, next: StoredRecord | undefined): void;
}

interface ValueIndex {
  readonly field: QueriedField;
  readonly cells: Cells;
  readonly ids: IdsByValue;
}

interface OrderIndex {
  readonly keyOf: (record: StoredRecord) => SortKey;
  readonly ids: OrderedIds;
}

export function openRecordIndexes(app: AppDefinition, all: () => Iterable<StoredRecord>): RecordIndexes {
  const byField = new Map<string, ValueIndex>();
  const orders = new Map<string, OrderIndex>();
  return {
    byValue: (field) => {
      const known = byField.get(field.code);
      if (known !== undefined) return known.ids;
      const ids = openIdsByValue();
      const cells = cellsOf(app, field);
      for (const record of all()) ids.add(equalityKeys(field, cells(record)), record.id);
      byField.set(field.code, { field, cells, ids });
      return ids;
    },
    inOrder: (field) => {
      const known = orders.get(field.code);
      if (known !== undefined) return known.ids;
      const cells = cellsOf(app, field);
      const keyOf = (record: StoredRecord): SortKey => sortKey(field, cells(record)[0] ?? ['']);
      const entries: (readonly [SortKey, number])[] = [];
      for (const record of all()) entries.push([keyOf(record), record.id]);
      const ids = openOrderedIds(entries);
      orders.set(field.code, { keyOf, ids });
      return ids;
    },
    change: (id, before, next) => {
      for (const { field, cells, ids } of byField.values()) {
        if (before !== undefined) ids.remove(equalityKeys(field, cells(before)), id);
        if (next !== undefined) ids.add(equalityKeys(field, cells(next)), id);
      }
      for (const { keyOf, ids } of orders.values()) {
        if (before !== undefined) ids.remove(keyOf(before), id);
        if (next !== undefined) ids.add(keyOf(next), id);
      }
    },
  };
}
