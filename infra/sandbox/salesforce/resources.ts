import type { ApiAnswer, ApiCall, Org } from './api-call.ts';
import { ApiError, errorBody, notFound } from './api-error.ts';
import { createIngest, ingestResource, ingestResults, uploadIngest } from './bulk/ingest-resources.ts';
import { listJobs } from './bulk/job-lists.ts';
import { createQueryJob, queryJobResource, queryJobResults } from './bulk/query-job-resources.ts';
import { deleteCollection, saveCollection, upsertCollection } from './collection-resources.ts';
import { queryMoreResource, queryResource, searchResource } from './query-resources.ts';
import {
  aboutObject,
  changesResource,
  createResource,
  describeResource,
  externalIdResource,
  listObjects,
  readCollection,
  recordResource,
} from './sobject-resources.ts';

type Resource = (call: ApiCall, org: Org) => ApiAnswer;

const MOST_SUBREQUESTS = 25;
const MOST_QUERY_JOBS = 10_000;

/** First match wins. A star stands for one segment. */
const RESOURCES: readonly (readonly [methods: string, path: string, resource: Resource])[] = [
  ['GET', '', versionRoot],
  ['GET', 'limits', limits],
  ['GET', 'query', queryResource],
  ['GET', 'query/*', queryMoreResource],
  ['GET', 'queryAll', queryResource],
  ['GET', 'queryAll/*', queryMoreResource],
  ['GET', 'search', searchResource],
  ['GET', 'sobjects', listObjects],
  ['GET', 'sobjects/*', aboutObject],
  ['POST', 'sobjects/*', createResource],
  ['GET', 'sobjects/*/describe', describeResource],
  ['GET', 'sobjects/*/updated', changesResource],
  ['GET', 'sobjects/*/deleted', changesResource],
  ['GET PATCH DELETE', 'sobjects/*/*', recordResource],
  ['GET PATCH DELETE', 'sobjects/*/*/*', externalIdResource],
  ['POST PATCH', 'composite/sobjects', saveCollection],
  ['DELETE', 'composite/sobjects', deleteCollection],
  ['POST', 'composite/sobjects/*', readCollection],
  ['PATCH', 'composite/sobjects/*/*', upsertCollection],
  ['POST', 'composite', composite],
  ['GET', 'jobs/ingest', listJobs],
  ['POST', 'jobs/ingest', createIngest],
  ['GET PATCH DELETE', 'jobs/ingest/*', ingestResource],
  ['PUT', 'jobs/ingest/*/batches', uploadIngest],
  ['GET', 'jobs/ingest/*/*', ingestResults],
  ['GET', 'jobs/query', listJobs],
  ['POST', 'jobs/query', createQueryJob],
  ['GET PATCH DELETE', 'jobs/query/*', queryJobResource],
  ['GET', 'jobs/query/*/results', queryJobResults],
];

/** Answers one call. @throws ApiError */
export function answerCall(call: ApiCall, org: Org): ApiAnswer {
  let pathKnown = false;
  for (const [methods, path, resource] of RESOURCES) {
    if (!matches(path, call.segments)) continue;
    if (methods.split(' ').includes(call.method)) return resource(call, org);
    pathKnown = true;
  }
  if (!pathKnown) throw notFound();
  throw new ApiError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.method}' not allowed.`);
}

function matches(path: string, segments: readonly string[]): boolean {
  const wanted = path === '' ? [] : path.split('/');
  return wanted.length === segments.length && wanted.every((part, index) => part === '*' || part === segments[index]);
}

function versionRoot(call: ApiCall): ApiAnswer {
  const names = ['sobjects', 'query', 'queryAll', 'search', 'limits', 'composite', 'jobs'];
  return { status: 200, body: Object.fromEntries(names.map((name) => [name, `${call.base}/${name}`])) };
}

function limits(_call: ApiCall, org: Org): ApiAnswer {
  const { used, limit } = org.usage();
  return {
    status: 200,
    body: {
      DailyApiRequests: { Max: limit, Remaining: Math.max(0, limit - used) },
      DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
      DailyBulkV2QueryFileStorageMB: { Max: 976_562, Remaining: 976_562 },
      DailyBulkV2QueryJobs: { Max: MOST_QUERY_JOBS, Remaining: Math.max(0, MOST_QUERY_JOBS - org.jobs.countQueries()) },
    },
  };
}

/** `POST /composite`: each part is answered as if it came alone; the envelope is 200 even when parts fail. */
function composite(call: ApiCall, org: Org): ApiAnswer {
  const { compositeRequest: parts } = (typeof call.body === 'object' && call.body !== null ? call.body : {}) as Record<
    string,
    unknown
  >;
  if (!Array.isArray(parts) || parts.length === 0) throw new ApiError(400, 'JSON_PARSER_ERROR', 'compositeRequest is required');
  if (parts.length > MOST_SUBREQUESTS) {
    throw new ApiError(400, 'LIMIT_EXCEEDED', `The number of subrequests exceeds the limit of ${MOST_SUBREQUESTS}.`);
  }
  return { status: 200, body: { compositeResponse: parts.map((part: unknown) => answerPart(part, call, org)) } };
}

function answerPart(sent: unknown, call: ApiCall, org: Org): object {
  const { method, url, referenceId, body } = (typeof sent === 'object' && sent !== null ? sent : {}) as Record<string, unknown>;
  const answer = answerSafely(() => {
    const parsed = new URL(String(url), 'http://localhost');
    if (!parsed.pathname.startsWith(`${call.base}/`)) throw notFound();
    const segments = toSegments(parsed.pathname.slice(call.base.length));
    return answerCall({ ...call, method: String(method), segments, params: parsed.searchParams, body }, org);
  });
  return { body: answer.body ?? null, httpHeaders: answer.headers ?? {}, httpStatusCode: answer.status, referenceId };
}

/** A refusal as an answer. */
export function answerSafely(answer: () => ApiAnswer): ApiAnswer {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: errorBody(error) };
  }
}

/** Decodes the segments of a path. @throws ApiError for an escape that is none. */
export function toSegments(path: string): readonly string[] {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    throw notFound();
  }
}
