import type { ObjectDefinition } from '../object-definition.ts';
import { makeRecordId } from '../record-ids.ts';
import type { Row } from '../record-store.ts';
import type { Saver } from '../saving.ts';
import type { PreparedQuery } from '../soql/run.ts';
import type { CsvFormat } from './csv-text.ts';

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';

interface Job extends CsvFormat {
  readonly id: string;
  readonly object: ObjectDefinition;
  readonly apiVersion: number;
  /** Milliseconds. */
  readonly createdAt: number;
  changedAt: number;
  state: JobState;
  processed: number;
  by: Saver;
}

export type IngestOperation = 'insert' | 'update' | 'upsert' | 'delete';

export interface IngestJob extends Job {
  readonly kind: 'ingest';
  readonly operation: IngestOperation;
  readonly externalIdFieldName: string | null;
  content: string | null;
  failed: number;
  errorMessage: string | null;
  /** CSV with its heading, grown while the job works. */
  successfulResults: string[];
  failedResults: string[];
  unprocessedRecords: string[];
}

export interface QueryJob extends Job {
  readonly kind: 'query';
  readonly operation: 'query' | 'queryAll';
  readonly prepared: PreparedQuery;
  readonly run: () => readonly Row[];
  rows: readonly Row[];
}

export type BulkJob = IngestJob | QueryJob;

/** The jobs of the org. The oldest go when there are too many; the service keeps them for a week. */
export interface BulkJobs {
  newId(): string;
  add(job: BulkJob): void;
  find<Kind extends BulkJob['kind']>(kind: Kind, id: string): Extract<BulkJob, { kind: Kind }> | undefined;
  remove(job: BulkJob): void;
  /** The latest first. */
  list(kind: BulkJob['kind']): readonly BulkJob[];
  /** Query jobs made since the start. */
  countQueries(): number;
}

const MOST_JOBS = 1000;

export function createBulkJobs(): BulkJobs {
  const jobs = new Map<string, BulkJob>();
  let serial = 0;
  let queries = 0;
  return {
    newId: () => {
      serial += 1;
      return makeRecordId('750', serial);
    },
    add: (job) => {
      if (job.kind === 'query') queries += 1;
      jobs.set(job.id, job);
      const [oldest] = jobs.keys();
      if (jobs.size > MOST_JOBS && oldest !== undefined) jobs.delete(oldest);
    },
    find: <Kind extends BulkJob['kind']>(kind: Kind, id: string) => {
      const job = jobs.get(id);
      return job?.kind === kind ? (job as Extract<BulkJob, { kind: Kind }>) : undefined;
    },
    remove: (job) => void jobs.delete(job.id),
    list: (kind) => [...jobs.values()].filter((job) => job.kind === kind).reverse(),
    countQueries: () => queries,
  };
}
