import type { FactType } from '../facts.ts';
import { asBoolean } from './as-boolean.ts';
import { asDate } from './as-date.ts';
import { asDateTime } from './as-date-time.ts';
import { asInteger } from './as-integer.ts';
import { asList } from './as-list.ts';
import { asNumber } from './as-number.ts';
import { asString } from './as-string.ts';
import { asTime } from './as-time.ts';
import type { Transform, ValueKind } from './transform.ts';

/** Every word that may follow `as:`. */
export const transforms = {
  string: asString,
  integer: asInteger,
  number: asNumber,
  date: asDate,
  dateTime: asDateTime,
  time: asTime,
  boolean: asBoolean,
  list: asList,
} as const satisfies Readonly<Record<string, Transform>>;

export type TransformName = keyof typeof transforms;

export const transformNames = Object.keys(transforms) as [TransformName, ...TransformName[]];

const plainKinds: Readonly<Record<FactType, ValueKind>> = {
  string: 'text',
  phone: 'text',
  choice: 'text',
  integer: 'integer',
  number: 'number',
  dateTime: 'dateTime',
  boolean: 'boolean',
  list: 'list',
};

/** What a fact gives when no `as` is said. */
export function plainKind(type: FactType): ValueKind {
  return plainKinds[type];
}
