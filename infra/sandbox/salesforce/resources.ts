import type { ApiAnswer, ApiCall, Org } from './api-call.ts';
import { ApiError, notFound } from './api-error.ts';
import { createIngest, ingestResource, ingestResults, uploadIngest } from './bulk/ingest-resources.ts';
import { listJobs } from './bulk/job-lists.ts';
import { createQueryJob, queryJobResource, queryJobResults } from './bulk/query-job-resources.ts';
import { deleteCollection, saveCollection, upsertCollection } from './collection-resources.ts';
import { batchResource, compositeResource, graphResource } from './composite-resources.ts';
import { queryMoreResource, queryResource, searchResource } from './query-resources.ts';
import { readCollection } from './record-reading.ts';
import {
  aboutObject,
  changesResource,
  createResource,
  describeResource,
  externalIdResource,
  listObjects,
  recordResource,
} from './sobject-resources.ts';
import { treeResource } from './tree-resource.ts';

type Resource = (call: ApiCall, org: Org) => ApiAnswer;

const MOST_QUERY_JOBS = 10_000;

/** First match wins. A star stands for one segment. */
const RESOURCES: readonly (readonly [methods: string, path: string, resource: Resource])[] = [
  ['GET', '', versionRoot],
  ['GET', 'limits', limits],
  ['GET', 'limits/recordCount', recordCount],
  ['GET', 'recent', recent],
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
  ['GET POST', 'composite/sobjects/*', readCollection],
  ['PATCH', 'composite/sobjects/*/*', upsertCollection],
  ['POST', 'composite/tree/*', treeResource],
  ['POST', 'composite', compositeResource(answerCall)],
  ['POST', 'composite/graph', graphResource(answerCall)],
  ['POST', 'composite/batch', batchResource(answerCall)],
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
    pathKnown = true;
    if (!methods.split(' ').includes(call.method)) continue;
    if ((call.method === 'POST' || call.method === 'PATCH') && call.body === undefined) {
      throw new ApiError(400, 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.');
    }
    return resource(call, org);
  }
  if (!pathKnown) throw notFound();
  throw new ApiError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.method}' not allowed.`);
}

function matches(path: string, segments: readonly string[]): boolean {
  const wanted = path === '' ? [] : path.split('/');
  return wanted.length === segments.length && wanted.every((part, index) => part === '*' || part === segments[index]);
}

function versionRoot(call: ApiCall, org: Org): ApiAnswer {
  const names = ['sobjects', 'query', 'queryAll', 'search', 'limits', 'composite', 'jobs', 'recent'];
  const identity = `${call.origin}/id/${org.organizationId}/${call.userId}`;
  return { status: 200, body: { ...Object.fromEntries(names.map((name) => [name, `${call.base}/${name}`])), identity } };
}

/** What the user looked at last in his browser; the API user has none. */
function recent(): ApiAnswer {
  return { status: 200, body: [] };
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

/** `GET /limits/recordCount?sObjects=Contact,Lead`: all objects unless told which. */
function recordCount(call: ApiCall, org: Org): ApiAnswer {
  const wanted = call.params.get('sObjects')?.toLowerCase().split(',');
  const objects = [...org.schema.values()].filter(({ name }) => wanted === undefined || wanted.includes(name.toLowerCase()));
  return {
    status: 200,
    body: { sObjects: objects.map((object) => ({ count: org.store.countLive(object), name: object.name })) },
  };
}
