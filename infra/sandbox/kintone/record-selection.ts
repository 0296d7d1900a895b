/** GET records: the records that answer a query, in its order, and as many as it asks for. */
import { type AppDefinition, findField } from './app-definition.ts';
import type { AppRecords, StoredRecord } from './app-records.ts';
import { toMinute } from './field-values.ts';
import { failures } from './kintone-failure.ts';
import { compileCondition, type QueryWorld } from './query-evaluation.ts';
import type { Condition, ParsedQuery } from './query-parser.ts';

const DEFAULT_LIMIT = 100;

export interface Selection {
  readonly records: readonly StoredRecord[];
  /** All that answer, not only those of this page; null when nobody asked. */
  readonly total: number | null;
}

export function selectRecords(
  records: AppRecords,
  query: ParsedQuery,
  world: QueryWorld,
  wants: { readonly total: boolean; readonly everything: boolean },
): Selection {
  const test = compileCondition(records.app, query.condition, world);
  const order = orderOf(records.app, query.orderBy);
  const offset = query.offset ?? 0;
  const end = wants.everything ? Number.POSITIVE_INFINITY : offset + (query.limit ?? DEFAULT_LIMIT);
  const rising = query.orderBy.length === 1 && query.orderBy[0]?.field === '$id' && !query.orderBy[0].descending;
  const found: StoredRecord[] = [];
  for (const record of records.after(idFloor(query.condition))) {
    // Seeking by $id is how big apps are read; without this stop every page would cost as much as the whole app.
    if (rising && !wants.total && found.length >= end) break;
    if (test(record)) found.push(record);
  }
  if (!rising) found.sort(order);
  return { records: found.slice(offset, end), total: wants.total ? found.length : null };
}

/** The greatest id that a `$id > n` among the conditions rules out. */
function idFloor(condition: Condition | null): number {
  if (condition === null) return 0;
  if (condition.kind === 'and') return Math.max(...condition.sides.map(idFloor));
  if (condition.kind !== 'compare' || condition.field !== '$id' || condition.operator !== '>') return 0;
  const operand = condition.operands[0];
  return operand?.kind === 'literal' ? Number(operand.value) || 0 : 0;
}

type Order = (left: StoredRecord, right: StoredRecord) => number;

/** Without `order by` the newest comes first. */
function orderOf(app: AppDefinition, orderBy: ParsedQuery['orderBy']): Order {
  const keys = orderBy.map(({ field, descending }) => ({ key: sortKey(app, field), sign: descending ? -1 : 1 }));
  return (left, right) => {
    for (const { key, sign } of keys) {
      const difference = compare(key(left), key(right));
      if (difference !== 0) return difference * sign;
    }
    return right.id - left.id;
  };
}

function compare(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function sortKey(app: AppDefinition, field: string): (record: StoredRecord) => string | number {
  if (field === '$id') return (record) => record.id;
  const found = findField(app, field);
  if (found === null || found.table !== null || found.property.type === 'SUBTABLE') throw failures.noSuchField(field);
  switch (found.property.type) {
    case 'RECORD_NUMBER':
      return (record) => record.id;
    case 'CREATED_TIME':
      return (record) => toMinute(record.createdAt);
    case 'UPDATED_TIME':
      return (record) => toMinute(record.updatedAt);
    case 'NUMBER':
      return (record) => (record.values[field] === '' ? Number.NEGATIVE_INFINITY : Number(record.values[field]));
    default:
      return (record) => String(record.values[field] ?? '');
  }
}
