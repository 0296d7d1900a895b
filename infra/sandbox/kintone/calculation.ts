/** What the calculated fields of a record come to. Pure. */
import type { AppDefinition, FieldProperty } from './app-definition.ts';
import type { TableRow, WireValue } from './field-values.ts';
import { type Formula, parseFormula } from './formula.ts';
import { instantOf, rowsOf } from './query-values.ts';

type Values = Record<string, WireValue>;
/** Several for the cells of a table. */
type Found = readonly (number | string)[];

interface Scope {
  readonly app: AppDefinition;
  readonly values: Values;
  /** The row of a table that is being calculated. */
  readonly row: TableRow['value'] | null;
  readonly depth: number;
}

/** Formulas that read formulas that read formulas: deeper than anybody builds them. */
const MAX_DEPTH = 20;
/** The service's own precision, unless the app sets another. */
const DECIMAL_PLACES = 4;

/** Rows first, for the record's own formulas may sum them up. */
export function calculate(app: AppDefinition, values: Values): void {
  const tables = Object.values(app.fields).filter((field) => Object.values(field.fields ?? {}).some(isCalculated));
  for (const table of tables) {
    values[table.code] = rowsOf(values[table.code]).map((row) => calculateRow(row, table, { app, values, row: null, depth: 0 }));
  }
  for (const field of Object.values(app.fields)) {
    if (isCalculated(field)) values[field.code] = resultOf(field, { app, values, row: null, depth: 0 });
  }
}

export function isCalculated(field: FieldProperty): boolean {
  return field.expression !== undefined && field.expression !== '';
}

function calculateRow(row: TableRow, table: FieldProperty, scope: Scope): TableRow {
  const cells = Object.values(table.fields ?? {}).filter(isCalculated);
  const results = cells.map((cell) => [cell.code, { type: cell.type, value: resultOf(cell, { ...scope, row: row.value }) }]);
  return { id: row.id, value: { ...row.value, ...Object.fromEntries(results) } };
}

/** What cannot be calculated is empty. */
function resultOf(field: FieldProperty, scope: Scope): string {
  const [result] = evaluate(parseFormula(field.expression ?? '', field.label), scope);
  if (field.type !== 'CALC') return result === undefined ? '' : textOf(result);
  const number = numberOf(result);
  return Number.isFinite(number) ? textOf(number, scope.app.decimalPlaces) : '';
}

function textOf(value: number | string, decimalPlaces = DECIMAL_PLACES): string {
  if (typeof value === 'string') return value;
  const scale = 10 ** decimalPlaces;
  const rounded = toEven(value * scale) / scale;
  return Math.abs(rounded) < 1e21 ? String(rounded === 0 ? 0 : rounded) : '';
}

/** A half goes to the even neighbour, as the service does it unless an app is told otherwise. */
function toEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}

/** An empty field counts as nothing; a text that is no number makes the result none. */
function numberOf(value: number | string | undefined): number {
  if (typeof value === 'number') return value;
  return value === undefined || value === '' ? 0 : Number(value);
}

function evaluate(formula: Formula, scope: Scope): Found {
  switch (formula.kind) {
    case 'number':
    case 'text':
      return [formula.value];
    case 'field':
      return fieldValues(formula.code, scope);
    case 'minus':
      return [-numberOf(evaluate(formula.operand, scope)[0])];
    case 'call':
      return [
        callResult(
          formula.name,
          formula.args.map((arg) => evaluate(arg, scope)),
        ),
      ];
    default:
      return [binaryResult(formula.sign, evaluate(formula.left, scope)[0] ?? '', evaluate(formula.right, scope)[0] ?? '')];
  }
}

function fieldValues(code: string, scope: Scope): Found {
  const { app, values, row } = scope;
  if (scope.depth > MAX_DEPTH) return [Number.NaN];
  const own = app.fields[code];
  const table = Object.values(app.fields).find((field) => field.fields?.[code] !== undefined);
  const cell = table?.fields?.[code];
  if (own !== undefined) return [readable(own, values[code], { ...scope, row: null })];
  if (table === undefined || cell === undefined) return [''];
  if (row !== null) return [readable(cell, row[code]?.value, scope)];
  return rowsOf(values[table.code]).map((each) => readable(cell, each.value[code]?.value, { ...scope, row: each.value }));
}

/** Days and times count as seconds. */
function readable(field: FieldProperty, value: WireValue | undefined, scope: Scope): number | string {
  if (isCalculated(field)) return resultOf(field, { ...scope, depth: scope.depth + 1 });
  if (typeof value !== 'string' || value === '') return '';
  if (field.type === 'DATE' || field.type === 'TIME' || field.type === 'DATETIME') return instantOf(value, field.type) / 1000;
  return field.type === 'NUMBER' ? Number(value) : value;
}

function binaryResult(sign: string, left: number | string, right: number | string): number | string {
  if (sign === '&') return textOf(left) + textOf(right);
  const [one, other] = [numberOf(left), numberOf(right)];
  const areNumbers = !Number.isNaN(one) && !Number.isNaN(other);
  switch (sign) {
    case '+':
      return one + other;
    case '-':
      return one - other;
    case '*':
      return one * other;
    case '/':
      return other === 0 ? Number.NaN : one / other;
    case '^':
      return one ** other;
    case '=':
      return Number(areNumbers ? one === other : left === right);
    case '<':
      return Number(one < other);
    case '>':
      return Number(one > other);
    case '<=':
      return Number(one <= other);
    case '>=':
      return Number(one >= other);
    default:
      return Number(areNumbers ? one !== other : left !== right);
  }
}

function callResult(name: string, args: readonly Found[]): number | string {
  const first = args.map(([value]) => value ?? '');
  const isTrue = (value: number | string): boolean => numberOf(value) !== 0;
  switch (name) {
    case 'SUM':
      return args.flat().reduce<number>((sum, value) => sum + numberOf(value), 0);
    case 'IF':
      return (isTrue(first[0] ?? 0) ? first[1] : first[2]) ?? '';
    case 'AND':
      return Number(first.every(isTrue));
    case 'OR':
      return Number(first.some(isTrue));
    case 'NOT':
      return Number(!isTrue(first[0] ?? 0));
    default:
      return rounded(name, numberOf(first[0]), numberOf(first[1]));
  }
}

/** Half of the last digit goes away from zero. */
function rounded(name: string, value: number, digits: number): number {
  const scale = 10 ** Math.max(-15, Math.min(15, Math.trunc(digits)));
  const size = Math.abs(value) * scale;
  const whole = name === 'ROUNDUP' ? Math.ceil(size) : name === 'ROUNDDOWN' ? Math.floor(size) : Math.round(size);
  return (Math.sign(value) * whole) / scale;
}
