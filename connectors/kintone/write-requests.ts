/** The three requests of which writing consists, and how their answers are read. */

import type { GateRequest } from './kintone-gate.ts';
import { isOneOf } from './kintone-query.ts';
import { type RecordsAnswer, recordsRequest } from './kintone-reading.ts';
import { isObject, plainValue } from './kintone-values.ts';
import type { CurrentRecord, WrappedRecord } from './merge-owned.ts';
import type { PreparedRow, WriteKey } from './prepare-rows.ts';

/** A row as it goes out. `revision` null: nothing is compared. */
export interface OutgoingRow {
  readonly row: PreparedRow;
  readonly revision: string | null;
  readonly record: WrappedRecord;
}

export interface WrittenRow {
  readonly id: string;
  readonly created: boolean;
}

/** Upsert by key: one request, the vendor's own, for at most 100 rows. */
export function upsertRequest(app: string, rows: readonly OutgoingRow[]): GateRequest<readonly WrittenRow[]> {
  const records = rows.map(({ row, revision, record }) => ({
    updateKey: keyOf(row),
    ...(revision === null ? {} : { revision }),
    record,
  }));
  return {
    app,
    doing: `write ${rows.length} records to app ${app}`,
    send: (client) => client.record.updateRecords({ app, upsert: true, records }),
    read: (answer) => {
      if (!isObject(answer) || !Array.isArray(answer.records) || answer.records.length !== rows.length) return null;
      return allOrNull(answer.records.map(upsertedRow));
    },
  };
}

function upsertedRow(entry: unknown): WrittenRow | null {
  if (!isObject(entry) || typeof entry.id !== 'string') return null;
  return { id: entry.id, created: entry.operation === 'INSERT' };
}

/** For records without a key: each time anew. */
export function insertRequest(app: string, rows: readonly OutgoingRow[]): GateRequest<readonly WrittenRow[]> {
  return {
    app,
    doing: `add ${rows.length} records to app ${app}`,
    send: (client) => client.record.addRecords({ app, records: rows.map((each) => each.record) }),
    read: (answer) => {
      if (!isObject(answer) || !Array.isArray(answer.ids) || answer.ids.length !== rows.length) return null;
      return allOrNull(answer.ids.map((id: unknown) => (typeof id === 'string' ? { id, created: true } : null)));
    },
  };
}

function allOrNull<T>(rows: readonly (T | null)[]): readonly T[] | null {
  const whole = rows.filter((row) => row !== null);
  return whole.length === rows.length ? whole : null;
}

/** The records that hold these rows' keys, all with the same key field, by the key's value. */
export function currentRequest(app: string, rows: readonly PreparedRow[]): GateRequest<ReadonlyMap<string, CurrentRecord>> {
  const keyField = rows[0]?.key?.field ?? '';
  const codes = new Set(rows.flatMap((row) => row.fields.filter((each) => each.owner !== 'ours').map((each) => each.field.code)));
  const query = `${isOneOf(
    keyField,
    rows.map((row) => keyOf(row).value),
  )} limit 500`;
  const { read, ...request } = recordsRequest({ app, query, fields: ['$id', '$revision', keyField, ...codes] });
  return { ...request, read: (answer) => currentByKey(read(answer), keyField, codes) };
}

function currentByKey(
  answer: RecordsAnswer | null,
  keyField: string,
  codes: ReadonlySet<string>,
): ReadonlyMap<string, CurrentRecord> | null {
  if (answer === null) return null;
  const entries = answer.records.map((record): readonly [string, CurrentRecord] => [
    String(plainValue(record[keyField]) ?? ''),
    {
      id: String(plainValue(record.$id)),
      revision: String(plainValue(record.$revision)),
      values: Object.fromEntries([...codes].map((code) => [code, plainValue(record[code], 'code')])),
    },
  ]);
  return new Map(entries);
}

function keyOf(row: PreparedRow): WriteKey {
  if (row.key === null) throw new Error('A row without a key cannot be written by key.');
  return row.key;
}
