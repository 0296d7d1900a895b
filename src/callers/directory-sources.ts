/** How far the reading of each source has come: cursor, progress, and which records a complete reading did not see. */
import type { Kysely, Transaction } from 'kysely';
import type { CallerSource, ChangePage } from '../../connectors/connector.ts';
import type { Database } from '../store/schema.ts';

/** A source while it is read. */
export interface SourceState {
  readonly id: number;
  readonly connector: string;
  readonly object: string;
  /** Which fields are read. */
  readonly definition: string;
  readonly cursor: string | null;
  /** The reading of everything that is going on, or null. */
  readonly reading: string | null;
  readonly generation: number;
  readonly recordsRead: number;
  readonly total: number | null;
}

/** A source as doctor, progress and the admin see it. Instants are milliseconds since 1970. */
export interface SourceStatus {
  readonly connector: string;
  readonly object: string;
  readonly readingEverything: boolean;
  readonly recordsRead: number;
  readonly total: number | null;
  readonly pageAt: number | null;
  /** When a run last came to the end of what the CRM had; null when none ever did with this mapping. */
  readonly completeAt: number | null;
  readonly problem: string | null;
}

/** The mapping asks for other fields than those that are being read: what was read so far says nothing of them. */
export class SourceReplaced extends Error {
  override readonly name = 'SourceReplaced';

  constructor({ connector, object }: SourceState) {
    super(`The mapping of ${connector} ${object} changed while it was being read; it is read from the beginning.`);
  }
}

/** The reading that began with no cursor, of a connector that does not name its readings. */
const firstReading = 'first';
/** Two processes may give a new source the same id; only one of them succeeds. */
const mostTries = 5;

/** Makes the source when it is new, and starts from the beginning when the mapping asks for other fields than before. */
export async function openSource(db: Kysely<Database>, connector: string, source: CallerSource): Promise<SourceState> {
  const definition = JSON.stringify([source.phones, source.name, source.fields]);
  const known = await findSource(db, connector, source.object);
  if (known?.definition === definition) return stateOf(known);
  for (let tried = 1; tried <= mostTries; tried += 1) {
    const state = await db.transaction().execute((trx) => makeOrRestart(trx, { connector, object: source.object, definition }));
    if (state !== null) return state;
  }
  throw new Error(`The directory's source ${connector} ${source.object} could not be made: other processes were always faster.`);
}

interface SourceDefinition {
  readonly connector: string;
  readonly object: string;
  readonly definition: string;
}

async function makeOrRestart(trx: Transaction<Database>, source: SourceDefinition): Promise<SourceState | null> {
  const row = await findSource(trx, source.connector, source.object);
  if (row === undefined) await insertSource(trx, source);
  else if (row.definition !== source.definition) {
    const again = { definition: source.definition, cursor: null, reading: firstReading, drop_below: null };
    const anew = { generation: row.generation + 1, records_read: 0, records_total: null, complete_at: null };
    await trx
      .updateTable('directory_sources')
      .set({ ...again, ...anew })
      .where('id', '=', row.id)
      .execute();
  }
  const made = await findSource(trx, source.connector, source.object);
  return made === undefined ? null : stateOf(made);
}

/** Which reading this page belongs to. */
export function stateWithPage(state: SourceState, page: ChangePage): SourceState {
  const named = page.everything?.id ?? null;
  if (named === null || named === state.reading) return state;
  return { ...state, reading: named, generation: state.generation + 1, recordsRead: 0, total: null };
}

/**
 * Keeps the page's cursor; in the transaction of the page's last records, so that a kill at any point repeats and never skips.
 * @throws SourceReplaced
 */
export async function savePage(
  trx: Transaction<Database>,
  state: SourceState,
  page: ChangePage,
  now: number,
): Promise<SourceState> {
  const last = page.everything?.last === true;
  const after: SourceState = {
    ...state,
    cursor: page.cursor,
    reading: last ? null : state.reading,
    recordsRead: state.recordsRead + page.records.length + (page.present?.length ?? 0),
    total: page.total ?? state.total,
  };
  const { numUpdatedRows } = await trx
    .updateTable('directory_sources')
    .set({
      cursor: after.cursor,
      reading: after.reading,
      generation: after.generation,
      records_read: after.recordsRead,
      records_total: after.total,
      page_at: now,
      ...(last ? { drop_below: after.generation } : {}),
    })
    .where('id', '=', state.id)
    .where('definition', '=', state.definition)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new SourceReplaced(state);
  return after;
}

/** The run came to the end: what the first reading did not see is to be dropped. @throws SourceReplaced */
export async function saveEnd(db: Kysely<Database>, state: SourceState, now: number): Promise<SourceState> {
  const isFirst = state.reading === firstReading;
  const change = { complete_at: now, problem: null, ...(isFirst ? { reading: null, drop_below: state.generation } : {}) };
  const { numUpdatedRows } = await db
    .updateTable('directory_sources')
    .set(change)
    .where('id', '=', state.id)
    .where('definition', '=', state.definition)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new SourceReplaced(state);
  return isFirst ? { ...state, reading: null } : state;
}

export async function saveProblem(db: Kysely<Database>, state: SourceState, problem: string): Promise<void> {
  await db
    .updateTable('directory_sources')
    .set({ problem: problem.slice(0, 500) })
    .where('id', '=', state.id)
    .execute();
}

export async function sourcesOf(db: Kysely<Database>, connector: string) {
  const query = db.selectFrom('directory_sources').select(['id', 'object', 'generation']).where('connector', '=', connector);
  return query.execute();
}

export async function allSources(db: Kysely<Database>): Promise<readonly SourceStatus[]> {
  const rows = await db.selectFrom('directory_sources').selectAll().orderBy('id').execute();
  return rows.map((row) => ({
    connector: row.connector,
    object: row.object,
    readingEverything: row.reading !== null,
    recordsRead: row.records_read,
    total: row.records_total,
    pageAt: row.page_at,
    completeAt: row.complete_at,
    problem: row.problem,
  }));
}

async function findSource(db: Kysely<Database>, connector: string, object: string) {
  const query = db.selectFrom('directory_sources').selectAll().where('connector', '=', connector).where('object', '=', object);
  return query.executeTakeFirst();
}

async function insertSource(trx: Transaction<Database>, source: SourceDefinition): Promise<void> {
  const highest = await trx
    .selectFrom('directory_sources')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  const fresh = { cursor: null, reading: firstReading, generation: 1, drop_below: null, records_read: 0, records_total: null };
  const row = { id: Number(highest?.id ?? 0) + 1, ...source, ...fresh, page_at: null, complete_at: null, problem: null };
  await trx
    .insertInto('directory_sources')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

type SourceRow = NonNullable<Awaited<ReturnType<typeof findSource>>>;

function stateOf(row: SourceRow): SourceState {
  return {
    id: row.id,
    connector: row.connector,
    object: row.object,
    definition: row.definition,
    cursor: row.cursor,
    reading: row.reading,
    generation: row.generation,
    recordsRead: row.records_read,
    total: row.records_total,
  };
}
