import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CallerRecord, type ChangePage, Unreachable } from '../connector.ts';
import { awaitBulkQuery, readBulkPart } from './bulk-query.ts';
import { tableRows } from './bulk-table.ts';
import { toChanges, type VisibleSource } from './caller-rows.ts';
import { advanceBulk, type BulkPlace, type ChangeCursor, readingName } from './change-cursor.ts';
import type { SalesforceSession } from './salesforce-session.ts';

/**
 * The parts of a bulk query's results from where the cursor stands; each page's cursor resumes behind it in any process, as long as
 * the service keeps the job. The generator returns true when it has come through, false when the job broke down or is gone.
 *
 * @throws ConnectorError
 */
export async function* readBulkChanges(
  begun: ChangeCursor & { readonly job: BulkPlace },
  source: VisibleSource,
  session: SalesforceSession,
  signal: AbortSignal,
): AsyncGenerator<ChangePage, boolean> {
  const ended = await awaitBulkQuery(begun.job.id, source.object, session, signal);
  if (ended.kind !== 'complete') return false;
  let cursor: ChangeCursor = begun;
  let coming = readBulkPart(begun.job, source.object, session, signal);
  while (cursor.job !== null) {
    const part = await coming;
    if (part === null) return false;
    const place = { id: cursor.job.id, locator: part.locator };
    const everything = { id: readingName(cursor) ?? place.id, last: part.locator === null };
    if (!everything.last) {
      // The service hands the next part out while this one is taken apart; whoever stops reading never hears how that went.
      coming = readBulkPart(place, source.object, session, signal);
      coming.catch(() => undefined);
    }
    cursor = advanceBulk(cursor, place);
    yield { ...(await changesOf(part.text, source)), cursor: JSON.stringify(cursor), total: ended.rows, everything };
  }
  return true;
}

/** With a turn of the event loop after every few hundred rows: phones ring meanwhile. */
async function changesOf(text: string, source: VisibleSource): Promise<Pick<ChangePage, 'records' | 'deleted'>> {
  const records: CallerRecord[] = [];
  const deleted: ChangePage['deleted'][number][] = [];
  try {
    for (const rows of tableRows(text, source.types)) {
      if (rows.some(({ Id }) => typeof Id !== 'string')) throw new Error('a row without an Id');
      const changes = toChanges(rows, source);
      records.push(...changes.records);
      deleted.push(...changes.deleted);
      await nextTurn();
    }
  } catch (cause) {
    const message = `Salesforce handed out a part of its ${source.object} records that is no table. It will be tried again.`;
    throw new Unreachable(message, { cause: new Error(cause instanceof Error ? cause.name : 'unknown') });
  }
  return { records, deleted };
}
