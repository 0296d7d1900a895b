/** Whether a record answers a condition: the operators each field type knows, and what they mean. */
import { type AppDefinition, type FieldKind, findField } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import { isEmptyValue, type TableRow, toMinute, type WireValue } from './field-values.ts';
import { failures, invalid, SYNTAX } from './kintone-failure.ts';
import { matchesFullText } from './query-full-text.ts';
import type { Condition, Operand, Operator } from './query-parser.ts';
import { type Period, periodOf } from './query-periods.ts';

export interface QueryWorld {
  readonly now: number;
  /** Login name for LOGINUSER(). */
  readonly user: string;
  /** How long the full-text index lags behind a change. */
  readonly indexLagMs: number;
}

type Family = 'text' | 'longText' | 'number' | 'choice' | 'moment';

const OPERATORS: Readonly<Record<Family, readonly Operator[]>> = {
  text: ['=', '!=', 'in', 'not in', 'like', 'not like'],
  longText: ['like', 'not like', 'is empty', 'is not empty'],
  number: ['=', '!=', '<', '>', '<=', '>=', 'in', 'not in'],
  choice: ['in', 'not in'],
  moment: ['=', '!=', '<', '>', '<=', '>='],
};

const FAMILIES: Readonly<Record<Exclude<FieldKind, 'SUBTABLE'>, Family>> = {
  SINGLE_LINE_TEXT: 'text',
  LINK: 'text',
  MULTI_LINE_TEXT: 'longText',
  RICH_TEXT: 'longText',
  NUMBER: 'number',
  RECORD_NUMBER: 'number',
  DROP_DOWN: 'choice',
  RADIO_BUTTON: 'choice',
  CHECK_BOX: 'choice',
  MULTI_SELECT: 'choice',
  USER_SELECT: 'choice',
  CREATOR: 'choice',
  MODIFIER: 'choice',
  DATE: 'moment',
  TIME: 'moment',
  DATETIME: 'moment',
  CREATED_TIME: 'moment',
  UPDATED_TIME: 'moment',
};

export type Test = (record: StoredRecord) => boolean;

/** Compiles a condition once for many records. @throws KintoneFailure for unknown fields and operators that do not fit. */
export function compileCondition(app: AppDefinition, condition: Condition | null, world: QueryWorld): Test {
  if (condition === null) return () => true;
  if (condition.kind === 'compare') return compileComparison(app, condition, world);
  const sides = condition.sides.map((side) => compileCondition(app, side, world));
  if (condition.kind === 'and') return (record) => sides.every((side) => side(record));
  return (record) => sides.some((side) => side(record));
}

type Comparison = Extract<Condition, { kind: 'compare' }>;

function compileComparison(app: AppDefinition, comparison: Comparison, world: QueryWorld): Test {
  const { field, operator } = comparison;
  if (field === '$id') return numberTest(allowed('number', comparison), (record) => [String(record.id)]);
  const found = findField(app, field);
  if (found === null || found.property.type === 'SUBTABLE') throw failures.noSuchField(field);
  if (found.table !== null && (operator === '=' || operator === '!=')) throw failures.tableCellOperator(field, operator);
  const kind = found.property.type;
  const family = FAMILIES[kind];
  const values = valuesOf(field, found.table, kind);
  allowed(family, comparison);
  switch (family) {
    case 'number':
      return numberTest(comparison, values);
    case 'moment':
      return momentTest(comparison, kind, values, world);
    case 'choice':
      return choiceTest(comparison, values, world);
    default:
      return textTest(comparison, values, world);
  }
}

function allowed(family: Family, comparison: Comparison): Comparison {
  if (OPERATORS[family].includes(comparison.operator)) return comparison;
  throw failures.operatorNotAllowed(comparison.field, comparison.operator);
}

/** All values the field has in a record: one, or one per row of its table; choices as many as are chosen. */
function valuesOf(field: string, table: string | null, kind: FieldKind): (record: StoredRecord) => readonly string[] {
  switch (kind) {
    case 'RECORD_NUMBER':
      return (record) => [String(record.id)];
    case 'CREATED_TIME':
      return (record) => [toMinute(record.createdAt)];
    case 'UPDATED_TIME':
      return (record) => [toMinute(record.updatedAt)];
    case 'CREATOR':
      return (record) => [record.creator];
    case 'MODIFIER':
      return (record) => [record.modifier];
    default:
      break;
  }
  if (table === null) return (record) => plainValues(record.values[field]);
  return (record) => rowsOf(record.values[table]).flatMap((row) => plainValues(row.value[field]?.value));
}

function rowsOf(value: WireValue | undefined): readonly TableRow[] {
  return Array.isArray(value) ? (value as readonly TableRow[]) : [];
}

