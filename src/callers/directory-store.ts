/**
 * The directory: telephone number → records of every connected CRM, with what is needed to show the card without asking the CRM. On
 * SQLite and PostgreSQL alike. Writing goes in small transactions with a turn of the event loop between them, so that a sync runs
 * beside ringing phones.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CompiledQuery, Kysely, Transaction } from 'kysely';
import type { CallerRecord, CallerSource, ChangePage } from '../../connectors/connector.ts';
import type { Database } from '../store/schema.ts';
import { createDirectoryCounts, type DirectoryCounts } from './directory-counts.ts';
import { type DirectoryRecord, directoryEntry, directoryKey, type UnreadableNumber } from './directory-entry.ts';
import {
  dropRecords,
  dropReport,
  indexNumbers,
  joinPrepared,
  markSeen,
  type PreparedEntries,
  parseNumbers,
  prepareEntries,
  recordsAtOnce,
  type WrittenEntries,
  writeEntries,
  writeUnreadable,
} from './directory-rows.ts';
import type { SourceState, SourceStatus } from './directory-sources.ts';
import * as sources from './directory-sources.ts';
import type { ReadOptions } from './phone-number.ts';

export interface DirectoryStore {
  /** Records of all connectors that hold this E.164, most recently modified first; at most `mostRecordsOfANumber`. */
  find(e164: string): Promise<readonly DirectoryRecord[]>;
  /** One record, when the directory holds it. */
  record(ref: { readonly connector: string; readonly object: string; readonly id: string }): Promise<DirectoryRecord | null>;
  /** Where to go on reading a source. A changed source begins anew; what it held stays until the new reading is through. */
  open(connector: string, source: CallerSource): Promise<SourceState>;
  /** Applies a page and keeps its cursor. Killed in the middle, the page comes again and does no harm. */
  applyPage(state: SourceState, page: ChangePage, signal: AbortSignal): Promise<AppliedPage>;
  /** The connector had no further page: drops what a reading of everything did not see. */
  finish(state: SourceState, signal: AbortSignal): Promise<void>;
  /** Remembers why a source could not be read to its end. */
  fail(state: SourceState, problem: string): Promise<void>;
  /** Records that a live look-up found. */
  put(connector: string, source: CallerSource, records: readonly CallerRecord[]): Promise<void>;
  /** Records that the CRM says are gone; what is not held is no error. */
  remove(connector: string, refs: readonly { readonly object: string; readonly id: string }[]): Promise<void>;
  /** Forgets the connector's objects that the mapping no longer names. */
  retire(connector: string, objects: readonly string[], signal: AbortSignal): Promise<void>;
  sources(): Promise<readonly SourceStatus[]>;
  /** How much it holds, at most half a minute ago. */
  counts(): Promise<DirectoryCounts>;
  unreadable(query: { readonly connector?: string; readonly limit: number }): Promise<readonly UnreadableNumber[]>;
}

export interface AppliedPage {
  readonly state: SourceState;
  /** E.164 that some record did not have before; no more than the page holds. */
  readonly appeared: readonly string[];
}

export interface DirectorySettings extends ReadOptions {
  /** Lines of the report kept for each source; default 10,000. */
  readonly mostUnreadable?: number;
}

export const mostRecordsOfANumber = 100;
const recordsLookedAtWhenDropping = 1000;
/** Some tens of milliseconds of the one who writes: call logs wait for their turn behind it. */
const portionsOfATransaction = 4;
/** A fraction of a millisecond of this thread, which has phones that ring. */
const recordsReadAtOnce = 64;

