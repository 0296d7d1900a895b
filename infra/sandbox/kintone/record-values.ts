/** A whole record's values: what was sent laid over what was stored, tables merged, lookups copied, rules checked. */
import { EMPTY_KINDS, type FieldProperty, SYSTEM_KINDS } from './app-definition.ts';
import type { AppRecords, Undo } from './app-records.ts';
import { calculate, isCalculated } from './calculation.ts';
import { failures } from './failures.ts';
import {
  defaultValue,
  emptyValue,
  type FileValue,
  isEmptyValue,
  PERSON_KINDS,
  type TableRow,
  type WireValue,
} from './field-values.ts';
import type { FileStore } from './file-store.ts';
import { DUPLICATE, type Wording } from './kintone-failure.ts';
import { copiedFields, lookupCopies, type VisibleApp } from './lookup-copying.ts';
import { rowsOf } from './query-values.ts';
import { isObject } from './request-arguments.ts';
import type { People } from './sandbox-people.ts';
import { checkRequired, defaultPeople, readFieldValue, type ValueContext } from './value-reading.ts';

/** A record as clients send it: wrapped values by field code; codes the app does not know are ignored silently. */
export type SentRecord = Readonly<Record<string, unknown>>;

export interface MergeWorld {
  readonly now: number;
  readonly visibleApp: VisibleApp;
  readonly files: FileStore;
  readonly people: People;
  /** Login name of whoever writes; API tokens write as Administrator. */
  readonly writer: string;
  /** Fields that are refused on demand, to try what happens then. */
  readonly refusedFields: ReadonlySet<string>;
}

export interface Merge {
  readonly records: AppRecords;
  readonly world: MergeWorld;
  readonly undo: Undo;
  readonly context: ValueContext;
}

type Values = Readonly<Record<string, WireValue>>;

const REFUSED: Wording = { ja: 'この値は受け付けられません。', en: 'This value cannot be accepted.', zh: '不能接受该值。' };

/**
 * `stored` is null for a new record: only then do defaults fill what was not sent. The rules are checked on the merged
 * record, so that a required field which is empty from earlier days blocks an unrelated change, as the real service does it.
 */
export function mergeValues(stored: Values | null, sent: SentRecord, ownId: number, merge: Merge): Values {
  const { records, world, context } = merge;
  const fields = Object.values(records.app.fields).filter(holdsValue);
  const copied = copiedFields(fields);
  const values: Record<string, WireValue> = {};
  for (const field of fields) {
    const before = stored?.[field.code] ?? (stored === null ? firstValue(field, world) : emptyValue(field));
    const isSent = Object.hasOwn(sent, field.code) && !copied.has(field.code) && !isCalculated(field);
    values[field.code] = isSent ? readSent(field, before, sentValue(sent[field.code]), merge) : before;
    if (isSent && world.refusedFields.has(field.code)) {
      context.problems.set(`${context.path}.${field.code}.value`, [REFUSED]);
    }
  }
  for (const field of fields) {
    if (field.lookup !== undefined && Object.hasOwn(sent, field.code)) {
      Object.assign(values, lookupCopies(field, values[field.code], records.app.fields, world.visibleApp));
    }
  }
  calculate(records.app, values);
  for (const field of fields) {
    checkRequired(field, values[field.code], context);
    checkUnique(field, values[field.code], ownId, merge);
  }
  return values;
}

function firstValue(field: FieldProperty, world: MergeWorld): WireValue {
  return PERSON_KINDS.has(field.type) ? defaultPeople(field, world.people, world.writer) : defaultValue(field, world.now);
}

function holdsValue(field: FieldProperty): boolean {
  return !SYSTEM_KINDS.includes(field.type) && !EMPTY_KINDS.includes(field.type);
}

function sentValue(wrapped: unknown): unknown {
  if (isObject(wrapped) && 'value' in wrapped) return wrapped.value;
  throw failures.malformedJson();
}

