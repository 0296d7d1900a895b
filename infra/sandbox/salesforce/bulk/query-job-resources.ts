import { type ApiAnswer, type ApiCall, type Org, queryWorld, versionOf } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import { afterMs, jobDelayMs } from '../pace.ts';
import { normaliseId } from '../record-ids.ts';
import type { Row, RowReader, Value } from '../record-store.ts';
import { saverOf } from '../saving.ts';
import { chooseAccessPath } from '../soql/access-path.ts';
import { isAggregate } from '../soql/aggregate.ts';
import type { Column } from '../soql/columns.ts';
import { parseSoql } from '../soql/parse.ts';
import type { Query } from '../soql/query.ts';
import type { QueryWorld } from '../soql/query-world.ts';
import { valueAt } from '../soql/resolve.ts';
import { type PreparedQuery, prepareQuery } from '../soql/run.ts';
import { withinScope } from '../soql/scope.ts';
import type { QueryJob } from './bulk-job.ts';
import { csvLine } from './csv-text.ts';
import { asObject, invalidState, readFormat } from './ingest-resources.ts';
import { move } from './ingest-work.ts';
import { jobJson } from './job-json.ts';

const LARGEST_RESULT = 50_000;

type FieldColumn = Extract<Column<PreparedQuery>, { kind: 'field' }>;

/** `POST /jobs/query` */
export function createQueryJob(call: ApiCall, org: Org): ApiAnswer {
  const sent = asObject(call.body);
  if (sent.operation !== 'query' && sent.operation !== 'queryAll') {
    throw new ApiError(400, 'INVALIDJOB', `Operation not supported: ${String(sent.operation)}`);
  }
  if (sent.contentType !== undefined && sent.contentType !== 'CSV') {
    throw new ApiError(400, 'INVALIDJOB', 'Only contentType CSV is supported');
  }
  const world = queryWorld(org, sent.operation === 'queryAll');
  const { query, prepared } = prepareForBulk(String(sent.query ?? ''), world, call.userId);
  const job: QueryJob = {
    kind: 'query',
    id: org.jobs.newId(),
    object: prepared.object,
    operation: sent.operation,
    prepared,
    run: () => prepared.choose(chooseAccessPath(prepared.object, query, world)),
    ...readFormat(sent),
    ...{ apiVersion: versionOf(call), createdAt: org.now(), changedAt: org.now(), state: 'UploadComplete', by: saverOf(call) },
    ...{ processed: 0, rows: [] },
  };
  org.jobs.add(job);
  startQuery(job, org);
  return { status: 200, body: jobJson(job) };
}

/** @throws ApiError API_ERROR for what is no query, and for what bulk queries cannot do. */
function prepareForBulk(statement: string, world: QueryWorld, userId: string): { query: Query; prepared: PreparedQuery } {
  const refuse = (reason: string) => new ApiError(400, 'API_ERROR', reason);
  try {
    const query = withinScope(parseSoql(statement), userId);
    if (isAggregate(query)) throw refuse('Aggregate Relationships not supported in Bulk V2 Query with CSV content type');
    if (query.select.some(({ kind }) => kind !== 'value'))
      throw refuse('Nested queries and TYPEOF are not supported in Bulk V2 Query');
    if (query.offset > 0) throw refuse('OFFSET is not supported in Bulk V2 Query');
    return { query, prepared: prepareQuery(query, world) };
  } catch (error) {
    if (error instanceof ApiError && error.errorCode !== 'API_ERROR') throw refuse(error.message);
    throw error;
  }
}

function startQuery(job: QueryJob, org: Org): void {
  org.later(() => {
    if (job.state !== 'UploadComplete') return;
    move(job, 'InProgress', org);
    org.later(() => {
      if (job.state !== 'InProgress') return;
      if (org.faults.strikeJob() !== null) return move(job, 'Failed', org);
      const rows = job.run();
      afterMs(jobDelayMs(rows.length, org.pace), () => {
        if (job.state !== 'InProgress') return;
        job.rows = rows;
        job.processed = rows.length;
        move(job, 'JobComplete', org);
      });
    });
  });
}

function findQuery(call: ApiCall, org: Org): QueryJob {
  const job = org.jobs.find('query', normaliseId(call.segments[2] ?? '') ?? '');
  if (job === undefined) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  return job;
}

/** `GET`, `PATCH` and `DELETE /jobs/query/{id}` */
export function queryJobResource(call: ApiCall, org: Org): ApiAnswer {
  const job = findQuery(call, org);
  const isOver = job.state === 'JobComplete' || job.state === 'Failed' || job.state === 'Aborted';
  if (call.method === 'DELETE') {
    if (!isOver) throw invalidState(`Job cannot be deleted in state ${job.state}`);
    org.jobs.remove(job);
    return { status: 204 };
  }
  if (call.method === 'PATCH') {
    const { state } = asObject(call.body);
    if (state !== 'Aborted') throw invalidState(`Job state cannot be changed to ${String(state)}`);
    if (isOver) throw invalidState('Aborting already Completed Job not allowed');
    move(job, 'Aborted', org);
  }
  return { status: 200, body: jobJson(job) };
}

/** `GET /jobs/query/{id}/results?locator&maxRecords`: every page has the heading, the header tells the next place or `null`. */
export function queryJobResults(call: ApiCall, org: Org): ApiAnswer {
  const job = findQuery(call, org);
  if (job.state !== 'JobComplete') throw invalidState(`Query job results are not available in state ${job.state}`);
  const start = readLocator(call.params.get('locator'), job);
  const end = Math.min(start + readMaxRecords(call, org), job.rows.length);
  const columns = job.prepared.columns.filter((column) => column.kind === 'field');
  const lines = [csvLine(columns.map(columnName), job)];
  for (const row of job.rows.slice(start, end)) lines.push(csvLine(cells(row, columns, org.store), job));
  const headers = {
    'Content-Type': 'text/csv; charset=UTF-8',
    'Sforce-Locator': end < job.rows.length ? Buffer.from(String(end)).toString('base64url') : 'null',
    'Sforce-NumberOfRecords': String(end - start),
  };
  return { status: 200, headers, body: lines.join('') };
}

function readLocator(locator: string | null, job: QueryJob): number {
  if (locator === null || locator === '') return 0;
  const place = Number(Buffer.from(locator, 'base64url').toString());
  if (!Number.isInteger(place) || place <= 0 || place >= job.rows.length) {
    throw new ApiError(400, 'INVALIDLOCATOR', `Invalid query locator: ${locator}`);
  }
  return place;
}

function readMaxRecords(call: ApiCall, org: Org): number {
  const largest = Math.min(LARGEST_RESULT, org.bulkPageRows);
  const sent = call.params.get('maxRecords');
  if (sent === null) return largest;
  const wanted = Number(sent);
  if (!Number.isInteger(wanted) || wanted < 1) throw new ApiError(400, 'INVALIDREQUEST', `Invalid maxRecords: ${sent}`);
  return Math.min(wanted, largest);
}

/** `Account.Name` */
function columnName({ alias, path: { steps, field } }: FieldColumn): string {
  return alias ?? [...steps.map((step) => step.relationship ?? step.name), field.name].join('.');
}

function cells(row: Row, columns: readonly FieldColumn[], store: RowReader): readonly string[] {
  return columns.map((column) => cell(valueAt(row, column.path, store), column));
}

/** Instants end in Z here, unlike anywhere else. */
function cell(value: Value, { path, write }: FieldColumn): string {
  if (value === null) return '';
  if (write !== null) return String(write(value));
  return path.field.kind === 'datetime' ? String(value).replace('+0000', 'Z') : String(value);
}
