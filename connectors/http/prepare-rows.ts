/** From desired states to rows that the service can take, or the reason why it cannot. Pure. */
import { type FieldOwner, type FieldValue, type RecordWrite, Rejected } from '../connector.ts';
import type { KnownField, KnownObject } from './describe-object.ts';

export interface PreparedField {
  readonly field: KnownField;
  readonly value: FieldValue;
  readonly owner: FieldOwner;
}

/** One record on its way, with its place in the batch. */
export interface PreparedRow {
  readonly index: number;
  readonly key: { readonly field: KnownField; readonly value: string } | null;
  readonly fields: readonly PreparedField[];
  /** Its key was never sent before. */
  readonly isFirst: boolean;
}

export type Preparation =
  | { readonly ok: true; readonly row: PreparedRow }
  | { readonly ok: false; readonly error: Rejected; readonly hasUnknownField: boolean };

type Problem = Rejected['fields'][number];

/** A service that ignores a field it does not know would lose it silently: here it is refused. */
export function prepareRow(index: number, write: RecordWrite, known: KnownObject, serviceName: string): Preparation {
  const names = Object.keys(write.fields).filter((name) => name !== write.key?.field);
  const problems = [...keyProblems(write, known), ...names.flatMap((name) => problemOf(name, known) ?? [])];
  if (problems.length === 0) return { ok: true, row: rowOf(index, write, names, known) };
  const told = problems.map(({ message }) => message).join(' ');
  const error = new Rejected(`The record cannot be written to ${serviceName}: ${told}`, problems);
  return { ok: false, error, hasUnknownField: problems.some(({ code }) => code === 'UNKNOWN_FIELD') };
}

function rowOf(index: number, write: RecordWrite, names: readonly string[], known: KnownObject): PreparedRow {
  const keyField = write.key === null ? undefined : known.fields.get(write.key.field);
  const fields = names.flatMap((name): readonly PreparedField[] => {
    const field = known.fields.get(name);
    const value = write.fields[name];
    return field === undefined || value === undefined ? [] : [{ field, value, owner: write.owners[name] ?? 'ours' }];
  });
  const key = write.key === null || keyField === undefined ? null : { field: keyField, value: write.key.value };
  return { index, key, fields, isFirst: write.isFirst === true };
}

function keyProblems({ key, object }: RecordWrite, known: KnownObject): readonly Problem[] {
  if (key === null) return [];
  const field = known.fields.get(key.field);
  if (field === undefined) return [unknownField(key.field, object)];
  if (key.value.trim() === '') return [{ field: key.field, code: 'EMPTY_KEY', message: `The key ${key.field} is empty.` }];
  if (field.usableAsKey) return [];
  return [{ field: key.field, code: 'NO_KEY', message: `${key.field} is not described as a key: add key: true if it is one.` }];
}

function problemOf(name: string, { fields, description }: KnownObject): Problem | null {
  const field = fields.get(name);
  if (field === undefined) return unknownField(name, description.object);
  if (field.updateable && !field.at.includes('*')) return null;
  return { field: name, code: 'NOT_WRITABLE', message: `${name} cannot be written.` };
}

function unknownField(name: string, object: string): Problem {
  return { field: name, code: 'UNKNOWN_FIELD', message: `${object} has no field "${name.slice(0, 60)}".` };
}

/** The same key must not be written twice at once: later rows wait for the next wave, so that the later one counts. */
export function wavesOf(rows: readonly PreparedRow[]): readonly (readonly PreparedRow[])[] {
  const waves: PreparedRow[][] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = row.key === null ? null : `${row.key.field.name}\n${row.key.value}`;
    const wave = key === null ? 0 : (seen.get(key) ?? 0);
    if (key !== null) seen.set(key, wave + 1);
    waves[wave] ??= [];
    waves[wave].push(row);
  }
  return waves;
}

export function chunksOf<T>(rows: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size));
}
