import { ApiError } from '../api-error.ts';
import { isAggregatable, isGroupable } from '../describe.ts';
import { field } from '../field-builders.ts';
import type { FieldDefinition } from '../object-definition.ts';
import type { Row, Value } from '../record-store.ts';
import { type ConditionScope, compileCondition, type Readable } from './compile-condition.ts';
import { formatted } from './formatted.ts';
import { pointedAt } from './malformed.ts';
import { comparable } from './operands.ts';
import { compileOrdering } from './ordering.ts';
import { type Expression, isCountOfNothing, type Query } from './query.ts';
import { groupingSets } from './subtotals.ts';

interface Group {
  readonly key: readonly Value[];
  readonly rows: Row[];
  /** Which of the fields it is grouped by count in it; the others are null. */
  readonly counting: readonly number[];
}

type Call = Extract<Expression, { kind: 'call' }>;

const NUMBERS = ['int', 'double', 'currency', 'percent'];
const AGGREGATES = ['count', 'count_distinct', 'sum', 'avg', 'min', 'max'];

export function isAggregateCall(expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  const isFormatted = expression.name === 'format' && expression.argument !== null;
  return isFormatted ? isAggregateCall(expression.argument) : AGGREGATES.includes(expression.name);
}

/** Whether the answer is about groups of records instead of records. */
export function isAggregate(query: Query): boolean {
  return query.groupBy.length > 0 || query.select.some((item) => item.kind === 'value' && isAggregateCall(item.expression));
}

/** `SELECT Status, COUNT(Id) FROM Task GROUP BY Status`: the records of the answer. @throws ApiError */
export function aggregate(query: Query, rows: Iterable<Row>, scope: ConditionScope<Row>): readonly object[] {
  const groupScope = scopeOfGroups(query, scope);
  const columns = query.select.map((item) => {
    if (item.kind !== 'value') throw malformed('aggregate queries cannot hold child queries or TYPEOF');
    return readColumn(item.expression, groupScope);
  });
  const names = resultNames(query);
  const having = query.having === null ? () => true : compileCondition(query.having, groupScope);
  const compare = compileOrdering(query.orderBy, groupScope);
  if (query.groupBy.length === 0 && query.limit !== null) {
    throw malformed('Non-grouped query that uses overall aggregate functions cannot also use LIMIT');
  }
  const groups = collectGroups(query, rows, scope).filter(having);
  if (compare !== null) groups.sort(compare);
  const end = query.limit === null ? groups.length : query.offset + query.limit;
  return groups.slice(query.offset, end).map((group) => ({
    attributes: { type: 'AggregateResult' },
    ...Object.fromEntries(columns.map((column, index) => [names[index] ?? '', column.read(group)])),
  }));
}

/** `FORMAT(MIN(CloseDate))` */
function readColumn(expression: Expression, scope: ConditionScope<Group>): Pick<Readable<Group>, 'read'> {
  if (expression.kind === 'path' || expression.name !== 'format' || expression.argument === null)
    return scope.readable(expression);
  const { field: about, read } = scope.readable(expression.argument);
  const write = formatted(about, scope.world);
  return { read: (group) => write(read(group)) };
}

const malformed = (reason: string) => new ApiError(400, 'MALFORMED_QUERY', reason);

/** An alias, else the field's own name, else expr0, expr1, … */
function resultNames(query: Query): readonly string[] {
  let unnamed = 0;
  const names = query.select.map((item) => {
    if (item.kind !== 'value') return '';
    if (item.alias !== null) return item.alias;
    if (item.expression.kind === 'path') return item.expression.path.names.at(-1) ?? '';
    unnamed += 1;
    return `expr${unnamed - 1}`;
  });
  const twin = names.find((name, index) => names.slice(0, index).some((each) => each.toLowerCase() === name.toLowerCase()));
  if (twin !== undefined) throw malformed(`duplicate alias: ${twin}`);
  return names;
}

