/** Reading who changed: page by page, each with a cursor from which any process can go on. */
import { type CallerSource, type ChangePage, Missing, Rejected, Unreachable } from '../connector.ts';
import { type AnswerPath, valueAt } from './answer-path.ts';
import { type CallerFields, callerFields, callerRecord, recordId } from './caller-fields.ts';
import { firstPlace, type Place, placeAfterLast, placeAnew, placeToResume, type Rhythm, writeCursor } from './change-cursor.ts';
import { asksSince } from './check-service.ts';
import { isMarkedDeleted } from './deleted-mark.ts';
import { idOf } from './field-values.ts';
import type { FillValues } from './fill-request.ts';
import type { HttpService } from './http-service.ts';
import { nextOf, pageRequest } from './next-page.ts';
import type { ChangesShape, ListShape } from './object-shape.ts';
import { recordsIn, totalIn } from './record-lists.ts';

interface Reading {
  readonly service: HttpService;
  readonly fields: CallerFields;
  readonly changes: ChangesShape;
  readonly signal: AbortSignal;
}

interface PageRead {
  readonly page: ChangePage;
  readonly next: Place;
  readonly isOver: boolean;
}

/** @throws ConnectorError */
export async function* readChanges(
  service: HttpService,
  source: CallerSource,
  since: string | null,
  signal: AbortSignal,
): AsyncGenerator<ChangePage> {
  const object = service.objectNamed(source.object);
  const { changes } = object;
  const { name } = service.config.service;
  if (changes === undefined) {
    // Nothing can be read ahead: every number is looked up live. Should a list be described later, everything is read then.
    yield { records: [], deleted: [], cursor: writeCursor(firstPlace(service.now())), total: 0 };
    return;
  }
  const rhythm: Rhythm = { asksSince: asksSince(changes), isNightly: isReadNightly(changes) };
  let at = since === null ? firstPlace(service.now()) : placeToResume(since, service.now(), rhythm);
  const known = await service.descriptions.recent(source.object, signal);
  const reading = { service, fields: callerFields(source, object, known, name), changes, signal };
  let isFirst = true;
  for (;;) {
    const read: PageRead = await (isFirst && at.next !== null ? resumedPage(at, reading) : readPage(at, reading));
    isFirst = false;
    yield read.page;
    if (read.isOver) return;
    at = read.next;
  }
}

/** Numbered pages may shift and hide a record: with them everything is read every night, whoever tells deletions. */
function isReadNightly({ deleted, next }: ChangesShape): boolean {
  return deleted.everything !== undefined || next?.page !== undefined || next?.offset !== undefined;
}

/** Cursors of a service live for a while only: one that is refused costs a reading from the start, not the directory. */
async function resumedPage(at: Place, reading: Reading): Promise<PageRead> {
  try {
    return await readPage(at, reading);
  } catch (error) {
    if (!(error instanceof Rejected) && !(error instanceof Missing)) throw error;
    return readPage(placeAnew(at, reading.service.now()), reading);
  }
}

async function readPage(at: Place, reading: Reading): Promise<PageRead> {
  const { service, changes, fields, signal } = reading;
  const { service: described, baseUrl } = service.config;
  const list: ListShape = at.step === 'deletions' && changes.deleted.list !== undefined ? changes.deleted.list : changes;
  const doing = at.step === 'deletions' ? `tell what was deleted of ${fields.source.object}` : `list ${fields.source.object}`;
  const answer = await service.gate.ask({ doing, request: pageRequest(list, sinceValues(at.from), at.next, baseUrl) }, signal);
  const records = recordsIn(answer.body, { records: list.records, doing, serviceName: described.name });
  const total = totalIn(answer.body, list.total);
  const { body, headers } = answer;
  const next = nextOf(list, { records, body, headers, seenBefore: at.seen, total, asked: at.next });
  const mark = markOf(records, fields.object.id);
  if (next !== null && mark !== null && mark === at.mark) {
    throw new Unreachable(`${described.name} gave the same page of ${fields.source.object} twice: check "next".`);
  }
  // The service's clock counts, where it tells: it stamps the records.
  const began = at.next === null && answer.serverTime !== null ? new Date(answer.serverTime).toISOString() : at.began;
  const here: Place = { ...at, began, mark, seen: at.seen + records.length, total: at.total ?? total };
  const isShifted = at.total !== null && total !== null && at.total !== total;
  const following =
    next === null ? placeAfterLast(here, changes.overlapSeconds * 1000, changes.deleted.list !== undefined) : { ...here, next };
  const content = contentOf(at, records, fields);
  const everything = everythingOf(at, changes, next === null && !isShifted);
  return {
    page: { ...content, cursor: writeCursor(following), total: at.step === 'everything' ? here.total : null, ...everything },
    next: following,
    isOver: next === null && following.step !== 'deletions',
  };
}

const DAY_MS = 86_400_000;

/** What `{since}` and its kin stand for; null leaves the parameter out. */
function sinceValues(from: string | null): FillValues {
  if (from === null) return { since: null, sinceSeconds: null, sinceMilliseconds: null, sinceDate: null };
  const seconds = Math.floor(Date.parse(from) / 1000);
  return {
    since: `${from.slice(0, 19)}Z`,
    sinceSeconds: seconds,
    sinceMilliseconds: seconds * 1000,
    // In whichever time zone the service takes a date for: a day earlier is early enough.
    sinceDate: new Date(Date.parse(from) - DAY_MS).toISOString().slice(0, 10),
  };
}

function markOf(records: readonly unknown[], id: AnswerPath): string | null {
  return idOf(valueAt(records[0], id))?.slice(0, 1000) ?? null;
}

function contentOf(at: Place, records: readonly unknown[], fields: CallerFields): Pick<ChangePage, 'records' | 'deleted'> {
  const { object, source } = fields;
  const about = `${fields.serviceName}: a deletion of ${source.object}`;
  const ref = (record: unknown, id: AnswerPath) => ({ object: source.object, id: recordId(record, id, about) });
  if (at.step === 'deletions') {
    const id = object.changes?.deleted.list?.id ?? object.id;
    return { records: [], deleted: records.map((record) => ref(record, id)) };
  }
  const isGone = (record: unknown) => isMarkedDeleted(record, object);
  return {
    records: records.filter((record) => !isGone(record)).map((record) => callerRecord(fields, record)),
    deleted: records.filter(isGone).map((record) => ref(record, object.id)),
  };
}

/** Only where nothing else tells deletions. A list that shifted while it was read proves nobody's absence. */
function everythingOf(at: Place, { deleted }: ChangesShape, last: boolean): Pick<ChangePage, 'everything'> {
  return at.step === 'everything' && deleted.everything !== undefined ? { everything: { id: at.reading, last } } : {};
}
