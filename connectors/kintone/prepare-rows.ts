/** From desired states to rows that kintone can take, or the reason why it cannot. Pure. */
import { type FieldValue, type RecordWrite, Rejected } from '../connector.ts';
import { isUsableAsKey, isWritable } from './kintone-describe.ts';
import type { RejectedFields } from './kintone-errors.ts';
import type { FormField, KintoneForm } from './kintone-form.ts';

export interface WriteKey {
  readonly field: string;
  readonly value: string;
}

export interface PreparedField {
  readonly field: FormField;
  readonly value: FieldValue;
  readonly owner: 'ours' | 'fillEmpty' | 'append' | 'theirs';
}

/** One record on its way, with its place in the batch. */
export interface PreparedRow {
  readonly index: number;
  readonly key: WriteKey | null;
  readonly fields: readonly PreparedField[];
  /** The app cannot hold it yet. */
  readonly isFirst: boolean;
}

export type Preparation =
  | { readonly ok: true; readonly row: PreparedRow }
  | { readonly ok: false; readonly error: Rejected; readonly hasUnknownField: boolean };

type Problem = RejectedFields[number];

/**
 * kintone ignores a field it does not know without a word: what would be lost silently is refused here. The same goes for
 * fields that a lookup fills.
 */
export function prepareRow(index: number, write: RecordWrite, form: KintoneForm): Preparation {
  const keyProblem = write.key === null ? null : problemOfKey(write.key, form);
  const names = Object.keys(write.fields).filter((name) => name !== write.key?.field);
  const problems = [...(keyProblem === null ? [] : [keyProblem]), ...names.flatMap((name) => problemOfField(name, form) ?? [])];
  if (problems.length === 0) {
    return {
      ok: true,
      row: {
        index,
        key: write.key,
        fields: names.flatMap((name) => prepared(name, write, form)),
        isFirst: write.isFirst === true,
      },
    };
  }
  const told = problems.map((problem) => problem.message).join(' ');
  const error = new Rejected(`The record cannot be written to kintone app ${form.app}: ${told}`, problems);
  return { ok: false, error, hasUnknownField: problems.some((problem) => problem.code === 'UNKNOWN_FIELD') };
}

function prepared(name: string, write: RecordWrite, form: KintoneForm): readonly PreparedField[] {
  const field = form.fields.get(name);
  const value = write.fields[name];
  if (field === undefined || value === undefined) return [];
  return [{ field, value, owner: write.owners[name] ?? 'ours' }];
}

function problemOfKey(key: WriteKey, form: KintoneForm): Problem | null {
  const field = form.fields.get(key.field);
  if (field === undefined) return unknownField(key.field, form);
  if (key.value === '') return { field: key.field, code: 'EMPTY_KEY', message: `The key ${key.field} is empty.` };
  if (isUsableAsKey(field)) return null;
  const message = `${key.field} cannot be a key: it must be a single-line text or a number with "Prohibit duplicate values" ticked.`;
  return { field: key.field, code: 'NO_KEY', message };
}

function problemOfField(name: string, form: KintoneForm): Problem | null {
  const field = form.fields.get(name);
  if (field === undefined) return unknownField(name, form);
  if (isWritable(field)) return null;
  const reason = field.isCopied ? 'a lookup fills it' : `a field of the kind ${field.type} cannot be filled in`;
  return { field: name, code: 'NOT_WRITABLE', message: `${name} cannot be written: ${reason}.` };
}

function unknownField(name: string, form: KintoneForm): Problem {
  const message = `App ${form.app} has no field with the code "${name.slice(0, 60)}".`;
  return { field: name, code: 'UNKNOWN_FIELD', message };
}

/** The same key must not stand twice in one request: later rows wait for the next wave, so that the later one counts. */
export function wavesOf(rows: readonly PreparedRow[]): readonly (readonly PreparedRow[])[] {
  const waves: PreparedRow[][] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = row.key === null ? null : `${row.key.field}\n${row.key.value}`;
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
