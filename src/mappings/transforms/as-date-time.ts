import type { Transform } from './transform.ts';

/** An instant in UTC, `2026-11-23T00:05:00.000Z`. */
export const asDateTime: Transform = {
  name: 'dateTime',
  gives: 'dateTime',
  takes: ['dateTime', 'string'],
  apply: (value) => {
    const instant = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/u.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isNaN(instant) ? null : new Date(instant).toISOString();
  },
};
