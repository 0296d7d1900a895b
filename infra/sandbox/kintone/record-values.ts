/** A whole record's values: what was sent laid over what was stored, tables merged, lookups copied, rules checked. */
import { type FieldProperty, SYSTEM_KINDS } from './app-definition.ts';
import type { AppRecords } from './app-records.ts';
import { defaultValue, emptyValue, isEmptyValue, type TableRow, type WireValue } from './field-values.ts';
import { DUPLICATE, failures, invalid, type Wording } from './kintone-failure.ts';
import { checkRequired, readFieldValue, type ValueContext } from './value-reading.ts';

/** A record as clients send it: wrapped values by field code; codes the app does not know are ignored silently. */
export type SentRecord = Readonly<Record<string, unknown>>;

export interface MergeWorld {
  readonly now: number;
  /** Records of another app for lookups; null where there is no such app or the caller may not see it. */
  readonly visibleApp: (app: string) => AppRecords | null;
  /** Fields that are refused on demand, to try what happens then. */
  readonly refusedFields: ReadonlySet<string>;
}

export interface Merge {
  readonly records: AppRecords;
  readonly world: MergeWorld;
  readonly context: ValueContext;
}

type Values = Readonly<Record<string, WireValue>>;

const REFUSED: Wording = { ja: 'この値は受け付けられません。', en: 'This value cannot be accepted.' };

/**
 * `stored` is null for a new record: only then do defaults fill what was not sent. The rules are checked on the merged
 * record, so that a required field which is empty from earlier days blocks an unrelated change, as the real service does it.
 */
export function mergeValues(stored: Values | null, sent: SentRecord, ownId: number, merge: Merge): Values {
  const { records, world, context } = merge;
  const fields = Object.values(records.app.fields).filter((field) => !SYSTEM_KINDS.includes(field.type));
  const copied = new Set(fields.flatMap((field) => field.lookup?.fieldMappings.map((mapping) => mapping.field) ?? []));
  const values: Record<string, WireValue> = {};
  for (const field of fields) {
    const before = stored?.[field.code] ?? (stored === null ? defaultValue(field, world.now) : emptyValue(field));
    const isSent = Object.hasOwn(sent, field.code) && !copied.has(field.code);
    values[field.code] = isSent ? readSent(field, before, sentValue(sent[field.code], field, context), merge) : before;
    if (isSent && world.refusedFields.has(field.code)) {
      context.problems.set(`${context.path}.${field.code}.value`, [REFUSED]);
    }
  }
  for (const field of fields) {
    if (field.lookup !== undefined && Object.hasOwn(sent, field.code)) copyLookup(field, values, world);
    checkRequired(field, values[field.code], context);
    checkUnique(field, values[field.code], ownId, merge);
  }
  return values;
}

function sentValue(wrapped: unknown, field: FieldProperty, context: ValueContext): unknown {
  if (typeof wrapped === 'object' && wrapped !== null && 'value' in wrapped) return wrapped.value;
  throw invalid({
    [`${context.path}.${field.code}`]: [{ ja: '値の指定が正しくありません。', en: 'A value object is expected.' }],
  });
}

function readSent(field: FieldProperty, before: WireValue, sent: unknown, merge: Merge): WireValue {
  if (field.type !== 'SUBTABLE') return readFieldValue(field, sent, merge.context);
  const rows = Array.isArray(before) ? (before as readonly TableRow[]) : [];
  return Array.isArray(sent) ? sent.map((row: unknown, index) => readRow(field, rows, row, index, merge)) : [];
}

/** Rows that are not sent are gone; a row with a known id is merged cell by cell; any other is new. */
function readRow(table: FieldProperty, before: readonly TableRow[], sent: unknown, index: number, merge: Merge): TableRow {
  const row: { id?: unknown; value?: unknown } = typeof sent === 'object' && sent !== null ? sent : {};
  const known = before.find((each) => each.id === String(row.id));
  const cells = (typeof row.value === 'object' && row.value !== null ? row.value : {}) as SentRecord;
  const context: ValueContext = {
    ...merge.context,
    path: `${merge.context.path}.${table.code}.value[${index}].value`,
    insideTable: true,
  };
  const value = Object.values(table.fields ?? {}).map((cell): readonly [string, TableRow['value'][string]] => {
    const stored = known?.value[cell.code]?.value ?? defaultValue(cell, merge.world.now);
    const isSent = Object.hasOwn(cells, cell.code);
    const next = isSent ? readFieldValue(cell, sentValue(cells[cell.code], cell, context), context) : stored;
    checkRequired(cell, next, context);
    return [cell.code, { type: cell.type, value: next }];
  });
  return { id: known?.id ?? merge.records.nextRowId(), value: Object.fromEntries(value) };
}

/** An empty value is never a duplicate. */
function checkUnique(field: FieldProperty, value: WireValue | undefined, ownId: number, merge: Merge): void {
  if (field.unique !== true || typeof value !== 'string' || isEmptyValue(value)) return;
  const holder = merge.records.holderOf(field.code, value);
  if (holder !== undefined && holder.id !== ownId) {
    merge.context.problems.set(`${merge.context.path}.${field.code}.value`, [DUPLICATE]);
  }
}

/** The mapped fields are copied now; later edits of the source do not flow. */
function copyLookup(field: FieldProperty, values: Record<string, WireValue>, world: MergeWorld): void {
  const lookup = field.lookup;
  if (lookup === undefined) return;
  const key = values[field.code];
  const source = isEmptyValue(key) ? null : lookupSource(lookup.relatedApp.app, lookup.relatedKeyField, String(key), world);
  if (source === undefined) throw failures.lookupKeyNotFound(field.code, String(key));
  for (const mapping of lookup.fieldMappings) {
    values[mapping.field] = source?.[mapping.relatedField] ?? '';
  }
}

function lookupSource(app: string, keyField: string, key: string, world: MergeWorld): Values | undefined {
  const records = world.visibleApp(app);
  if (records === null) return undefined;
  if (records.app.fields[keyField]?.type === 'RECORD_NUMBER') return records.get(Number(/(\d+)$/.exec(key)?.[1]))?.values;
  return records.holderOf(keyField, key)?.values;
}
