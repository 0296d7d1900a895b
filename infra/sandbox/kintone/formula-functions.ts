/** What signs and functions of formulas come to. Pure. */
import { type CalculatedValue, EMPTY, ERROR, numberValue, shownText, textValue } from './calculated-values.ts';
import {
  type Decimal,
  decimalText,
  differenceOf,
  fitted,
  type NumberPrecision,
  negated,
  productOf,
  quotientOf,
  roundedTo,
  sumOf,
  ZERO,
} from './exact-decimal.ts';
import { formattedInstant } from './instant-format.ts';

type Result = CalculatedValue;

/** A number, where the value can be calculated with: what is not filled in counts as 0. */
function calculable(value: Result): Decimal | null {
  if (value.kind === 'number') return value.number;
  return value.kind === 'empty' ? ZERO : null;
}

/** Every value on the way is kept to the digits of the app; what has more is an error. */
function kept(value: Decimal | null, precision: NumberPrecision): Result {
  const number = value === null ? null : fitted(value, precision);
  return number === null ? ERROR : numberValue(number);
}

function truth(isTrue: boolean): Result {
  return { kind: 'truth', isTrue };
}

export function minus(value: Result, precision: NumberPrecision): Result {
  const number = calculable(value);
  return number === null ? ERROR : kept(negated(number), precision);
}

export function binaryResult(sign: string, left: Result, right: Result, precision: NumberPrecision): Result {
  if (sign === '&') {
    const [before, after] = [shownText(left), shownText(right)];
    return before === null || after === null ? ERROR : textValue(before + after);
  }
  if (left.kind === 'text' && right.kind === 'text') return textComparison(sign, left.text, right.text);
  const [one, other] = [calculable(left), calculable(right)];
  if (one === null || other === null) return ERROR;
  switch (sign) {
    case '+':
      return kept(sumOf(one, other), precision);
    case '-':
      return kept(sumOf(one, negated(other)), precision);
    case '*':
      return kept(productOf(one, other), precision);
    case '/':
      return kept(quotientOf(one, other, precision.decimalPlaces, precision.roundingMode), precision);
    case '^':
      return kept(power(one, other, precision), precision);
    default:
      return truth(holds(sign, differenceOf(one, other)));
  }
}

/** Texts are the same or not; neither is more than the other. */
function textComparison(sign: string, left: string, right: string): Result {
  if (sign === '=') return truth(left === right);
  return sign === '!=' || sign === '<>' ? truth(left !== right) : ERROR;
}

function holds(sign: string, difference: number): boolean {
  switch (sign) {
    case '=':
      return difference === 0;
    case '<':
      return difference < 0;
    case '>':
      return difference > 0;
    case '<=':
      return difference <= 0;
    case '>=':
      return difference >= 0;
    default:
      return difference !== 0;
  }
}

const MOST_POWER = 100n;

/** The fraction of an exponent is cut; only the result is rounded. */
function power(base: Decimal, exponent: Decimal, { decimalPlaces, roundingMode }: NumberPrecision): Decimal | null {
  const whole = exponent.units / 10n ** BigInt(exponent.scale);
  if (whole > MOST_POWER || whole < -MOST_POWER) return null;
  const size = Number(whole < 0n ? -whole : whole);
  const raised: Decimal = { units: base.units ** BigInt(size), scale: base.scale * size };
  return whole < 0n ? quotientOf({ units: 1n, scale: 0 }, raised, decimalPlaces, roundingMode) : raised;
}

export function callResult(name: string, args: readonly (readonly Result[])[], precision: NumberPrecision): Result {
  const first = args.map((values) => (values.length === 1 ? (values[0] ?? ERROR) : ERROR));
  const [one = EMPTY, two = EMPTY, three = EMPTY] = first;
  switch (name) {
    case 'SUM':
      return total(args, precision);
    case 'IF':
      return one.kind === 'truth' ? (one.isTrue ? two : three) : ERROR;
    case 'AND':
      return junction(first, (truths) => truths.every((each) => each));
    case 'OR':
      return junction(first, (truths) => truths.some((each) => each));
    case 'NOT':
      return one.kind === 'truth' ? truth(!one.isTrue) : ERROR;
    case 'YEN':
      return yen(one, two);
    case 'DATE_FORMAT':
      return dateFormat(one, two, three);
    case 'CONTAINS':
      return contains(args[0] ?? [], two);
    default:
      return rounded(name, one, two, precision);
  }
}

/** Of a table without rows there is no sum. */
function total(args: readonly (readonly Result[])[], precision: NumberPrecision): Result {
  if (args.some((values) => values.length === 0)) return ERROR;
  return args.flat().reduce<Result>((sum, value) => binaryResult('+', sum, value, precision), numberValue(ZERO));
}

function junction(args: readonly Result[], decide: (truths: readonly boolean[]) => boolean): Result {
  const truths = args.flatMap((arg) => (arg.kind === 'truth' ? [arg.isTrue] : []));
  return truths.length === args.length ? truth(decide(truths)) : ERROR;
}

const ROUNDINGS = { ROUND: 'HALF_UP', ROUNDUP: 'UP', ROUNDDOWN: 'DOWN' } as const;

function rounded(name: string, value: Result, places: Result, precision: NumberPrecision): Result {
  const [number, digits] = [calculable(value), placesOf(places)];
  const mode = name === 'ROUNDUP' || name === 'ROUNDDOWN' ? ROUNDINGS[name] : ROUNDINGS.ROUND;
  return number === null || digits === null ? ERROR : kept(roundedTo(number, digits, mode), precision);
}

function placesOf(value: Result): number | null {
  const number = calculable(value);
  if (number === null) return null;
  const whole = Number(number.units / 10n ** BigInt(number.scale));
  return Math.abs(whole) <= 30 ? whole : null;
}

/** `¥1,234.5` */
function yen(value: Result, places: Result): Result {
  const [number, digits] = [calculable(value), placesOf(places)];
  if (number === null || digits === null) return ERROR;
  const [whole = '', fraction = ''] = decimalText(roundedTo(number, digits, 'HALF_UP')).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = grouped.startsWith('-') ? '-' : '';
  const behind = digits > 0 ? `.${fraction.padEnd(digits, '0')}` : '';
  return textValue(`${sign}¥${grouped.replace('-', '')}${behind}`);
}

function dateFormat(value: Result, format: Result, zone: Result): Result {
  if (value.kind === 'empty') return textValue('');
  if (value.kind !== 'number' || format.kind !== 'text' || zone.kind !== 'text') return ERROR;
  const seconds = roundedTo(value.number, 0, 'DOWN').units;
  const text = formattedInstant(Number(seconds) * 1000, format.text, zone.text);
  return text === null ? ERROR : textValue(text);
}

/** Whether a choice is ticked, or a row of a table holds exactly this text. */
function contains(found: readonly Result[], wanted: Result): Result {
  if (wanted.kind !== 'text') return ERROR;
  const texts = found.flatMap((value) => (value.kind === 'choices' ? value.choices : value.kind === 'text' ? [value.text] : []));
  return truth(texts.includes(wanted.text));
}
