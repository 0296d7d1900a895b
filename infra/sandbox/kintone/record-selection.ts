/** GET records: the records that answer a query, in its order, and as many as it asks for. */
import { type AppDefinition, findField } from './app-definition.ts';
import type { AppRecords, StoredRecord } from './app-records.ts';
import { type QueriedField, queriedField } from './field-families.ts';
import { compareKeys, type SortKey, type Span } from './ordered-ids.ts';
import { compileCondition, type QueryWorld, type Test } from './query-evaluation.ts';
import { queryFailures } from './query-failures.ts';
import type { ParsedQuery } from './query-parser.ts';
import { type IdSpan, idSpan, orderSpan, type Source, sourceOf } from './query-plan.ts';
import { cellsOf, sortKey } from './query-values.ts';

const DEFAULT_LIMIT = 100;
/** Sorting this many is cheaper than walking an index past records that do not answer. */
const FEW = 10_000;
const EVERYTHING: Span = { from: null, last: null };

export interface Selection {
  readonly records: readonly StoredRecord[];
  /** All that answer, not only those of this page; null when nobody asked. */
  readonly total: number | null;
}

interface Search {
  readonly records: AppRecords;
  readonly test: Test;
  readonly source: Source | null;
  readonly span: IdSpan;
  readonly order: Order;
  /** The part of an order by a field that the condition leaves. */
  readonly orderSpan: Span;
  /** So many are enough; infinite when all are to be counted. */
  readonly enough: number;
}

export function selectRecords(
  records: AppRecords,
  query: ParsedQuery,
  world: QueryWorld,
  wants: { readonly total: boolean; readonly everything: boolean },
): Selection {
  const test = compileCondition(records.app, query.condition, world);
  const offset = query.offset ?? 0;
  const end = wants.everything ? Number.POSITIVE_INFINITY : offset + (query.limit ?? DEFAULT_LIMIT);
  const order = orderOf(records.app, query.orderBy);
  const countsByItself = query.condition === null;
  const found = answersOf({
    records,
    test,
    source: sourceOf(records, query.condition, world),
    span: idSpan(records, query.condition),
    order,
    orderSpan: order.walk === null || order.walk === 'ids' ? EVERYTHING : orderSpan(query.condition, order.walk, world),
    enough: wants.total && !countsByItself ? Number.POSITIVE_INFINITY : end,
  });
  const total = countsByItself ? records.size() : found.length;
  return { records: found.slice(offset, end), total: wants.total ? total : null };
}

/** In order; at least the first `enough`. */
function answersOf(search: Search): readonly StoredRecord[] {
  const { records, test, source, span, order, enough } = search;
  const width = Math.max(0, span.last - span.first + 1);
  if (source !== null && source.estimate <= Math.min(width, costOfWalking(search))) {
    return sorted(order, take(recordsOf(records, source.ids(), span), test, Number.POSITIVE_INFINITY));
  }
  if (order.walk === 'ids') {
    const walk = order.falls ? untilFirst(records.before(span.last + 1), span) : untilLast(records.after(span.first - 1), span);
    return take(walk, test, enough);
  }
  if (order.walk !== null && width > FEW) {
    const directions = { keysFall: order.falls, idsFall: order.idsFall };
    const ids = records.inOrder(order.walk).walk(search.orderSpan, directions);
    return take(recordsOf(records, ids, span), test, enough);
  }
  return sorted(order, take(untilLast(records.after(span.first - 1), span), test, Number.POSITIVE_INFINITY));
}

/** How many records are looked at until enough answer, when those that do stand evenly among the others. */
function costOfWalking({ records, source, order, orderSpan, enough }: Search): number {
  if (source === null || order.walk === null) return Number.POSITIVE_INFINITY;
  const walked = order.walk === 'ids' ? records.size() : records.inOrder(order.walk).count(orderSpan);
  return Math.max(enough, (walked / Math.max(1, source.estimate)) * enough);
}

function take(records: Iterable<StoredRecord>, test: Test, enough: number): StoredRecord[] {
  const found: StoredRecord[] = [];
  if (enough <= 0) return found;
  for (const record of records) {
    if (!test(record)) continue;
    found.push(record);
    if (found.length >= enough) break;
  }
  return found;
}

function* recordsOf(records: AppRecords, ids: Iterable<number>, span: IdSpan): IterableIterator<StoredRecord> {
  for (const id of ids) {
    const record = id < span.first || id > span.last ? undefined : records.get(id);
    if (record !== undefined) yield record;
  }
}

function* untilLast(records: Iterable<StoredRecord>, span: IdSpan): IterableIterator<StoredRecord> {
  for (const record of records) {
    if (record.id > span.last) return;
    yield record;
  }
}

function* untilFirst(records: Iterable<StoredRecord>, span: IdSpan): IterableIterator<StoredRecord> {
  for (const record of records) {
    if (record.id < span.first) return;
    yield record;
  }
}

interface OrderKey {
  readonly keyOf: (record: StoredRecord) => SortKey;
  readonly falls: boolean;
}

interface Order {
  readonly keys: readonly OrderKey[];
  /** What can be walked in this order instead of being sorted; null where several keys make it. */
  readonly walk: 'ids' | QueriedField | null;
  readonly falls: boolean;
  readonly idsFall: boolean;
}

/** Without `order by` the newest comes first, and so among those that are the same. */
function orderOf(app: AppDefinition, orderBy: ParsedQuery['orderBy']): Order {
  const fields = orderBy.map(({ field, descending }) => ({ field: orderField(app, field), falls: descending }));
  const [first, second] = fields;
  if (first === undefined) return { keys: [], walk: 'ids', falls: true, idsFall: true };
  const keys = fields.map(({ field, falls }) => ({ keyOf: keyOf(app, field), falls }));
  const isWalked = second === undefined || second.field.family === 'id';
  const walk = first.field.family === 'id' ? 'ids' : isWalked ? first.field : null;
  return { keys, walk, falls: first.falls, idsFall: second?.falls ?? true };
}

function orderField(app: AppDefinition, code: string): QueriedField {
  const found = code === '$id' ? null : findField(app, code);
  if (found !== null && found.table !== null) throw queryFailures.noSuchField(code);
  return queriedField(app, code);
}

function keyOf(app: AppDefinition, field: QueriedField): (record: StoredRecord) => SortKey {
  const cells = cellsOf(app, field);
  return (record) => sortKey(field, cells(record)[0] ?? ['']);
}

function sorted({ keys }: Order, records: readonly StoredRecord[]): readonly StoredRecord[] {
  const rows = records.map((record) => ({ record, keys: keys.map((key) => key.keyOf(record)) }));
  rows.sort((left, right) => {
    for (const [at, { falls }] of keys.entries()) {
      const difference = compareKeys(left.keys[at] ?? 0, right.keys[at] ?? 0);
      if (difference !== 0) return falls ? -difference : difference;
    }
    return right.record.id - left.record.id;
  });
  return rows.map(({ record }) => record);
}
