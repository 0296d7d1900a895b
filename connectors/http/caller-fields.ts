/** A mapping's caller source laid over an object: where its fields stand, and what comes back as a `CallerRecord`. Pure. */
import { type CallerRecord, type CallerSource, type FieldValue, Unreachable } from '../connector.ts';
import { type AnswerPath, namesIn, shownPath, valueAt, valuesAt } from './answer-path.ts';
import type { KnownObject } from './describe-object.ts';
import { idOf, instantOf, plainValues, textsOf } from './field-values.ts';
import type { ServiceObject } from './object-shape.ts';

/** The names by which every mapping may ask for the record's own id. */
const OWN_ID = new Set(['Id', '$id']);

export interface CallerFields {
  readonly source: CallerSource;
  readonly object: ServiceObject;
  readonly serviceName: string;
  readonly name: AnswerPath;
  readonly phones: readonly { readonly field: string; readonly at: AnswerPath }[];
  readonly values: readonly { readonly field: string; readonly at: AnswerPath }[];
}

export function callerFields(source: CallerSource, object: ServiceObject, known: KnownObject, serviceName: string): CallerFields {
  const at = (field: string): AnswerPath => (OWN_ID.has(field) ? object.id : (known.fields.get(field)?.at ?? field.split('.')));
  const placed = (field: string) => ({ field, at: at(field) });
  return {
    ...{ source, object, serviceName },
    name: at(source.name),
    phones: source.phones.map(placed),
    values: source.fields.map(placed),
  };
}

/** @throws Unreachable for a record without an id: leaving it out in silence would lose a customer */
export function callerRecord(fields: CallerFields, record: unknown): CallerRecord {
  const { object, source } = fields;
  return {
    object: source.object,
    id: recordId(record, object.id, `${fields.serviceName}: a record of ${source.object}`),
    name: textsOf(valuesAt(record, fields.name)).join(' '),
    phones: fields.phones.flatMap(({ field, at }) => textsOf(valuesAt(record, at)).map((value) => ({ field, value }))),
    values: valuesOf(fields, record),
    modifiedAt: object.modifiedAt === undefined ? null : instantOf(valueAt(record, object.modifiedAt)),
  };
}

/** A field that the record lacks stays absent: our user may not see it. */
function valuesOf({ values }: CallerFields, record: unknown): CallerRecord['values'] {
  const found: Record<string, FieldValue> = {};
  for (const { field, at } of values) {
    const standing = valuesAt(record, at);
    const isMany = at.includes('*');
    if (standing.length > 0 || isMany) found[field] = plainValues(standing, isMany);
  }
  return found;
}

/** `about` begins the sentence. @throws Unreachable */
export function recordId(record: unknown, at: AnswerPath, about: string): string {
  const id = idOf(valueAt(record, at));
  if (id !== null) return id;
  throw new Unreachable(`${about} has no id at "${shownPath(at)}" but ${namesIn(record)}. Correct the object's "id".`);
}
