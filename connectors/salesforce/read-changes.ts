import type { CallerSource, ChangePage } from '../connector.ts';
import { startBulkQuery } from './bulk-query.ts';
import { parseQueryBody, toChanges, toIsoInstant, type VisibleSource, valueAt, visibleSource } from './caller-rows.ts';
import { advance, bulkCursor, type ChangeCursor, firstCursor, parseCursor, readingName, resumable } from './change-cursor.ts';
import type { Descriptions } from './describe-object.ts';
import { readBulkChanges } from './read-changes-bulk.ts';
import type { SalesforceSession } from './salesforce-session.ts';
import { soqlInstant, soqlString } from './soql-text.ts';

const PAGE_ROWS = 2000;
/** From so many records on a bulk query costs the org less than pages do: one call for five pages, and none of its long ones. */
const BULK_FROM = 10_000;
/** A job that breaks down again and again is not for this object: it is read page by page then. */
const MOST_BULK_QUERIES = 2;

interface Org {
  readonly session: SalesforceSession;
  readonly descriptions: Descriptions;
  readonly now: () => number;
}

/**
 * Everything by bulk query where there is much of it and our user may, then changes by seeking: each page begins behind the last row
 * of the one before, so a page needs nothing the service must remember.
 */
export async function* readChanges(
  source: CallerSource,
  since: string | null,
  org: Org,
  signal: AbortSignal,
): AsyncGenerator<ChangePage> {
  const visible = await visibleSource(source, org.descriptions, signal);
  let cursor = since === null ? firstCursor(source.object) : parseCursor(since, source.object);
  let total: number | null = null;
  cursor = resumable(cursor, org.now());
  if (cursor.phase === 'load' || cursor.phase === 'bulk') {
    const counted = await countAll(visible, org, signal);
    total = counted.total;
    const isFresh = cursor.phase === 'load' && cursor.startedAt === null;
    if (cursor.phase === 'bulk' || (isFresh && total >= BULK_FROM)) {
      if (yield* readAllInBulk(cursor, visible, { ...counted, session: org.session }, signal)) return;
      cursor = firstCursor(source.object);
    }
  }
  yield* readPages(cursor, visible, { session: org.session, total }, signal);
}

interface Counted {
  readonly session: SalesforceSession;
  readonly total: number;
  readonly countedAt: string;
}

/** A job that is gone or broke down is begun anew; what was read stays until the new one is through. False: read it by pages. */
async function* readAllInBulk(
  begun: ChangeCursor,
  source: VisibleSource,
  { session, total, countedAt }: Counted,
  signal: AbortSignal,
): AsyncGenerator<ChangePage, boolean> {
  const statement = `SELECT ${source.selected.join(',')} FROM ${source.object}`;
  let { job, startedAt } = begun;
  for (let made = 0; made <= MOST_BULK_QUERIES; made += 1) {
    if (job !== null) {
      const cursor = { ...bulkCursor(source.object, startedAt ?? countedAt, job.id), job };
      if (yield* readBulkChanges(cursor, source, session, signal)) return true;
    }
    const id = made === MOST_BULK_QUERIES ? null : await startBulkQuery({ object: source.object, statement }, session, signal);
    if (id === null) return false;
    startedAt = countedAt;
    job = { id, locator: null };
    // Kept before it is waited for: whoever goes on after a kill finds the job again instead of making another.
    const cursor = JSON.stringify(bulkCursor(source.object, startedAt, id));
    yield { records: [], deleted: [], cursor, total, everything: { id, last: false } };
  }
  return false;
}

async function* readPages(
  begun: ChangeCursor,
  source: VisibleSource,
  { session, total }: Pick<Org, 'session'> & { readonly total: number | null },
  signal: AbortSignal,
): AsyncGenerator<ChangePage> {
  for (let cursor = begun; ; ) {
    const { phase } = cursor;
    const page = await readPage(cursor, source, session, signal);
    const id = readingName({ ...cursor, startedAt: page.startedAt });
    cursor = page.cursor;
    const everything = id === null ? {} : { everything: { id, last: page.complete } };
    yield { records: page.records, deleted: page.deleted, cursor: JSON.stringify(cursor), total, ...everything };
    // What changed is followed by what was deleted; the other two phases end a round.
    if (page.complete && phase !== 'changed') return;
  }
}

async function countAll(
  source: VisibleSource,
  { session }: Org,
  signal: AbortSignal,
): Promise<{ readonly total: number; readonly countedAt: string }> {
  const about = `Salesforce did not count its ${source.object} records`;
  const path = `/query?q=${encodeURIComponent(`SELECT COUNT() FROM ${source.object}`)}`;
  const { body, serverTime } = await session.request({ method: 'GET', path, about }, signal);
  return { total: parseQueryBody(body, about).totalSize, countedAt: new Date(serverTime).toISOString() };
}

interface Page extends Omit<ChangePage, 'cursor' | 'total'> {
  readonly cursor: ChangeCursor;
  /** The service's clock when this round began. */
  readonly startedAt: string;
  /** The phase ends with this page. */
  readonly complete: boolean;
}

async function readPage(
  before: ChangeCursor,
  source: VisibleSource,
  session: SalesforceSession,
  signal: AbortSignal,
): Promise<Page> {
  const about = `Salesforce did not tell which ${source.object} records changed`;
  const resource = before.phase === 'deleted' ? 'queryAll' : 'query';
  const path = `/${resource}?q=${encodeURIComponent(changesStatement(before, source))}`;
  const { body, serverTime } = await session.request({ method: 'GET', path, about }, signal);
  const { records: rows, done } = parseQueryBody(body, about);
  const lastRow = rows.at(-1);
  const last = lastRow === undefined ? null : { at: String(valueAt(lastRow, 'SystemModstamp')), id: String(lastRow.Id) };
  // The service may answer with fewer rows than asked for, so a short page alone says nothing.
  const complete = done && rows.length < PAGE_ROWS;
  const startedAt = before.startedAt ?? new Date(serverTime).toISOString();
  const cursor = advance({ ...before, startedAt }, { last, complete });
  if (before.phase !== 'deleted') return { ...toChanges(rows, source), startedAt, cursor, complete };
  const deleted = rows.map((row) => ({ object: source.object, id: String(row.Id) }));
  return { records: [], deleted, startedAt, cursor, complete };
}

/** Pure. */
export function changesStatement(cursor: ChangeCursor, source: Pick<VisibleSource, 'object' | 'selected'>): string {
  const conditions: string[] = [];
  if (cursor.phase === 'deleted') conditions.push('IsDeleted = true');
  if (cursor.after !== null) {
    const at = soqlInstant(Date.parse(toIsoInstant(cursor.after.at)));
    conditions.push(`(SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${soqlString(cursor.after.id)}))`);
  } else if (cursor.from !== null) {
    conditions.push(`SystemModstamp >= ${soqlInstant(Date.parse(cursor.from))}`);
  }
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const selected = cursor.phase === 'deleted' ? ['Id', 'SystemModstamp'] : source.selected;
  return `SELECT ${selected.join(',')} FROM ${source.object}${where} ORDER BY SystemModstamp, Id LIMIT ${PAGE_ROWS}`;
}
