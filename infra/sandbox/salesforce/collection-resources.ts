import type { ApiAnswer, ApiCall, Org } from './api-call.ts';
import { ApiError, rowError } from './api-error.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { type ParsedValues, parseValues } from './parsed-values.ts';
import {
  deleteRecord,
  externalIdField,
  insertRecord,
  objectInPath,
  refuseTwins,
  saverOf,
  updateRecord,
  upsertRecord,
} from './saving.ts';
import { findObject, objectOfId } from './schema.ts';

const MOST_RECORDS = 200;
const MOST_TYPE_CHANGES = 10;

interface SentRecord {
  readonly object: ObjectDefinition;
  readonly values: ParsedValues;
}

interface RowResult {
  readonly id?: unknown;
  readonly success: boolean;
  readonly errors: readonly object[];
}

/** `POST /composite/sobjects` creates, `PATCH /composite/sobjects` updates by Id: one result per record, in order. */
export function saveCollection(call: ApiCall, org: Org): ApiAnswer {
  const { records, allOrNone } = readRecords(call.body, org);
  const by = saverOf(call);
  const save = (record: SentRecord): RowResult => {
    if (call.method === 'POST') {
      return { id: insertRecord(org, record.object, record.values, by).Id, success: true, errors: [] };
    }
    const { key: id, rest } = takeKey(record, 'Id');
    updateRecord(org, { object: record.object, id }, rest, by);
    return { id, success: true, errors: [] };
  };
  return { status: 200, body: rowResults(records, save, allOrNone, org) };
}

/** `PATCH /composite/sobjects/X/{ExternalIdField}`; by Id it creates what has none and updates the others. */
export function upsertCollection(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[2], org);
  const { records, allOrNone } = readRecords(call.body, org);
  const save = call.segments[3]?.toLowerCase() === 'id' ? upsertById(call, org) : upsertByKey(call, object, records, org);
  const checked = (record: SentRecord): RowResult => {
    if (record.object !== object) throw new ApiError(400, 'INVALID_TYPE', 'All records must be of the type named in the URL');
    return save(record);
  };
  return { status: 200, body: rowResults(records, checked, allOrNone, org) };
}

function upsertById(call: ApiCall, org: Org): (record: SentRecord) => RowResult & { readonly created: boolean } {
  const by = saverOf(call);
  return (record) => {
    const idField = record.object.fields.get('Id');
    if (idField === undefined || (record.values.get(idField) ?? null) === null) {
      return { id: insertRecord(org, record.object, record.values, by).Id, success: true, errors: [], created: true };
    }
    const { key: id, rest } = takeKey(record, 'Id');
    updateRecord(org, { object: record.object, id }, rest, by);
    return { id, success: true, errors: [], created: false };
  };
}

function upsertByKey(
  call: ApiCall,
  object: ObjectDefinition,
  records: readonly SentRecord[],
  org: Org,
): (record: SentRecord) => RowResult & { readonly created: boolean } {
  const by = saverOf(call);
  const field = externalIdField(object, call.segments[3]);
  const keyOf = (record: SentRecord) => String(record.values.get(field) ?? '').toLowerCase();
  const counts = new Map<string, number>();
  for (const record of records) counts.set(keyOf(record), (counts.get(keyOf(record)) ?? 0) + 1);
  return (record) => {
    const { key, rest } = takeKey(record, field.name);
    if ((counts.get(keyOf(record)) ?? 0) > 1) {
      throw new ApiError(400, 'DUPLICATE_VALUE', `Duplicate external id specified: ${key}`, [field.name]);
    }
    const target = { object, field, key };
    refuseTwins(org, target);
    const { id, created } = upsertRecord(org, target, rest, by);
    return { id, success: true, errors: [], created };
  };
}

/** `DELETE /composite/sobjects?ids=…` */
export function deleteCollection(call: ApiCall, org: Org): ApiAnswer {
  const ids = (call.params.get('ids') ?? '').split(',').filter((id) => id !== '');
  checkCount(ids.length);
  const remove = (id: string): RowResult => {
    const object = objectOfId(id);
    if (object === undefined) throw new ApiError(400, 'MALFORMED_ID', `bad id ${id}`, ['Id']);
    deleteRecord(org, { object, id }, saverOf(call));
    return { id, success: true, errors: [] };
  };
  return { status: 200, body: rowResults(ids, remove, call.params.get('allOrNone') === 'true', org) };
}

const ROLLED_BACK = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
};

/** Thrown to take everything back; the results say what went wrong. */
class RolledBack extends Error {
  readonly results: readonly RowResult[];
  constructor(results: readonly RowResult[]) {
    super('not all records were valid');
    this.results = results;
  }
}

function rowResults<Item>(
  items: readonly Item[],
  save: (item: Item) => RowResult,
  allOrNone: boolean,
  org: Org,
): readonly RowResult[] {
  if (!allOrNone) return items.map((item) => rowResult(() => save(item)));
  try {
    return org.store.transact(() => {
      const results = items.map((item) => rowResult(() => save(item)));
      if (results.some(({ success }) => !success)) throw new RolledBack(results);
      return results;
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    return error.results.map((result) => (result.success ? { success: false, errors: [ROLLED_BACK] } : result));
  }
}

function rowResult(save: () => RowResult): RowResult {
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
function readRecords(body: unknown, org: Org): { readonly records: readonly SentRecord[]; readonly allOrNone: boolean } {
  const { allOrNone, records } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (!Array.isArray(records)) throw new ApiError(400, 'JSON_PARSER_ERROR', 'The request body must hold an array named records');
  checkCount(records.length);
  const read = records.map((sent: unknown): SentRecord => {
    const { attributes } = (typeof sent === 'object' && sent !== null ? sent : {}) as { attributes?: { type?: unknown } };
    const object = findObject(String(attributes?.type ?? ''), org.schema);
    if (object === undefined) {
      throw new ApiError(400, 'INVALID_TYPE', `sObject type '${String(attributes?.type)}' is not supported.`);
    }
    return { object, values: parseValues(object, sent, org.schema) };
  });
  const changes = read.filter((record, index) => index > 0 && record.object !== read[index - 1]?.object).length;
  if (changes >= MOST_TYPE_CHANGES)
    throw new ApiError(400, 'INVALID_INPUT', 'Cannot have more than 10 chunks in a single operation.');
  return { records: read, allOrNone: allOrNone === true };
}

function takeKey(record: SentRecord, name: string): { key: string; rest: ParsedValues } {
  const field = record.object.fields.get(name);
  const rest = new Map(record.values);
  const key = field === undefined ? null : (rest.get(field) ?? null);
  if (field === undefined || key === null) throw new ApiError(400, 'MISSING_ARGUMENT', `${name} not specified`, []);
  rest.delete(field);
  return { key: String(key), rest };
}
