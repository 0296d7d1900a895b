import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import { orgObjects } from './org-objects.ts';

export type Schema = ReadonlyMap<string, ObjectDefinition>;

/** Everything there is, by lower-case name: the service takes object and field names without regard to case. */
export const schema: Schema = toSchema(orgObjects);

export function toSchema(objects: readonly ObjectDefinition[]): Schema {
  return new Map(objects.map((each) => [each.name.toLowerCase(), each]));
}

export function findObject(name: string, within: Schema = schema): ObjectDefinition | undefined {
  return within.get(name.toLowerCase());
}

export function findField(definition: ObjectDefinition, name: string): FieldDefinition | undefined {
  const exact = definition.fields.get(name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  for (const each of definition.fields.values()) if (each.name.toLowerCase() === lower) return each;
  return undefined;
}

export function findRelationship(definition: ObjectDefinition, name: string): FieldDefinition | undefined {
  const lower = name.toLowerCase();
  for (const each of definition.fields.values()) if (each.relationship?.toLowerCase() === lower) return each;
  return undefined;
}

/** The records that point back at a parent: which object they are, and the field they point with. */
export interface ChildRelationship {
  readonly name: string;
  readonly object: ObjectDefinition;
  readonly field: FieldDefinition;
}

export function childRelationships(parent: ObjectDefinition, within: Schema): readonly ChildRelationship[] {
  return [...within.values()].flatMap((object) =>
    [...object.fields.values()].flatMap((field) =>
      field.children !== null && field.referenceTo.includes(parent.name) ? [{ name: field.children, object, field }] : [],
    ),
  );
}

const byPrefix = new Map(orgObjects.map((each) => [each.prefix, each]));

/** Of the whole schema: what an id is does not depend on who asks. */
export function objectOfId(id: string): ObjectDefinition | undefined {
  return byPrefix.get(id.slice(0, 3));
}
