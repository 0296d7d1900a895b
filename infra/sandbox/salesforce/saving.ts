import type { Org } from './api-call.ts';
import { ApiError } from './api-error.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import { normaliseId } from './record-ids.ts';
import type { Row } from './record-store.ts';
import { findField, findObject } from './schema.ts';
import { checkValues, type ParsedValues } from './validation.ts';

/** The object named in a path. @throws ApiError NOT_FOUND */
export function objectInPath(name: string | undefined): ObjectDefinition {
  const object = findObject(name ?? '');
  if (object === undefined) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  return object;
}

export function insertRecord(org: Org, object: ObjectDefinition, values: ParsedValues, userId: string): Row {
  const row = checkValues(object, values, { existing: null, find: org.store.get });
  org.faults.strikeRecord(row);
  return org.store.insert(object, row, userId);
}

export function updateRecord(
  org: Org,
  target: { object: ObjectDefinition; id: string },
  values: ParsedValues,
  userId: string,
): void {
  const existing = liveRecord(org, target.object, target.id);
  const row = checkValues(target.object, values, { existing, find: org.store.get });
  org.faults.strikeRecord(row);
  org.store.update(target.object, String(existing.Id), row, userId);
}

export function deleteRecord(org: Org, target: { object: ObjectDefinition; id: string }, userId: string): void {
  const existing = liveRecord(org, target.object, target.id);
  if (!target.object.writable)
    throw new ApiError(400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  org.store.remove(target.object, String(existing.Id), userId);
}

/** @throws ApiError when the id is no id, unknown, or lies in the recycle bin. */
function liveRecord(org: Org, object: ObjectDefinition, sent: string): Row {
  const id = normaliseId(sent);
  if (id === null) throw new ApiError(400, 'MALFORMED_ID', `${object.name} ID: id value of incorrect type: ${sent}`, ['Id']);
  const row = id.startsWith(object.prefix) ? org.store.get(id) : undefined;
  if (row === undefined) throw new ApiError(404, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (row.IsDeleted === true) throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  return row;
}

/** The field by which an upsert finds its record. @throws ApiError NOT_FOUND for a field that is no external id. */
export function externalIdField(object: ObjectDefinition, name: string | undefined): FieldDefinition {
  const field = findField(object, name ?? '');
  if (field?.externalId !== true) {
    throw new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name ?? ''}`);
  }
  return field;
}

export interface UpsertTarget {
  readonly object: ObjectDefinition;
  readonly field: FieldDefinition;
  readonly key: string;
}

/** Creates or updates the one record with this key. The caller has dealt with twins. */
export function upsertRecord(
  org: Org,
  target: UpsertTarget,
  values: ParsedValues,
  userId: string,
): { id: string; created: boolean } {
  const [existing] = org.store.withExternalId(target.object, target.field.name, target.key);
  if (existing !== undefined && !org.faults.strikeUpsert()) {
    const id = String(existing.Id);
    updateRecord(org, { object: target.object, id }, values, userId);
    return { id, created: false };
  }
  const row = insertRecord(org, target.object, new Map([...values, [target.field, target.key]]), userId);
  return { id: String(row.Id), created: true };
}
