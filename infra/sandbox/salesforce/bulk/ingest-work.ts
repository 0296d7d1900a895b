import type { Org } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import type { FieldDefinition } from '../object-definition.ts';
import type { ParsedValues } from '../parsed-values.ts';
import { deleteRecord, externalIdField, insertRecord, refuseTwins, updateRecord, upsertRecord } from '../saving.ts';
import { findField, findObject } from '../schema.ts';
import type { IngestJob } from './bulk-job.ts';
import { csvLine, parseCsv } from './csv-text.ts';
import { readHeading, readLine } from './ingest-columns.ts';

/** As many records as the service saves in one transaction. */
const SLICE = 200;
const LONGEST_CELL = 32_000;

/** Starts a job whose upload is complete; it works a slice at a time and leaves the door open in between. */
export function startIngest(job: IngestJob, org: Org): void {
  org.later(() => {
    if (job.state !== 'UploadComplete') return;
    move(job, 'InProgress', org);
    try {
      const breakdown = org.faults.strikeJob();
      if (breakdown !== null) throw new Error(breakdown);
      const [heading = [], ...lines] = parseCsv(job.content ?? '', job);
      const saver = prepareLines(job, heading, lines, org);
      job.successfulResults = [csvLine(['sf__Id', 'sf__Created', ...heading], job)];
      job.failedResults = [csvLine(['sf__Id', 'sf__Error', ...heading], job)];
      job.unprocessedRecords = [csvLine(heading, job)];
      workThrough(job, lines, saver, org);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      job.errorMessage = error.message;
      job.unprocessedRecords = [job.content ?? ''];
      move(job, 'Failed', org);
    }
  });
}

interface LineSaver {
  save(cells: readonly string[]): { readonly id: string; readonly created: boolean };
  /** By which an upsert finds its record; null for everything else. */
  keyOf(cells: readonly string[]): string | null;
}

function workThrough(job: IngestJob, lines: readonly (readonly string[])[], saver: LineSaver, org: Org): void {
  const next = (start: number): void => {
    if (job.state === 'Aborted') {
      for (const cells of lines.slice(start)) job.unprocessedRecords.push(csvLine(cells, job));
      return;
    }
    const slice = lines.slice(start, start + SLICE);
    const twins = keysMetTwice(slice, saver);
    for (const cells of slice) record(job, cells, saver, twins);
    if (start + SLICE >= lines.length) move(job, 'JobComplete', org);
    else org.later(() => next(start + SLICE));
  };
  org.later(() => next(0));
}

/** Of what is saved together no two lines may mean the same record. */
function keysMetTwice(slice: readonly (readonly string[])[], { keyOf }: LineSaver): ReadonlySet<string> {
  const met = new Set<string>();
  const twice = new Set<string>();
  for (const key of slice.map(keyOf)) {
    if (key !== null) (met.has(key) ? twice : met).add(key);
  }
  return twice;
}

function record(job: IngestJob, cells: readonly string[], saver: LineSaver, twins: ReadonlySet<string>): void {
  job.processed += 1;
  try {
    const key = saver.keyOf(cells);
    if (key !== null && twins.has(key)) {
      const fields = job.externalIdFieldName === null ? [] : [job.externalIdFieldName];
      throw new ApiError(400, 'DUPLICATE_VALUE', `Duplicate external id specified: ${key}`, fields);
    }
    const { id, created } = saver.save(cells);
    job.successfulResults.push(csvLine([id, String(created), ...cells], job));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    job.failed += 1;
    const fields = error.fields.length === 0 ? '' : `${error.fields.join(',')} `;
    job.failedResults.push(csvLine(['', `${error.errorCode}:${error.message}:${fields}--`, ...cells], job));
  }
}

/** How one line is saved. @throws Error when the file does not fit the job, or the job no longer fits the org */
function prepareLines(job: IngestJob, heading: readonly string[], lines: readonly (readonly string[])[], org: Org): LineSaver {
  const { operation, by } = job;
  // As the user sees it now, and not as he did when he made the job.
  const object = findObject(job.object.name, org.schema) ?? job.object;
  if (lines.some((cells) => cells.some((cell) => cell.length > LONGEST_CELL))) {
    throw new Error(`InvalidBatch : Maximum number of characters allowed in a field: ${LONGEST_CELL}`);
  }
  const columns = readHeading(object, heading, org.schema);
  const idField = findField(object, 'Id');
  const key =
    operation === 'upsert' && job.externalIdFieldName !== 'Id' ? externalIdField(object, job.externalIdFieldName ?? '') : idField;
  if (operation !== 'insert' && !columns.some(({ field }) => field === key)) {
    throw new Error(`InvalidBatch : Field name not found : ${key?.name ?? 'Id'}`);
  }
  if (operation === 'delete' && columns.length > 1) {
    throw new Error('InvalidBatch : Invalid header for delete: only the Id column is allowed');
  }
  const save: LineSaver['save'] = (cells) => {
    const values = readLine(columns, cells);
    if (operation === 'insert') return { id: String(insertRecord(org, object, values, by).Id), created: true };
    const { id, rest } = takeKey(values, key);
    if (operation === 'delete') deleteRecord(org, { object, id }, by);
    else if (operation === 'update') updateRecord(org, { object, id }, rest, by);
    else return upsertLine({ object, by }, { key, value: id, rest }, org);
    return { id, created: false };
  };
  const place = operation === 'upsert' ? columns.findIndex(({ field }) => field === key) : -1;
  const keyOf = (cells: readonly string[]) => {
    const cell = cells[place] ?? '';
    return cell === '' ? null : cell.toLowerCase();
  };
  return { save, keyOf };
}

function upsertLine(
  { object, by }: Pick<IngestJob, 'object' | 'by'>,
  { key, value, rest }: { readonly key: FieldDefinition | undefined; readonly value: string; readonly rest: ParsedValues },
  org: Org,
): { readonly id: string; readonly created: boolean } {
  if (key === undefined || key.kind === 'id') {
    updateRecord(org, { object, id: value }, rest, by);
    return { id: value, created: false };
  }
  const target = { object, field: key, key: value };
  refuseTwins(org, target);
  return upsertRecord(org, target, rest, by);
}

function takeKey(values: ParsedValues, key: FieldDefinition | undefined): { readonly id: string; readonly rest: ParsedValues } {
  const rest = new Map(values);
  const id = key === undefined ? null : (rest.get(key) ?? null);
  if (key === undefined || id === null || typeof id === 'object') {
    throw new ApiError(400, 'MISSING_ARGUMENT', `${key?.name ?? 'Id'} not specified`);
  }
  rest.delete(key);
  return { id: String(id), rest };
}

export function move(job: { state: string; changedAt: number }, state: IngestJob['state'], org: Org): void {
  job.state = state;
  job.changedAt = org.now();
}
