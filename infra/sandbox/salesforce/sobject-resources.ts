import { type ApiAnswer, type ApiCall, type Org, versionOf } from './api-call.ts';
import { ApiError, notFound } from './api-error.ts';
import { isKnownSince, refuseOverwriting } from './conditional-requests.ts';
import { describeBriefly, describeObject, isReplicated } from './describe.ts';
import { toInstant } from './instants.ts';
import { parseValues } from './parsed-values.ts';
import { idInPath, readableRecord, readRecord } from './record-reading.ts';
import {
  deleteRecord,
  externalIdField,
  insertRecord,
  liveRecord,
  objectInPath,
  saverOf,
  updateRecord,
  upsertRecord,
} from './saving.ts';

const DAY_MS = 86_400_000;
/** Older versions answer an upsert that changed a record with nothing at all. */
const TELLS_CREATED = 46;

/** `GET /sobjects`; 304 for a client that knows it already. */
export function listObjects(call: ApiCall, org: Org): ApiAnswer {
  const headers = { 'Last-Modified': new Date(org.describedAt).toUTCString() };
  if (isKnownSince(call, org.describedAt)) return { status: 304, headers };
  const sobjects = [...org.schema.values()].map((object) => describeBriefly(object, call.base));
  return { status: 200, headers, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects } };
}

/** `GET /sobjects/X/describe`; 304 for a client that knows it already: the sandbox org's objects never change. */
export function describeResource(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[1], org);
  const headers = { 'Last-Modified': new Date(org.describedAt).toUTCString() };
  if (isKnownSince(call, org.describedAt)) return { status: 304, headers };
  return { status: 200, headers, body: describeObject(object, call.base, org.schema) };
}

/** `GET /sobjects/X`: a short description and what the user looked at last. */
export function aboutObject(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[1], org);
  return { status: 200, body: { objectDescribe: describeBriefly(object, call.base), recentItems: [] } };
}

/** `POST /sobjects/X` */
export function createResource(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[1], org);
  const row = insertRecord(org, object, parseValues(object, call.body, org.schema), saverOf(call));
  const headers = { Location: `${call.base}/sobjects/${object.name}/${row.Id}` };
  return { status: 201, headers, body: { id: row.Id, success: true, errors: [] } };
}

/** `GET`, `PATCH` and `DELETE /sobjects/X/{id}` */
export function recordResource(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[1], org);
  const id = call.segments[2] ?? '';
  if (call.method === 'GET') return readRecord(call, object, readableRecord(org, object, id));
  idInPath(id);
  if (call.method === 'DELETE') {
    deleteRecord(org, { object, id }, saverOf(call));
    return { status: 204 };
  }
  const values = parseValues(object, call.body, org.schema);
  refuseInBody('Id', call.body);
  refuseOverwriting(call, object, liveRecord(org, object, id));
  updateRecord(org, { object, id }, values, saverOf(call));
  return { status: 204 };
}

function refuseInBody(name: string, body: unknown): void {
  if (typeof body === 'object' && body !== null && name in body) {
    throw new ApiError(400, 'INVALID_FIELD', `The ${name} field should not be specified in the sobject data.`);
  }
}

/** `GET`, `PATCH` and `DELETE /sobjects/X/{ExternalIdField}/{value}` */
export function externalIdResource(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[1], org);
  if (call.segments[2]?.toLowerCase() === 'id')
    return recordResource({ ...call, segments: ['sobjects', object.name, call.segments[3] ?? ''] }, org);
  const field = externalIdField(object, call.segments[2]);
  const key = (call.segments[3] ?? '').trim();
  if (key === '') throw notFound();
  const found = org.store.withExternalId(object, field.name, key);
  if (found.length > 1) return { status: 300, body: found.map((row) => `${call.base}/sobjects/${object.name}/${row.Id}`) };
  if (call.method === 'PATCH') {
    const values = parseValues(object, call.body, org.schema);
    refuseInBody('Id', call.body);
    refuseInBody(field.name, call.body);
    if (found.length === 0 && call.params.get('updateOnly') === 'true') throw notFound();
    const { id, created } = upsertRecord(org, { object, field, key }, values, saverOf(call));
    const body = { id, success: true, errors: [] };
    if (versionOf(call) >= TELLS_CREATED) return { status: created ? 201 : 200, body: { ...body, created } };
    return created ? { status: 201, body } : { status: 204 };
  }
  const [row] = found;
  if (row === undefined) throw notFound();
  if (call.method === 'GET') return readRecord(call, object, row);
  deleteRecord(org, { object, id: String(row.Id) }, saverOf(call));
  return { status: 204 };
}

/** `GET /sobjects/X/updated/?start&end` and `…/deleted/…`; seconds are ignored, as the service does. */
export function changesResource(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[1], org);
  if (!isReplicated(object)) {
    throw new ApiError(400, 'INVALID_TYPE_FOR_OPERATION', `entity type ${object.name} does not support replication`);
  }
  const { start, end } = readWindow(call, org.now());
  const place = (at: number) => ({ key: toInstant(at), id: '' });
  const rows = [...org.store.walk(object, 'SystemModstamp', { from: place(start), to: place(end) }, false)];
  // What has not happened yet is not covered, however far ahead the client asks.
  const latestDateCovered = toInstant(Math.min(end, org.now()));
  if (call.segments[2] === 'updated') {
    return { status: 200, body: { ids: rows.filter((row) => row.IsDeleted !== true).map((row) => row.Id), latestDateCovered } };
  }
  const deletedRecords = rows
    .filter((row) => row.IsDeleted === true)
    .map((row) => ({ id: row.Id, deletedDate: row.SystemModstamp }));
  return { status: 200, body: { deletedRecords, earliestDateAvailable: toInstant(org.now() - 30 * DAY_MS), latestDateCovered } };
}

function readWindow(call: ApiCall, now: number): { start: number; end: number } {
  const [start = Number.NaN, end = Number.NaN] = ['start', 'end'].map((name) => {
    const at = Date.parse((call.params.get(name) ?? '').replace(' ', '+').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
    return Math.floor(at / 60_000) * 60_000;
  });
  if (Number.isNaN(start) || Number.isNaN(end))
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'start and end date are required');
  if (end - start < 60_000) {
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'endDate must be at least one minute greater than startDate');
  }
  if (start < now - 30 * DAY_MS) throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'startDate cannot be more than 30 days ago');
  return { start, end };
}
