import { ApiError } from '../api-error.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { Row, Value } from '../record-store.ts';
import type { ChildRelationship } from '../schema.ts';
import { type AccessPath, chooseAccessPath } from './access-path.ts';
import { aggregate, isAggregate } from './aggregate.ts';
import { type Column, readColumns } from './columns.ts';
import { type ConditionScope, compileCondition } from './compile-condition.ts';
import { compileOrdering } from './ordering.ts';
import { isBareCount, type Query } from './query.ts';
import type { QueryWorld } from './query-world.ts';
import { queriedObject } from './resolve.ts';
import { rowScope } from './row-scope.ts';
import { checkSemiJoins } from './semi-joins.ts';

/** A query whose every name is known: what to answer of each row, and which of given rows it means. */
export interface PreparedQuery {
  readonly object: ObjectDefinition;
  readonly columns: readonly Column<PreparedQuery>[];
  choose(path: Omit<AccessPath, 'usesIndex'>): readonly Row[];
}

export type QueryResult =
  | { readonly kind: 'count'; readonly total: number }
  | { readonly kind: 'groups'; readonly records: readonly object[] }
  | { readonly kind: 'rows'; readonly prepared: PreparedQuery; readonly rows: readonly Row[] };

const DEEPEST_CHILDREN = 5;
const MOST_GROUPS = 2000;

/** @throws ApiError INVALID_TYPE, INVALID_FIELD, MALFORMED_QUERY, … */
export function runQuery(query: Query, world: QueryWorld): QueryResult {
  const object = queriedObject(query, world);
  if (isBareCount(query)) return { kind: 'count', total: countRows(query, object, world) };
  if (isAggregate(query)) {
    const { scope, rows } = filtered(query, object, world);
    const records = aggregate(query, rows, scope);
    if (records.length > MOST_GROUPS) {
      const reason = 'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch';
      throw new ApiError(400, 'EXCEEDED_ID_LIMIT', reason);
    }
    return { kind: 'groups', records };
  }
  const prepared = prepare(query, object, world, 1);
  return { kind: 'rows', prepared, rows: prepared.choose(chooseAccessPath(object, query, world)) };
}

/** For records found in another way, such as by search. @throws ApiError as above */
export function prepareQuery(query: Query, world: QueryWorld): PreparedQuery {
  return prepare(query, queriedObject(query, world), world, 1);
}

function prepare(query: Query, object: ObjectDefinition, world: QueryWorld, depth: number): PreparedQuery {
  if (query.having !== null) throw new ApiError(400, 'MALFORMED_QUERY', "unexpected token: 'HAVING'");
  const prepareChildren = (inner: Query, relationship: ChildRelationship): PreparedQuery => {
    if (depth >= DEEPEST_CHILDREN) throw new ApiError(400, 'MALFORMED_QUERY', 'SOQL statements cannot query more than 5 levels');
    if (isAggregate(inner)) throw new ApiError(400, 'MALFORMED_QUERY', 'Only root queries support aggregate expressions');
    return prepare(inner, relationship.object, world, depth + 1);
  };
  const columns = readColumns({ object, query, world, prepareChildren });
  const scope = scopeOf(query, object, world);
  const matches = query.where === null ? () => true : compileCondition(query.where, scope);
  const compare = compileOrdering(query.orderBy, scope);
  const { offset, limit } = query;
  const choose = (path: Omit<AccessPath, 'usesIndex'>): readonly Row[] => {
    const end = limit === null ? Number.POSITIVE_INFINITY : offset + limit;
    const enough = path.isOrdered || compare === null ? end : Number.POSITIVE_INFINITY;
    const rows: Row[] = [];
    for (const row of path.rows) {
      if (rows.length >= enough) break;
      if (world.isThere(row) && matches(row)) rows.push(row);
    }
    if (compare !== null && !path.isOrdered) rows.sort(compare);
    return offset === 0 && rows.length <= end ? rows : rows.slice(offset, end);
  };
  return { object, columns, choose };
}

/** The children of one parent, as `(SELECT … FROM Contacts)` means them. */
export function chooseChildren(
  parent: Row,
  relationship: ChildRelationship,
  prepared: PreparedQuery,
  world: QueryWorld,
): readonly Row[] {
  const { object, field } = relationship;
  const rows = world.store.find(object, field.name, parent.Id ?? null).filter((row) => row[field.name] === parent.Id);
  return prepared.choose({ rows, isOrdered: false });
}

function scopeOf(query: Query, object: ObjectDefinition, world: QueryWorld): ConditionScope<Row> {
  checkSemiJoins(query);
  return rowScope(object, query, world, (inner, outer) => runIds(inner, outer, world));
}

function filtered(
  query: Query,
  object: ObjectDefinition,
  world: QueryWorld,
): { readonly scope: ConditionScope<Row>; readonly rows: Iterable<Row> } {
  const scope = scopeOf(query, object, world);
  const matches = query.where === null ? () => true : compileCondition(query.where, scope);
  // What is counted has no order; the one asked for may be of groups.
  const { rows } = chooseAccessPath(object, { ...query, orderBy: [] }, world);
  const only = function* (): Generator<Row> {
    for (const row of rows) if (world.isThere(row) && matches(row)) yield row;
  };
  return { scope, rows: only() };
}

function countRows(query: Query, object: ObjectDefinition, world: QueryWorld): number {
  if (query.select.length > 1 || query.groupBy.length > 0) {
    throw new ApiError(
      400,
      'MALFORMED_QUERY',
      'COUNT() must be the only element in the SELECT list and cannot be used with GROUP BY',
    );
  }
  if (query.select[0]?.kind === 'value' && query.select[0].alias !== null) {
    throw new ApiError(400, 'MALFORMED_QUERY', 'COUNT() cannot have an alias');
  }
  if (query.orderBy.length > 0) throw new ApiError(400, 'MALFORMED_QUERY', 'ordering is not allowed in a COUNT() query');
  const total = query.where === null && world.countsLive ? world.store.countLive(object) : countThrough(query, object, world);
  return Math.min(Math.max(0, total - query.offset), query.limit ?? total);
}

function countThrough(query: Query, object: ObjectDefinition, world: QueryWorld): number {
  let total = 0;
  for (const _row of filtered(query, object, world).rows) total += 1;
  return total;
}

/** The ids a sub-select of IN finds. */
function runIds(query: Query, outer: ObjectDefinition, world: QueryWorld): ReadonlySet<Value> {
  const object = queriedObject(query, world);
  if (object === outer) {
    throw new ApiError(400, 'MALFORMED_QUERY', 'The inner and outer selects should not be on the same object type');
  }
  const [item] = query.select;
  if (query.select.length !== 1 || item?.kind !== 'value' || isAggregate(query)) {
    throw new ApiError(400, 'MALFORMED_QUERY', 'Semi join sub-selects must select exactly one field');
  }
  const scope = scopeOf(query, object, world);
  const { field, read } = scope.readable(item.expression);
  if (field.kind !== 'id' && field.kind !== 'reference') {
    const reason = `Semi join sub-selects can only query id fields, cannot use: '${field.name}'`;
    throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', reason);
  }
  const ids = new Set<Value>();
  for (const row of filtered(query, object, world).rows) ids.add(read(row));
  ids.delete(null);
  return ids;
}
