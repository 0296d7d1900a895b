import { z } from 'zod';
import {
  type CallerRecord,
  type CallerSource,
  type ChangePage,
  type FieldType,
  type FieldValue,
  Rejected,
  Unreachable,
} from '../connector.ts';
import type { Descriptions, SalesforceObject } from './describe-object.ts';

const CONVERTED = 'IsConverted';

/** What of a source our user may see, by name; only such names go into a query. */
export interface VisibleSource {
  readonly object: string;
  readonly name: string;
  readonly phones: readonly string[];
  readonly fields: readonly string[];
  /** Everything to select, each once. */
  readonly selected: readonly string[];
  /** Of what is selected; a table of a bulk query holds nothing but text. */
  readonly types: ReadonlyMap<string, FieldType>;
  /** A lead that became a contact stays in its table, marked: it is nobody's record any more. */
  readonly tellsConversion: boolean;
}

/**
 * Checks the source's names against the description. A field our user may not see is left out; a name field that is not there
 * cannot be.
 * @throws Missing for the object, Rejected for the name field
 */
export async function visibleSource(
  source: CallerSource,
  descriptions: Descriptions,
  signal: AbortSignal,
): Promise<VisibleSource> {
  const object = await descriptions.recent(source.object, signal);
  const types = new Map<string, FieldType>();
  for (const path of new Set([source.name, ...source.phones, ...source.fields])) {
    const type = await typeAt(path, object, { descriptions, signal });
    if (type !== null) types.set(path, type);
  }
  if (!types.has(source.name)) {
    const message = `${source.object} has no field ${source.name} that our user may see. Correct "name" in the mapping's callers.`;
    throw new Rejected(message, [{ field: source.name, code: 'INVALID_FIELD', message }]);
  }
  const tellsConversion = object.fields.has(CONVERTED);
  return {
    object: object.description.object,
    name: source.name,
    phones: source.phones.filter((field) => types.has(field)),
    fields: source.fields.filter((field) => types.has(field)),
    selected: [...new Set(['Id', 'SystemModstamp', ...types.keys(), ...(tellsConversion ? [CONVERTED] : [])])],
    types,
    tellsConversion,
  };
}

/**
 * The type of what our user sees there, following the dots; null when it is nothing. A reference that leads to several objects is
 * visible where the first of them has the field.
 */
async function typeAt(
  path: string,
  start: SalesforceObject,
  asked: { readonly descriptions: Descriptions; readonly signal: AbortSignal },
): Promise<FieldType | null> {
  const names = path.split('.');
  let here = start;
  for (const name of names.slice(0, -1)) {
    const target = here.relationships.get(name)?.[0];
    if (target === undefined) return null;
    here = await asked.descriptions.recent(target, asked.signal);
  }
  return here.fields.get(names.at(-1) ?? '')?.type ?? null;
}

const queryBody = z.object({ totalSize: z.number(), done: z.boolean(), records: z.array(z.record(z.string(), z.unknown())) });
export type QueryBody = z.infer<typeof queryBody>;

/** @throws Unreachable for an answer that is no query result */
export function parseQueryBody(body: unknown, about: string): QueryBody {
  const parsed = queryBody.safeParse(body);
  if (!parsed.success) throw new Unreachable(`${about}: the answer is not a query result. It will be tried again.`);
  return parsed.data;
}

/** The value at the end of a dotted path; null where a reference on the way is empty. */
export function valueAt(row: Readonly<Record<string, unknown>>, path: string): FieldValue {
  // Most paths have one step, and a first load follows ten million of them.
  const here = path.includes('.') ? behindDots(row, path) : row[path];
  if (typeof here === 'string') return isVendorInstant(here) ? toIsoInstant(here) : here;
  return typeof here === 'number' || typeof here === 'boolean' ? here : null;
}

function behindDots(row: Readonly<Record<string, unknown>>, path: string): unknown {
  let here: unknown = row;
  for (const name of path.split('.')) {
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[name] : null;
  }
  return here;
}

function isVendorInstant(text: string): boolean {
  return text.length === 28 && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/.test(text);
}

/** `2026-11-22T01:02:03.000+0000` to ISO 8601 UTC. */
export function toIsoInstant(vendorInstant: string): string {
  return vendorInstant.replace('+0000', 'Z');
}

/** A row as the port's record. Pure. */
export function toCallerRecord(row: Readonly<Record<string, unknown>>, source: VisibleSource): CallerRecord {
  const text = (path: string) => String(valueAt(row, path) ?? '');
  const modified = text('SystemModstamp');
  const phones: CallerRecord['phones'][number][] = [];
  for (const field of source.phones) {
    const value = text(field);
    if (value !== '') phones.push({ field, value });
  }
  const values: Record<string, FieldValue> = {};
  for (const field of source.fields) values[field] = valueAt(row, field);
  return {
    ...{ object: source.object, id: text('Id'), name: text(source.name), phones, values },
    modifiedAt: modified === '' ? null : modified,
  };
}

/** What a page tells of these rows: converted leads have left. Pure. */
export function toChanges(
  rows: readonly Readonly<Record<string, unknown>>[],
  source: VisibleSource,
): Pick<ChangePage, 'records' | 'deleted'> {
  const hasLeft = (row: Readonly<Record<string, unknown>>) => source.tellsConversion && row[CONVERTED] === true;
  return {
    records: rows.filter((row) => !hasLeft(row)).map((row) => toCallerRecord(row, source)),
    deleted: rows.filter(hasLeft).map((row) => ({ object: source.object, id: String(row.Id) })),
  };
}
