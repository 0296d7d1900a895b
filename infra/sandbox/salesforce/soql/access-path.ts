import type { ObjectDefinition } from '../object-definition.ts';
import { LAST_ID, type Place, type PlaceRange } from '../ordered-rows.ts';
import type { Row, Value } from '../record-store.ts';
import { hasIndex, type RecordOrder } from '../record-table.ts';
import { readOperand } from './operands.ts';
import type { Condition, Query } from './query.ts';
import type { QueryWorld } from './query-world.ts';
import { resolvePath } from './resolve.ts';

/** Records that may match, and whether they already come in the order asked for. */
export interface AccessPath {
  readonly rows: Iterable<Row>;
  readonly isOrdered: boolean;
  /** False when every record has to be looked at. */
  readonly usesIndex: boolean;
}

const WHOLE: PlaceRange = { from: null, to: null };

/**
 * The cheapest way to the records a query may mean: by values that have an index, or along an order from the place its condition
 * begins at, or all of them. Whoever follows it must still test the condition itself.
 */
export function chooseAccessPath(object: ObjectDefinition, query: Query, world: QueryWorld): AccessPath {
  const search = { object, query, world };
  const found = query.where === null ? null : rowsByValue(query.where, search);
  if (found !== null) {
    const rows = [...found].sort((one, other) => (String(one.Id) < String(other.Id) ? -1 : 1));
    return { rows, isOrdered: false, usesIndex: true };
  }
  const order = requestedOrder(search);
  if (order !== null) {
    const range = query.where === null ? WHOLE : rangeOf(query.where, order.by, search);
    return { rows: world.store.walk(object, order.by, range, order.descending), isOrdered: true, usesIndex: true };
  }
  const range = query.where === null ? WHOLE : rangeOf(query.where, 'SystemModstamp', search);
  if (range.from === null && range.to === null) return { rows: world.store.all(object), isOrdered: false, usesIndex: false };
  return { rows: world.store.walk(object, 'SystemModstamp', range, false), isOrdered: false, usesIndex: true };
}

interface Search {
  readonly object: ObjectDefinition;
  readonly query: Query;
  readonly world: QueryWorld;
}

/** `ORDER BY Id` and `ORDER BY SystemModstamp[, Id]`, all up or all down. */
function requestedOrder(search: Search): { readonly by: RecordOrder; readonly descending: boolean } | null {
  const orderings = search.query.orderBy;
  const names = orderings.map(({ by }) => (by.kind === 'path' ? ownField(by.path.names, search) : null)).join(',');
  const descending = orderings[0]?.descending ?? false;
  if (orderings.some((each) => each.descending !== descending)) return null;
  if (names === 'Id') return { by: 'Id', descending };
  return names === 'SystemModstamp' || names === 'SystemModstamp,Id' ? { by: 'SystemModstamp', descending } : null;
}

/** The field's name when a path is a field of the queried object itself. */
function ownField(names: readonly string[], { object, query, world }: Search): string | null {
  const { steps, field } = resolvePath(object, { names, position: 0 }, query, world);
  return steps.length === 0 ? field.name : null;
}

/** Null when the condition cannot be answered by values with an index alone. */
function rowsByValue(condition: Condition, search: Search): ReadonlySet<Row> | null {
  switch (condition.kind) {
    case 'and': {
      const sets = condition.parts.map((part) => rowsByValue(part, search)).filter((rows) => rows !== null);
      return sets.sort((one, other) => one.size - other.size)[0] ?? null;
    }
    case 'or': {
      const sets = condition.parts.map((part) => rowsByValue(part, search));
      return sets.every((rows) => rows !== null) ? new Set(sets.flatMap((rows) => [...rows])) : null;
    }
    case 'compare':
      return rowsOfComparison(condition, search);
    default:
      return null;
  }
}

