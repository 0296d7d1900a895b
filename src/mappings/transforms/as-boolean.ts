import type { Transform } from './transform.ts';

const words: Readonly<Record<string, boolean>> = { true: true, false: false, yes: true, no: false, '1': true, '0': false };

export const asBoolean: Transform = {
  name: 'boolean',
  gives: 'boolean',
  takes: ['boolean', 'string', 'integer', 'number', 'choice'],
  apply: (value) => {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number') return value !== 0;
    return typeof value === 'string' && Object.hasOwn(words, value.toLowerCase()) ? (words[value.toLowerCase()] ?? null) : null;
  },
};
