/**
 * The records of one app, in memory, by their ids. Every change can be taken back in a transaction, because a refused batch
 * must leave no trace. Unique fields are indexed from the beginning, any other when it is first asked for: an app of a
 * million records is read page by page at the cost of the page.
 */
import type { AppDefinition } from './app-definition.ts';
import type { Comment } from './comments.ts';
import type { QueriedField } from './field-families.ts';
import { isEmptyValue, type WireValue } from './field-values.ts';
import { type IdsByValue, openIdsByValue } from './ids-by-value.ts';
import { type OrderedIds, openOrderedIds, type SortKey } from './ordered-ids.ts';
import type { Progress } from './process-state.ts';
import { type Cells, cellsOf, equalityKeys, numberKey, sortKey } from './query-values.ts';

export interface StoredRecord {
  readonly id: number;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly creator: string;
  readonly modifier: string;
  readonly values: Readonly<Record<string, WireValue>>;
  /** Left out until the record is moved in the process. */
  readonly progress?: Progress;
  readonly comments?: readonly Comment[];
  /** Numbers of comments that are taken back are not given again. */
  readonly lastCommentId?: number;
}

/** Changes of one request, to be undone in reverse when the request is refused. */
export type Undo = (() => void)[];

export function takeBack(undo: Undo): void {
  for (const step of undo.toReversed()) step();
}

