/** What the calculated fields of a record come to. Pure. */
import type { AppDefinition, FieldProperty } from './app-definition.ts';
import { type CalculatedValue, calculatedText, EMPTY, ERROR, numberValue, textValue } from './calculated-values.ts';
import { decimalOf, fitted, type NumberPrecision, USUAL_PRECISION, wholeDecimal } from './exact-decimal.ts';
import type { TableRow, WireValue } from './field-values.ts';
import { type Formula, parseFormula } from './formula.ts';
import { binaryResult, callResult, minus } from './formula-functions.ts';
import { instantOf, rowsOf } from './query-values.ts';

type Values = Record<string, WireValue>;

interface Scope {
  readonly app: AppDefinition;
  readonly values: Values;
  /** The row of a table that is being calculated. */
  readonly row: TableRow['value'] | null;
  readonly depth: number;
}

/** Formulas that read formulas that read formulas: deeper than anybody builds them. */
const MAX_DEPTH = 20;

/** Rows first, for the record's own formulas may sum them up. */
export function calculate(app: AppDefinition, values: Values): void {
  const tables = Object.values(app.fields).filter((field) => Object.values(field.fields ?? {}).some(isCalculated));
  for (const table of tables) {
    values[table.code] = rowsOf(values[table.code]).map((row) => calculateRow(row, table, { app, values, row: null, depth: 0 }));
  }
  for (const field of Object.values(app.fields)) {
    if (isCalculated(field)) values[field.code] = calculatedText(field, resultOf(field, { app, values, row: null, depth: 0 }));
  }
}

export function isCalculated(field: FieldProperty): boolean {
  return field.expression !== undefined && field.expression !== '';
}

function calculateRow(row: TableRow, table: FieldProperty, scope: Scope): TableRow {
  const cells = Object.values(table.fields ?? {}).filter(isCalculated);
  const results = cells.map((cell) => {
    const value = calculatedText(cell, resultOf(cell, { ...scope, row: row.value }));
    return [cell.code, { type: cell.type, value }];
  });
  return { id: row.id, value: { ...row.value, ...Object.fromEntries(results) } };
}

function resultOf(field: FieldProperty, scope: Scope): CalculatedValue {
  return single(evaluate(parseFormula(field.expression ?? '', field.label), scope));
}

/** Several for the cells of a table: only functions that take lists can do with them. */
function single(found: readonly CalculatedValue[]): CalculatedValue {
  return found.length === 1 ? (found[0] ?? ERROR) : ERROR;
}

function evaluate(formula: Formula, scope: Scope): readonly CalculatedValue[] {
  const precision = scope.app.precision ?? USUAL_PRECISION;
  switch (formula.kind) {
    case 'number':
      return [literal(formula.value, precision)];
    case 'text':
      return [textValue(formula.value)];
    case 'field':
      return fieldValues(formula.code, scope);
    case 'minus':
      return [minus(single(evaluate(formula.operand, scope)), precision)];
    case 'call': {
      const args = formula.args.map((arg) => evaluate(arg, scope));
      return [callResult(formula.name, args, precision)];
    }
    default: {
      const left = single(evaluate(formula.left, scope));
      return [binaryResult(formula.sign, left, single(evaluate(formula.right, scope)), precision)];
    }
  }
}

/** Already what is written in a formula is kept to the digits of the app. */
function literal(written: string, precision: NumberPrecision): CalculatedValue {
  const value = fitted(decimalOf(written), precision);
  return value === null ? ERROR : numberValue(value);
}

function fieldValues(code: string, scope: Scope): readonly CalculatedValue[] {
  const { app, values, row } = scope;
  if (scope.depth > MAX_DEPTH) return [ERROR];
  const own = app.fields[code];
  const table = Object.values(app.fields).find((field) => field.fields?.[code] !== undefined);
  const cell = table?.fields?.[code];
  if (own !== undefined) return [readable(own, values[code], { ...scope, row: null })];
  if (table === undefined || cell === undefined) return [ERROR];
  if (row !== null) return [readable(cell, row[code]?.value, scope)];
  return rowsOf(values[table.code]).map((each) => readable(cell, each.value[code]?.value, { ...scope, row: each.value }));
}

/** Days and times count as seconds. */
function readable(field: FieldProperty, value: WireValue | undefined, scope: Scope): CalculatedValue {
  if (isCalculated(field)) return resultOf(field, { ...scope, depth: scope.depth + 1 });
  if (Array.isArray(value)) return { kind: 'choices', choices: (value as readonly unknown[]).map(String) };
  const text = typeof value === 'string' ? value : '';
  switch (field.type) {
    case 'NUMBER':
      return text === '' ? EMPTY : numberValue(decimalOf(text));
    case 'DATE':
    case 'TIME':
    case 'DATETIME':
      return text === '' ? EMPTY : numberValue(wholeDecimal(instantOf(text, field.type) / 1000));
    default:
      return textValue(text);
  }
}
