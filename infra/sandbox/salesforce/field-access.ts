import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import { findField, findObject, type Schema, schema, toSchema } from './schema.ts';

/** What the API user's profile keeps from him, each as `Object.Field`. */
export interface FieldAccess {
  /** To him these fields do not exist. */
  readonly hidden?: readonly string[];
  /** These he may see and not change. */
  readonly readOnly?: readonly string[];
}

/** The schema as the API user sees it. @throws Error that names the field there is not. */
export function visibleSchema(access: FieldAccess): Schema {
  const hidden = new Set((access.hidden ?? []).map(checkName));
  const readOnly = new Set((access.readOnly ?? []).map(checkName));
  return toSchema([...schema.values()].map((object) => restrict(object, hidden, readOnly)));
}

function restrict(object: ObjectDefinition, hidden: ReadonlySet<string>, readOnly: ReadonlySet<string>): ObjectDefinition {
  const fields = [...object.fields].flatMap(([name, field]): [string, FieldDefinition][] => {
    if (hidden.has(`${object.name}.${name}`)) return [];
    const isLocked = readOnly.has(`${object.name}.${name}`);
    return [[name, isLocked ? { ...field, createable: false, updateable: false } : field]];
  });
  return { ...object, fields: new Map(fields) };
}

function checkName(name: string): string {
  const [objectName = '', fieldName = ''] = name.split('.');
  const object = findObject(objectName);
  const field = object === undefined ? undefined : findField(object, fieldName);
  if (object === undefined || field === undefined) {
    throw new Error(`"${name}" is no field of the sandbox org; write Object.Field, for example Contact.Email`);
  }
  return `${object.name}.${field.name}`;
}

/** Reads what somebody sent to the admin address. @throws Error that says what is wrong. */
export function readFieldAccess(sent: unknown): FieldAccess {
  const { hidden = [], readOnly = [] } = (typeof sent === 'object' && sent !== null ? sent : {}) as Record<string, unknown>;
  if (!Array.isArray(hidden) || !Array.isArray(readOnly)) throw new Error('hidden and readOnly must be arrays of Object.Field');
  return { hidden: hidden.map(String), readOnly: readOnly.map(String) };
}
