import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import { orgObjects } from './org-objects.ts';

export type Schema = ReadonlyMap<string, ObjectDefinition>;

/** By lower-case name: the service takes object and field names without regard to case. */
export const schema: Schema = new Map(orgObjects.map((each) => [each.name.toLowerCase(), each]));

export function findObject(name: string): ObjectDefinition | undefined {
  return schema.get(name.toLowerCase());
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

export function objectOfId(id: string): ObjectDefinition | undefined {
  for (const definition of schema.values()) if (id.startsWith(definition.prefix)) return definition;
  return undefined;
}
