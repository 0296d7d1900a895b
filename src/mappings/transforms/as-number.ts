import type { Transform } from './transform.ts';

export const asNumber: Transform = {
  name: 'number',
  gives: 'number',
  takes: ['integer', 'number', 'string', 'choice'],
  apply: (value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
  },
};
