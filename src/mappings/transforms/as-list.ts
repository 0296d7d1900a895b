import type { Transform } from './transform.ts';

/** Several choices; one value becomes a list of one. */
export const asList: Transform = {
  name: 'list',
  gives: 'list',
  takes: ['list', 'string', 'choice', 'phone'],
  apply: (value) => (Array.isArray(value) ? value : [String(value)]),
};
