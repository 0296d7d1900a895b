import { type ApiAnswer, type ApiCall, type Org, versionOf } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import { normaliseId } from '../record-ids.ts';
import { wrongType } from '../request-body.ts';
import { isLookedUp, saverOf } from '../saving.ts';
import { findField, findObject } from '../schema.ts';
import type { IngestJob, IngestOperation } from './bulk-job.ts';
import { type CsvFormat, DELIMITERS, LINE_ENDINGS } from './csv-text.ts';
import { move, startIngest } from './ingest-work.ts';
import { jobJson } from './job-json.ts';

const OPERATIONS: readonly string[] = ['insert', 'update', 'upsert', 'delete'];

const invalidJob = (reason: string) => new ApiError(400, 'INVALIDJOB', reason);
export const invalidState = (reason: string) => new ApiError(400, 'INVALIDJOBSTATE', reason);

/** `POST /jobs/ingest` */
export function createIngest(call: ApiCall, org: Org): ApiAnswer {
  const sent = asObject(call.body);
  const object = findObject(String(sent.object ?? ''), org.schema);
  if (object === undefined) throw invalidJob(`Unable to find object: ${String(sent.object)}`);
  const operation = String(sent.operation ?? '');
  if (operation === 'hardDelete') {
    const reason = 'hardDelete operation requires special user profile permission, please contact your system administrator';
    throw new ApiError(400, 'FEATURENOTENABLED', reason);
  }
  if (!OPERATIONS.includes(operation)) throw invalidJob(`Operation not supported: ${operation}`);
  if (sent.contentType !== undefined && sent.contentType !== 'CSV') throw invalidJob('Only contentType CSV is supported');
  // There are no assignment rules in the org.
  if ((sent.assignmentRuleId ?? null) !== null) {
    throw invalidJob(`Assignment rule not found: ${String(sent.assignmentRuleId)}`);
  }
  if (!object.writable) throw new ApiError(400, 'INVALIDENTITY', `Entity '${object.name}' is not supported by the Bulk API.`);
  const job: IngestJob = {
    kind: 'ingest',
    id: org.jobs.newId(),
    object,
    operation: operation as IngestOperation,
    externalIdFieldName: operation === 'upsert' ? upsertKey(object.name, sent.externalIdFieldName, org) : null,
    ...readFormat(sent),
    ...{ apiVersion: versionOf(call), createdAt: org.now(), changedAt: org.now(), state: 'Open', by: saverOf(call) },
    ...{ content: null, processed: 0, failed: 0, errorMessage: null },
    ...{ successfulResults: [], failedResults: [], unprocessedRecords: [] },
  };
  org.jobs.add(job);
  return { status: 200, body: jobJson(job) };
}

function upsertKey(objectName: string, sent: unknown, org: Org): string {
  if (typeof sent !== 'string' || sent === '') {
    throw invalidJob(`External ID was blank for ${objectName}. An External ID must be specified for upsert.`);
  }
  const object = findObject(objectName, org.schema);
  const field = object === undefined ? undefined : findField(object, sent);
  if (field === undefined || (!isLookedUp(field) && field.kind !== 'id')) {
    throw invalidJob(
      `Field name provided, ${sent} does not match an External ID, Salesforce Id, or indexed field for ${objectName}`,
    );
  }
  return field.name;
}

export function readFormat(sent: Record<string, unknown>): CsvFormat {
  const columnDelimiter = String(sent.columnDelimiter ?? 'COMMA');
  const lineEnding = String(sent.lineEnding ?? 'LF');
  if (!(columnDelimiter in DELIMITERS)) throw invalidJob(`Unknown columnDelimiter: ${columnDelimiter}`);
  if (!(lineEnding in LINE_ENDINGS)) throw invalidJob(`Unknown lineEnding: ${lineEnding}`);
  return { columnDelimiter, lineEnding };
}

export function asObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'The request body must be an object');
  }
  return body as Record<string, unknown>;
}

function findIngest(call: ApiCall, org: Org): IngestJob {
  const job = org.jobs.find('ingest', normaliseId(call.segments[2] ?? '') ?? '');
  if (job === undefined) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  return job;
}

/** `PUT /jobs/ingest/{id}/batches`: once. */
export function uploadIngest(call: ApiCall, org: Org): ApiAnswer {
  const job = findIngest(call, org);
  if (job.state !== 'Open') throw invalidState(`Job is not in Open state: ${job.state}`);
  if (job.content !== null) {
    const cure =
      "please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.";
    throw invalidState(`Found multiple contents for job: <${job.id}>, ${cure}`);
  }
  if (call.body !== undefined && !/^text\/csv\b/i.test(call.header('content-type') ?? '')) throw wrongType();
  job.content = typeof call.body === 'string' ? call.body : '';
  job.changedAt = org.now();
  return { status: 201 };
}

/** `GET`, `PATCH` and `DELETE /jobs/ingest/{id}` */
export function ingestResource(call: ApiCall, org: Org): ApiAnswer {
  const job = findIngest(call, org);
  if (call.method === 'DELETE') return removeIngest(job, org);
  if (call.method === 'PATCH') changeState(job, asObject(call.body).state, org);
  return { status: 200, body: jobJson(job) };
}

function removeIngest(job: IngestJob, org: Org): ApiAnswer {
  if (job.state === 'Open' || job.state === 'InProgress') throw invalidState(`Job cannot be deleted in state ${job.state}`);
  // What waits for its turn finds itself aborted.
  if (job.state === 'UploadComplete') move(job, 'Aborted', org);
  org.jobs.remove(job);
  return { status: 204 };
}

function changeState(job: IngestJob, state: unknown, org: Org): void {
  const isOver = job.state === 'JobComplete' || job.state === 'Failed' || job.state === 'Aborted';
  if (state === 'Aborted') {
    if (isOver) throw invalidState('Aborting already Completed Job not allowed');
    if (job.state !== 'InProgress') job.unprocessedRecords = [job.content ?? ''];
    move(job, 'Aborted', org);
  } else if (state === 'UploadComplete') {
    if (job.state !== 'Open') throw invalidState('Closing already closed Job not allowed');
    move(job, 'UploadComplete', org);
    startIngest(job, org);
  } else {
    throw invalidState(`Job state cannot be changed to ${String(state)}`);
  }
}

type ResultName = 'successfulResults' | 'failedResults' | 'unprocessedRecords';

const RESULTS: Readonly<Record<string, ResultName>> = {
  successfulresults: 'successfulResults',
  failedresults: 'failedResults',
  unprocessedrecords: 'unprocessedRecords',
};

/** `GET /jobs/ingest/{id}/successfulResults`, `…/failedResults`, `…/unprocessedrecords` */
export function ingestResults(call: ApiCall, org: Org): ApiAnswer {
  const job = findIngest(call, org);
  const name = RESULTS[(call.segments[3] ?? '').toLowerCase()];
  if (name === undefined) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  if (job.state === 'Open' || job.state === 'UploadComplete' || job.state === 'InProgress') {
    throw invalidState(`Job results are not available in state ${job.state}`);
  }
  return { status: 200, headers: { 'Content-Type': 'text/csv; charset=UTF-8' }, body: job[name].join('') };
}