function readSent(field: FieldProperty, before: WireValue, sent: unknown, merge: Merge): WireValue {
  if (field.type === 'FILE') return readFiles(before, sent, merge);
  return field.type === 'SUBTABLE' ? readRows(field, before, sent, merge) : readFieldValue(field, sent, merge.context);
}

function objectOf(sent: unknown): SentRecord {
  if (sent === null || sent === undefined) return {};
  if (!isObject(sent)) throw failures.malformedJson();
  return sent;
}

/** A list of objects; null is an empty one. @throws KintoneFailure CB_IJ01 */
function listOf(sent: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (sent === null || sent === undefined) return [];
  if (!Array.isArray(sent) || !sent.every(isObject)) throw failures.malformedJson();
  return sent;
}

/** Files that are not sent are gone; those that were there stay by their keys; any other is an upload to be attached. */
function readFiles(before: WireValue, sent: unknown, merge: Merge): WireValue {
  const kept = Array.isArray(before) ? (before as readonly FileValue[]) : [];
  const keys = listOf(sent).map((each) => String(each.fileKey ?? ''));
  return keys.map((key) => {
    const known = kept.find((file) => file.fileKey === key);
    const file = known ?? merge.world.files.attach(key, merge.records.app.id, merge.undo);
    if (file === null) throw failures.noSuchFile(key);
    return file;
  });
}

function readRows(table: FieldProperty, before: WireValue, sent: unknown, merge: Merge): readonly TableRow[] {
  const rows = rowsOf(before);
  const sentRows = listOf(sent);
  const ids = sentRows.flatMap(({ id }) => (id === undefined || id === null || id === '' ? [] : [String(id)]));
  if (ids.some((id) => !/^\d+$/.test(id))) throw failures.malformedJson();
  if (new Set(ids).size < ids.length) throw failures.duplicateRow(table.code);
  return sentRows.map((row, index) => readRow(table, rows, row, index, merge));
}

/** Rows that are not sent are gone; a row with a known id is merged cell by cell; any other is new. */
function readRow(
  table: FieldProperty,
  before: readonly TableRow[],
  row: Readonly<Record<string, unknown>>,
  index: number,
  merge: Merge,
): TableRow {
  const known = before.find((each) => each.id === String(row.id));
  const sent: SentRecord = objectOf(row.value);
  const fields = table.fields ?? {};
  const cells = Object.values(fields).filter(holdsValue);
  const copied = copiedFields(cells);
  const path = `${merge.context.path}.${table.code}.value[${index}].value`;
  const inside: Merge = { ...merge, context: { ...merge.context, path, insideTable: true } };
  const values: Record<string, WireValue> = {};
  for (const cell of cells) {
    const stored = known?.value[cell.code]?.value ?? firstValue(cell, merge.world);
    const isSent = Object.hasOwn(sent, cell.code) && !copied.has(cell.code) && !isCalculated(cell);
    values[cell.code] = isSent ? readSent(cell, stored, sentValue(sent[cell.code]), inside) : stored;
  }
  for (const cell of cells) {
    if (cell.lookup !== undefined && Object.hasOwn(sent, cell.code)) {
      Object.assign(values, lookupCopies(cell, values[cell.code], fields, merge.world.visibleApp));
    }
    checkRequired(cell, values[cell.code], inside.context);
  }
  const wrapped = cells.map((cell) => [cell.code, { type: cell.type, value: values[cell.code] ?? emptyValue(cell) }]);
  return { id: known?.id ?? merge.records.nextRowId(), value: Object.fromEntries(wrapped) };
}

/** An empty value is never a duplicate. */
function checkUnique(field: FieldProperty, value: WireValue | undefined, ownId: number, merge: Merge): void {
  if (field.unique !== true || typeof value !== 'string' || isEmptyValue(value)) return;
  const holder = merge.records.holderOf(field.code, value);
  if (holder !== undefined && holder.id !== ownId) {
    merge.context.problems.set(`${merge.context.path}.${field.code}.value`, [DUPLICATE]);
  }
}
