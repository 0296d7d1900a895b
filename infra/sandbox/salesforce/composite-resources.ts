import { type ApiAnswer, type ApiCall, type Org, versionOf } from './api-call.ts';
import { ApiError, errorBody, notFound } from './api-error.ts';
import { fillReferences } from './composite-references.ts';
import { answerSafely, toSegments } from './path-segments.ts';

type AnswerCall = (call: ApiCall, org: Org) => ApiAnswer;

const MOST_PARTS = 25;
const MOST_LARGE_PARTS = 5;
const MOST_NODES = 500;
const MOST_GRAPHS = 75;
/** The parts of a batch may be of an older version than the batch. */
const OLDEST_IN_BATCH = 34;
/** Single records, and nothing else. */
const IN_GRAPH = /^\/services\/data\/v\d+\.0\/sobjects\/[^/?]+(\/[^/?]+){0,2}\/?(\?|$)/;
const HALTED = 'The transaction was rolled back since another operation in the same transaction failed.';

interface Part {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, unknown>>;
}

interface PartAnswer {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
}

/** Thrown to take everything back; the answers say what went wrong. */
class Halted extends Error {
  readonly answers: readonly PartAnswer[];
  constructor(answers: readonly PartAnswer[]) {
    super(HALTED);
    this.answers = answers;
  }
}

/** `POST /composite`: each part is answered as if it came alone; the envelope is 200 even when parts fail. */
export function compositeResource(answerCall: AnswerCall): AnswerCall {
  return (call, org) => {
    const sent = asObject(call.body);
    const parts = readParts(sent.compositeRequest, MOST_PARTS);
    const isLarge = ({ url }: Part) => /\/(query|queryAll|composite\/sobjects|composite\/tree)\b/.test(url);
    if (parts.filter(isLarge).length > MOST_LARGE_PARTS) {
      const reason = `The number of query and sObject collection subrequests exceeds the limit of ${MOST_LARGE_PARTS}.`;
      throw new ApiError(400, 'LIMIT_EXCEEDED', reason);
    }
    const answers = answerParts(parts, { call, org, answerCall, allOrNone: sent.allOrNone === true });
    return { status: 200, body: { compositeResponse: answers } };
  };
}

/** `POST /composite/graph`: each graph is a transaction of its own. */
export function graphResource(answerCall: AnswerCall): AnswerCall {
  return (call, org) => {
    const { graphs } = asObject(call.body);
    if (!Array.isArray(graphs) || graphs.length === 0) throw new ApiError(400, 'JSON_PARSER_ERROR', 'graphs is required');
    if (graphs.length > MOST_GRAPHS) throw tooMany('graphs', MOST_GRAPHS);
    const read = graphs.map((graph: unknown) => {
      const { graphId, compositeRequest } = asObject(graph);
      if (typeof graphId !== 'string' || graphId === '')
        throw new ApiError(400, 'INVALID_INPUT', 'Each graph must have a graphId.');
      const parts = readParts(compositeRequest, MOST_NODES);
      const stranger = parts.find(({ url }) => !IN_GRAPH.test(url));
      if (stranger !== undefined) {
        throw new ApiError(400, 'INVALID_INPUT', `The resource ${stranger.url} cannot be used in a composite graph request.`);
      }
      return { graphId, parts };
    });
    if (new Set(read.map(({ graphId }) => graphId)).size < read.length) {
      throw new ApiError(400, 'INVALID_INPUT', 'Each graphId must be unique in the request.');
    }
    if (read.reduce((sum, { parts }) => sum + parts.length, 0) > MOST_NODES) throw tooMany('nodes', MOST_NODES);
    const body = read.map(({ graphId, parts }) => {
      const compositeResponse = answerParts(parts, { call, org, answerCall, allOrNone: true });
      const isSuccessful = compositeResponse.every(({ httpStatusCode }) => httpStatusCode < 300);
      return { graphId, graphResponse: { compositeResponse }, isSuccessful };
    });
    return { status: 200, body: { graphs: body } };
  };
}

/** `POST /composite/batch`: parts that know nothing of one another. */
export function batchResource(answerCall: AnswerCall): AnswerCall {
  return (call, org) => {
    const { batchRequests, haltOnError } = asObject(call.body);
    if (!Array.isArray(batchRequests) || batchRequests.length === 0) {
      throw new ApiError(400, 'JSON_PARSER_ERROR', 'batchRequests is required');
    }
    if (batchRequests.length > MOST_PARTS) throw tooMany('subrequests', MOST_PARTS);
    let halted = false;
    const results = batchRequests.map((sent: unknown) => {
      if (halted) {
        const refusal = new ApiError(412, 'BATCH_PROCESSING_HALTED', 'Batch processing halted per request');
        return { statusCode: refusal.status, result: errorBody(refusal) };
      }
      const { method, url, richInput } = asObject(sent);
      const path = `/services/data/${String(url).replace(/^\/?(services\/data\/)?/, '')}`;
      const part: Part = { method: String(method), url: path, referenceId: '', body: richInput, httpHeaders: {} };
      const answer = answerSafely(() => answerCall(toCall(part, call, OLDEST_IN_BATCH), org));
      halted = haltOnError === true && answer.status >= 400;
      return { statusCode: answer.status, result: answer.body ?? null };
    });
    return { status: 200, body: { hasErrors: results.some(({ statusCode }) => statusCode >= 400), results } };
  };
}

