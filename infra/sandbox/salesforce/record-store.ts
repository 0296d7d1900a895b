import { derivedFields } from './derived-fields.ts';
import { toInstant } from './instants.ts';
import type { ObjectDefinition } from './object-definition.ts';
import type { PlaceRange } from './ordered-rows.ts';
import { makeRecordId } from './record-ids.ts';
import { createRecordTable, type RecordOrder, type RecordTable } from './record-table.ts';
import { findField, findObject, objectOfId, schema } from './schema.ts';

export type Value = string | number | boolean | null;
/** A stored record: every field of its object, in the form in which the service sends it. */
export type Row = Record<string, Value>;

export interface RowReader {
  /** By 18-character id, also when it lies in the recycle bin. */
  get(id: string): Row | undefined;
  /** All records of an object in the order of creation, those in the recycle bin included. */
  all(object: ObjectDefinition): Iterable<Row>;
  countLive(object: ObjectDefinition): number;
  /** By the value of a field that has an index, those in the recycle bin included. */
  find(object: ObjectDefinition, field: string, value: Value): readonly Row[];
  withPhoneEnd(object: ObjectDefinition, digits: string): readonly Row[];
  walk(object: ObjectDefinition, order: RecordOrder, range: PlaceRange, descending: boolean): Iterable<Row>;
}

export interface RecordStore extends RowReader {
  /** `values` are checked already. `at` is when it happened, in milliseconds; now unless given. */
  insert(object: ObjectDefinition, values: Row, userId: string, at?: number): Row;
  update(object: ObjectDefinition, id: string, values: Row, userId: string): void;
  /** Into the recycle bin. */
  remove(object: ObjectDefinition, id: string, userId: string): void;
  /** Out of the recycle bin. */
  restore(object: ObjectDefinition, id: string, userId: string): void;
  /** For good. */
  purge(object: ObjectDefinition, id: string): void;
  /** Records that are not deleted whose external id is this, whatever its case: there may be twins. */
  withExternalId(object: ObjectDefinition, field: string, value: string): readonly Row[];
  /** Takes back everything the work has written when it throws. */
  transact<Result>(work: () => Result): Result;
}

export function createRecordStore(now: () => number): RecordStore {
  const tables = new Map<string, RecordTable>([...schema.values()].map((object) => [object.name, createRecordTable(object)]));
  let serial = 0;
  let undo: (() => void)[] | null = null;
  let lastStamp = { at: Number.NaN, instant: '' };

  const table = (object: ObjectDefinition): RecordTable => {
    const found = tables.get(object.name);
    if (found === undefined) throw new Error(`The sandbox org has no object ${object.name}`);
    return found;
  };
  const get = (id: string): Row | undefined => {
    const object = objectOfId(id);
    return object === undefined ? undefined : table(object).get(id);
  };
  const stamp = (userId: string, at: number): Row => {
    if (lastStamp.at !== at) lastStamp = { at, instant: toInstant(at) };
    return { LastModifiedDate: lastStamp.instant, LastModifiedById: userId, SystemModstamp: lastStamp.instant };
  };
  const find = (object: ObjectDefinition, name: string, value: Value): readonly Row[] => {
    const field = findField(findObject(object.name) ?? object, name);
    return field === undefined ? [] : table(object).find(field, value);
  };
  const change = (object: ObjectDefinition, id: string, values: Row): void => {
    const row = table(object).get(id);
    if (row === undefined) return;
    const before: Row = { ...row };
    undo?.push(() => table(object).change(row, before));
    table(object).change(row, { ...values, ...derivedFields(object, { ...row, ...values }, get) });
  };

  return {
    get,
    find,
    all: (object) => table(object).all(),
    countLive: (object) => table(object).countLive(),
    withPhoneEnd: (object, digits) => table(object).withPhoneEnd(digits),
    walk: (object, order, range, descending) => table(object).walk(order, range, descending),
    insert: (object, values, userId, at = now()) => {
      serial += 1;
      const row = table(object).blank();
      if ('OwnerId' in row) row.OwnerId = userId;
      const stamps = stamp(userId, at);
      const system = { Id: makeRecordId(object.prefix, serial), CreatedDate: stamps.SystemModstamp ?? null, CreatedById: userId };
      Object.assign(row, values, system, stamps);
      Object.assign(row, derivedFields(object, row, get));
      undo?.push(() => table(object).drop(row));
      table(object).add(row);
      return row;
    },
    update: (object, id, values, userId) => change(object, id, { ...values, ...stamp(userId, now()) }),
    remove: (object, id, userId) => change(object, id, { IsDeleted: true, ...stamp(userId, now()) }),
    restore: (object, id, userId) => change(object, id, { IsDeleted: false, ...stamp(userId, now()) }),
    purge: (object, id) => {
      const row = table(object).get(id);
      if (row === undefined) return;
      undo?.push(() => table(object).add(row));
      table(object).drop(row);
    },
    withExternalId: (object, field, value) => find(object, field, value).filter((row) => row.IsDeleted !== true),
    transact: (work) => {
      const outer = undo;
      const mine: (() => void)[] = [];
      undo = mine;
      try {
        const result = work();
        outer?.push(...mine);
        return result;
      } catch (error) {
        for (const step of mine.reverse()) step();
        throw error;
      } finally {
        undo = outer;
      }
    },
  };
}
