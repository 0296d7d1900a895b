/** The shapes of field values on the wire, empty ones, and those a new record gets by itself. Pure. */
import type { FieldKind, FieldProperty } from './app-definition.ts';

export interface Entity {
  readonly code: string;
  readonly name: string;
}

export interface TableRow {
  readonly id: string;
  readonly value: Readonly<Record<string, { readonly type: string; readonly value: WireValue }>>;
}

export interface FileValue {
  readonly fileKey: string;
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: string;
}

/** A value as it stands on the wire, without its wrapping. */
export type WireValue =
  | string
  | null
  | readonly string[]
  | Entity
  | readonly Entity[]
  | readonly TableRow[]
  | readonly FileValue[];

/** One for all: a million records hold several each. */
const NOTHING: readonly string[] = [];
const LISTS: ReadonlySet<FieldKind> = new Set(['CHECK_BOX', 'MULTI_SELECT', 'FILE', 'SUBTABLE']);
export const PERSON_KINDS: ReadonlySet<FieldKind> = new Set(['USER_SELECT', 'ORGANIZATION_SELECT', 'GROUP_SELECT']);

export function emptyValue(property: FieldProperty): WireValue {
  if (LISTS.has(property.type) || PERSON_KINDS.has(property.type)) return NOTHING;
  switch (property.type) {
    case 'DROP_DOWN':
    case 'DATE':
    case 'TIME':
      return null;
    default:
      return '';
  }
}

export function isEmptyValue(value: WireValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Days and times of "now" are those of Japan, where the sandbox's users live. */
const ZONE_MS = 9 * 3_600_000;

/** What a POST without this field gets. */
export function defaultValue(property: FieldProperty, now: number): WireValue {
  if (property.defaultNowValue === true) {
    const local = new Date(now + ZONE_MS).toISOString();
    if (property.type === 'DATETIME') return toMinute(now);
    if (property.type === 'DATE') return local.slice(0, 10);
    if (property.type === 'TIME') return local.slice(11, 16);
  }
  const value = property.defaultValue;
  if (Array.isArray(value) && value.length > 0) return value as readonly string[];
  return typeof value === 'string' && value !== '' ? value : emptyValue(property);
}

/** kintone keeps instants to the minute: the seconds are cut. */
export function toMinute(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16)}:00Z`;
}

/** What follows the field code in the path of an error. */
export function pathOfValue(property: FieldProperty): string {
  if (PERSON_KINDS.has(property.type)) return 'values.value';
  return LISTS.has(property.type) && property.type !== 'SUBTABLE' ? 'values' : 'value';
}
