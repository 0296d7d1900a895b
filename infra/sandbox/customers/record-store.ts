/** The records of one object, in memory. */
import { failures } from './api-failure.ts';
import { nested, type Value, type Values } from './checked-values.ts';
import type { ObjectDefinition } from './object-definitions.ts';

export interface StoredRecord {
  readonly id: number;
  readonly values: Values;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Null while it lives; a deleted record keeps its place and loses its values. */
  readonly deletedAt: number | null;
}

export interface RecordStore {
  readonly object: ObjectDefinition;
  /** All that live, by id. */
  all(): readonly StoredRecord[];
  /** Also those that were deleted. */
  ever(): readonly StoredRecord[];
  /** @throws ApiFailure 404 or 410 */
  get(id: number): StoredRecord;
  has(id: number): boolean;
  holder(field: string, value: Value): StoredRecord | null;
  /** @throws ApiFailure 409 when a unique value is taken */
  insert(values: Values): StoredRecord;
  update(id: number, values: Values): StoredRecord;
  remove(id: number): void;
}

export function openRecords(object: ObjectDefinition, now: () => number): RecordStore {
  const records = new Map<number, StoredRecord>();
  const unique = object.fields.filter((field) => field.unique === true).map((field) => field.name);
  const byUnique = new Map<string, number>();
  const indexKey = (field: string, value: Value) => `${field}\n${String(value)}`;

  const get = (id: number): StoredRecord => {
    const found = records.get(id);
    if (found === undefined) throw failures.noSuchRecord();
    if (found.deletedAt !== null) throw failures.gone();
    return found;
  };
  const holder = (field: string, value: Value): StoredRecord | null => {
    if (value === null) return null;
    const id = byUnique.get(indexKey(field, value));
    return id === undefined ? null : (records.get(id) ?? null);
  };
  const put = (record: StoredRecord, before: StoredRecord | null): StoredRecord => {
    for (const field of unique) {
      const other = holder(field, record.values[field] ?? null);
      if (other !== null && other.id !== record.id) throw failures.taken(field);
    }
    for (const field of unique) {
      const [old, fresh] = [before?.values[field] ?? null, record.values[field] ?? null];
      if (old !== null) byUnique.delete(indexKey(field, old));
      if (fresh !== null && record.deletedAt === null) byUnique.set(indexKey(field, fresh), record.id);
    }
    records.set(record.id, record);
    return record;
  };

  return {
    object,
    all: () => [...records.values()].filter((record) => record.deletedAt === null),
    ever: () => [...records.values()],
    get,
    has: (id) => records.get(id)?.deletedAt === null,
    holder,
    insert: (values) => {
      const time = now();
      return put({ id: records.size + 1, values, version: 1, createdAt: time, updatedAt: time, deletedAt: null }, null);
    },
    update: (id, values) => {
      const before = get(id);
      return put({ ...before, values: { ...before.values, ...values }, version: before.version + 1, updatedAt: now() }, before);
    },
    remove: (id) => {
      const before = get(id);
      put({ ...before, values: {}, version: before.version + 1, updatedAt: now(), deletedAt: now() }, before);
    },
  };
}

/** A record as the service answers it; of a deleted one, only that it was deleted. */
export function recordBody(record: StoredRecord, object: ObjectDefinition): object {
  const stamp = { id: record.id, etag: etagOf(record), updated_at: iso(record.updatedAt) };
  if (record.deletedAt !== null) return { ...stamp, deleted_at: iso(record.deletedAt) };
  return { ...nested(record.values, object), ...stamp, created_at: iso(record.createdAt), deleted_at: null };
}

export function etagOf(record: StoredRecord): string {
  return `"${record.id}-${record.version}"`;
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}
