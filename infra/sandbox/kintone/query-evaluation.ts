/** Whether a record answers a condition. Pure. */
import type { AppDefinition } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import { compareDecimals } from './decimal.ts';
import { failures } from './failures.ts';
import { type Comparison, demandOperator, type QueriedField, queriedField } from './field-families.ts';
import { invalid, SYNTAX } from './kintone-failure.ts';
import { queryFailures } from './query-failures.ts';
import { fullTextSearch } from './query-full-text.ts';
import type { Condition, Operator } from './query-parser.ts';
import { type Period, periodOf } from './query-periods.ts';
import { type Cell, type Cells, cellsOf, idKey, instantOf, numberKey, textKey } from './query-values.ts';

export interface QueryWorld {
  readonly now: number;
  /** Login name for LOGINUSER(). */
  readonly user: string;
  /** Code for PRIMARY_ORGANIZATION(); null: the user has none. */
  readonly organization: string | null;
  /** Whether there is such a user, organisation or group. */
  readonly isKnownPerson: (kind: QueriedField['kind'], code: string) => boolean;
  /** How long the full-text index lags behind a change. */
  readonly indexLagMs: number;
}

export type Test = (record: StoredRecord) => boolean;
type CellTest = (cell: Cell) => boolean;

/** One comparison: what it looks at in a record, and whether one of these cells answers it. */
interface Compared {
  readonly table: string | null;
  readonly cells: Cells;
  readonly holds: (cell: Cell, record: StoredRecord) => boolean;
}

/** Compiles a condition once for many records. @throws KintoneFailure for unknown fields and operators that do not fit. */
export function compileCondition(app: AppDefinition, condition: Condition | null, world: QueryWorld): Test {
  if (condition === null) return () => true;
  if (condition.kind === 'compare') return inSomeRow([compileComparison(app, condition, world)]);
  if (condition.kind === 'and') return compileAnd(app, andedSides(condition), world);
  const sides = condition.sides.map((side) => compileCondition(app, side, world));
  return (record) => sides.some((side) => side(record));
}

function andedSides(condition: Condition): readonly Condition[] {
  return condition.kind === 'and' ? condition.sides.flatMap(andedSides) : [condition];
}

/** What is said of the fields of one table has to hold in one and the same row. */
function compileAnd(app: AppDefinition, sides: readonly Condition[], world: QueryWorld): Test {
  const tests: Test[] = [];
  const tables = new Map<string, Compared[]>();
  for (const side of sides) {
    const compared = side.kind === 'compare' ? compileComparison(app, side, world) : null;
    if (compared === null) tests.push(compileCondition(app, side, world));
    else if (compared.table === null) tests.push(inSomeRow([compared]));
    else tables.set(compared.table, [...(tables.get(compared.table) ?? []), compared]);
  }
  tests.push(...[...tables.values()].map(inSomeRow));
  return (record) => tests.every((test) => test(record));
}

/** A record with a table answers when one of its rows does: without a row it never does, not even to `not in`. */
function inSomeRow(compared: readonly Compared[]): Test {
  const [first] = compared;
  // By far the most are alone, and a million records are looked at.
  if (first !== undefined && compared.length === 1)
    return (record) => first.cells(record).some((cell) => first.holds(cell, record));
  return (record) => {
    const columns = compared.map((each) => each.cells(record));
    const rows = columns[0]?.length ?? 0;
    const holdsIn = (row: number): boolean =>
      compared.every((each, at) => {
        const cell = columns[at]?.[row];
        return cell !== undefined && each.holds(cell, record);
      });
    for (let row = 0; row < rows; row += 1) if (holdsIn(row)) return true;
    return false;
  };
}

function compileComparison(app: AppDefinition, comparison: Comparison, world: QueryWorld): Compared {
  const field = queriedField(app, comparison.field);
  demandOperator(field, comparison);
  const cells = cellsOf(app, field);
  const isLike = comparison.operator === 'like' || comparison.operator === 'not like';
  const holds = isLike ? likeTest(comparison, world) : cellTest(field, comparison, world);
  return { table: field.table, cells, holds };
}

function cellTest(field: QueriedField, comparison: Comparison, world: QueryWorld): CellTest {
  const { operator } = comparison;
  // Blanks and line breaks alone count as nothing.
  if (operator === 'is empty') return (cell) => cell.every((value) => value.trim() === '');
  if (operator === 'is not empty') return (cell) => cell.some((value) => value.trim() !== '');
  switch (field.family) {
    case 'number':
    case 'id':
      return numberTest(field, comparison, literals(field, comparison, world));
    case 'moment':
      return momentTest(field, comparison, world);
    case 'choice':
    case 'person':
      return setTest(operator, literals(field, comparison, world), (value) => value);
    default:
      return setTest(operator, literals(field, comparison, world), textKey);
  }
}

