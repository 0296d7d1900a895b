import type { Transform } from './transform.ts';

export const asString: Transform = {
  name: 'string',
  gives: 'text',
  takes: ['string', 'integer', 'number', 'dateTime', 'boolean', 'phone', 'choice', 'list'],
  apply: (value) => (Array.isArray(value) ? value.join(', ') : String(value)),
};
