/**
 * Writes and drops directory records inside somebody's transaction. Rows travel as one JSON text: a statement with a place for every
 * value costs this thread more than the database's work, and this thread has phones that ring.
 */
import { type Kysely, type RawBuilder, SqliteAdapter, sql, type Transaction } from 'kysely';
import { chunksForInsert } from '../store/chunks.ts';
import type { Database } from '../store/schema.ts';
import { type DirectoryEntry, directoryKey } from './directory-entry.ts';

/** Records of one statement: some ten milliseconds of the one who writes. */
export const recordsAtOnce = 1_000;

type Trx = Transaction<Database>;

interface ReadingOf {
  readonly id: number;
  readonly generation: number;
}

interface Pair {
  readonly number: number;
  readonly record: number;
}

export interface WrittenEntries {
  /** For `indexNumbers`: JSON of every number of these records, each with the CRM's own id of the record. */
  readonly numbers: string;
  /** E.164 that a record did not have before. */
  readonly appeared: readonly string[];
}

/** What is to be written of some records, as the database takes it: made while others are written. */
export interface PreparedEntries {
  readonly entries: readonly DirectoryEntry[];
  /** JSON of every record's id. */
  readonly ids: string;
  /** JSON of the rows of those that have a number. */
  readonly rows: string;
}

/** Of a record that stands in it twice the later one counts. Pure. */
export function prepareEntries(all: readonly DirectoryEntry[]): PreparedEntries {
  const entries = [...new Map(all.map((entry) => [entry.record.id, entry])).values()];
  const rows = entries.flatMap(({ record, numbers }) => (numbers.length === 0 ? [] : [rowOf(record, numbers)]));
  return { entries, ids: JSON.stringify(entries.map(({ record }) => record.id)), rows: JSON.stringify(rows) };
}

/** Several as one; no record may stand in two of them. Pure. */
export function joinPrepared(parts: readonly PreparedEntries[]): PreparedEntries {
  return {
    entries: parts.flatMap(({ entries }) => entries),
    ids: joinLists(parts.map(({ ids }) => ids)),
    rows: joinLists(parts.map(({ rows }) => rows)),
  };
}

/** Lists that are JSON already. */
function joinLists(lists: readonly string[]): string {
  return `[${lists
    .map((list) => list.slice(1, -1))
    .filter((items) => items !== '')
    .join(',')}]`;
}

function rowOf(record: DirectoryEntry['record'], numbers: readonly string[]): readonly (string | null)[] {
  return [
    record.id,
    plain(record.name),
    JSON.stringify(record.phones),
    numbers.map(directoryKey).join(','),
    JSON.stringify(record.values),
    record.modifiedAt,
  ];
}

/**
 * Replaces what is known of these records (at most `recordsAtOnce`). They are found under their numbers once `indexNumbers` has
 * been told: in the transaction that ends their page at the latest.
 */
export async function writeEntries(trx: Trx, source: ReadingOf, prepared: PreparedEntries): Promise<WrittenEntries> {
  const latest = prepared.entries;
  if (latest.length === 0) return { numbers: '[]', appeared: [] };
  const before = await storedNumbers(trx, source.id, prepared.ids);
  const unreachable = latest.filter(({ numbers, record }) => numbers.length === 0 && before.has(record.id));
  await dropRecords(
    trx,
    source.id,
    unreachable.map(({ record }) => record.id),
  );
  const reachable = latest.filter(({ numbers }) => numbers.length > 0);
  if (reachable.length > 0) await upsertRecords(trx, source, prepared.rows);

  const written: (readonly [number, string])[] = [];
  const removed: Pair[] = [];
  const appeared: string[] = [];
  for (const { record, numbers } of reachable) {
    const old = before.get(record.id);
    const now = numbers.map(directoryKey);
    for (const number of now) written.push([number, record.id]);
    for (const number of old?.numbers ?? [])
      if (old !== undefined && !now.includes(number)) removed.push({ number, record: old.id });
    for (const e164 of numbers) if (old?.numbers.includes(directoryKey(e164)) !== true) appeared.push(e164);
  }
  await removePairs(trx, removed);
  return { numbers: JSON.stringify(written), appeared };
}

/**
 * Makes records findable. Many at once, and in the order of the index: one by one, a first load would write the whole index anew for
 * every few hundred records.
 */
