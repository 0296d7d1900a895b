import type { CallerSource, ChangePage } from '../connector.ts';
import { parseQueryBody, toCallerRecord, toIsoInstant, type VisibleSource, valueAt, visibleSource } from './caller-rows.ts';
import { advance, type ChangeCursor, firstCursor, parseCursor } from './change-cursor.ts';
import type { Descriptions } from './describe-object.ts';
import type { SalesforceSession } from './salesforce-session.ts';
import { soqlInstant, soqlString } from './soql-text.ts';

const PAGE_ROWS = 2000;

interface Org {
  readonly session: SalesforceSession;
  readonly descriptions: Descriptions;
}

/** Reads by seeking: each page begins behind the last row of the one before, so a page needs nothing the service must remember. */
export async function* readChanges(
  source: CallerSource,
  since: string | null,
  org: Org,
  signal: AbortSignal,
): AsyncGenerator<ChangePage> {
  let cursor = since === null ? firstCursor(source.object) : parseCursor(since, source.object);
  const visible = await visibleSource(source, org.descriptions, signal);
  const total = cursor.phase === 'load' ? await countAll(visible, org, signal) : null;
  for (;;) {
    const { phase } = cursor;
    const page = await readPage(cursor, visible, org, signal);
    cursor = page.cursor;
    yield { records: page.records, deleted: page.deleted, cursor: JSON.stringify(cursor), total };
    // What changed is followed by what was deleted; the other two phases end a round.
    if (page.complete && phase !== 'changed') return;
  }
}

async function countAll(source: VisibleSource, { session }: Org, signal: AbortSignal): Promise<number> {
  const about = `Salesforce did not count its ${source.object} records`;
  const path = `/query?q=${encodeURIComponent(`SELECT COUNT() FROM ${source.object}`)}`;
  return parseQueryBody((await session.request({ method: 'GET', path, about }, signal)).body, about).totalSize;
}

interface Page extends Omit<ChangePage, 'cursor' | 'total'> {
  readonly cursor: ChangeCursor;
  /** The phase ends with this page. */
  readonly complete: boolean;
}

async function readPage(before: ChangeCursor, source: VisibleSource, { session }: Org, signal: AbortSignal): Promise<Page> {
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
  if (before.phase !== 'deleted')
    return { records: rows.map((row) => toCallerRecord(row, source)), deleted: [], cursor, complete };
  return { records: [], deleted: rows.map((row) => ({ object: source.object, id: String(row.Id) })), cursor, complete };
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