/** An empty field has the one value `""`: `in ("")` finds it. */
function plainValues(value: WireValue | undefined): readonly string[] {
  if (value === undefined || isEmptyValue(value)) return [''];
  if (typeof value === 'string') return [value];
  const list = Array.isArray(value) ? (value as readonly (string | { readonly code: string })[]) : [];
  return list.map((each) => (typeof each === 'string' ? each : each.code));
}

function literals(operands: readonly Operand[], world: QueryWorld | null): readonly string[] {
  return operands.map((operand) => {
    if (operand.kind === 'literal') return operand.value;
    if (operand.name === 'LOGINUSER' && world !== null) return world.user;
    throw invalid({ query: [SYNTAX] });
  });
}

function textTest(comparison: Comparison, values: (record: StoredRecord) => readonly string[], world: QueryWorld): Test {
  const { operator } = comparison;
  const wanted = literals(comparison.operands, null);
  if (operator === 'is empty') return (record) => values(record).every((value) => value === '');
  if (operator === 'is not empty') return (record) => values(record).some((value) => value !== '');
  if (operator === 'like' || operator === 'not like') {
    const indexed = (record: StoredRecord): boolean => world.now - record.updatedAt >= world.indexLagMs;
    const like: Test = (record) => indexed(record) && values(record).some((value) => matchesFullText(value, wanted[0] ?? ''));
    return operator === 'like' ? like : (record) => !like(record);
  }
  const set = new Set(wanted);
  const isOne: Test = (record) => values(record).some((value) => set.has(value));
  return operator === '=' || operator === 'in' ? isOne : (record) => !isOne(record);
}

function choiceTest(comparison: Comparison, values: (record: StoredRecord) => readonly string[], world: QueryWorld): Test {
  const wanted = new Set(literals(comparison.operands, world));
  const isOne: Test = (record) => values(record).some((value) => wanted.has(value));
  return comparison.operator === 'in' ? isOne : (record) => !isOne(record);
}

function numberTest(comparison: Comparison, values: (record: StoredRecord) => readonly string[]): Test {
  const asked = literals(comparison.operands, null).map((value) => numberOf(comparison.field, value));
  const wanted = asked[0] ?? Number.NaN;
  const some = (test: (value: number) => boolean): Test => {
    return (record) => values(record).some((value) => value !== '' && test(Number(value)));
  };
  switch (comparison.operator) {
    case '<':
      return some((value) => value < wanted);
    case '>':
      return some((value) => value > wanted);
    case '<=':
      return some((value) => value <= wanted);
    case '>=':
      return some((value) => value >= wanted);
    default: {
      const isOne: Test = (record) => values(record).some((value) => asked.some((each) => same(value, each)));
      return comparison.operator === '=' || comparison.operator === 'in' ? isOne : (record) => !isOne(record);
    }
  }
}

/** `in ("")` asks for the empty ones; a record number may be asked for with its app code. */
function numberOf(field: string, literal: string): number {
  if (literal === '') return Number.NaN;
  const value = Number(/^.+-(\d+)$/.exec(literal)?.[1] ?? literal);
  if (Number.isNaN(value)) {
    throw invalid({
      query: [{ ja: `${field}フィールドには数値を指定してください。`, en: `Specify a number for field ${field}.` }],
    });
  }
  return value;
}

function same(value: string, wanted: number): boolean {
  return value === '' ? Number.isNaN(wanted) : Number(value) === wanted;
}

function momentTest(
  comparison: Comparison,
  kind: FieldKind,
  values: (record: StoredRecord) => readonly string[],
  world: QueryWorld,
): Test {
  const operand = comparison.operands[0];
  if (operand === undefined) throw invalid({ query: [SYNTAX] });
  if (operand.kind === 'literal' && operand.value === '') {
    const wantsEmpty = comparison.operator === '=';
    return (record) => values(record).every((value) => (value === '') === wantsEmpty);
  }
  const period = periodOf(operand, kind, world.now);
  const test = momentComparison(comparison.operator, period);
  return (record) => values(record).some((value) => value !== '' && test(instantOf(value, kind)));
}

function instantOf(value: string, kind: FieldKind): number {
  if (kind === 'TIME') return Date.parse(`1970-01-01T${value}:00Z`);
  return Date.parse(kind === 'DATE' ? `${value}T00:00:00Z` : value);
}

function momentComparison(operator: Operator, period: Period): (instant: number) => boolean {
  switch (operator) {
    case '<':
      return (instant) => instant < period.from;
    case '>':
      return (instant) => instant > period.last;
    case '<=':
      return (instant) => instant <= period.last;
    case '>=':
      return (instant) => instant >= period.from;
    case '=':
      return (instant) => instant >= period.from && instant <= period.last;
    default:
      return (instant) => instant < period.from || instant > period.last;
  }
}
