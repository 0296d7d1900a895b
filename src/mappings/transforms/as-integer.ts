import { asNumber } from './as-number.ts';
import type { Transform } from './transform.ts';

/** Rounded to the nearest: 33.5 seconds are 34. */
export const asInteger: Transform = {
  name: 'integer',
  gives: 'integer',
  takes: asNumber.takes,
  apply: (value, style) => {
    const number = asNumber.apply(value, style);
    return typeof number === 'number' ? Math.round(number) : null;
  },
};