/** What stands after the operator. @throws KintoneFailure for functions that do not fit, choices and people there are not. */
export function literals(field: QueriedField, { operands }: Comparison, world: QueryWorld): readonly string[] {
  return operands.flatMap((operand) => {
    if (operand.kind === 'literal') return [demandKnown(field, operand.value, world)];
    if (operand.name === 'LOGINUSER' && field.family === 'person') return [world.user];
    if (operand.name === 'PRIMARY_ORGANIZATION' && field.kind === 'ORGANIZATION_SELECT') return world.organization ?? [];
    throw invalid({ query: [SYNTAX] });
  });
}

function demandKnown(field: QueriedField, value: string, world: QueryWorld): string {
  if (value === '') return value;
  if (field.options !== null && !field.options.includes(value)) throw queryFailures.noSuchChoice(value);
  if (field.family === 'person' && !world.isKnownPerson(field.kind, value)) throw failures.noSuchPerson(field.kind, value);
  return value;
}

function setTest(operator: Operator, wanted: readonly string[], keyOf: (value: string) => string): CellTest {
  const set = new Set(wanted.map(keyOf));
  const isOne: CellTest = (cell) => cell.some((value) => set.has(keyOf(value)));
  return operator === '=' || operator === 'in' ? isOne : (cell) => !isOne(cell);
}

function likeTest({ operator, operands }: Comparison, world: QueryWorld): Compared['holds'] {
  const [operand] = operands;
  if (operand?.kind !== 'literal') throw invalid({ query: [SYNTAX] });
  const isFound = fullTextSearch(operand.value);
  const isLike: Compared['holds'] = (cell, record) =>
    world.now - record.updatedAt >= world.indexLagMs && cell.some((value) => value !== '' && isFound(value));
  return operator === 'like' ? isLike : (cell, record) => !isLike(cell, record);
}

/** What is asked for and is no number answers nothing: neither `=` nor `!=`; in a list it is passed over. */
function numberTest(field: QueriedField, { operator }: Comparison, asked: readonly string[]): CellTest {
  const keyOf = field.family === 'id' ? idKey : numberKey;
  const keys = asked.map((literal) => (literal === '' ? '' : keyOf(literal)));
  if (operator === 'in' || operator === 'not in') {
    const set = new Set(keys);
    return ([value = '']) => set.has(numberKey(value)) === (operator === 'in');
  }
  const wanted = keys[0] ?? null;
  if (wanted === null) return () => false;
  if (operator === '=') return ([value = '']) => numberKey(value) === wanted;
  if (operator === '!=') return ([value = '']) => numberKey(value) !== wanted;
  if (wanted === '') throw queryFailures.illegalQuery();
  return ([value = '']) => holds(operator, compareToEmptyFirst(value, wanted));
}

/** An empty number is less than any other. */
function compareToEmptyFirst(value: string, wanted: string): number {
  return value === '' ? -1 : compareDecimals(numberKey(value) ?? '0', wanted);
}

function holds(operator: Operator, difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '>':
      return difference > 0;
    case '<=':
      return difference <= 0;
    default:
      return difference >= 0;
  }
}

function momentTest(field: QueriedField, { operator, operands }: Comparison, world: QueryWorld): CellTest {
  const [operand] = operands;
  if (operand === undefined) throw invalid({ query: [SYNTAX] });
  if (operand.kind === 'literal' && operand.value === '') {
    if (operator !== '=' && operator !== '!=') throw queryFailures.illegalQuery();
    return ([value = '']) => (value === '') === (operator === '=');
  }
  const period = periodOf(operand, field.kind, world.now);
  return ([value = '']) => {
    if (value === '') return operator === '!=';
    return isInTime(operator, instantOf(value, field.kind), period);
  };
}

function isInTime(operator: Operator, instant: number, period: Period): boolean {
  switch (operator) {
    case '<':
      return instant < period.from;
    case '>':
      return instant > period.last;
    case '<=':
      return instant <= period.last;
    case '>=':
      return instant >= period.from;
    case '=':
      return instant >= period.from && instant <= period.last;
    default:
      return instant < period.from || instant > period.last;
  }
}
