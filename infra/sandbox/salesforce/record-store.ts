import { toInstant } from './instants.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { makeRecordId } from './record-ids.ts';
import { objectOfId, schema } from './schema.ts';

export type Value = string | number | boolean | null;
/** A stored record: every field of its object that is not empty, in the form in which the service sends it. */
export type Row = Record<string, Value>;

export interface RowReader {
  /** By 18-character id, also when it lies in the recycle bin. */
  get(id: string): Row | undefined;
  /** All records of an object in the order of creation, those in the recycle bin included. */
  all(object: ObjectDefinition): Iterable<Row>;
}

export interface RecordStore extends RowReader {
  /** `values` are checked already. */
  insert(object: ObjectDefinition, values: Row, userId: string): Row;
  update(object: ObjectDefinition, id: string, values: Row, userId: string): void;
  /** Into the recycle bin. */
  remove(object: ObjectDefinition, id: string, userId: string): void;
  /** Records that are not deleted whose external id is this, whatever its case: there may be twins. */
  withExternalId(object: ObjectDefinition, field: string, value: string): readonly Row[];
}

export function createRecordStore(now: () => number): RecordStore {
  const tables = new Map<string, Map<string, Row>>([...schema.values()].map((object) => [object.name, new Map()]));
  const externalIds = new Map<string, Set<string>>();
  let serial = 0;

  const table = (object: ObjectDefinition): Map<string, Row> => tables.get(object.name) ?? new Map();
  const get = (id: string): Row | undefined => {
    const object = objectOfId(id);
    return object === undefined ? undefined : table(object).get(id);
  };
  const indexKey = (object: ObjectDefinition, field: string, value: Value) =>
    `${object.name}.${field}=${String(value).toLowerCase()}`;
  const reindex = (object: ObjectDefinition, row: Row, change: (ids: Set<string>, id: string) => void): void => {
    for (const field of object.fields.values()) {
      const value = row[field.name] ?? null;
      if (!field.externalId || value === null) continue;
      const key = indexKey(object, field.name, value);
      const ids = externalIds.get(key) ?? new Set();
      change(ids, String(row.Id));
      externalIds.set(key, ids);
    }
  };
  const save = (object: ObjectDefinition, row: Row): void => {
    Object.assign(row, derivedFields(object, row, get));
    table(object).set(String(row.Id), row);
    reindex(object, row, (ids, id) => ids.add(id));
  };
  const stamp = (userId: string): Row => {
    const at = toInstant(now());
    return { LastModifiedDate: at, LastModifiedById: userId, SystemModstamp: at };
  };

  return {
    get,
    all: (object) => table(object).values(),
    insert: (object, values, userId) => {
      serial += 1;
      const defaults: Row = {};
      for (const field of object.fields.values()) if (field.defaultValue !== null) defaults[field.name] = field.defaultValue;
      const id = makeRecordId(object.prefix, serial);
      const ownership: Row = object.fields.has('OwnerId') ? { OwnerId: userId } : {};
      const stamps = stamp(userId);
      const creation: Row = { CreatedDate: stamps.SystemModstamp ?? null, CreatedById: userId };
      const row: Row = { ...defaults, ...ownership, ...values, Id: id, IsDeleted: false, ...creation, ...stamps };
      save(object, row);
      return row;
    },
    update: (object, id, values, userId) => {
      const row = table(object).get(id);
      if (row === undefined) return;
      reindex(object, row, (ids, each) => ids.delete(each));
      save(object, Object.assign(row, values, stamp(userId)));
    },
    remove: (object, id, userId) => {
      const row = table(object).get(id);
      if (row === undefined) return;
      reindex(object, row, (ids, each) => ids.delete(each));
      Object.assign(row, { IsDeleted: true }, stamp(userId));
    },
    withExternalId: (object, field, value) =>
      [...(externalIds.get(indexKey(object, field, value)) ?? [])].map(get).filter((row) => row !== undefined),
  };
}

/** What the service works out itself when a record is saved. */
function derivedFields(object: ObjectDefinition, row: Row, get: (id: string) => Row | undefined): Row {
  if (object.name === 'Task') return derivedTaskFields(row, get);
  if (object.fields.has('LastName')) return { Name: fullName(row) };
  return {};
}

function derivedTaskFields(row: Row, get: (id: string) => Row | undefined): Row {
  const closed = row.Status === 'Completed';
  const who = typeof row.WhoId === 'string' ? get(row.WhoId) : undefined;
  return {
    IsClosed: closed,
    IsHighPriority: row.Priority === 'High',
    CompletedDateTime: closed ? (row.CompletedDateTime ?? row.SystemModstamp ?? null) : null,
    AccountId: row.WhatId ?? who?.AccountId ?? null,
  };
}

/** The real service goes by the user's locale; an org for a demo in two languages shows each name in its own order. */
function fullName(row: Row): string {
  const last = String(row.LastName ?? '');
  const first = String(row.FirstName ?? '');
  if (first === '') return last;
  return /[\u3040-\u30ff\u3400-\u9fff]/.test(last + first) ? `${last} ${first}` : `${first} ${last}`;
}
