import type { ApiError } from '../api-error.ts';
import { field } from '../field-builders.ts';
import { type FieldDefinition, isPolymorphic, type ObjectDefinition } from '../object-definition.ts';
import type { Row, RowReader, Value } from '../record-store.ts';
import { findField, findObject, findRelationship, objectOfId } from '../schema.ts';
import { pointedAt } from './malformed.ts';
import type { Path, Query } from './query.ts';
import type { QueryWorld } from './query-world.ts';

const APPEND_C = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.";
const REFERENCE_WSDL = 'Please reference your WSDL or the describe call for the appropriate names.';

const MOST_STEPS = 5;

/** A path whose every step exists: the relationships to follow and the field at the end. */
export interface ResolvedPath {
  readonly steps: readonly FieldDefinition[];
  readonly field: FieldDefinition;
}

/** What can be read through a reference that leads to several objects, such as `Who.Name`. */
const NAME_FIELDS = ['Id', 'Name', 'FirstName', 'LastName', 'Title', 'Phone', 'Email', 'Username', 'IsActive'];
const typeField = field('Type', 'string', { length: 40 });

export function queriedObject(query: Query, world: QueryWorld): ObjectDefinition {
  const object = findObject(query.object, world.schema);
  if (object !== undefined) return object;
  const reason = `sObject type '${query.object}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${REFERENCE_WSDL}`;
  throw pointedAt(query.statement, query.objectPosition, 'INVALID_TYPE', reason);
}

/** @throws ApiError INVALID_FIELD that points at the path */
export function resolvePath(object: ObjectDefinition, path: Path, query: Query, world: QueryWorld): ResolvedPath {
  const names = withoutObject(path, object, query);
  const refuse = (reason: string): ApiError => pointedAt(query.statement, path.position, 'INVALID_FIELD', reason);
  if (names.length > MOST_STEPS + 1) throw refuse(`A path may not follow more than ${MOST_STEPS} relationships`);
  const steps: FieldDefinition[] = [];
  let here: ObjectDefinition | null = object;
  for (const name of names.slice(0, -1)) {
    const step: FieldDefinition | undefined = here === null ? undefined : findRelationship(here, name);
    if (step === undefined) {
      const advice =
        "If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.";
      throw refuse(`Didn't understand relationship '${name}' in field path. ${advice} ${REFERENCE_WSDL}`);
    }
    steps.push(step);
    here = isPolymorphic(step) ? null : (findObject(step.referenceTo[0] ?? '', world.schema) ?? null);
  }
  const last = names.at(-1) ?? '';
  const found = here === null ? findNameField(last, steps.at(-1), world) : findField(here, last);
  if (found === undefined) {
    throw refuse(`No such column '${last}' on entity '${here?.name ?? 'Name'}'. ${APPEND_C} ${REFERENCE_WSDL}`);
  }
  return { steps, field: found };
}

/** `SELECT Account.Name FROM Account` and `SELECT a.Name FROM Account a` may name the object itself first. */
function withoutObject(path: Path, object: ObjectDefinition, query: Query): readonly string[] {
  const first = path.names[0]?.toLowerCase();
  const isObject = first === object.name.toLowerCase() || first === query.alias?.toLowerCase();
  return path.names.length > 1 && isObject ? path.names.slice(1) : path.names;
}

function findNameField(name: string, step: FieldDefinition | undefined, world: QueryWorld): FieldDefinition | undefined {
  if (name.toLowerCase() === 'type') return typeField;
  if (!NAME_FIELDS.some((each) => each.toLowerCase() === name.toLowerCase())) return undefined;
  for (const target of step?.referenceTo ?? []) {
    const object = findObject(target, world.schema);
    const found = object === undefined ? undefined : findField(object, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The record at the end of a path's relationships; undefined where a reference on the way is empty. */
export function rowAt(row: Row, steps: readonly FieldDefinition[], store: RowReader): Row | undefined {
  let here: Row | undefined = row;
  for (const step of steps) {
    const id: Value = here?.[step.name] ?? null;
    here = typeof id === 'string' ? store.get(id) : undefined;
  }
  return here;
}

export function valueAt(row: Row, path: ResolvedPath, store: RowReader): Value {
  return fieldValue(rowAt(row, path.steps, store), path.field);
}

export function fieldValue(row: Row | undefined, wanted: FieldDefinition): Value {
  if (row === undefined) return null;
  return wanted === typeField ? (objectOfId(String(row.Id))?.name ?? null) : (row[wanted.name] ?? null);
}
