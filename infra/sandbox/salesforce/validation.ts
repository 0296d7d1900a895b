import { ApiError } from './api-error.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import type { ParentByKey, ParsedValues } from './parsed-values.ts';
import { normaliseId } from './record-ids.ts';
import type { RecordStore, Row, Value } from './record-store.ts';
import { objectOfId } from './schema.ts';

/** Days behind these are none to the service. */
const EARLIEST_DAY = '1700-01-01';
const LATEST_DAY = '4000-12-31T00:00:00.000+0000';

export interface SaveContext {
  /** The record as it stands; null when it is being created. */
  readonly existing: Row | null;
  readonly store: RecordStore;
}

/** Checks one record the way a save does; its refusals strike this record alone. Answers with the fields to store. */
export function checkValues(object: ObjectDefinition, values: ParsedValues, context: SaveContext): Row {
  if (!object.writable) throw new ApiError(400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  if (context.existing?.IsConverted === true) throw convertedLead();
  checkWritable(values, context.existing === null);
  checkRequired(object, values, context.existing === null);
  const row: Row = {};
  for (const [field, value] of values) {
    const plain = typeof value === 'object' && value !== null ? findParent(value, context) : value;
    row[field.name] = plain === null ? null : checkValue(field, plain, context);
  }
  checkUnique(object, row, context);
  checkOwner(object, row, context.store);
  if (object.name === 'Task') checkTaskRelations({ ...context.existing, ...row });
  return row;
}

const convertedLead = () => new ApiError(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');

function findParent({ object, field, key }: ParentByKey, { store }: SaveContext): Value {
  const [found, ...more] = store.withExternalId(object, field.name, key);
  if (found === undefined) {
    const reason = `Foreign key external ID: ${key} not found for field ${field.name} in entity ${object.name}`;
    throw new ApiError(400, 'INVALID_FIELD', reason);
  }
  if (more.length > 0) {
    const reason = `${field.name}: more than one record found for external id field: [${[found, ...more].map(({ Id }) => Id).join(', ')}]`;
    throw new ApiError(400, 'DUPLICATE_EXTERNAL_ID', reason, [field.name]);
  }
  return found.Id ?? null;
}

/** Nothing can be given to somebody who has left. */
function checkOwner(object: ObjectDefinition, { OwnerId }: Row, store: RecordStore): void {
  if (typeof OwnerId !== 'string' || store.get(OwnerId)?.IsActive !== false) return;
  const reason = `operation performed with inactive user [${OwnerId}] as owner of ${object.name.toLowerCase()}`;
  throw new ApiError(400, 'INACTIVE_OWNER_OR_USER', reason);
}

function checkUnique(object: ObjectDefinition, row: Row, { existing, store }: SaveContext): void {
  for (const field of object.fields.values()) {
    const value = row[field.name] ?? null;
    if (!field.unique || value === null) continue;
    const other = store.find(object, field.name, value).find((each) => each.IsDeleted !== true && each.Id !== existing?.Id);
    if (other === undefined) continue;
    const reason = `duplicate value found: ${field.name} duplicates value on record with id: ${other.Id}`;
    throw new ApiError(400, 'DUPLICATE_VALUE', reason, []);
  }
}

function checkWritable(values: ParsedValues, creating: boolean): void {
  const refused = [...values.keys()]
    .filter((field) => !(creating ? field.createable : field.updateable))
    .map((field) => field.name);
  if (creating && refused.includes('Id')) {
    throw new ApiError(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
  }
  if (refused.length === 0) return;
  const reason = `Unable to create/update fields: ${refused.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
  throw new ApiError(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', reason, refused);
}

function checkRequired(object: ObjectDefinition, values: ParsedValues, creating: boolean): void {
  const missing: string[] = [];
  for (const field of object.fields.values()) {
    if (field.nillable || !field.createable || field.kind === 'boolean') continue;
    const value = values.get(field);
    const filledIn = field.defaultValue !== null || field.name === 'OwnerId';
    if (value === null || (creating && value === undefined && !filledIn)) missing.push(field.name);
  }
  if (missing.length === 0) return;
  throw new ApiError(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing);
}

function checkValue(field: FieldDefinition, value: string | number | boolean, context: SaveContext): Value {
  const refuse = (code: string, reason: string) => new ApiError(400, code, `${field.label}: ${reason}`, [field.name]);
  if (field.kind === 'reference') return checkReference(field, String(value), context);
  if (typeof value === 'number') {
    const rounded = round(value, field.scale);
    if (Math.abs(rounded) < 10 ** (field.length - field.scale)) return rounded;
    throw refuse('NUMBER_OUTSIDE_VALID_RANGE', `value outside of valid range on numeric field: ${value}`);
  }
  if (typeof value !== 'string') return value;
  const isDay = field.kind === 'date' || field.kind === 'datetime';
  if (isDay && (value < EARLIEST_DAY || value > LATEST_DAY)) throw refuse('NUMBER_OUTSIDE_VALID_RANGE', `invalid date: ${value}`);
  if (field.length > 0 && value.length > field.length) {
    throw refuse('STRING_TOO_LONG', `data value too large: ${value} (max length=${field.length})`);
  }
  if (field.restricted && !field.choices.includes(value)) {
    throw refuse('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `bad value for restricted picklist field: ${value}`);
  }
  if (field.kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    throw refuse('INVALID_EMAIL_ADDRESS', `invalid email address: ${value}`);
  }
  return value;
}

/** Digits behind the point that the field has no room for are rounded away from it, halves away from zero. */
function round(value: number, scale: number): number {
  const size = Math.abs(value);
  // Written with an exponent: too small to leave anything, or too large to have anything behind its point.
  if (size.toString().includes('e')) return size < 1 ? 0 : value;
  // As digits, for 1.005 is a little less than it looks.
  const rounded = Number(`${Math.round(Number(`${size}e${scale}`))}e-${scale}`);
  return value < 0 && rounded > 0 ? -rounded : rounded;
}

function checkReference(field: FieldDefinition, sent: string, context: SaveContext): string {
  const id = normaliseId(sent);
  const target = id === null ? undefined : objectOfId(id);
  if (id === null || target === undefined || !field.referenceTo.includes(target.name)) {
    throw new ApiError(400, 'MALFORMED_ID', `${field.label} ID: id value of incorrect type: ${sent}`, [field.name]);
  }
  const row = context.store.get(id);
  if (row === undefined) throw new ApiError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (row.IsDeleted === true) throw new ApiError(400, 'ENTITY_IS_DELETED', 'entity is deleted');
  if (row.IsConverted === true) throw convertedLead();
  return id;
}

function checkTaskRelations(row: Row): void {
  if (typeof row.WhoId === 'string' && row.WhoId.startsWith('00Q') && typeof row.WhatId === 'string') {
    const reason = 'A task for a lead cannot be related to another record';
    throw new ApiError(400, 'FIELD_INTEGRITY_EXCEPTION', reason, ['WhatId', 'WhoId']);
  }
}
