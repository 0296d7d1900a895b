/** Reading who changed: pages of 500 by `$id`, each with a cursor from which any process can go on. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CallerRecord, type CallerSource, type ChangePage, Unreachable } from '../connector.ts';
import { firstPlace, type Place, placeAfterLast, placeAfterPage, placeToResume, writeCursor } from './change-cursor.ts';
import { type CallerFields, callerFields, callerRecord } from './kintone-callers.ts';
import type { KintoneDomain } from './kintone-domain.ts';
import { afterId, quoted } from './kintone-query.ts';
import { recordsRequest } from './kintone-reading.ts';
import { type KintoneRecord, plainValue } from './kintone-values.ts';

const PAGE_SIZE = 500;
/** Records that are taken apart in one go: phones ring meanwhile. */
const RECORDS_A_TURN = 100;

/**
 * There is no upper end to the span that is read: a record that changes while its page is read is found again by the next
 * run, which begins before this one began. @throws ConnectorError
 */
export async function* readChanges(
  domain: KintoneDomain,
  source: CallerSource,
  since: string | null,
  signal: AbortSignal,
): AsyncGenerator<ChangePage> {
  const at = since === null ? firstPlace(domain.now()) : placeToResume(since, domain.now());
  const app = domain.appOf(source.object);
  const fields = callerFields(source, await domain.forms.get(app, signal));
  domain.warnUnknown(app, fields.unknown);
  let coming = askPage(domain, fields, at, signal);
  for (;;) {
    const asked = await coming;
    if (!asked.isLast) {
      // kintone works on the next page while this one is taken apart and put away; whoever stops reading never hears how that went.
      coming = askPage(domain, fields, asked.next, signal);
      coming.catch(() => undefined);
    }
    yield pageOf({ ...asked, records: await callerRecords(fields, asked.records) });
    if (asked.isLast) return;
  }
}

interface AskedPage {
  readonly at: Place;
  readonly records: readonly KintoneRecord[];
  readonly total: number | null;
  readonly isLast: boolean;
  readonly next: Place;
}

async function askPage(domain: KintoneDomain, fields: CallerFields, at: Place, signal: AbortSignal): Promise<AskedPage> {
  const { records, total } = await domain.gate.ask(
    recordsRequest({
      app: fields.form.app,
      query: afterId(conditionOf(at, fields), at.afterId, PAGE_SIZE),
      fields: at.step === 'ids' ? ['$id'] : fields.wanted,
      totalCount: at.step !== 'changes' && at.total === null,
    }),
    signal,
  );
  const isLast = records.length < PAGE_SIZE;
  const lastId = greatestId(records);
  // Without this a page without ids would be read for ever.
  if (!isLast && lastId <= at.afterId) throw new Unreachable(`kintone did not move on while app ${fields.form.app} was read.`);
  const next = isLast ? placeAfterLast(at) : placeAfterPage(at, lastId, total);
  return { at, records, total, isLast, next };
}

async function callerRecords(fields: CallerFields, answered: readonly KintoneRecord[]): Promise<readonly CallerRecord[]> {
  const records: CallerRecord[] = [];
  for (let from = 0; from < answered.length; from += RECORDS_A_TURN) {
    await nextTurn();
    records.push(...answered.slice(from, from + RECORDS_A_TURN).flatMap((record) => callerRecord(fields, record) ?? []));
  }
  return records;
}

/** An app without a field of the kind UPDATED_TIME does not exist; should one turn up, everything is read each time. */
function conditionOf(at: Place, fields: CallerFields): string | null {
  if (at.step !== 'changes' || fields.updatedAt === null) return null;
  return `${fields.updatedAt.code} >= ${quoted(toSecond(at.from))}`;
}

function toSecond(instant: string): string {
  return `${instant.slice(0, 19)}Z`;
}

function greatestId(records: readonly KintoneRecord[]): number {
  return records.reduce((greatest, { $id }) => Math.max(greatest, idIn($id)), 0);
}

function idIn(cell: unknown): number {
  const id = plainValue(cell);
  return typeof id === 'string' ? Number(id) : 0;
}

type ReadPage = Omit<AskedPage, 'records'> & { readonly records: readonly CallerRecord[] };

function pageOf({ at, records, total, isLast, next }: ReadPage): ChangePage {
  const page = { records: at.step === 'ids' ? [] : records, deleted: [], cursor: writeCursor(next) };
  if (at.step === 'changes') return { ...page, total: null };
  return {
    ...(at.step === 'ids' ? { present: records.map(({ id }) => id) } : {}),
    ...page,
    total: at.total ?? total,
    everything: { id: at.began, last: isLast },
  };
}
