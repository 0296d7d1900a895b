/** What a field holds in a record, as a query sees it, and the keys under which that is found again. Pure. */
import type { AppDefinition } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import { canonicalDecimal, isDecimal } from './decimal.ts';
import type { QueriedField } from './field-families.ts';
import { isEmptyValue, type TableRow, toMinute, type WireValue } from './field-values.ts';
import type { SortKey } from './ordered-ids.ts';
import { progressOf } from './process-state.ts';

/** One value; several for choices and people; `['']` where nothing is chosen, because `in ("")` finds that. */
export type Cell = readonly string[];

/** A field of the record is one cell, a field of a table as many as the table has rows. */
export type Cells = (record: StoredRecord) => readonly Cell[];

const EMPTY: Cell = [''];

export function cellsOf(app: AppDefinition, field: QueriedField): Cells {
  const { code, table } = field;
  switch (field.kind) {
    case 'RECORD_NUMBER':
      return (record) => [[String(record.id)]];
    case 'CREATED_TIME':
      return (record) => [[toMinute(record.createdAt)]];
    case 'UPDATED_TIME':
      return (record) => [[toMinute(record.updatedAt)]];
    case 'CREATOR':
      return (record) => [[record.creator]];
    case 'MODIFIER':
      return (record) => [[record.modifier]];
    case 'STATUS':
      return (record) => [[progressOf(app, record).status]];
    case 'STATUS_ASSIGNEE':
      return (record) => [orEmpty(progressOf(app, record).assignees)];
    default:
      break;
  }
  if (table === null) return (record) => [cellOf(record.values[code])];
  return (record) => rowsOf(record.values[table]).map((row) => cellOf(row.value[code]?.value));
}

function orEmpty(values: readonly string[]): Cell {
  return values.length === 0 ? EMPTY : values;
}

export function rowsOf(value: WireValue | undefined): readonly TableRow[] {
  return Array.isArray(value) ? (value as readonly TableRow[]) : [];
}

function cellOf(value: WireValue | undefined): Cell {
  if (value === undefined || value === null || isEmptyValue(value)) return EMPTY;
  if (typeof value === 'string') return [value];
  const list = Array.isArray(value) ? (value as readonly (string | { readonly code?: string; readonly name: string })[]) : [];
  return list.map((each) => (typeof each === 'string' ? each : (each.code ?? each.name)));
}

/** kintone compares texts up to their 64th character, and takes no notice of blanks at their end. */
const COMPARED_LENGTH = 64;

export function textKey(text: string): string {
  return text.slice(0, COMPARED_LENGTH).replace(/ +$/, '');
}

/** A number as it is asked for or stored: null for what is none, `''` for an empty field. Full-width digits count as digits. */
export function numberKey(text: string): string | null {
  if (text === '') return '';
  const half = text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  return isDecimal(half) ? canonicalDecimal(half) : null;
}

/** Record numbers are whole, and may be asked for with the code of the app before them. */
export function idKey(text: string): string | null {
  const digits = /^(?:.+-|\+)?([0-9０-９]+)$/.exec(text)?.[1];
  return digits === undefined ? null : numberKey(digits);
}

/** The keys of a field's values in an index for `=` and `in`. */
export function equalityKeys(field: QueriedField, cells: readonly Cell[]): readonly string[] {
  const values = cells.length === 1 ? (cells[0] ?? EMPTY) : cells.flat();
  if (field.family === 'text') return values.map(textKey);
  return field.family === 'number' ? values.map((value) => numberKey(value) ?? value) : values;
}

/** Where a value stands in the order of its field; empty ones come first. */
export function sortKey(field: QueriedField, [value = '']: Cell): SortKey {
  switch (field.family) {
    case 'number':
    case 'id':
      return value === '' ? Number.NEGATIVE_INFINITY : Number(value);
    case 'moment':
      return value === '' ? Number.NEGATIVE_INFINITY : instantOf(value, field.kind);
    default:
      return value;
  }
}

export function instantOf(value: string, kind: QueriedField['kind']): number {
  if (kind === 'TIME') return Date.parse(`1970-01-01T${value}:00Z`);
  return Date.parse(kind === 'DATE' ? `${value}T00:00:00Z` : value);
}
