import { ApiError } from './api-error.ts';
import { isDay, parseInstant } from './instants.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import type { Value } from './record-store.ts';
import { findField, findObject, findRelationship, type Schema } from './schema.ts';

/** A parent named by its external id instead of its own: `"Account": { "Customer_Code__c": "A-1" }`. */
export interface ParentByKey {
  readonly object: ObjectDefinition;
  readonly field: FieldDefinition;
  readonly key: string;
}

/** Fields by definition with values of the right JSON type, not yet checked any further. */
export type ParsedValues = ReadonlyMap<FieldDefinition, Value | ParentByKey>;

/** Reads one record of a request. Its refusals strike the whole request, also in a collection: it could not be read. */
export function parseValues(object: ObjectDefinition, sent: unknown, schema: Schema): ParsedValues {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) throw unreadable('sobject', 'VALUE', sent);
  const values = new Map<FieldDefinition, Value | ParentByKey>();
  for (const [name, value] of Object.entries(sent)) {
    if (name === 'attributes') continue;
    const field = findField(object, name);
    const relationship = field === undefined ? findRelationship(object, name) : undefined;
    if (field !== undefined) values.set(field, parseValue(field, value));
    else if (relationship !== undefined) values.set(relationship, parseParent(relationship, value, schema));
    else throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
  }
  return values;
}

function parseParent(relationship: FieldDefinition, sent: unknown, schema: Schema): Value | ParentByKey {
  if (sent === null) return null;
  if (typeof sent !== 'object' || Array.isArray(sent)) throw unreadable('sobject', jsonKind(sent), sent);
  const { attributes, ...keys } = sent as Record<string, unknown>;
  const type = typeof attributes === 'object' && attributes !== null && 'type' in attributes ? String(attributes.type) : null;
  const target = findObject(type ?? relationship.referenceTo[0] ?? '', schema);
  const [[name, key] = ['', ''], ...more] = Object.entries(keys);
  const field = target === undefined ? undefined : findField(target, name);
  if (target === undefined || !relationship.referenceTo.includes(target.name) || more.length > 0 || field?.externalId !== true) {
    const reason = `${relationship.relationship}: a parent is named by exactly one external ID field of its object`;
    throw new ApiError(400, 'INVALID_FIELD', reason);
  }
  return { object: target, field, key: String(key) };
}

function parseValue(field: FieldDefinition, sent: unknown): Value {
  if (sent === null && field.kind !== 'boolean') return null;
  switch (field.kind) {
    // Texts that spell a value are taken for it: the vendor's own command line sends nothing else.
    case 'boolean':
      if (sent === 'true' || sent === 'false') return sent === 'true';
      if (typeof sent !== 'boolean') throw unreadable('boolean', jsonKind(sent), sent);
      return sent;
    case 'int':
      return parseNumber(sent, 'int', /^[+-]?\d+$/);
    case 'double':
    case 'currency':
    case 'percent':
      return parseNumber(sent, 'double', /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/);
    case 'date':
      if (typeof sent !== 'string' || !isDay(sent)) throw unreadable('date', jsonKind(sent), sent);
      return sent;
    case 'datetime': {
      const instant = typeof sent === 'string' ? parseInstant(sent) : null;
      if (instant === null) throw unreadable('datetime', jsonKind(sent), sent);
      return instant;
    }
    default: {
      if (typeof sent !== 'string') throw unreadable('string', jsonKind(sent), sent);
      const trimmed = sent.trim();
      return trimmed === '' ? null : trimmed;
    }
  }
}

function parseNumber(sent: unknown, wanted: 'int' | 'double', spelling: RegExp): number {
  const number = typeof sent === 'string' && spelling.test(sent) ? Number(sent) : sent;
  if (typeof number !== 'number' || (wanted === 'int' && !Number.isInteger(number)))
    throw unreadable(wanted, jsonKind(sent), sent);
  return number;
}

function jsonKind(sent: unknown): string {
  if (typeof sent === 'string') return 'VALUE_STRING';
  if (typeof sent === 'number') return Number.isInteger(sent) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT';
  if (typeof sent === 'boolean') return sent ? 'VALUE_TRUE' : 'VALUE_FALSE';
  if (sent === null) return 'VALUE_NULL';
  return Array.isArray(sent) ? 'START_ARRAY' : 'START_OBJECT';
}

function unreadable(wanted: string, kind: string, sent: unknown): ApiError {
  const value = typeof sent === 'object' ? '' : ` value ${String(sent)}`;
  return new ApiError(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${wanted} from ${kind}${value} or request may be missing a required field at [line:1, column:1]`,
  );
}
