import type { PbxTimes } from './pbx-time.ts';
import { type Columns, columnName } from './record-columns.ts';
import type { RecordDatabase, Selection, TableColumn } from './record-database.ts';
import type { RecordKind } from './record-layout.ts';
import { type RecordRow, rowOf, rowsApart, writtenAt } from './record-lines.ts';
import { lateMs, mostRowsOfOneReading, type RecordSource, RecordsUnavailable } from './record-source.ts';
import { inSlices, mapped } from './unhurried.ts';

/** The tables as Asterisk's modules and FreePBX name them. */
const tables: readonly { readonly kind: RecordKind; readonly table: string; readonly time: readonly string[] }[] = [
  { kind: 'cdr', table: 'cdr', time: ['end', 'calldate', 'start'] },
  { kind: 'cel', table: 'cel', time: ['eventtime'] },
  { kind: 'queueLog', table: 'queue_log', time: ['time'] },
  { kind: 'queueLog', table: 'queuelog', time: ['time'] },
];

/** Where CDR has no column for the end of a call, it is looked for from this long before. */
const longestCallMs = 12 * 3_600_000;

/** CDR, CEL and queue log as tables of one database; those that are not there are not read. */
export function createTableSource(database: RecordDatabase, times: PbxTimes, mostRows = mostRowsOfOneReading): RecordSource {
  async function readTable(
    { kind, table, time }: (typeof tables)[number],
    since: number,
    signal: AbortSignal,
  ): Promise<TableRead | null> {
    const columns = await database.columnsOf(table);
    const names = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
    const timeColumn = time.map((name) => names.get(name)).find((column) => column !== undefined);
    if (timeColumn === undefined) return null;
    const all = columns.map(({ name }) => name);
    const orderBy = names.get('id')?.name ?? timeColumn.name;
    const select = (from: Selection['from'], descending: boolean, limit: number) =>
      database.select({ table, columns: all, from, orderBy, descending, limit }, signal);
    const rowIn = (row: Row) => rowOf(kind, columnsIn(row), times);
    const [newest] = await select(null, true, 1);
    const newestRow = newest === undefined ? null : rowIn(newest);
    if (newest === undefined) return { rows: [], skipped: 0, isFull: false };
    const clock = (at: number) =>
      sameClock(timeColumn, newest[timeColumn.name] ?? '', newestRow === null ? null : timeOf(newestRow, timeColumn), at);
    const early = since - lateMs[kind];
    const duration = kind === 'cdr' && timeColumn.name.toLowerCase() !== 'end' ? names.get('duration')?.name : undefined;
    // By the beginning an index can help, by the end the row is wanted.
    const end = duration === undefined ? null : { seconds: duration, value: clock(early) };
    const from = { column: timeColumn.name, value: clock(end === null ? early : early - longestCallMs), end };
    const found = await select(from, false, mostRows);
    const read = await inSlices(mapped(found, rowIn), signal);
    const rows = read.filter((row) => row !== null);
    return { rows, skipped: found.length - rows.length, isFull: found.length >= mostRows };
  }

  return {
    name: database.name,
    async read(since, signal) {
      const reads: TableRead[] = [];
      for (const table of tables) {
        signal.throwIfAborted();
        const read = await readTable(table, since, signal).catch((cause: unknown) => {
          signal.throwIfAborted();
          throw unavailable(database.name, cause);
        });
        if (read !== null) reads.push(read);
      }
      if (reads.length === 0) {
        const remedy = 'Name the database to which cdr_pgsql, cdr_adaptive_odbc, cel_pgsql or cel_odbc write.';
        throw new RecordsUnavailable(`${database.name} has neither a table cdr nor a table cel.`, remedy);
      }
      const ends = reads.filter(({ isFull }) => isFull).map(({ rows }) => rows.at(-1));
      const readUpTo = ends.flatMap((row) => (row === undefined ? [] : [writtenAt(row)]));
      return {
        rows: rowsApart(reads.flatMap(({ rows }) => rows)),
        skipped: reads.reduce((sum, { skipped }) => sum + skipped, 0),
        readUpTo: readUpTo.length === 0 ? null : Math.min(...readUpTo),
      };
    },
    close: () => database.close(),
  };
}

type Row = Readonly<Record<string, string | null>>;

interface TableRead {
  readonly rows: readonly RecordRow[];
  readonly skipped: number;
  readonly isFull: boolean;
}

function columnsIn(row: Row): Columns {
  const columns = new Map<string, string>();
  for (const [name, value] of Object.entries(row)) if (value !== null) columns.set(columnName(name), value);
  return columns;
}

/** What the time column of this row says, by our reading. */
function timeOf(one: RecordRow, { name }: TableColumn): number {
  if (one.kind !== 'cdr') return one.row.at;
  return name.toLowerCase() === 'end' ? one.row.endAt : one.row.startAt;
}

/**
 * A moment in the words of the column: seconds since 1970, or the PBX's clock. By what clock is shown by the newest row, whose moment
 * its Uniqueid tells; an hour earlier, in case the clock was put forward since.
 */
function sameClock({ isNumber }: TableColumn, newestText: string, newestAt: number | null, at: number): string | number {
  if (isNumber) return at / 1000;
  if (/^\d{9,11}(\.\d+)?$/.test(newestText)) return String(Math.floor(at / 1000));
  const wall = Date.parse(`${newestText.slice(0, 19).replace(' ', 'T')}Z`);
  const offset = newestAt === null || Number.isNaN(wall) ? -12 * 3_600_000 : wall - Math.floor(newestAt / 1000) * 1000;
  return new Date(at + offset - 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

function unavailable(name: string, cause: unknown): RecordsUnavailable {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  const detail = `${name} cannot be read${code === '' ? '' : ` (${code})`}.`;
  return new RecordsUnavailable(detail, 'Check CDR_DATABASE_URL, and that its user may SELECT from the tables of Asterisk.', {
    cause,
  });
}
