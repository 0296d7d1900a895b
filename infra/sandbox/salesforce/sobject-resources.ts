import type { ApiAnswer, ApiCall, Org } from './api-call.ts';
import { ApiError, notFound } from './api-error.ts';
import { describeBriefly, describeObject } from './describe.ts';
import { toInstant } from './instants.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { parseValues } from './parsed-values.ts';
import { normaliseId } from './record-ids.ts';
import { wholeRecord } from './record-json.ts';
import type { Row } from './record-store.ts';
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
import { findField } from './schema.ts';

const DAY_MS = 86_400_000;

/** `GET /sobjects` */
export function listObjects(call: ApiCall, org: Org): ApiAnswer {
  const sobjects = [...org.schema.values()].map((object) => describeBriefly(object, call.base));
  return { status: 200, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects } };
}

/** `GET /sobjects/X/describe`; 304 for a client that knows it already: the sandbox org's objects never change. */
export function describeResource(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[1], org);
  const headers = { 'Last-Modified': new Date(org.describedAt).toUTCString() };
  const known = Date.parse(call.header('if-modified-since') ?? '');
  if (known >= Math.floor(org.describedAt / 1000) * 1000) return { status: 304, headers };
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
  if (call.method === 'GET') return { status: 200, body: chosenFields(call, object, readableRecord(org, object, id)) };
  if (call.method === 'DELETE') {
    deleteRecord(org, { object, id }, saverOf(call));
    return { status: 204 };
  }
  const values = parseValues(object, call.body, org.schema);
  refuseInBody('Id', call.body);
  refuseStale(call, liveRecord(org, object, id));
  updateRecord(org, { object, id }, values, saverOf(call));
  return { status: 204 };
}

/** A guarded update does not overwrite what somebody else has written since. */
function refuseStale(call: ApiCall, row: Row): void {
  const unmodifiedSince = Date.parse(call.header('if-unmodified-since') ?? '');
  if (Date.parse(String(row.LastModifiedDate).replace('+0000', 'Z')) > unmodifiedSince) {
    throw new ApiError(412, 'ENTITY_MODIFIED', 'The record has been modified since the date in If-Unmodified-Since');
  }
}

function readableRecord(org: Org, object: ObjectDefinition, sent: string): Row {
  const id = normaliseId(sent);
  const row = id?.startsWith(object.prefix) === true ? org.store.get(id) : undefined;
  if (row === undefined || row.IsDeleted === true) throw notFound();
  return row;
}

function chosenFields(call: ApiCall, object: ObjectDefinition, row: Row): object {
  const whole = wholeRecord(object, row, call.base);
  const wanted = call.params.get('fields');
  if (wanted === null) return whole;
  const names = wanted.split(',').map((name) => {
    const field = findField(object, name.trim());
    if (field === undefined)
      throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
    return field.name;
  });
  return Object.fromEntries(
    Object.entries(whole).filter(([name]) => name === 'attributes' || name === 'Id' || names.includes(name)),
  );
}

/** `POST /composite/sobjects/X` reads records by their ids: null for one that is not there. */
export function readCollection(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[2], org);
  const { ids, fields } = (typeof call.body === 'object' && call.body !== null ? call.body : {}) as Record<string, unknown>;
  if (!Array.isArray(ids) || !Array.isArray(fields)) throw new ApiError(400, 'JSON_PARSER_ERROR', 'ids and fields are required');
  const asked = { ...call, params: new URLSearchParams({ fields: fields.join(',') }) };
  const body = ids.map((sent: unknown) => {
    const id = normaliseId(String(sent));
    const row = id?.startsWith(object.prefix) === true ? org.store.get(id) : undefined;
    return row === undefined || row.IsDeleted === true ? null : chosenFields(asked, object, row);
  });
  return { status: 200, body };
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
  const key = call.segments[3] ?? '';
  const found = org.store.withExternalId(object, field.name, key);
  if (found.length > 1) return { status: 300, body: found.map((row) => `${call.base}/sobjects/${object.name}/${row.Id}`) };
  if (call.method === 'PATCH') {
    const values = parseValues(object, call.body, org.schema);
    refuseInBody('Id', call.body);
    refuseInBody(field.name, call.body);
    const { id, created } = upsertRecord(org, { object, field, key }, values, saverOf(call));
    return { status: created ? 201 : 200, body: { id, success: true, errors: [], created } };
  }
  const [row] = found;
  if (row === undefined) throw notFound();
  if (call.method === 'GET') return { status: 200, body: chosenFields(call, object, row) };
  deleteRecord(org, { object, id: String(row.Id) }, saverOf(call));
  return { status: 204 };
}

/** `GET /sobjects/X/updated/?start&end` and `…/deleted/…`; seconds are ignored, as the service does. */
export function changesResource(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[1], org);
  const { start, end } = readWindow(call, org.now());
  const place = (at: number) => ({ key: toInstant(at), id: '' });
  const rows = [...org.store.walk(object, 'SystemModstamp', { from: place(start), to: place(end) }, false)];
  const latestDateCovered = toInstant(end);
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
