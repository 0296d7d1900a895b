/** What objects and fields the sandbox org has, in the terms of the service's own describe. */

export type FieldKind =
  | 'id'
  | 'string'
  | 'textarea'
  | 'phone'
  | 'email'
  | 'url'
  | 'picklist'
  | 'combobox'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'reference';

export interface FieldDefinition {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  /** Characters; digits for numbers. */
  readonly length: number;
  /** How many of a number's digits may stand behind the point. */
  readonly scale: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** Filled in on create when the client leaves it out. */
  readonly defaultValue: string | boolean | null;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly restricted: boolean;
  readonly choices: readonly string[];
  readonly referenceTo: readonly string[];
  /** The name that stands before the dot in SOQL. */
  readonly relationship: string | null;
  /** The name of the way back, in the query of a parent: `(SELECT … FROM Contacts)`. */
  readonly children: string | null;
  /** Deleting the parent deletes this record, too. */
  readonly cascades: boolean;
}

export interface ObjectDefinition {
  readonly name: string;
  readonly label: string;
  readonly labelJa: string;
  readonly prefix: string;
  readonly writable: boolean;
  readonly searchable: boolean;
  readonly fields: ReadonlyMap<string, FieldDefinition>;
}

/** A reference that can lead to several objects: through it only what all of them have can be read. */
export function isPolymorphic(field: FieldDefinition): boolean {
  return field.referenceTo.length > 1;
}
