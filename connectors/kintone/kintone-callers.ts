/** Customers' records: which fields to ask for, and what comes back as a `CallerRecord`. Pure. */
import type { CallerRecord, CallerSource, FieldValue } from '../connector.ts';
import { type FormField, type KintoneForm, systemField } from './kintone-form.ts';
import { cellsOf, type KintoneRecord, plainValue, textsOf } from './kintone-values.ts';

/** A source laid over the app's form, once for many records. */
export interface CallerFields {
  readonly source: CallerSource;
  readonly form: KintoneForm;
  readonly name: FormField | null;
  readonly phones: readonly FormField[];
  readonly values: readonly WantedValue[];
  readonly updatedAt: FormField | null;
  /** Fields the mapping names and the app does not have: they are left out. */
  readonly unknown: readonly string[];
  /** Field codes to ask kintone for. */
  readonly wanted: readonly string[];
}

interface WantedValue {
  /** As the source calls it. */
  readonly field: string;
  readonly code: string;
  readonly part: 'name' | 'code';
  /** Null for `$id` and `$revision`, which stand in no form. */
  readonly described: FormField | null;
}

const SYSTEM = ['$id', '$revision'];
/** `in` is refused for other kinds: they cannot be searched for a number. */
const SEARCHABLE = new Set(['SINGLE_LINE_TEXT', 'LINK', 'NUMBER']);

export function callerFields(source: CallerSource, form: KintoneForm): CallerFields {
  const asked = source.fields.map((field) => wantedValue(field, form));
  const named = [...source.phones, source.name, ...asked.map((value) => value.code)];
  const known = named.flatMap((code) => form.fields.get(code) ?? []);
  const updatedAt = systemField(form, 'UPDATED_TIME');
  const codes = [...SYSTEM, ...known.map((field) => field.table ?? field.code), ...(updatedAt === null ? [] : [updatedAt.code])];
  return {
    source,
    form,
    name: form.fields.get(source.name) ?? null,
    phones: source.phones.flatMap((code) => form.fields.get(code) ?? []),
    values: asked.filter((value) => value.described !== null || SYSTEM.includes(value.code)),
    updatedAt,
    unknown: named.filter((code) => !form.fields.has(code) && !SYSTEM.includes(code)),
    wanted: [...new Set(codes)],
  };
}

/** `担当者.code` asks for login names, where `担当者` alone brings the names people read. */
function wantedValue(field: string, form: KintoneForm): WantedValue {
  const code = field.replace(/\.(code|name)$/, '');
  return { field, code, part: field.endsWith('.code') ? 'code' : 'name', described: form.fields.get(code) ?? null };
}

export function searchablePhones(fields: CallerFields): readonly FormField[] {
  return fields.phones.filter((field) => SEARCHABLE.has(field.type));
}

/** Null for what is no record. */
export function callerRecord(fields: CallerFields, record: KintoneRecord): CallerRecord | null {
  const id = plainValue(record.$id);
  if (typeof id !== 'string') return null;
  const modifiedAt = fields.updatedAt === null ? null : plainValue(record[fields.updatedAt.code]);
  return {
    object: fields.source.object,
    id,
    name: fields.name === null ? '' : textsOf(record, fields.name).join(' '),
    phones: phonesOf(fields, record),
    values: valuesOf(fields, record),
    modifiedAt: typeof modifiedAt === 'string' ? modifiedAt : null,
  };
}

function phonesOf(fields: CallerFields, record: KintoneRecord): CallerRecord['phones'] {
  const phones: CallerRecord['phones'][number][] = [];
  for (const field of fields.phones) {
    for (const value of textsOf(record, field)) phones.push({ field: field.code, value });
  }
  return phones;
}

/** A field that the answer lacks is hidden from our user, and stays absent. */
function valuesOf(fields: CallerFields, record: KintoneRecord): CallerRecord['values'] {
  const values: Record<string, FieldValue> = {};
  for (const { field, code, part, described } of fields.values) {
    if (described === null || described.table === null) {
      if (record[code] !== undefined) values[field] = plainValue(record[code], part);
    } else {
      values[field] = cellsOf(record, described)
        .flatMap((cell) => plainValue(cell, part) ?? [])
        .map(String);
    }
  }
  return values;
}
