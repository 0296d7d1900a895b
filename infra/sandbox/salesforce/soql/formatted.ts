import { ApiError } from '../api-error.ts';
import type { FieldDefinition } from '../object-definition.ts';
import type { Value } from '../record-store.ts';
import type { QueryWorld } from './query-world.ts';

type Write = (value: Value) => Value;

/** What `FORMAT()` makes of a field's values: text as people of the org's locale write it. @throws ApiError for what has no format */
export function formatted(field: FieldDefinition, { locale, timeZone }: Pick<QueryWorld, 'locale' | 'timeZone'>): Write {
  switch (field.kind) {
    case 'int':
    case 'double':
    case 'percent':
      return numbers(new Intl.NumberFormat(locale, { maximumFractionDigits: field.scale }));
    case 'currency':
      return numbers(new Intl.NumberFormat(locale, { style: 'currency', currency: currencyOf(locale) }));
    case 'date':
      return instants(new Intl.DateTimeFormat(locale, { ...DAY, timeZone: 'UTC' }), (stored) => Date.parse(stored));
    case 'datetime':
      return instants(new Intl.DateTimeFormat(locale, { ...DAY, ...TIME, timeZone: 'UTC' }), (stored) => {
        const at = Date.parse(stored.replace('+0000', 'Z'));
        return at + timeZone.offsetAt(at);
      });
    default:
      throw new ApiError(400, 'MALFORMED_QUERY', `field ${field.name} does not support FORMAT`);
  }
}

const DAY = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
const TIME = { hour: 'numeric', minute: '2-digit' } as const;

/** The org has one currency. */
function currencyOf(locale: string): string {
  return locale.startsWith('ja') ? 'JPY' : 'USD';
}

function numbers(format: Intl.NumberFormat): Write {
  return (value) => (typeof value === 'number' ? format.format(value) : value);
}

function instants(format: Intl.DateTimeFormat, toInstant: (stored: string) => number): Write {
  return (value) => (typeof value === 'string' ? format.format(toInstant(value)) : value);
}
