import type { ApiAnswer, ApiCall, Org } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import { jobJson } from './job-json.ts';

const PAGE = 1000;

/** `GET /jobs/ingest` and `/jobs/query`: what jobs there are, the latest first. */
export function listJobs(call: ApiCall, org: Org): ApiAnswer {
  const kind = call.segments[1] === 'query' ? 'query' : 'ingest';
  const start = Number(call.params.get('queryLocator') ?? 0);
  if (!Number.isInteger(start) || start < 0) throw new ApiError(400, 'INVALIDLOCATOR', 'Invalid query locator');
  const jobs = org.jobs.list(kind);
  const records = jobs.slice(start, start + PAGE).map(jobJson);
  const done = start + PAGE >= jobs.length;
  const nextRecordsUrl = done ? null : `${call.base}/jobs/${kind}?queryLocator=${start + PAGE}`;
  return { status: 200, body: { done, records, nextRecordsUrl } };
}
