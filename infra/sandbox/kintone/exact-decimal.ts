/** Decimal arithmetic without a double's errors, rounded as an app's settings say. Pure. */
import { canonicalDecimal } from './decimal.ts';

/** `units / 10 ** scale` */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export type RoundingMode = 'HALF_EVEN' | 'UP' | 'DOWN';
/** Of formulas only: a half goes away from zero. */
type AnyRounding = RoundingMode | 'HALF_UP';

/** How an app keeps its numbers: so many digits in all, so many of them behind the point. */
export interface NumberPrecision {
  readonly digits: number;
  readonly decimalPlaces: number;
  readonly roundingMode: RoundingMode;
}

export const USUAL_PRECISION: NumberPrecision = { digits: 16, decimalPlaces: 4, roundingMode: 'HALF_EVEN' };

export const ZERO: Decimal = { units: 0n, scale: 0 };

/** For what `isDecimal` accepts. */
export function decimalOf(text: string): Decimal {
  const canonical = canonicalDecimal(text);
  const fraction = canonical.split('.')[1] ?? '';
  return { units: BigInt(canonical.replace('.', '')), scale: fraction.length };
}

export function wholeDecimal(value: number): Decimal {
  return { units: BigInt(Math.trunc(value)), scale: 0 };
}

export function decimalText({ units, scale }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  return canonicalDecimal(`${sign}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}0`);
}

export function negated({ units, scale }: Decimal): Decimal {
  return { units: -units, scale };
}

export function sumOf(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { units: unitsAt(left, scale) + unitsAt(right, scale), scale };
}

export function productOf(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale };
}

/** To so many places; null for a division by zero. */
export function quotientOf(left: Decimal, right: Decimal, places: number, mode: AnyRounding): Decimal | null {
  if (right.units === 0n) return null;
  const dividend = left.units * 10n ** BigInt(places + right.scale);
  return { units: roundedQuotient(dividend, right.units * 10n ** BigInt(left.scale), mode), scale: places };
}

export function roundedTo(value: Decimal, places: number, mode: AnyRounding): Decimal {
  if (value.scale <= places) return value;
  const units = roundedQuotient(value.units, 10n ** BigInt(value.scale - places), mode);
  return places >= 0 ? { units, scale: places } : { units: units * 10n ** BigInt(-places), scale: 0 };
}

/** Rounded as the app says; null where more digits stand before the point than it keeps. */
export function fitted(value: Decimal, { digits, decimalPlaces, roundingMode }: NumberPrecision): Decimal | null {
  const rounded = roundedTo(value, decimalPlaces, roundingMode);
  const whole = absolute(rounded.units) / 10n ** BigInt(rounded.scale);
  return whole < 10n ** BigInt(Math.max(0, digits - decimalPlaces)) ? rounded : null;
}

/** Less than zero, zero or more than zero. */
export function differenceOf(left: Decimal, right: Decimal): number {
  const difference = sumOf(left, negated(right)).units;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function absolute(units: bigint): bigint {
  return units < 0n ? -units : units;
}

function roundedQuotient(dividend: bigint, divisor: bigint, mode: AnyRounding): bigint {
  const isNegative = dividend < 0n !== divisor < 0n;
  const [above, below] = [absolute(dividend), absolute(divisor)];
  const whole = above / below;
  const rest = above % below;
  const size = rest !== 0n && isRoundedUp(whole, rest * 2n - below, mode) ? whole + 1n : whole;
  return isNegative ? -size : size;
}

/** `overHalf` is negative below the half, 0 on it. */
function isRoundedUp(whole: bigint, overHalf: bigint, mode: AnyRounding): boolean {
  switch (mode) {
    case 'UP':
      return true;
    case 'DOWN':
      return false;
    case 'HALF_UP':
      return overHalf >= 0n;
    default:
      return overHalf > 0n || (overHalf === 0n && whole % 2n === 1n);
  }
}
