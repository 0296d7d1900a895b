/**
 * The records of one app, in memory, by their ids. Every change can be taken back in a transaction, because a refused batch
 * must leave no trace. Unique fields are indexed from the beginning, any other when it is first asked for: an app of a
 * million records is read page by page at the cost of the page.
 */
import type { AppDefinition } from './app-definition.ts';
import type { Comment } from './comments.ts';
import type { QueriedField } from './field-families.ts';
import type { WireValue } from './field-values.ts';
import { carriedValues, type Origins } from './form-origins.ts';
import type { IdsByValue } from './ids-by-value.ts';
import type { OrderedIds } from './ordered-ids.ts';
import type { Progress } from './process-state.ts';
import { openRecordIndexes } from './record-indexes.ts';
import { openUniqueValues } from './unique-values.ts';

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
  redefine(app: AppDefinition, origins: Origins): void;
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

export function openAppRecords(definition: AppDefinition): AppRecords {
  /** Ids only rise, so that a record's place is its id. */
  const records: (StoredRecord | undefined)[] = [];
  let size = 0;
  let lastId = 0;
  let lastRowId = 0;
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
  const all = () => upwards(1);
  let app = definition;
  let shapeOf = valueShape(app);
  let unique = openUniqueValues(app);
  let indexes = openRecordIndexes(app, all);

  const replace = (id: number, next: StoredRecord | undefined): void => {
    const before = records[id];
    if (before !== undefined) unique.remove(before);
    while (records.length < id) records.push(undefined);
    records[id] = next;
    if (next !== undefined) unique.add(next);
    indexes.change(id, before, next);
    size += Number(next !== undefined) - Number(before !== undefined);
    lastId = Math.max(lastId, id);
  };
  const replaceUndoably = (id: number, next: StoredRecord | undefined, undo: Undo): void => {
    const before = records[id];
    replace(id, next);
    undo.push(() => replace(id, before));
  };

  return {
    get app() {
      return app;
    },
    redefine: (next, origins) => {
      app = next;
      shapeOf = valueShape(next);
      unique = openUniqueValues(next);
      indexes = openRecordIndexes(next, all);
      for (const record of all()) {
        const kept = { ...record, values: shapeOf(carriedValues(record.values, next, origins)) };
        records[record.id] = kept;
        unique.add(kept);
      }
    },
    get: (id) => records[id],
    all,
    after: (id) => upwards(Math.max(0, Math.floor(id)) + 1),
    before: (id) => downwards(Math.ceil(id) - 1),
    lastId: () => lastId,
    size: () => size,
    holderOf: (field, value) => records[unique.holderOf(field, value) ?? 0],
    byValue: (field) => indexes.byValue(field),
    inOrder: (field) => indexes.inOrder(field),
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    nextRowId: () => {
      lastRowId += 1;
      return String(lastRowId);
    },
    put: (record, undo) => replaceUndoably(record.id, { ...record, values: shapeOf(record.values) }, undo),
    remove: (id, undo) => replaceUndoably(id, undefined, undo),
  };
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