function asObject(sent: unknown): Record<string, unknown> {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'An object was expected in the request body');
  }
  return sent as Record<string, unknown>;
}

const tooMany = (what: string, most: number) =>
  new ApiError(400, 'LIMIT_EXCEEDED', `The number of ${what} exceeds the limit of ${most}.`);

function readParts(sent: unknown, most: number): readonly Part[] {
  if (!Array.isArray(sent) || sent.length === 0) throw new ApiError(400, 'JSON_PARSER_ERROR', 'compositeRequest is required');
  if (sent.length > most) throw tooMany('subrequests', most);
  const parts = sent.map((each: unknown): Part => {
    const { method, url, referenceId, body, httpHeaders } = asObject(each);
    if (typeof referenceId !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9_]*$/.test(referenceId)) {
      throw new ApiError(
        400,
        'INVALID_INPUT',
        `Provided referenceId ('${String(referenceId)}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').`,
      );
    }
    const headers = httpHeaders === undefined ? {} : asObject(httpHeaders);
    return { method: String(method).toUpperCase(), url: String(url), referenceId, body, httpHeaders: headers };
  });
  if (new Set(parts.map(({ referenceId }) => referenceId)).size < parts.length) {
    throw new ApiError(400, 'INVALID_INPUT', 'Each referenceId must be unique in the request.');
  }
  return parts;
}

interface Composite {
  readonly call: ApiCall;
  readonly org: Org;
  readonly answerCall: AnswerCall;
  readonly allOrNone: boolean;
}

function answerParts(parts: readonly Part[], composite: Composite): readonly PartAnswer[] {
  const work = (): readonly PartAnswer[] => {
    const answered = answerEach(parts, composite);
    if (composite.allOrNone && answered.some(({ httpStatusCode }) => httpStatusCode >= 300)) throw new Halted(answered);
    return answered;
  };
  try {
    return composite.allOrNone ? composite.org.store.transact(work) : work();
  } catch (error) {
    if (!(error instanceof Halted)) throw error;
    return error.answers.map((answer) => (answer.httpStatusCode >= 300 ? answer : halted(answer.referenceId)));
  }
}

function halted(referenceId: string): PartAnswer {
  const refusal = new ApiError(400, 'PROCESSING_HALTED', HALTED);
  return { body: errorBody(refusal), httpHeaders: {}, httpStatusCode: 400, referenceId };
}

/** In a transaction nothing is tried behind the first failure. */
function answerEach(parts: readonly Part[], { call, org, answerCall, allOrNone }: Composite): readonly PartAnswer[] {
  const answers = new Map<string, unknown>();
  let hasFailed = false;
  return parts.map((part) => {
    if (hasFailed && allOrNone) return halted(part.referenceId);
    const answer = answerSafely(() => {
      const filled = { ...part, url: String(fillReferences(part.url, answers)), body: fillReferences(part.body, answers) };
      return answerCall(toCall(filled, call), org);
    });
    hasFailed ||= answer.status >= 300;
    if (answer.status < 300) answers.set(part.referenceId, answer.body);
    const { referenceId } = part;
    return { body: answer.body ?? null, httpHeaders: answer.headers ?? {}, httpStatusCode: answer.status, referenceId };
  });
}

/**
 * Bulk jobs and composites themselves have no place in a composite.
 * @param oldest version a part may be of: that of the composite itself, unless told
 */
function toCall(part: Part, call: ApiCall, oldest = versionOf(call)): ApiCall {
  if (!part.url.startsWith('/') || !URL.canParse(part.url, 'http://localhost')) throw notFound();
  const parsed = new URL(part.url, 'http://localhost');
  const [, base = '', version] = /^(\/services\/data\/v(\d+)\.0)\//.exec(parsed.pathname) ?? [];
  if (version === undefined || Number(version) < oldest || Number(version) > versionOf(call)) throw notFound();
  const segments = toSegments(parsed.pathname.slice(base.length));
  const isNested = segments[0] === 'jobs' || (segments[0] === 'composite' && !['sobjects', 'tree'].includes(segments[1] ?? ''));
  if (isNested)
    throw new ApiError(400, 'INVALID_INPUT', `The resource ${parsed.pathname} cannot be used in a composite request.`);
  const own = new Map(Object.entries(part.httpHeaders).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const header = (name: string) => own.get(name.toLowerCase()) ?? call.header(name);
  return { ...call, base, method: part.method, segments, params: parsed.searchParams, body: part.body, header };
}