function rowsOfComparison(condition: Extract<Condition, { kind: 'compare' }>, search: Search): ReadonlySet<Row> | null {
  const { left, operator, operands } = condition;
  if (left.kind !== 'path' || (operator !== '=' && operator !== 'in')) return null;
  const { object, query, world } = search;
  const { steps, field } = resolvePath(object, left.path, query, world);
  if (steps.length > 0 || (field.kind !== 'id' && !hasIndex(field))) return null;
  const values = operands.map((operand) => readOperand(field, operand, world).from);
  if (values.some((value) => value === null || value === '')) return null;
  if (field.kind !== 'id') return new Set(values.flatMap((value) => world.store.find(object, field.name, value)));
  const rows = values.map((id) => world.store.get(String(id))).filter((row) => row !== undefined);
  return new Set(rows.filter((row) => String(row.Id).startsWith(object.prefix)));
}

/** The stretch of an order outside of which nothing can match. */
function rangeOf(condition: Condition, order: RecordOrder, search: Search): PlaceRange {
  switch (condition.kind) {
    case 'or':
      return condition.parts.map((part) => rangeOf(part, order, search)).reduce(hull);
    case 'and': {
      const range = condition.parts.map((part) => rangeOf(part, order, search)).reduce(overlap, WHOLE);
      return order === 'Id' ? range : narrowById(range, condition.parts, search);
    }
    case 'compare':
      return rangeOfComparison(condition, order, search);
    default:
      return WHOLE;
  }
}

/** Within one moment the order goes by id: `SystemModstamp = … AND Id > …` begins at that id. */
function narrowById(range: PlaceRange, parts: readonly Condition[], search: Search): PlaceRange {
  const { from, to } = range;
  if (from === null || to === null || from.key !== to.key) return range;
  const ids = parts
    .map((part) => (part.kind === 'compare' ? rangeOfComparison(part, 'Id', search) : WHOLE))
    .reduce(overlap, WHOLE);
  const at = (place: Place | null): Place | null => (place === null ? null : { key: from.key, id: place.id });
  return overlap(range, { from: at(ids.from), to: at(ids.to) });
}

function rangeOfComparison(
  { left, operator, operands }: Extract<Condition, { kind: 'compare' }>,
  order: RecordOrder,
  search: Search,
): PlaceRange {
  if (left.kind !== 'path' || ownField(left.path.names, search) !== order) return WHOLE;
  const field = search.object.fields.get(order);
  const [operand] = operands;
  if (field === undefined || operand === undefined || operands.length > 1) return WHOLE;
  const { from: first, to } = readOperand(field, operand, search.world);
  if (typeof first !== 'string') return WHOLE;
  const before = (value: Value): Place => (order === 'Id' ? { key: '', id: String(value) } : { key: String(value), id: '' });
  const behind = (value: Value): Place => (order === 'Id' ? { key: '', id: `${value}\0` } : { key: String(value), id: LAST_ID });
  const end = to === null ? behind(first) : before(to);
  switch (operator) {
    case '=':
      return { from: before(first), to: end };
    case '>':
      return { from: end, to: null };
    case '>=':
      return { from: before(first), to: null };
    case '<':
      return { from: null, to: before(first) };
    case '<=':
      return { from: null, to: end };
    default:
      return WHOLE;
  }
}

function compare(one: Place, other: Place): number {
  if (one.key !== other.key) return one.key < other.key ? -1 : 1;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

function overlap(one: PlaceRange, other: PlaceRange): PlaceRange {
  const from = one.from === null || (other.from !== null && compare(other.from, one.from) > 0) ? other.from : one.from;
  const to = one.to === null || (other.to !== null && compare(other.to, one.to) < 0) ? other.to : one.to;
  return from !== null && to !== null && compare(from, to) > 0 ? { from, to: from } : { from, to };
}

function hull(one: PlaceRange, other: PlaceRange): PlaceRange {
  const from = one.from === null || other.from === null ? null : compare(one.from, other.from) < 0 ? one.from : other.from;
  const to = one.to === null || other.to === null ? null : compare(one.to, other.to) > 0 ? one.to : other.to;
  return { from, to };
}
