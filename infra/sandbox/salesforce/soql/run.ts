import { ApiError } from '../api-error.ts';
import { isLongText } from '../describe.ts';
import { parseInstant } from '../instants.ts';
import type { FieldDefinition, ObjectDefinition } from '../object-definition.ts';
import { normaliseId } from '../record-ids.ts';
import type { Row, RowReader, Value } from '../record-store.ts';
import { findField, findObject, findRelationship } from '../schema.ts';
import { pointedAt } from './malformed.ts';
import type { Condition, Operand, Ordering, Path, Query } from './query.ts';

const APPEND_C = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.";
const REFERENCE_WSDL = 'Please reference your WSDL or the describe call for the appropriate names.';

/** A path whose every step exists: the relationships to follow and the field at the end. */
export interface ResolvedPath {
  readonly steps: readonly FieldDefinition[];
  readonly field: FieldDefinition;
}

export interface QueryPlan {
  readonly object: ObjectDefinition;
  /** Null for COUNT(). */
  readonly fields: readonly ResolvedPath[] | null;
  readonly rows: readonly Row[];
}

/** Checks every name against the schema, filters the rows that `only` lets through, sorts and cuts. @throws ApiError INVALID_TYPE, INVALID_FIELD, … */
export function runQuery(query: Query, store: RowReader, only: (row: Row) => boolean): QueryPlan {
  const object = findObject(query.object);
  if (object === undefined) throw unknownObject(query);
  const resolve = (path: Path) => resolvePath(object, path, query.statement);
  const fields = query.fields?.map(resolve) ?? null;
  const matches = query.where === null ? () => true : compile(query.where, resolve, store);
  const compare = compileOrdering(query.orderBy, resolve, store);
  const rows: Row[] = [];
  for (const row of store.all(object)) if (only(row) && matches(row)) rows.push(row);
  if (compare !== null) rows.sort(compare);
  const end = query.limit === null ? rows.length : query.offset + query.limit;
  return { object, fields, rows: rows.slice(query.offset, end) };
}

function unknownObject(query: Query): ApiError {
  const reason = `sObject type '${query.object}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${REFERENCE_WSDL}`;
  return pointedAt(query.statement, query.objectPosition, 'INVALID_TYPE', reason);
}

function resolvePath(object: ObjectDefinition, path: Path, statement: string): ResolvedPath {
  // `SELECT Account.Name FROM Account` may name the object itself first.
  const names =
    path.names.length > 1 && path.names[0]?.toLowerCase() === object.name.toLowerCase() ? path.names.slice(1) : path.names;
  const steps: FieldDefinition[] = [];
  let here: readonly ObjectDefinition[] = [object];
  for (const name of names.slice(0, -1)) {
    const step = here.map((each) => findRelationship(each, name)).find((each) => each !== undefined);
    if (step === undefined) {
      const reason = `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${REFERENCE_WSDL}`;
      throw pointedAt(statement, path.position, 'INVALID_FIELD', reason);
    }
    steps.push(step);
    here = step.referenceTo.map(findObject).filter((each) => each !== undefined);
  }
  const last = names.at(-1) ?? '';
  const field = here.map((each) => findField(each, last)).find((each) => each !== undefined);
  if (field === undefined) {
    const reason = `No such column '${last}' on entity '${here[0]?.name ?? object.name}'. ${APPEND_C} ${REFERENCE_WSDL}`;
    throw pointedAt(statement, path.position, 'INVALID_FIELD', reason);
  }
  return { steps, field };
}

/** The value at the end of a path; null where a reference on the way is empty. */
export function valueAt(row: Row, path: ResolvedPath, store: RowReader): Value {
  let here: Row | undefined = row;
  for (const step of path.steps) {
    const id: Value = here?.[step.name] ?? null;
    here = typeof id === 'string' ? store.get(id) : undefined;
  }
  return here?.[path.field.name] ?? null;
}

type Test = (row: Row) => boolean;

