/**
 * The records of one app, in memory, ids rising. Every change can be taken back in a transaction, because a refused batch
 * must leave no trace; values of unique fields are indexed, so that a bench with many records does not measure the sandbox.
 */
import type { AppDefinition } from './app-definition.ts';
import { isEmptyValue, type WireValue } from './field-values.ts';

export interface StoredRecord {
  readonly id: number;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly creator: string;
  readonly modifier: string;
  readonly values: Readonly<Record<string, WireValue>>;
}

/** Changes of one request, to be undone in reverse when the request is refused. */
export type Undo = (() => void)[];

export interface AppRecords {
  readonly app: AppDefinition;
  get(id: number): StoredRecord | undefined;
  /** In the order of their ids. */
  all(): IterableIterator<StoredRecord>;
  /** From the first id greater than `id`, in order. */
  after(id: number): Iterable<StoredRecord>;
  size(): number;
  /** The record that holds this value in a unique field. */
  holderOf(field: string, value: string): StoredRecord | undefined;
  nextId(): number;
  /** Rows of tables are numbered through the whole app. */
  nextRowId(): string;
  put(record: StoredRecord, undo: Undo): void;
  remove(id: number, undo: Undo): void;
}

export function openAppRecords(app: AppDefinition): AppRecords {
  const records = new Map<number, StoredRecord>();
  const uniqueFields = Object.values(app.fields).filter((field) => field.unique === true);
  const holders = new Map(uniqueFields.map((field) => [field.code, new Map<string, number>()]));
  let lastId = 0;
  let lastRowId = 0;
  let sortedIds: number[] | null = null;

  const index = (record: StoredRecord | undefined, present: boolean): void => {
    if (record === undefined) return;
    for (const [field, byValue] of holders) {
      const value = record.values[field];
      if (typeof value !== 'string' || isEmptyValue(value)) continue;
      if (present) byValue.set(value, record.id);
      else if (byValue.get(value) === record.id) byValue.delete(value);
    }
  };
  const replace = (id: number, next: StoredRecord | undefined): void => {
    const before = records.get(id);
    index(before, false);
    if (next === undefined) records.delete(id);
    else records.set(id, next);
    index(next, true);
    if (before !== undefined && next === undefined) sortedIds = null;
    if (before === undefined && next !== undefined) {
      // A record that is put back after a refusal belongs in the middle; a new one at the end.
      if (sortedIds !== null && id > (sortedIds.at(-1) ?? 0)) sortedIds.push(id);
      else sortedIds = null;
    }
  };
  const ids = (): readonly number[] => {
    sortedIds ??= [...records.keys()].sort((left, right) => left - right);
    return sortedIds;
  };
  const from = function* (start: number): IterableIterator<StoredRecord> {
    const list = ids();
    for (let at = start; at < list.length; at += 1) {
      const record = records.get(list[at] ?? 0);
      if (record !== undefined) yield record;
    }
  };

  return {
    app,
    get: (id) => records.get(id),
    all: () => from(0),
    after: (id) => from(firstAfter(ids(), id)),
    size: () => records.size,
    holderOf: (field, value) => records.get(holders.get(field)?.get(value) ?? 0),
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    nextRowId: () => {
      lastRowId += 1;
      return String(lastRowId);
    },
    put: (record, undo) => {
      const before = records.get(record.id);
      replace(record.id, record);
      undo.push(() => replace(record.id, before));
    },
    remove: (id, undo) => {
      const before = records.get(id);
      replace(id, undefined);
      undo.push(() => replace(id, before));
    },
  };
}

function firstAfter(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? 0) > id) high = middle;
    else low = middle + 1;
  }
  return low;
}
