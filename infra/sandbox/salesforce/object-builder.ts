import { choice, field, flag, READ_ONLY, reference, text } from './field-builders.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';

const user = ['User'] as const;

const system: readonly FieldDefinition[] = [
  field('Id', 'id', { length: 18, nillable: false, ...READ_ONLY }),
  flag('IsDeleted', READ_ONLY),
  field('CreatedDate', 'datetime', { nillable: false, ...READ_ONLY }),
  reference('CreatedById', user, { nillable: false, ...READ_ONLY }),
  field('LastModifiedDate', 'datetime', { nillable: false, ...READ_ONLY }),
  reference('LastModifiedById', user, { nillable: false, ...READ_ONLY }),
  field('SystemModstamp', 'datetime', { nillable: false, ...READ_ONLY }),
];

/** The creator owns what names no owner. */
export const owner = reference('OwnerId', user, { nillable: false });

/** What can also lie in a queue, which is a group. */
export const ownerOrQueue = reference('OwnerId', ['Group', 'User'], { nillable: false });

export const personName: readonly FieldDefinition[] = [
  text('LastName', 80, { nillable: false }),
  text('FirstName', 40),
  choice('Salutation', ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'], { length: 40 }),
  text('Name', 121, { nillable: false, ...READ_ONLY }),
];

export const address = (kind: string): readonly FieldDefinition[] => [
  text(`${kind}PostalCode`, 20),
  text(`${kind}State`, 80),
  text(`${kind}City`, 40),
  field(`${kind}Street`, 'textarea', { length: 255 }),
  text(`${kind}Country`, 80),
];

/** An object with the fields every object has; writable and searchable unless said otherwise. */
export function object(
  identity: Pick<ObjectDefinition, 'name' | 'label' | 'labelJa' | 'prefix'>,
  fields: readonly FieldDefinition[],
  abilities: { writable: boolean; searchable: boolean } = { writable: true, searchable: true },
): ObjectDefinition {
  return { ...identity, ...abilities, fields: new Map([...system, ...fields].map((each) => [each.name, each])) };
}