function compile(condition: Condition, resolve: (path: Path) => ResolvedPath, store: RowReader): Test {
  if (condition.kind === 'not') {
    const part = compile(condition.part, resolve, store);
    return (row) => !part(row);
  }
  if (condition.kind !== 'compare') {
    const parts = condition.parts.map((part) => compile(part, resolve, store));
    return condition.kind === 'and' ? (row) => parts.every((part) => part(row)) : (row) => parts.some((part) => part(row));
  }
  const path = resolve(condition.path);
  if (isLongText(path.field)) {
    throw new ApiError(400, 'INVALID_FIELD', `field '${path.field.name}' can not be filtered in a query call`);
  }
  const read = (row: Row) => comparable(path.field, valueAt(row, path, store));
  const operands = condition.operands.map((operand) => comparable(path.field, checkOperand(path.field, operand)));
  const [first = null] = operands;
  switch (condition.operator) {
    case 'in':
    case 'not in': {
      const wanted = new Set(operands);
      return condition.operator === 'in' ? (row) => wanted.has(read(row)) : (row) => !wanted.has(read(row));
    }
    case 'like': {
      const pattern = likePattern(path.field, first);
      return (row) => pattern.test(String(read(row) ?? ''));
    }
    case '=':
      return (row) => read(row) === first;
    case '!=':
      return (row) => read(row) !== first;
    default:
      return compileRange(condition.operator, read, first);
  }
}

function compileRange(operator: '<' | '>' | '<=' | '>=', read: (row: Row) => Value, bound: Value): Test {
  return (row) => {
    const value = read(row);
    if (value === null || bound === null) return false;
    if (operator === '<') return value < bound;
    if (operator === '>') return value > bound;
    return operator === '<=' ? value <= bound : value >= bound;
  };
}

/** Text is compared without regard to case; ids with it. */
function comparable(field: FieldDefinition, value: Value): Value {
  return typeof value === 'string' && field.kind !== 'id' && field.kind !== 'reference' ? value.toLowerCase() : value;
}

function checkOperand(field: FieldDefinition, operand: Operand): Value {
  if (operand.kind === 'null') return null;
  const wrong = (type: string, advice: string) =>
    new ApiError(
      400,
      'INVALID_FIELD',
      `value of filter criterion for field '${field.name}' must be of type ${type} and should ${advice}`,
    );
  switch (field.kind) {
    case 'boolean':
      if (operand.kind !== 'boolean') throw wrong('boolean', 'not be enclosed in quotes');
      return operand.value;
    case 'int':
      if (operand.kind !== 'number') throw wrong('int', 'not be enclosed in quotes');
      return operand.value;
    case 'date':
      if (operand.kind !== 'date') throw wrong('date', 'not be enclosed in quotes');
      return operand.value;
    case 'datetime':
      if (operand.kind !== 'dateTime') throw wrong('dateTime', 'not be enclosed in quotes');
      return parseInstant(String(operand.value));
    default:
      if (operand.kind !== 'string')
        throw wrong(field.kind === 'id' || field.kind === 'reference' ? 'ID' : 'string', 'be enclosed in quotes');
      return field.kind === 'id' || field.kind === 'reference' ? checkId(field, String(operand.value)) : operand.value;
  }
}

function checkId(field: FieldDefinition, sent: string): string {
  const id = normaliseId(sent);
  if (id === null) throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', `${field.name}: invalid ID field: ${sent}`);
  return id;
}

function likePattern(field: FieldDefinition, operand: Value): RegExp {
  if (typeof operand !== 'string') {
    throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${field.name}: like`);
  }
  const source = operand.replace(/\\[%_]|[%_]|[.*+?^${}()|[\]\\]/g, (found) => {
    if (found === '%') return '[\\s\\S]*';
    if (found === '_') return '[\\s\\S]';
    return found.length === 2 ? (found[1] ?? '') : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 'i');
}

function compileOrdering(
  orderings: readonly Ordering[],
  resolve: (path: Path) => ResolvedPath,
  store: RowReader,
): ((one: Row, other: Row) => number) | null {
  if (orderings.length === 0) return null;
  const keys = orderings.map((ordering) => {
    const path = resolve(ordering.path);
    if (isLongText(path.field))
      throw new ApiError(400, 'INVALID_FIELD', `field '${path.field.name}' can not be sorted in a query call`);
    return { ...ordering, read: (row: Row) => comparable(path.field, valueAt(row, path, store)) };
  });
  return (one, other) => {
    for (const key of keys) {
      const order = compareValues(key.read(one), key.read(other), key);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function compareValues(
  one: Value,
  other: Value,
  key: { readonly descending: boolean; readonly nulls: 'first' | 'last' },
): number {
  if (one === other) return 0;
  if (one === null || other === null) return (one === null) === (key.nulls === 'first') ? -1 : 1;
  return one < other === key.descending ? 1 : -1;
}
