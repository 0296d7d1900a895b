/** POST, PUT and DELETE of records: all rows or none, each row's problems by its path. */
import type { FieldKind } from './app-definition.ts';
import type { AppRecords, StoredRecord, Undo } from './app-records.ts';
import { USUAL_PRECISION } from './exact-decimal.ts';
import { failures } from './failures.ts';
import { invalid, REQUIRED, type Wording } from './kintone-failure.ts';
import { queryFailures } from './query-failures.ts';
import { type Merge, type MergeWorld, mergeValues, type SentRecord } from './record-values.ts';
import { isObject } from './request-arguments.ts';

export interface WriteWorld extends MergeWorld {
  /** Whoever manages the app may say who made a new record, and when. */
  readonly mayForge: boolean;
}

/** One row of a PUT. */
export interface SentUpdate {
  readonly id: number | null;
  readonly updateKey: { readonly field: string; readonly value: string } | null;
  /** Null: not compared. */
  readonly revision: number | null;
  readonly record: SentRecord;
}

export interface Written {
  readonly record: StoredRecord;
  readonly operation: 'INSERT' | 'UPDATE';
}

/** One request's writing: its problems are gathered over all rows, and its changes can be taken back. */
export interface Writing {
  readonly records: AppRecords;
  readonly world: WriteWorld;
  readonly undo: Undo;
  readonly problems: Map<string, readonly Wording[]>;
}

export function insertRows(rows: readonly SentRecord[], paths: (index: number) => string, writing: Writing): readonly Written[] {
  const written = rows.map((row, index) => insert(row, paths(index), writing));
  refuseProblems(writing);
  return written;
}

export function updateRows(
  rows: readonly SentUpdate[],
  paths: (index: number) => string,
  upsert: boolean,
  writing: Writing,
): readonly Written[] {
  const written = rows.map((row, index) => update(row, paths(index), upsert, writing));
  refuseProblems(writing);
  return written;
}

export function deleteRows(ids: readonly number[], revisions: readonly (number | null)[], writing: Writing): void {
  for (const [index, id] of ids.entries()) {
    const record = writing.records.get(id);
    if (record === undefined) throw failures.noSuchRecord(String(id));
    compareRevision(record, revisions[index] ?? null);
    writing.records.remove(id, writing.undo);
  }
}

function refuseProblems(writing: Writing): void {
  if (writing.problems.size > 0) throw invalid(Object.fromEntries(writing.problems));
}

function mergeOf(path: string, writing: Writing): Merge {
  const { records, world, undo, problems } = writing;
  const precision = records.app.precision ?? USUAL_PRECISION;
  return { records, world, undo, context: { path, people: world.people, precision, problems, insideTable: false } };
}

function insert(sent: SentRecord, path: string, writing: Writing): Written {
  const { records } = writing;
  const id = records.nextId();
  const values = mergeValues(null, sent, id, mergeOf(path, writing));
  const record: StoredRecord = { id, revision: 1, ...stampOf(sent, path, writing), values };
  records.put(record, writing.undo);
  return { record, operation: 'INSERT' };
}

type Stamp = Pick<StoredRecord, 'createdAt' | 'updatedAt' | 'creator' | 'modifier'>;

function stampOf(sent: SentRecord, path: string, writing: Writing): Stamp {
  const { records, world } = writing;
  const forged = (kind: FieldKind): unknown => {
    const code = Object.values(records.app.fields).find((field) => field.type === kind)?.code ?? '';
    const wrapped = sent[code];
    if (!isObject(wrapped) || wrapped.value === undefined || wrapped.value === null) return null;
    if (!world.mayForge) throw failures.noPermission();
    return wrapped.value;
  };
  const time = (kind: FieldKind): number => {
    const value = forged(kind);
    const instant = value === null ? world.now : Date.parse(String(value));
    if (!Number.isNaN(instant)) return instant;
    throw invalid({
      [path]: [
        {
          ja: '日時の形式が正しくありません。',
          en: 'Enter a date and time in ISO 8601 with its zone.',
          zh: '日期和时间的格式不正确。',
        },
      ],
    });
  };
  const person = (kind: FieldKind): string => {
    const value = forged(kind);
    const code = isObject(value) ? String(value.code) : world.writer;
    if (value !== null && !world.people.users.some((user) => user.code === code))
      throw failures.noSuchPerson('USER_SELECT', code);
    return code;
  };
  return {
    ...{ createdAt: time('CREATED_TIME'), updatedAt: time('UPDATED_TIME') },
    ...{ creator: person('CREATOR'), modifier: person('MODIFIER') },
  };
}

function update(row: SentUpdate, path: string, upsert: boolean, writing: Writing): Written {
  const { records, world } = writing;
  const stored = findRow(row, path, records);
  if (stored === undefined) {
    if (!upsert) throw failures.noSuchRecord(String(row.id ?? row.updateKey?.value));
    const key = row.updateKey === null ? {} : { [row.updateKey.field]: { value: row.updateKey.value } };
    return insert({ ...key, ...row.record }, path, writing);
  }
  compareRevision(stored, row.revision);
  const values = mergeValues(stored.values, row.record, stored.id, mergeOf(path, writing));
  const record = { ...stored, revision: stored.revision + 1, updatedAt: world.now, modifier: world.writer, values };
  records.put(record, writing.undo);
  return { record, operation: 'UPDATE' };
}

function findRow(row: SentUpdate, path: string, records: AppRecords): StoredRecord | undefined {
  if (row.id !== null) return records.get(row.id);
  if (row.updateKey === null) throw invalid({ [`${path}.id`]: [REQUIRED] });
  const { field, value } = row.updateKey;
  const property = Object.hasOwn(records.app.fields, field) ? records.app.fields[field] : undefined;
  if (property === undefined) throw queryFailures.noSuchField(field);
  const usable = property.type === 'SINGLE_LINE_TEXT' || property.type === 'NUMBER';
  if (!usable || property.unique !== true) throw failures.noUniqueKey(field);
  if (value === '') throw invalid({ [`${path}.updateKey.value`]: [REQUIRED] });
  return records.holderOf(field, value);
}

/** @throws KintoneFailure GAIA_CO02; null and -1 are not compared. */
export function compareRevision(record: StoredRecord, revision: number | null): void {
  if (revision !== null && revision !== -1 && revision !== record.revision) throw failures.revisionConflict();
}
