import { type FieldValue, Rejected } from '../connector.ts';
import type { FieldDescriptions } from './merge-fields.ts';

/**
 * Makes sure that the service can read a record at all. One record with an unknown field or a value of the wrong JSON type makes it
 * refuse the whole request, so such a record must not travel with others.
 */

/** The fields in the service's JSON. @throws Rejected that names every field at fault */
export function sendableFields(
  fields: Readonly<Record<string, FieldValue>>,
  described: FieldDescriptions,
  about: string,
): Record<string, string | number | boolean | null> {
  const sendable: Record<string, string | number | boolean | null> = {};
  const faults: { field: string; code: string; message: string }[] = [];
  for (const [field, value] of Object.entries(fields)) {
    const fault = faultOf(field, value, described);
    if (fault === null) sendable[field] = typeof value === 'object' && value !== null ? value.join(';') : value;
    else faults.push({ field, ...fault });
  }
  if (faults.length === 0) return sendable;
  throw new Rejected(`${about}: ${faults.map(({ message }) => message).join(', ')}. Correct the mapping.`, faults);
}

/** Fields that the description does not know; perhaps it is an old one. */
export function unknownFields(fields: Readonly<Record<string, FieldValue>>, described: FieldDescriptions): readonly string[] {
  return Object.keys(fields).filter((field) => !described.has(field));
}

function faultOf(field: string, value: FieldValue, described: FieldDescriptions): { code: string; message: string } | null {
  const description = described.get(field);
  if (description === undefined) return { code: 'INVALID_FIELD', message: `there is no field ${field} that our user may see` };
  const wanted = wantedValue(description.type, value);
  return wanted === null ? null : { code: 'INVALID_TYPE', message: `${field} takes ${wanted}` };
}

/** What the type asks for when the value is not it; null when it is. */
function wantedValue(type: string, value: FieldValue): string | null {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'integer':
      return value === null || Number.isInteger(value) ? null : 'a whole number';
    case 'number':
      return value === null || Number.isFinite(value) ? null : 'a number';
    case 'date':
      return value === null || (typeof value === 'string' && isDay(value)) ? null : 'a date YYYY-MM-DD';
    case 'dateTime':
      return value === null || (typeof value === 'string' && isInstant(value)) ? null : 'an instant in ISO 8601';
    case 'multiPicklist':
      return value === null || typeof value === 'string' || Array.isArray(value) ? null : 'a list of texts';
    default:
      return value === null || typeof value === 'string' ? null : 'a text';
  }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text));
}
