import type { ApiAnswer, ApiCall, Org } from './api-call.ts';
import { ApiError, rowError } from './api-error.ts';
import type { ObjectDefinition } from './object-definition.ts';
import {
  deleteRecord,
  externalIdField,
  insertRecord,
  objectInPath,
  type UpsertTarget,
  updateRecord,
  upsertRecord,
} from './saving.ts';
import { findObject, objectOfId } from './schema.ts';
import { type ParsedValues, parseValues } from './validation.ts';

const MOST_RECORDS = 200;
const MOST_TYPE_CHANGES = 10;

interface SentRecord {
  readonly object: ObjectDefinition;
  readonly values: ParsedValues;
}

/** `POST /composite/sobjects` creates, `PATCH /composite/sobjects` updates by Id: one result per record, in order. */
export function saveCollection(call: ApiCall, org: Org): ApiAnswer {
  const records = readRecords(call.body);
  const save = (record: SentRecord): object => {
    if (call.method === 'POST') {
      return { id: insertRecord(org, record.object, record.values, call.userId).Id, success: true, errors: [] };
    }
    const { key: id, rest } = takeKey(record, 'Id');
    updateRecord(org, { object: record.object, id }, rest, call.userId);
    return { id, success: true, errors: [] };
  };
  return { status: 200, body: records.map((record) => rowResult(() => save(record))) };
}

/** `PATCH /composite/sobjects/X/{ExternalIdField}` */
export function upsertCollection(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[2]);
  const field = externalIdField(object, call.segments[3]);
  const records = readRecords(call.body);
  const keyCounts = new Map<string, number>();
  const keys = records.map((record) => {
    const key = String(record.values.get(field) ?? '').toLowerCase();
    keyCounts.set(key, (keyCounts.get(key) ?? 0) + 1);
    return key;
  });
  const body = records.map((record, index) =>
    rowResult(() => {
      if (record.object !== object) throw new ApiError(400, 'INVALID_TYPE', 'All records must be of the type named in the URL');
      const { key, rest } = takeKey(record, field.name);
      if ((keyCounts.get(keys[index] ?? '') ?? 0) > 1) {
        throw new ApiError(400, 'DUPLICATE_VALUE', `Duplicate external id specified: ${key}`, [field.name]);
      }
      const target = { object, field, key };
      refuseTwins(org, target);
      const { id, created } = upsertRecord(org, target, rest, call.userId);
      return { id, success: true, errors: [], created };
    }),
  );
  return { status: 200, body };
}

/** `DELETE /composite/sobjects?ids=…` */
export function deleteCollection(call: ApiCall, org: Org): ApiAnswer {
  const ids = (call.params.get('ids') ?? '').split(',').filter((id) => id !== '');
  checkCount(ids.length);
  const remove = (id: string): object => {
    const object = objectOfId(id);
    if (object === undefined) throw new ApiError(400, 'MALFORMED_ID', `bad id ${id}`, ['Id']);
    deleteRecord(org, { object, id }, call.userId);
    return { id, success: true, errors: [] };
  };
  return { status: 200, body: ids.map((id) => rowResult(() => remove(id))) };
}

function rowResult(save: () => object): object {
  try {
    return save();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { success: false, errors: [rowError(error)] };
  }
}

function checkCount(count: number): void {
  if (count > MOST_RECORDS) {
    throw new ApiError(
      400,
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${MOST_RECORDS} records into this call`,
    );
  }
  if (count === 0) throw new ApiError(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [records]', ['records']);
}

/** A record that cannot be read fails the whole request, before anything is saved. */
function readRecords(body: unknown): readonly SentRecord[] {
  const { allOrNone, records } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (!Array.isArray(records)) throw new ApiError(400, 'JSON_PARSER_ERROR', 'The request body must hold an array named records');
  if (allOrNone === true) throw new ApiError(400, 'INVALID_INPUT', 'The sandbox knows allOrNone=false only');
  checkCount(records.length);
  const read = records.map((sent: unknown): SentRecord => {
    const { attributes } = (typeof sent === 'object' && sent !== null ? sent : {}) as { attributes?: { type?: unknown } };
    const object = findObject(String(attributes?.type ?? ''));
    if (object === undefined) {
      throw new ApiError(400, 'INVALID_TYPE', `sObject type '${String(attributes?.type)}' is not supported.`);
    }
    return { object, values: parseValues(object, sent) };
  });
  const changes = read.filter((record, index) => index > 0 && record.object !== read[index - 1]?.object).length;
  if (changes >= MOST_TYPE_CHANGES)
    throw new ApiError(400, 'INVALID_INPUT', 'Cannot have more than 10 chunks in a single operation.');
  return read;
}

function takeKey(record: SentRecord, name: string): { key: string; rest: ParsedValues } {
  const field = record.object.fields.get(name);
  const rest = new Map(record.values);
  const key = field === undefined ? null : (rest.get(field) ?? null);
  if (field === undefined || key === null) throw new ApiError(400, 'MISSING_ARGUMENT', `${name} not specified`, []);
  rest.delete(field);
  return { key: String(key), rest };
}

function refuseTwins(org: Org, target: UpsertTarget): void {
  const found = org.store.withExternalId(target.object, target.field.name, target.key);
  if (found.length < 2) return;
  const ids = found.map((row) => row.Id).join(', ');
  const reason = `${target.field.name}: more than one record found for external id field: [${ids}]`;
  throw new ApiError(400, 'DUPLICATE_EXTERNAL_ID', reason, [target.field.name]);
}
