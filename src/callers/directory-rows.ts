/** Writes and drops directory records inside somebody's transaction. Batches are small: while one is written, nobody looks up. */
import { sql, type Transaction } from 'kysely';
import type { Database } from '../store/schema.ts';
import { type DirectoryEntry, directoryKey } from './directory-entry.ts';

/** Records of one transaction: some milliseconds of SQLite. */
export const recordsAtOnce = 100;

type Trx = Transaction<Database>;

interface ReadingOf {
  readonly id: number;
  readonly generation: number;
}

interface Pair {
  readonly number: number;
  readonly record: number;
}

/** Replaces what is known of these records (at most `recordsAtOnce`). Tells the numbers that a record did not have before. */
export async function writeEntries(trx: Trx, source: ReadingOf, entries: readonly DirectoryEntry[]): Promise<readonly string[]> {
  const latest = [...new Map(entries.map((entry) => [entry.record.id, entry])).values()];
  if (latest.length === 0) return [];
  const before = await storedNumbers(trx, source.id, latest);
  const unreachable = latest.filter(({ numbers, record }) => numbers.length === 0 && before.has(record.id));
  await dropRecords(
    trx,
    source.id,
    unreachable.map(({ record }) => record.id),
  );
  const reachable = latest.filter(({ numbers }) => numbers.length > 0);
  if (reachable.length === 0) return [];
  const ids = await upsertRecords(trx, source, reachable);

  const added: Pair[] = [];
  const removed: Pair[] = [];
  const appeared: string[] = [];
  for (const { record, numbers } of reachable) {
    const id = ids.get(record.id);
    if (id === undefined) continue;
    const old = before.get(record.id)?.numbers ?? [];
    const now = new Set(numbers.map(directoryKey));
    for (const number of old) if (!now.has(number)) removed.push({ number, record: id });
    for (const e164 of numbers) {
      if (old.includes(directoryKey(e164))) continue;
      added.push({ number: directoryKey(e164), record: id });
      appeared.push(e164);
    }
  }
  await removePairs(trx, removed);
  if (added.length > 0) {
    const insert = trx.insertInto('directory_numbers').values(added);
    await insert.onConflict((conflict) => conflict.doNothing()).execute();
  }
  return appeared;
}

/** Replaces the report of these records; keeps no more than `most` lines of a source. */
export async function writeUnreadable(
  trx: Trx,
  source: ReadingOf,
  entries: readonly DirectoryEntry[],
  most: number,
): Promise<void> {
  if (entries.length === 0) return;
  await dropReport(
    trx,
    source.id,
    entries.map(({ record }) => record.id),
  );
  const lines = new Map(
    entries.flatMap(({ record, unreadable }) =>
      unreadable.map(({ field, raw, why }) => [
        `${record.id} ${field}`,
        {
          source: source.id,
          record_id: record.id,
          field,
          name: plain(record.name),
          raw: plain(raw),
          why,
          generation: source.generation,
        },
      ]),
    ),
  );
  if (lines.size === 0) return;
  const held = await trx
    .selectFrom('directory_unreadable')
    .where('source', '=', source.id)
    .select(({ fn }) => fn.countAll<number>().as('lines'))
    .executeTakeFirstOrThrow();
  const room = [...lines.values()].slice(0, Math.max(0, most - Number(held.lines)));
  if (room.length > 0) await trx.insertInto('directory_unreadable').values(room).execute();
}

/** At most `recordsAtOnce`; records that are not there are no error. */
export async function dropRecords(trx: Trx, source: number, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return;
  const rows = await trx
    .deleteFrom('directory_records')
    .where('source', '=', source)
    .where('record_id', 'in', recordIds)
    .returning(['id', 'numbers'])
    .execute();
  await removePairs(
    trx,
    rows.flatMap(({ id, numbers }) => parseNumbers(numbers).map((number) => ({ number, record: id }))),
  );
}

export async function dropReport(trx: Trx, source: number, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return;
  await trx.deleteFrom('directory_unreadable').where('source', '=', source).where('record_id', 'in', recordIds).execute();
}

export function parseNumbers(numbers: string): readonly number[] {
  return numbers === '' ? [] : numbers.split(',').map(Number);
}

async function storedNumbers(trx: Trx, source: number, entries: readonly DirectoryEntry[]) {
  const rows = await trx
    .selectFrom('directory_records')
    .select(['id', 'record_id', 'numbers'])
    .where('source', '=', source)
    .where(
      'record_id',
      'in',
      entries.map(({ record }) => record.id),
    )
    .execute();
  return new Map(rows.map((row) => [row.record_id, { id: row.id, numbers: parseNumbers(row.numbers) }]));
}

async function upsertRecords(
  trx: Trx,
  source: ReadingOf,
  entries: readonly DirectoryEntry[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await trx
    .insertInto('directory_records')
    .values(
      entries.map(({ record, numbers }) => ({
        source: source.id,
        record_id: record.id,
        name: plain(record.name),
        phones: JSON.stringify(record.phones),
        numbers: numbers.map(directoryKey).join(','),
        field_values: JSON.stringify(record.values),
        modified_at: record.modifiedAt,
        generation: source.generation,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['source', 'record_id']).doUpdateSet(({ ref }) => ({
        name: ref('excluded.name'),
        phones: ref('excluded.phones'),
        numbers: ref('excluded.numbers'),
        field_values: ref('excluded.field_values'),
        modified_at: ref('excluded.modified_at'),
        // A live look-up that began before a reading may end after it: it must not make a record look unseen.
        generation: sql<number>`case when directory_records.generation > excluded.generation
          then directory_records.generation else excluded.generation end`,
      })),
    )
    .returning(['id', 'record_id'])
    .execute();
  return new Map(rows.map((row) => [row.record_id, row.id]));
}

/** One statement a pair: a list of pairs in one condition makes SQLite read the whole table. */
async function removePairs(trx: Trx, pairs: readonly Pair[]): Promise<void> {
  for (const { number, record } of pairs) {
    await trx.deleteFrom('directory_numbers').where('number', '=', number).where('record', '=', record).execute();
  }
}

/** PostgreSQL holds no NUL in a text. */
function plain(text: string): string {
  return text.replaceAll('\u0000', '');
}
