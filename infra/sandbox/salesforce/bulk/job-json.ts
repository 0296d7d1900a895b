import { toInstant } from '../instants.ts';
import type { BulkJob } from './bulk-job.ts';

/** A job as the service tells of it. */
export function jobJson(job: BulkJob): Readonly<Record<string, string | number | boolean>> {
  const common = {
    id: job.id,
    operation: job.operation,
    object: job.object.name,
    createdById: job.by.userId,
    createdDate: toInstant(job.createdAt),
    systemModstamp: toInstant(job.changedAt),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: job.apiVersion,
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
  };
  if (job.state === 'Open' && job.kind === 'ingest') {
    const contentUrl = `services/data/v${job.apiVersion.toFixed(1)}/jobs/ingest/${job.id}/batches`;
    return { ...common, ...externalId(job.externalIdFieldName), jobType: 'V2Ingest', contentUrl };
  }
  const progress = { numberRecordsProcessed: job.processed, retries: 0, totalProcessingTime: job.changedAt - job.createdAt };
  if (job.kind === 'query') return { ...common, jobType: 'V2Query', ...progress, isPkChunkingSupported: true };
  return {
    ...common,
    ...externalId(job.externalIdFieldName),
    jobType: 'V2Ingest',
    ...progress,
    numberRecordsFailed: job.failed,
    apiActiveProcessingTime: job.changedAt - job.createdAt,
    apexProcessingTime: 0,
    ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
  };
}

function externalId(externalIdFieldName: string | null): Readonly<Record<string, string>> {
  return externalIdFieldName === null ? {} : { externalIdFieldName };
}
