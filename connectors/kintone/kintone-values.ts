/** Values between our plain form and kintone's wrapped one. Pure. */
import type { FieldValue } from '../connector.ts';
import type { FormField } from './kintone-form.ts';

/** A record as it comes: `{code: {type, value}}`. */
export type KintoneRecord = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty fields are null. People are told by name; numbers are numbers where nothing is lost by it. */
export function plainValue(cell: unknown, part: 'name' | 'code' = 'name'): FieldValue {
  if (!isObject(cell)) return null;
  const { type, value } = cell;
  if (Array.isArray(value)) return value.map((each: unknown) => plainEntity(each, part));
  if (isObject(value)) return plainEntity(value, part);
  if (typeof value !== 'string' || value === '') return null;
  return type === 'NUMBER' || type === 'CALC' ? plainNumber(value) : value;
}

function plainEntity(entity: unknown, part: 'name' | 'code'): string {
  return isObject(entity) ? String(entity[part] ?? entity.code ?? '') : String(entity);
}

/** kintone's decimals are longer than a double: what would be rounded stays as it is written. */
function plainNumber(text: string): FieldValue {
  const number = Number(text);
  return String(number) === text ? number : text;
}

/** The field's cells in a record: one, or one per row when it stands in a table. */
export function cellsOf(record: KintoneRecord, field: FormField): readonly unknown[] {
  if (field.table === null) return [record[field.code]];
  const table = record[field.table];
  const rows = isObject(table) && Array.isArray(table.value) ? table.value : [];
  return rows.map((row: unknown) => (isObject(row) && isObject(row.value) ? row.value[field.code] : undefined));
}

/** Texts in the field, empty ones left out. */
export function textsOf(record: KintoneRecord, field: FormField): readonly string[] {
  const texts: string[] = [];
  for (const cell of cellsOf(record, field)) {
    const value = isObject(cell) ? cell.value : null;
    if (typeof value === 'string' && value.trim() !== '') texts.push(value);
  }
  return texts;
}

/** What `value` is as the value of this field in a write. */
export function kintoneValue(value: FieldValue, field: FormField): unknown {
  switch (field.type) {
    case 'CHECK_BOX':
    case 'MULTI_SELECT':
      return listOf(value);
    case 'USER_SELECT':
    case 'ORGANIZATION_SELECT':
    case 'GROUP_SELECT':
      return listOf(value).map((code) => ({ code }));
    case 'DATETIME':
      return value === null || value === '' ? null : withoutFractions(String(value));
    case 'TIME':
      return value === null || value === '' ? null : String(value).replace(/^(\d{2}:\d{2}):\d{2}$/, '$1');
    case 'DATE':
    case 'DROP_DOWN':
    case 'RADIO_BUTTON':
      return value === null || value === '' ? null : String(value);
    case 'SINGLE_LINE_TEXT':
    case 'LINK':
      return sendable(textOf(value)).replace(/\s*[\r\n]+\s*/g, ' ');
    default:
      return sendable(textOf(value));
  }
}

function textOf(value: FieldValue): string {
  return typeof value === 'object' ? listOf(value).join('\n') : String(value);
}

/** Without control characters and halves of characters: a caller's name may hold anything, and no log may be lost for it. */
function sendable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
}

function listOf(value: FieldValue): readonly string[] {
  if (value === null || value === '') return [];
  return typeof value === 'object' ? value : [String(value)];
}

/** kintone keeps minutes; fractions of a second are not promised to be understood. */
function withoutFractions(instant: string): string {
  return instant.replace(/\.\d+(?=Z|[+-])/, '');
}
