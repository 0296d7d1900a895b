import type { ApiCall, Org } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { refuseDuplicates } from './duplicate-rules.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import type { ParsedValues } from './parsed-values.ts';
import { normaliseId } from './record-ids.ts';
import type { Row } from './record-store.ts';
import { childRelationships, findField, findObject, schema } from './schema.ts';
import { checkValues } from './validation.ts';

/** Who saves, and whether what a duplicate rule warns of is saved all the same. */
export interface Saver {
  readonly userId: string;
  readonly allowDuplicates: boolean;
}

export function saverOf(call: ApiCall): Saver {
  const header = call.header('sforce-duplicate-rule-header') ?? '';
  return { userId: call.userId, allowDuplicates: /allowSave\s*=\s*true/i.test(header) };
}

/** The object named in a path. @throws ApiError NOT_FOUND */
export function objectInPath(name: string | undefined, org: Org): ObjectDefinition {
  const object = findObject(name ?? '', org.schema);
  if (object === undefined) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  return object;
}

export function insertRecord(org: Org, object: ObjectDefinition, values: ParsedValues, by: Saver): Row {
  const row = checkValues(object, values, { existing: null, store: org.store });
  org.faults.strikeRecord({ values: row, id: null });
  refuseDuplicates(org.duplicateRules, object, { row, id: null, allowSave: by.allowDuplicates }, org.store);
  return org.store.insert(object, row, by.userId);
}

export function updateRecord(org: Org, target: { object: ObjectDefinition; id: string }, values: ParsedValues, by: Saver): void {
  const existing = liveRecord(org, target.object, target.id);
  const id = String(existing.Id);
  const row = checkValues(target.object, values, { existing, store: org.store });
  org.faults.strikeRecord({ values: row, id });
  const merged = { ...existing, ...row };
  refuseDuplicates(org.duplicateRules, target.object, { row: merged, id, allowSave: by.allowDuplicates }, org.store);
  org.store.update(target.object, id, row, by.userId);
}

/** Into the recycle bin, and what belongs to it along with it. */
export function deleteRecord(org: Org, target: { object: ObjectDefinition; id: string }, by: Saver): void {
  const existing = liveRecord(org, target.object, target.id);
  if (!target.object.writable)
    throw new ApiError(400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  org.faults.strikeRecord({ values: {}, id: String(existing.Id) });
  refuseWithCases(org, target.object, existing);
  removeWithChildren(org, target.object, String(existing.Id), by.userId);
}

/** Whoever has a case stays. */
function refuseWithCases(org: Org, object: ObjectDefinition, row: Row): void {
  const relationship = childRelationships(object, schema).find(({ object: child }) => child.name === 'Case');
  if (relationship === undefined) return;
  const { object: caseObject, field } = relationship;
  const cases = org.store.find(caseObject, field.name, row.Id ?? null).filter((each) => each.IsDeleted !== true);
  if (cases.length === 0) return;
  const ids = cases.map(({ Id }) => Id).join(', ');
  const reason = `Your attempt to delete ${row.Name} could not be completed because it is associated with the following cases.: ${ids}\n`;
  throw new ApiError(400, 'DELETE_FAILED', reason);
}

function removeWithChildren(org: Org, object: ObjectDefinition, id: string, userId: string): void {
  for (const { object: child, field } of childRelationships(object, schema)) {
    if (!field.cascades) continue;
    const children = org.store.find(child, field.name, id).filter((row) => row.IsDeleted !== true && row[field.name] === id);
    for (const row of children) removeWithChildren(org, child, String(row.Id), userId);
  }
  org.store.remove(object, id, userId);
}

/** @throws ApiError when the id is no id, unknown, or lies in the recycle bin. */
export function liveRecord(org: Org, object: ObjectDefinition, sent: string): Row {
  const id = normaliseId(sent);
  if (id === null) throw new ApiError(400, 'MALFORMED_ID', `${object.name} ID: id value of incorrect type: ${sent}`, ['Id']);
  const row = id.startsWith(object.prefix) ? org.store.get(id) : undefined;
  if (row === undefined) throw new ApiError(404, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (row.IsDeleted === true) throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  return row;
}

/** External ids, and e-mail addresses: the service finds people by them. */
export function isLookedUp(field: FieldDefinition): boolean {
  return field.externalId || field.kind === 'email';
}

/** The field by which an upsert finds its record. @throws ApiError NOT_FOUND for a field that cannot find it. */
export function externalIdField(object: ObjectDefinition, name: string | undefined): FieldDefinition {
  const field = findField(object, name ?? '');
  if (field === undefined || !isLookedUp(field)) {
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
export function upsertRecord(org: Org, target: UpsertTarget, values: ParsedValues, by: Saver): { id: string; created: boolean } {
  const [existing] = org.store.withExternalId(target.object, target.field.name, target.key);
  if (existing !== undefined && !org.faults.strikeUpsert()) {
    const id = String(existing.Id);
    updateRecord(org, { object: target.object, id }, values, by);
    return { id, created: false };
  }
  const row = insertRecord(org, target.object, new Map([...values, [target.field, target.key]]), by);
  return { id: String(row.Id), created: true };
}

/** @throws ApiError DUPLICATE_EXTERNAL_ID where a key does not tell which record is meant. */
export function refuseTwins(org: Org, target: UpsertTarget): void {
  const found = org.store.withExternalId(target.object, target.field.name, target.key);
  if (found.length < 2) return;
  const ids = found.map((row) => row.Id).join(', ');
  const reason = `${target.field.name}: more than one record found for external id field: [${ids}]`;
  throw new ApiError(400, 'DUPLICATE_EXTERNAL_ID', reason, [target.field.name]);
}
