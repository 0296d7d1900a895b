import { ApiError } from '../api-error.ts';
import { isLongText } from '../describe.ts';
import type { FieldDefinition } from '../object-definition.ts';
import type { Value } from '../record-store.ts';
import { type Bounds, comparable, readOperand } from './operands.ts';
import type { ComparisonOperator, Condition, Expression, Path, Query } from './query.ts';
import type { QueryWorld } from './query-world.ts';

/** Something a condition can be about: what type it has, and how to read it. */
export interface Readable<Item> {
  readonly field: FieldDefinition;
  read(item: Item): Value;
}

/** What a condition's words mean: for WHERE of records, for HAVING of groups. */
export interface ConditionScope<Item> {
  readonly world: QueryWorld;
  readable(expression: Expression): Readable<Item>;
  /** The field to look for, and the ids a sub-select finds. */
  semiJoin(left: Path, query: Query, isTopLevel: boolean): { readonly left: Readable<Item>; readonly ids: ReadonlySet<Value> };
}

type Test<Item> = (item: Item) => boolean;

/** @throws ApiError for a name, a type or an operator that does not fit. */
export function compileCondition<Item>(condition: Condition, scope: ConditionScope<Item>, isTopLevel = true): Test<Item> {
  switch (condition.kind) {
    case 'not': {
      const part = compileCondition(condition.part, scope, false);
      return (item) => !part(item);
    }
    case 'and':
    case 'or': {
      const isAnd = condition.kind === 'and';
      const parts = condition.parts.map((part) => compileCondition(part, scope, isTopLevel && isAnd));
      return isAnd ? (item) => parts.every((part) => part(item)) : (item) => parts.some((part) => part(item));
    }
    case 'semiJoin': {
      const { left, ids } = scope.semiJoin(condition.left, condition.query, isTopLevel);
      return (item) => ids.has(left.read(item)) !== condition.negated;
    }
    case 'compare':
      return compileComparison(condition.operator, condition, scope);
  }
}

function compileComparison<Item>(
  operator: ComparisonOperator,
  { left, operands }: Extract<Condition, { kind: 'compare' }>,
  scope: ConditionScope<Item>,
): Test<Item> {
  const { field, read: readRaw } = scope.readable(left);
  if (isLongText(field)) throw new ApiError(400, 'INVALID_FIELD', `field '${field.name}' can not be filtered in a query call`);
  checkOperator(field, operator);
  const read = (item: Item): Value => comparable(field, readRaw(item));
  const bounds = operands.map((operand) => readOperand(field, operand, scope.world));
  const [first = { from: null, to: null }] = bounds;
  switch (operator) {
    case 'in':
    case 'not in': {
      const isIn = compileEquality(bounds);
      return operator === 'in' ? (item) => isIn(read(item)) : (item) => !isIn(read(item));
    }
    case 'like': {
      const pattern = likePattern(field, first.from);
      return (item) => {
        const value = read(item);
        return value !== null && pattern.test(String(value));
      };
    }
    case '=':
    case '!=': {
      const isEqual = compileEquality([first]);
      return operator === '=' ? (item) => isEqual(read(item)) : (item) => !isEqual(read(item));
    }
    default:
      return compileOrder(operator, first, read);
  }
}

function checkOperator(field: FieldDefinition, operator: ComparisonOperator): void {
  const isText = ['string', 'textarea', 'phone', 'email', 'url', 'picklist', 'combobox'].includes(field.kind);
  const isWrong =
    // Only a multi-select picklist has several values, and the org has none.
    operator === 'includes' ||
    operator === 'excludes' ||
    (operator === 'like' && !isText) ||
    (isOrder(operator) && field.kind === 'boolean');
  if (isWrong) throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${field.kind} field`);
}

function isOrder(operator: ComparisonOperator): boolean {
  return operator === '<' || operator === '>' || operator === '<=' || operator === '>=';
}

function compileEquality(bounds: readonly Bounds[]): (value: Value) => boolean {
  const values = new Set(bounds.filter(({ to }) => to === null).map(({ from }) => (from === '' ? null : from)));
  const spans = bounds.filter(({ to }) => to !== null);
  return (value) => values.has(value) || spans.some(({ from, to }) => isWithin(value, from, to));
}

function isWithin(value: Value, from: Value, to: Value): boolean {
  return value !== null && from !== null && to !== null && value >= from && value < to;
}

/** Before a span is before its beginning, behind it is from its end on. */
function compileOrder<Item>(operator: ComparisonOperator, { from, to }: Bounds, read: (item: Item) => Value): Test<Item> {
  if (from === null) return () => false;
  const test = (compare: (value: string | number | boolean) => boolean) => (item: Item) => {
    const value = read(item);
    return value !== null && compare(value);
  };
  switch (operator) {
    case '<':
      return test((value) => value < from);
    case '>=':
      return test((value) => value >= from);
    case '>':
      return to === null ? test((value) => value > from) : test((value) => value >= to);
    default:
      return to === null ? test((value) => value <= from) : test((value) => value < to);
  }
}

function likePattern(field: FieldDefinition, operand: Value): RegExp {
  if (typeof operand !== 'string') {
    throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${field.name}: like`);
  }
  const source = operand.replace(/\\[%_]|[%_]|[.*+?^${}()|[\]\\]/g, (found) => {
    if (found === '%') return '[\\s\\S]*';
    if (found === '_') return '[\\s\\S]';
    return found.length === 2 ? (found[1] ?? '') : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 'i');
}