export async function indexNumbers(trx: Trx, source: number, written: readonly WrittenEntries[]): Promise<void> {
  for (let from = 0; from < written.length; from += portionsAtOnce) {
    const numbers = joinLists(written.slice(from, from + portionsAtOnce).map((each) => each.numbers));
    // A cross join: SQLite would otherwise read the text once for every record of the source.
    await sql`
      insert into directory_numbers (number, record)
      select cast(value ->> 0 as bigint), record.id
      from ${rowsOf(trx, numbers)} cross join directory_records as record
      where record.source = cast(${source} as integer) and record.record_id = (value ->> 1)
      order by 1 on conflict do nothing`.execute(trx);
  }
}

/** What `writeEntries` wrote at once, of each some thousand numbers. */
const portionsAtOnce = 5;

/** These records were met by the source's present reading, and so were their lines of the report; what is not held is no error. */
export async function markSeen(trx: Trx, source: ReadingOf, recordIds: readonly string[]): Promise<void> {
  for (const table of ['directory_records', 'directory_unreadable'] as const) {
    await trx
      .updateTable(table)
      .set({ generation: source.generation })
      .where('source', '=', source.id)
      .where('record_id', 'in', idsOf(trx, JSON.stringify(recordIds)))
      .where('generation', '<', source.generation)
      .execute();
  }
}

/** Replaces the report of these records; keeps no more than `most` lines of a source. */
export async function writeUnreadable(
  trx: Trx,
  source: ReadingOf,
  { entries, ids }: PreparedEntries,
  most: number,
): Promise<void> {
  if (entries.length === 0) return;
  await dropLines(trx, source.id, ids);
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
  for (const some of chunksForInsert(room, 7)) await trx.insertInto('directory_unreadable').values(some).execute();
}

/** Records that are not there are no error. */
export async function dropRecords(trx: Trx, source: number, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return;
  const rows = await trx
    .deleteFrom('directory_records')
    .where('source', '=', source)
    .where('record_id', 'in', idsOf(trx, JSON.stringify(recordIds)))
    .returning(['id', 'numbers'])
    .execute();
  await removePairs(
    trx,
    rows.flatMap(({ id, numbers }) => parseNumbers(numbers).map((number) => ({ number, record: id }))),
  );
}

export async function dropReport(trx: Trx, source: number, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length > 0) await dropLines(trx, source, JSON.stringify(recordIds));
}

async function dropLines(trx: Trx, source: number, ids: string): Promise<void> {
  const lines = trx.deleteFrom('directory_unreadable').where('source', '=', source);
  await lines.where('record_id', 'in', idsOf(trx, ids)).execute();
}

export function parseNumbers(numbers: string): readonly number[] {
  return numbers === '' ? [] : numbers.split(',').map(Number);
}

async function storedNumbers(trx: Trx, source: number, ids: string) {
  const rows = await trx
    .selectFrom('directory_records')
    .select(['id', 'record_id', 'numbers'])
    .where('source', '=', source)
    .where('record_id', 'in', idsOf(trx, ids))
    .execute();
  return new Map(rows.map((row) => [row.record_id, { id: row.id, numbers: parseNumbers(row.numbers) }]));
}

async function upsertRecords(trx: Trx, source: ReadingOf, rows: string): Promise<void> {
  // A live look-up that began before a reading may end after it: it must not make a record look unseen.
  await sql`
    insert into directory_records (source, record_id, name, phones, numbers, field_values, modified_at, generation)
    select cast(${source.id} as integer), value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
      cast(${source.generation} as integer)
    from ${rowsOf(trx, rows)} where true
    on conflict (source, record_id) do update set
      name = excluded.name, phones = excluded.phones, numbers = excluded.numbers, field_values = excluded.field_values,
      modified_at = excluded.modified_at,
      generation = case when directory_records.generation > excluded.generation
        then directory_records.generation else excluded.generation end`.execute(trx);
}

/** One statement a pair: a list of pairs in one condition makes SQLite read the whole table. */
async function removePairs(trx: Trx, pairs: readonly Pair[]): Promise<void> {
  for (const { number, record } of pairs) {
    await trx.deleteFrom('directory_numbers').where('number', '=', number).where('record', '=', record).execute();
  }
}

/** A table of one column `value`: a row's cells are `value ->> 0` and so on, as text. */
function rowsOf(db: Kysely<Database>, text: string): RawBuilder<unknown> {
  if (isSqlite(db)) return sql`json_each(${text}) as item`;
  return sql`json_array_elements(cast(${text} as json)) as item(value)`;
}

function idsOf(db: Kysely<Database>, text: string): RawBuilder<string> {
  if (isSqlite(db)) return sql<string>`(select value from json_each(${text}))`;
  return sql<string>`(select value from json_array_elements_text(cast(${text} as json)) as item(value))`;
}

function isSqlite(db: Kysely<Database>): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter;
}

/** PostgreSQL holds neither NUL nor half a character in a text. */
function plain(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
