import { ApiError } from '../api-error.ts';
import { isDay, parseInstant, toInstant } from '../instants.ts';
import type { FieldDefinition } from '../object-definition.ts';
import { normaliseId } from '../record-ids.ts';
import type { Value } from '../record-store.ts';
import { spanOf } from './date-spans.ts';
import type { Operand } from './query.ts';
import type { QueryWorld } from './query-world.ts';

/** What a field is compared with: one value, or everything from one value up to another. */
export interface Bounds {
  readonly from: Value;
  /** The first value behind; null when `from` is meant alone. */
  readonly to: Value;
}

/** @throws ApiError INVALID_FIELD for an operand of another type than the field's */
export function readOperand(field: FieldDefinition, operand: Operand, world: QueryWorld): Bounds {
  if (operand.kind === 'span') return readSpan(field, operand.name, operand.count ?? 0, world);
  return { from: operand.kind === 'null' ? null : comparable(field, readValue(field, operand)), to: null };
}

/** Text is compared without regard to case; ids, dates and instants as they are. */
export function comparable(field: FieldDefinition, value: Value): Value {
  const isExact = isId(field) || field.kind === 'date' || field.kind === 'datetime';
  return typeof value === 'string' && !isExact ? value.toLowerCase() : value;
}

const isId = (field: FieldDefinition): boolean => field.kind === 'id' || field.kind === 'reference';

function wrongType(field: FieldDefinition, type: string, advice: string): ApiError {
  const reason = `value of filter criterion for field '${field.name}' must be of type ${type} and should ${advice}`;
  return new ApiError(400, 'INVALID_FIELD', reason);
}

function readSpan(field: FieldDefinition, name: string, count: number, { timeZone, now }: QueryWorld): Bounds {
  const { from, to } = spanOf(name, count, timeZone.dayAt(now));
  if (field.kind === 'date') return { from, to };
  if (field.kind !== 'datetime') throw wrongType(field, field.kind, 'not be a date literal');
  const [start, end] = [from, to].map((day) => toInstant(timeZone.startOfDay(day)));
  return { from: start ?? null, to: end ?? null };
}

function readValue(field: FieldDefinition, operand: Exclude<Operand, { kind: 'span' }>): Value {
  switch (field.kind) {
    case 'boolean':
      if (operand.kind !== 'boolean') throw wrongType(field, 'boolean', 'not be enclosed in quotes');
      return operand.value;
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      if (operand.kind !== 'number') throw wrongType(field, field.kind, 'not be enclosed in quotes');
      return operand.value;
    case 'date':
      if (operand.kind !== 'date' || !isDay(String(operand.value))) throw wrongType(field, 'date', 'not be enclosed in quotes');
      return operand.value;
    case 'datetime': {
      if (operand.kind !== 'dateTime') throw wrongType(field, 'dateTime', 'not be enclosed in quotes');
      const instant = parseInstant(String(operand.value));
      if (instant === null) throw wrongType(field, 'dateTime', 'be a date that exists');
      return instant;
    }
    default:
      if (operand.kind !== 'string') throw wrongType(field, isId(field) ? 'ID' : 'string', 'be enclosed in quotes');
      return isId(field) ? readId(field, String(operand.value)) : operand.value;
  }
}

function readId(field: FieldDefinition, sent: string): Value {
  // An empty text means "none".
  if (sent === '') return null;
  const id = normaliseId(sent);
  if (id === null) throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', `${field.name}: invalid ID field: ${sent}`);
  return id;
}