export function createDirectoryStore(db: Kysely<Database>, settings: DirectorySettings, now: () => number): DirectoryStore {
  const mostUnreadable = settings.mostUnreadable ?? 10_000;
  const findByNumber = compileFind(db);

  const writeSome = async (trx: Transaction<Database>, state: SourceState, prepared: PreparedEntries) => {
    const written = await writeEntries(trx, state, prepared);
    await writeUnreadable(trx, state, prepared, mostUnreadable);
    return written;
  };
  const prepare = async (records: readonly CallerRecord[]): Promise<PreparedEntries> => {
    const parts: PreparedEntries[] = [];
    for (const some of chunks(records, recordsReadAtOnce)) {
      parts.push(prepareEntries(some.map((record) => directoryEntry(record, settings))));
      await nextTurn();
    }
    return joinPrepared(parts);
  };
  const dropChunk = async (trx: Transaction<Database>, source: number, recordIds: readonly string[]) => {
    await dropRecords(trx, source, recordIds);
    await dropReport(trx, source, recordIds);
  };

  return {
    async find(e164) {
      const number = directoryKey(e164);
      if (!Number.isSafeInteger(number) || number <= 0) return [];
      const { rows } = await db.executeQuery(findByNumber(number));
      return rows.filter((row) => parseNumbers(row.numbers).includes(number)).map(recordOf);
    },

    async record({ connector, object, id }) {
      const row = await selectRecords(db)
        .where('source.connector', '=', connector)
        .where('source.object', '=', object)
        .where('record.record_id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : recordOf(row);
    },

    open: (connector, source) => sources.openSource(db, connector, source),

    async applyPage(before, page, signal) {
      const state = sources.stateWithPage(before, page);
      const all: WrittenEntries[] = [];
      const gone = page.deleted.filter(({ object }) => object === state.object).map(({ id }) => id);
      const step = async (work: (trx: Transaction<Database>) => Promise<void>) => {
        signal.throwIfAborted();
        await db.transaction().execute(work);
      };
      for (const ids of chunks(gone, recordsAtOnce)) await step((trx) => dropChunk(trx, state.id, ids));
      // Each record once: the index is written last, for all of them.
      const portions = chunks(await latestOf(page.records), recordsAtOnce);
      const prepared = oneAhead(portions, prepare);
      for (const some of chunks(portions, portionsOfATransaction)) {
        await step(async (trx) => {
          for (const _ of some) {
            const next = await prepared.next();
            if (next.done === true) return;
            all.push(await writeSome(trx, state, next.value));
          }
        });
      }
      for (const ids of chunks(page.present ?? [], recordsAtOnce)) await step((trx) => markSeen(trx, state, ids));
      signal.throwIfAborted();
      const after = await db.transaction().execute(async (trx) => {
        await indexNumbers(trx, state.id, all);
        return sources.savePage(trx, state, page, now());
      });
      return { state: after, appeared: all.flatMap(({ appeared }) => appeared) };
    },

    async finish(state, signal) {
      await sources.saveEnd(db, state, now());
      await dropUnseen(state.id, signal);
    },

    fail: (state, problem) => sources.saveProblem(db, state, problem),

    async put(connector, source, records) {
      if (records.length === 0) return;
      const state = await sources.openSource(db, connector, source);
      for (const some of chunks(records, recordsAtOnce)) {
        await db.transaction().execute(async (trx) => {
          const entries = some.map((record) => directoryEntry(record, settings));
          await indexNumbers(trx, state.id, [await writeSome(trx, state, prepareEntries(entries))]);
        });
      }
    },

    async remove(connector, refs) {
      for (const { id, object } of await sources.sourcesOf(db, connector)) {
        const ids = refs.filter((ref) => ref.object === object).map((ref) => ref.id);
        for (const some of chunks(ids, recordsAtOnce)) await db.transaction().execute((trx) => dropChunk(trx, id, some));
      }
    },

    async retire(connector, objects, signal) {
      const rows = await sources.sourcesOf(db, connector);
      for (const { id, generation } of rows.filter(({ object }) => !objects.includes(object))) {
        await db
          .updateTable('directory_sources')
          .set({ drop_below: generation + 1 })
          .where('id', '=', id)
          .execute();
        await dropUnseen(id, signal);
        await db.deleteFrom('directory_sources').where('id', '=', id).execute();
      }
    },

    sources: () => sources.allSources(db),
    counts: createDirectoryCounts(db, now),

    async unreadable({ connector, limit }) {
      let query = db
        .selectFrom('directory_unreadable as line')
        .innerJoin('directory_sources as source', 'source.id', 'line.source')
        .select(['source.connector', 'source.object', 'line.record_id', 'line.name', 'line.field', 'line.raw', 'line.why']);
      if (connector !== undefined) query = query.where('source.connector', '=', connector);
      const rows = await query.orderBy('line.source').orderBy('line.record_id').orderBy('line.field').limit(limit).execute();
      return rows.map(({ record_id, why, ...row }) => ({ ...row, id: record_id, why: why as UnreadableNumber['why'] }));
    },
  };

  /** Walks along the key of the source: a condition on the generation alone would hold the event loop for seconds. */
  async function dropUnseen(source: number, signal: AbortSignal): Promise<void> {
    const row = await db.selectFrom('directory_sources').select('drop_below').where('id', '=', source).executeTakeFirst();
    const below = row?.drop_below ?? null;
    if (below === null) return;
    await db.deleteFrom('directory_unreadable').where('source', '=', source).where('generation', '<', below).execute();
    let from = '';
    for (;;) {
      signal.throwIfAborted();
      const looked = await db
        .selectFrom('directory_records')
        .select(['record_id', 'generation'])
        .where('source', '=', source)
        .where('record_id', '>', from)
        .orderBy('record_id')
        .limit(recordsLookedAtWhenDropping)
        .execute();
      const unseen = looked.filter(({ generation }) => generation < below).map(({ record_id }) => record_id);
      for (const ids of chunks(unseen, recordsAtOnce)) await db.transaction().execute((trx) => dropChunk(trx, source, ids));
      const last = looked.at(-1);
      if (last === undefined) break;
      from = last.record_id;
      await nextTurn();
    }
    await db.updateTable('directory_sources').set({ drop_below: null }).where('id', '=', source).execute();
  }
}

function selectRecords(db: Kysely<Database>) {
  return db
    .selectFrom('directory_records as record')
    .innerJoin('directory_sources as source', 'source.id', 'record.source')
    .select(['source.connector', 'source.object', 'record.record_id', 'record.name', 'record.phones'])
    .select(['record.field_values', 'record.modified_at', 'record.numbers']);
}

type RecordRow = Awaited<ReturnType<ReturnType<typeof selectRecords>['execute']>>[number];

/** Made once: building the statement takes longer than running it. */
function compileFind(db: Kysely<Database>): (number: number) => CompiledQuery<RecordRow> {
  const placeholder = 0;
  const compiled = selectRecords(db)
    .innerJoin('directory_numbers as number', 'number.record', 'record.id')
    .where('number.number', '=', placeholder)
    .orderBy('record.modified_at', (order) => order.desc().nullsLast())
    .limit(mostRecordsOfANumber)
    .compile();
  return (number) => ({ ...compiled, parameters: [number, ...compiled.parameters.slice(1)] });
}

function recordOf(row: RecordRow): DirectoryRecord {
  return {
    connector: row.connector,
    object: row.object,
    id: row.record_id,
    name: row.name,
    phones: JSON.parse(row.phones) as CallerRecord['phones'],
    values: JSON.parse(row.field_values) as CallerRecord['values'],
    modifiedAt: row.modified_at,
  };
}

/** Of a record that stands in them twice the later one counts. */
async function latestOf(records: readonly CallerRecord[]): Promise<readonly CallerRecord[]> {
  const latest = new Map<string, CallerRecord>();
  for (const some of chunks(records, recordsAtOnce)) {
    for (const record of some) latest.set(record.id, record);
    await nextTurn();
  }
  return [...latest.values()];
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Makes the next one while this one is being used. */
async function* oneAhead<From, To>(items: readonly From[], make: (item: From) => Promise<To>): AsyncGenerator<To> {
  let [coming] = items.slice(0, 1).map(make);
  for (let at = 1; coming !== undefined; at += 1) {
    const made = await coming;
    [coming] = items.slice(at, at + 1).map(make);
    // Its failure is told by the await above, or by nobody when the reader has left.
    coming?.catch(() => {});
    yield made;
  }
}