export interface AppRecords {
  readonly app: AppDefinition;
  /** The app after its settings were deployed; values of fields that are gone are dropped. */
  redefine(app: AppDefinition): void;
  get(id: number): StoredRecord | undefined;
  /** In the order of their ids. */
  all(): IterableIterator<StoredRecord>;
  /** From the first id greater than `id`, in order. */
  after(id: number): IterableIterator<StoredRecord>;
  /** From the last id less than `id`, in falling order. */
  before(id: number): IterableIterator<StoredRecord>;
  /** No id is greater. */
  lastId(): number;
  size(): number;
  /** The record that holds this value in a unique field. */
  holderOf(field: string, value: string): StoredRecord | undefined;
  byValue(field: QueriedField): IdsByValue;
  inOrder(field: QueriedField): OrderedIds;
  nextId(): number;
  /** Rows of tables are numbered through the whole app. */
  nextRowId(): string;
  put(record: StoredRecord, undo: Undo): void;
  remove(id: number, undo: Undo): void;
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

export function openAppRecords(definition: AppDefinition): AppRecords {
  /** Ids only rise, so that a record's place is its id. */
  const records: (StoredRecord | undefined)[] = [];
  let app = definition;
  let shapeOf = valueShape(app);
  let size = 0;
  let lastId = 0;
  let lastRowId = 0;
  let holders = uniqueHolders(app);
  const valueIndexes = new Map<string, ValueIndex>();
  const orderIndexes = new Map<string, OrderIndex>();

  const hold = (record: StoredRecord | undefined, present: boolean): void => {
    if (record === undefined) return;
    for (const [field, byValue] of holders) {
      const value = record.values[field];
      if (typeof value !== 'string' || isEmptyValue(value)) continue;
      const key = uniqueKey(app, field, value);
      if (present) byValue.set(key, record.id);
      else if (byValue.get(key) === record.id) byValue.delete(key);
    }
  };
  const reindex = (id: number, before: StoredRecord | undefined, next: StoredRecord | undefined): void => {
    for (const { field, cells, ids } of valueIndexes.values()) {
      if (before !== undefined) ids.remove(equalityKeys(field, cells(before)), id);
      if (next !== undefined) ids.add(equalityKeys(field, cells(next)), id);
    }
    for (const { keyOf, ids } of orderIndexes.values()) {
      if (before !== undefined) ids.remove(keyOf(before), id);
      if (next !== undefined) ids.add(keyOf(next), id);
    }
  };
  const replace = (id: number, next: StoredRecord | undefined): void => {
    const before = records[id];
    hold(before, false);
    while (records.length < id) records.push(undefined);
    records[id] = next;
    hold(next, true);
    reindex(id, before, next);
    size += Number(next !== undefined) - Number(before !== undefined);
    lastId = Math.max(lastId, id);
  };
  const upwards = function* (first: number): IterableIterator<StoredRecord> {
    for (let id = first; id < records.length; id += 1) {
      const record = records[id];
      if (record !== undefined) yield record;
    }
  };
  const downwards = function* (first: number): IterableIterator<StoredRecord> {
    for (let id = Math.min(first, records.length - 1); id > 0; id -= 1) {
      const record = records[id];
      if (record !== undefined) yield record;
    }
  };
  const byValue = (field: QueriedField): IdsByValue => {
    const known = valueIndexes.get(field.code);
    if (known !== undefined) return known.ids;
    const ids = openIdsByValue();
    const cells = cellsOf(app, field);
    for (const record of upwards(1)) ids.add(equalityKeys(field, cells(record)), record.id);
    valueIndexes.set(field.code, { field, cells, ids });
    return ids;
  };
  const inOrder = (field: QueriedField): OrderedIds => {
    const known = orderIndexes.get(field.code);
    if (known !== undefined) return known.ids;
    const cells = cellsOf(app, field);
    const keyOf = (record: StoredRecord): SortKey => sortKey(field, cells(record)[0] ?? ['']);
    const entries: (readonly [SortKey, number])[] = [];
    for (const record of upwards(1)) entries.push([keyOf(record), record.id]);
    const ids = openOrderedIds(entries);
    orderIndexes.set(field.code, { keyOf, ids });
    return ids;
  };

  return {
    get app() {
      return app;
    },
    redefine: (next) => {
      app = next;
      shapeOf = valueShape(next);
      holders = uniqueHolders(next);
      valueIndexes.clear();
      orderIndexes.clear();
      for (const record of upwards(1)) {
        const kept = { ...record, values: shapeOf(record.values) };
        records[record.id] = kept;
        hold(kept, true);
      }
    },
    get: (id) => records[id],
    all: () => upwards(1),
    after: (id) => upwards(Math.max(0, Math.floor(id)) + 1),
    before: (id) => downwards(Math.ceil(id) - 1),
    lastId: () => lastId,
    size: () => size,
    holderOf: (field, value) => records[holders.get(field)?.get(uniqueKey(app, field, value)) ?? 0],
    byValue,
    inOrder,
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    nextRowId: () => {
      lastRowId += 1;
      return String(lastRowId);
    },
    put: (record, undo) => {
      const before = records[record.id];
      replace(record.id, { ...record, values: shapeOf(record.values) });
      undo.push(() => replace(record.id, before));
    },
    remove: (id, undo) => {
      const before = records[id];
      replace(id, undefined);
      undo.push(() => replace(id, before));
    },
  };
}

function uniqueHolders(app: AppDefinition): Map<string, Map<string, number>> {
  const unique = Object.values(app.fields).filter((field) => field.unique === true);
  return new Map(unique.map((field) => [field.code, new Map<string, number>()]));
}

/** Numbers are the same however they are written. */
function uniqueKey(app: AppDefinition, field: string, value: string): string {
  return app.fields[field]?.type === 'NUMBER' ? (numberKey(value) ?? value) : value;
}

/**
 * All values of an app's records in objects of one hidden class: an object filled field by field under computed names
 * becomes a hash table, at three times the memory. Parsed JSON does not, and its copies keep its class.
 */
function valueShape(app: AppDefinition): (values: StoredRecord['values']) => StoredRecord['values'] {
  const codes = Object.keys(app.fields);
  const empty = JSON.parse(JSON.stringify(Object.fromEntries(codes.map((code) => [code, null])))) as Record<string, WireValue>;
  return (values) => {
    const shaped = { ...empty };
    for (const code of codes) {
      const value = values[code];
      if (value !== undefined) shaped[code] = value;
    }
    return shaped;
  };
}
