import type { FieldDefinition, FieldKind } from './object-definition.ts';

/** Short ways to write a field down; what is not said is the usual. */

type Options = Partial<Omit<FieldDefinition, 'name' | 'kind'>>;

export function field(name: string, kind: FieldKind, options: Options = {}): FieldDefinition {
  const label = name
    .replace(/(__c|Id)$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ');
  return {
    name,
    label: label === '' ? name : label,
    kind,
    length: 0,
    scale: 0,
    nillable: true,
    createable: true,
    updateable: true,
    defaultValue: null,
    externalId: false,
    unique: false,
    restricted: false,
    choices: [],
    referenceTo: [],
    relationship: null,
    children: null,
    cascades: false,
    ...options,
  };
}

export const text = (name: string, length: number, options: Options = {}) => field(name, 'string', { length, ...options });
export const phone = (name: string) => field(name, 'phone', { length: 40 });
export const choice = (name: string, choices: readonly string[], options: Options = {}) =>
  field(name, 'picklist', { length: 255, choices, ...options });
export const flag = (name: string, options: Options = {}) =>
  field(name, 'boolean', { nillable: false, defaultValue: false, ...options });
export const reference = (name: string, referenceTo: readonly string[], options: Options = {}) =>
  field(name, 'reference', { length: 18, referenceTo, relationship: name.replace(/Id$/, ''), ...options });

export const decimal = (name: string, kind: 'double' | 'currency' | 'percent', scale: number, options: Options = {}) =>
  field(name, kind, { length: 18, scale, ...options });

export const READ_ONLY = { createable: false, updateable: false } as const;
