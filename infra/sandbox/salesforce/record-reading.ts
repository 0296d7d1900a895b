import type { ApiAnswer, ApiCall, Org } from './api-call.ts';
import { ApiError, notFound } from './api-error.ts';
import { entityTag, isKnownRecord } from './conditional-requests.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { normaliseId } from './record-ids.ts';
import { wholeRecord } from './record-json.ts';
import type { Row } from './record-store.ts';
import { objectInPath } from './saving.ts';
import { findField } from './schema.ts';

const MOST_READ = 2000;

/** @throws ApiError for what stands where an id should: the service takes it for the name of a key field */
export function idInPath(sent: string): string {
  const id = normaliseId(sent);
  if (id !== null) return id;
  throw new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${sent}`);
}

/** One record, or 304 when the client's headers say that it knows it as it stands. */
export function readRecord(call: ApiCall, object: ObjectDefinition, row: Row): ApiAnswer {
  const tag = entityTag(object, row);
  const headers = tag === null ? {} : { ETag: tag };
  if (isKnownRecord(call, object, row)) return { status: 304, headers };
  return { status: 200, headers, body: chosenFields(call.params.get('fields'), object, row, call.base) };
}

/** @throws ApiError when it is not there, or lies in the recycle bin */
export function readableRecord(org: Org, object: ObjectDefinition, sent: string): Row {
  const id = idInPath(sent);
  const row = id.startsWith(object.prefix) ? org.store.get(id) : undefined;
  if (row === undefined) throw notFound();
  if (row.IsDeleted === true) throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  return row;
}

/** @param wanted names with commas between them; null for all fields */
function chosenFields(wanted: string | null, object: ObjectDefinition, row: Row, base: string): object {
  const whole = wholeRecord(object, row, base);
  if (wanted === null) return whole;
  const names = fieldNames(wanted.split(','), object);
  return Object.fromEntries(
    Object.entries(whole).filter(([name]) => name === 'attributes' || name === 'Id' || names.includes(name)),
  );
}

function fieldNames(wanted: readonly string[], object: ObjectDefinition): readonly string[] {
  return wanted.map((name) => {
    const field = findField(object, name.trim());
    if (field !== undefined) return field.name;
    throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
  });
}

/** `GET` and `POST /composite/sobjects/X` read records by their ids: null for one that is not there. */
export function readCollection(call: ApiCall, org: Org): ApiAnswer {
  const object = objectInPath(call.segments[2], org);
  const { ids, fields } = call.method === 'GET' ? askedInAddress(call) : askedInBody(call);
  if (ids.length > MOST_READ) {
    const reason = `record limit reached. cannot submit more than ${MOST_READ} records into this call`;
    throw new ApiError(400, 'EXCEEDED_ID_LIMIT', reason);
  }
  const wanted = fieldNames(fields, object).join(',');
  const body = ids.map((sent) => {
    const id = normaliseId(sent);
    if (id === null) throw new ApiError(400, 'MALFORMED_ID', `malformed id ${sent}`);
    const row = id.startsWith(object.prefix) ? org.store.get(id) : undefined;
    return row === undefined || row.IsDeleted === true ? null : chosenFields(wanted, object, row, call.base);
  });
  return { status: 200, body };
}

interface AskedRecords {
  readonly ids: readonly string[];
  readonly fields: readonly string[];
}

function askedInBody({ body }: ApiCall): AskedRecords {
  const { ids, fields } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (!Array.isArray(ids) || !Array.isArray(fields)) throw new ApiError(400, 'JSON_PARSER_ERROR', 'ids and fields are required');
  return { ids: ids.map(String), fields: fields.map(String) };
}

function askedInAddress({ params }: ApiCall): AskedRecords {
  const [ids = [], fields = []] = ['ids', 'fields'].map((name) => params.get(name)?.split(','));
  if (ids.length === 0 || fields.length === 0) throw new ApiError(400, 'INVALID_INPUT', 'ids and fields are required');
  return { ids, fields };
}
