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
  | 'date'
  | 'datetime'
  | 'reference';

export interface FieldDefinition {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  /** Characters; digits for `int`. */
  readonly length: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** Filled in on create when the client leaves it out. */
  readonly defaultValue: string | boolean | null;
  readonly externalId: boolean;
  readonly restricted: boolean;
  readonly choices: readonly string[];
  readonly referenceTo: readonly string[];
  /** The name that stands before the dot in SOQL. */
  readonly relationship: string | null;
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
