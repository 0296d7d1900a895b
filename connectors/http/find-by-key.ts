/** The records that hold these keys, as they stand. */
import { valueAt, valuesAt } from './answer-path.ts';
import { recordId } from './caller-fields.ts';
import { idOf, plainValues } from './field-values.ts';
import { fillRequest } from './fill-request.ts';
import type { CurrentRecord } from './merge-owned.ts';
import { chunksOf, type PreparedRow } from './prepare-rows.ts';
import { recordsIn } from './record-lists.ts';
import { placeholdersOf } from './request-shape.ts';
import type { Writing } from './writing.ts';

type KeyedFind = NonNullable<Writing['write']['find']>;

/** By the key's value, all rows with the same key field. @throws ConnectorError */
export async function findByKeys(
  find: KeyedFind,
  rows: readonly PreparedRow[],
  writing: Writing,
): Promise<ReadonlyMap<string, CurrentRecord>> {
  const size = placeholdersOf(find).has('keys') ? find.most : 1;
  const found = await Promise.all(chunksOf(rows, size).map((chunk) => ask(find, chunk, writing)));
  return new Map(found.flat());
}

async function ask(
  find: KeyedFind,
  rows: readonly PreparedRow[],
  { service, objectName, object, signal }: Writing,
): Promise<readonly (readonly [string, CurrentRecord])[]> {
  const [keyField] = rows.flatMap(({ key }) => key?.field ?? []);
  if (keyField === undefined) return [];
  const { name: serviceName } = service.config.service;
  const keys = rows.flatMap(({ key }) => key?.value ?? []);
  const doing = `look whether a record of ${objectName} is there`;
  const request = fillRequest(find, { key: keys[0] ?? null, keys, keyField: keyField.name });
  const { body } = await service.gate.ask({ doing, request, accepts: find.nobody }, signal);
  const fields = new Map(rows.flatMap((row) => row.fields.map(({ field }) => [field.name, field] as const)));
  return recordsIn(body, { records: find.records, doing, serviceName }).flatMap((record) => {
    const held = idOf(valueAt(record, keyField.at));
    // A search may find more than what it was asked for.
    if (held === null || !keys.includes(held)) return [];
    const values = [...fields.values()].map(
      ({ name, at }) => [name, plainValues(valuesAt(record, at), at.includes('*'))] as const,
    );
    const current: CurrentRecord = {
      id: recordId(record, object.id, `${serviceName}: a record of ${objectName}`),
      version: object.version === undefined ? null : idOf(valueAt(record, object.version)),
      values: Object.fromEntries(values),
    };
    return [[held, current] as const];
  });
}