function collectGroups(query: Query, rows: Iterable<Row>, scope: ConditionScope<Row>): Group[] {
  const keys = query.groupBy.map((expression) => scope.readable(expression));
  const sets = groupingSets(query);
  const groups = sets.map(() => new Map<string, Group>());
  if (keys.length === 0) groups[0]?.set('[]', { key: [], rows: [], counting: [] });
  for (const row of rows) {
    const values = keys.map((each) => each.read(row));
    for (const [place, counting] of sets.entries()) {
      const name = JSON.stringify(counting.map((index) => comparableAt(keys, values, index)));
      const key = values.map((value, index) => (counting.includes(index) ? value : null));
      const group = groups[place]?.get(name) ?? { key, rows: [], counting };
      group.rows.push(row);
      groups[place]?.set(name, group);
    }
  }
  return groups.flatMap((each) => [...each.values()]);
}

function comparableAt(keys: readonly Readable<Row>[], values: readonly Value[], index: number): Value {
  const about = keys[index]?.field;
  return about === undefined ? null : comparable(about, values[index] ?? null);
}

function scopeOfGroups(query: Query, scope: ConditionScope<Row>): ConditionScope<Group> {
  const keys = query.groupBy.map((expression) => {
    const about = scope.readable(expression).field;
    if (!isGroupable(about)) throw malformed(`field '${about.name}' can not be grouped in a query call`);
    return describe(expression);
  });
  const readable = (expression: Expression): Readable<Group> => {
    const index = keys.indexOf(describe(expression));
    if (index >= 0) return { field: scope.readable(expression).field, read: (group) => group.key[index] ?? null };
    if (expression.kind === 'call' && expression.name === 'grouping' && expression.argument !== null) {
      const place = keys.indexOf(describe(expression.argument));
      // One where the field does not count, so that its null is told from one that is stored.
      const isOmitted = ({ counting }: Group) => (counting.includes(place) ? 0 : 1);
      if (place >= 0 && query.subtotals !== null) return { field: field('grouping', 'int'), read: isOmitted };
    }
    if (expression.kind === 'call' && isAggregateCall(expression)) return readAggregate(expression, query, scope);
    const position = expression.kind === 'path' ? expression.path.position : expression.position;
    const name = expression.kind === 'path' ? expression.path.names.join('.') : expression.name;
    throw pointedAt(query.statement, position, 'MALFORMED_QUERY', `Field must be grouped or aggregated: ${name}`);
  };
  return {
    world: scope.world,
    readable,
    semiJoin: () => {
      throw malformed('Semi join sub-selects are not allowed in HAVING');
    },
  };
}

/** How an expression is written, to know it again. */
function describe(expression: Expression): string {
  if (expression.kind === 'path') return expression.path.names.join('.').toLowerCase();
  return `${expression.name}(${expression.argument === null ? '' : describe(expression.argument)})`;
}

function readAggregate(call: Call, query: Query, scope: ConditionScope<Row>): Readable<Group> {
  if (isCountOfNothing(call)) return { field: field('count', 'int'), read: ({ rows }) => rows.length };
  if (call.argument?.kind !== 'path')
    throw pointedAt(query.statement, call.position, 'MALFORMED_QUERY', `unexpected token: '${call.name}'`);
  const { field: about, read } = scope.readable(call.argument);
  checkAggregate(call.name, about);
  const isKept = call.name === 'min' || call.name === 'max';
  return {
    field: isKept ? about : field(call.name, call.name.startsWith('count') ? 'int' : 'double'),
    read: ({ rows }) =>
      fold(
        call.name,
        rows.map(read).filter((value) => value !== null),
        about,
      ),
  };
}

function checkAggregate(name: string, about: FieldDefinition): void {
  const isNumber = NUMBERS.includes(about.kind);
  const isWrong =
    ((name === 'sum' || name === 'avg') && !isNumber) ||
    !isAggregatable(about) ||
    ((name === 'min' || name === 'max') && about.kind === 'id');
  if (isWrong) throw malformed(`field ${about.name} does not support aggregate operator ${name.toUpperCase()}`);
}

function fold(name: string, values: readonly Exclude<Value, null>[], about: FieldDefinition): Value {
  switch (name) {
    case 'count':
      return values.length;
    case 'count_distinct':
      return new Set(values.map((value) => comparable(about, value))).size;
    case 'sum':
      return values.length === 0 ? null : values.reduce<number>((sum, value) => sum + Number(value), 0);
    case 'avg':
      return values.length === 0 ? null : values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length;
    default:
      return values.reduce<Value>((best, value) => (best === null || value < best === (name === 'min') ? value : best), null);
  }
}
