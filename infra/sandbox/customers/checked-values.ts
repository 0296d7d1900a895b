/** A body read by an object's definition: every problem by field, or values by field name. Pure. */
import { type FieldProblem, failures } from './api-failure.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definitions.ts';

export type Value = string | number | null;
export type Values = Readonly<Record<string, Value>>;

const KINDS_OF_TEXT = new Set(['text', 'longText', 'phone', 'email', 'user']);
/** Control characters other than line ends and tabs. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** @throws ApiFailure 422 with every problem */
export function checkedValues(
  body: unknown,
  object: ObjectDefinition,
  isCreate: boolean,
  exists: (id: number) => boolean,
): Values {
  if (!isObject(body)) throw failures.malformed('The body must be one object.');
  const given = flattened(body, object);
  const problems: FieldProblem[] = [];
  const values: Record<string, Value> = {};
  for (const [name, value] of given) {
    const field = object.fields.find((each) => each.name === name);
    const found = field === undefined ? problem(name, 'unknown', 'is no field of this object') : problemOf(field, value, exists);
    if (found !== null) problems.push(found);
    else values[name] = value === '' ? null : (value as Value);
  }
  for (const field of object.fields.filter((each) => each.required === true)) {
    const isEmpty = (values[field.name] ?? null) === null;
    const isWanted = isCreate || field.name in values;
    if (isWanted && isEmpty && !problems.some((each) => each.field === field.name)) {
      problems.push(problem(field.name, 'blank', 'cannot be blank'));
    }
  }
  if (problems.length > 0) throw failures.invalid(problems);
  return values;
}

/** The values as the service writes them: dots become objects. */
export function nested(values: Values, object: ObjectDefinition): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const { name } of object.fields) {
    const [head = '', inner] = name.split('.');
    const value = values[name] ?? null;
    if (inner === undefined) record[head] = value;
    else record[head] = { ...(isObject(record[head]) ? record[head] : {}), [inner]: value };
  }
  return record;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flattened(body: Readonly<Record<string, unknown>>, object: ObjectDefinition): readonly (readonly [string, unknown])[] {
  return Object.entries(body).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
    const hasInner = object.fields.some((field) => field.name.startsWith(`${name}.`));
    if (!hasInner || !isObject(value)) return [[name, value]];
    return Object.entries(value).map(([inner, each]) => [`${name}.${inner}`, each] as const);
  });
}

function problem(field: string, code: string, message: string): FieldProblem {
  return { field, code, message };
}

function problemOf(field: FieldDefinition, value: unknown, exists: (id: number) => boolean): FieldProblem | null {
  const wrong = (code: string, message: string) => problem(field.name, code, message);
  if (value === null || value === '') return null;
  if (field.kind === 'integer' || field.kind === 'reference') {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
      return wrong('not_an_integer', 'is not a whole number');
    return field.kind === 'integer' || exists(value) ? null : wrong('not_found', 'does not exist');
  }
  if (typeof value !== 'string') return wrong('not_a_string', 'is not a string');
  if (KINDS_OF_TEXT.has(field.kind)) {
    if (field.maxLength !== undefined && value.length > field.maxLength) {
      return wrong('too_long', `is too long (maximum is ${field.maxLength} characters)`);
    }
    if (CONTROL.test(value) || !value.isWellFormed()) return wrong('invalid', 'holds characters that are not allowed');
    if (field.kind !== 'longText' && /[\r\n]/.test(value)) return wrong('invalid', 'must be one line');
    return field.kind === 'email' && !/^[^\s@]+@[^\s@]+$/.test(value) ? wrong('invalid', 'is not an e-mail address') : null;
  }
  if (field.kind === 'choice') {
    const choices = field.choices ?? [];
    return choices.includes(value) ? null : wrong('not_in_list', `is not one of: ${choices.join(', ')}`);
  }
  const form = field.kind === 'date' ? /^\d{4}-\d\d-\d\d$/ : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
  return form.test(value) && !Number.isNaN(Date.parse(value)) ? null : wrong('invalid', `is not a ${field.kind}`);
}
