import type { IncomingMessage } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { ApiCall, Org } from './api-call.ts';
import { ApiError, errorBody, notFound, sessionExpired } from './api-error.ts';
import { NEWEST_VERSION, OLDEST_VERSION, servedVersions } from './api-versions.ts';
import { afterMs, answerDelayMs } from './pace.ts';
import { answerSafely, toSegments } from './path-segments.ts';
import { parseBody } from './request-body.ts';
import { answerCall } from './resources.ts';
import { sendAnswer } from './send-answer.ts';
import type { Sessions } from './sessions.ts';
import type { Usage } from './usage.ts';

/** An upload of a bulk job may have 150 MB once it is written in base64, which takes four characters for three. */
const LARGEST_BODY = 112_500_000;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const OVERRIDES = ['PATCH', 'DELETE', 'PUT', 'GET', 'HEAD'];

export interface ApiWorld {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly usage: Usage;
}

/** Everything below `/services/data`. */
export function apiRoutes({ org, sessions, usage }: ApiWorld): Router {
  const router = Router();
  router.get('/services/data', (_request, response) => {
    response.json(servedVersions);
  });
  const tellUsage = (response: Response): void => {
    const { used, limit } = usage.now();
    response.set('Sforce-Limit-Info', `api-usage=${used}/${limit}`);
  };
  const marked = new WeakSet<IncomingMessage>();
  const readText = express.text({
    type: () => true,
    limit: LARGEST_BODY,
    // Reading it as text swallows the mark, which is content to the service.
    verify: (request, _response, bytes) => {
      if (bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) marked.add(request);
    },
  });
  router.use('/services/data', (_request, response, next) => {
    tellUsage(response);
    next();
  });
  router.use('/services/data', org.faults.middleware, readText, (request, response) => {
    const answer = answerSafely(() => {
      const userId = authorise(request, sessions);
      usage.count();
      return answerCall(toCall(request, userId, marked.has(request)), org);
    });
    tellUsage(response);
    afterMs(answerDelayMs(answer.body, org.pace), () => sendAnswer(request, response, answer));
  });
  router.use(answerBrokenRequest);
  return router;
}

function authorise(request: Request, sessions: Sessions): string {
  const header = request.headers.authorization;
  if (header === undefined) throw sessionExpired();
  const token = /^(?:Bearer|OAuth) (\S+)$/.exec(header)?.[1];
  if (token === undefined) throw new ApiError(401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE');
  const userId = sessions.userOf(token);
  if (userId === null) throw sessionExpired();
  return userId;
}

function toCall(request: Request, userId: string, hasMark: boolean): ApiCall {
  const url = new URL(request.url, 'http://localhost');
  const [, version = '', number = '', rest = ''] = /^\/(v(\d+)\.0)(\/.*)?$/.exec(url.pathname) ?? [];
  if (version === '' || Number(number) > NEWEST_VERSION) throw notFound();
  if (Number(number) < OLDEST_VERSION) {
    throw new ApiError(410, 'UNSUPPORTED_API_VERSION', 'The requested API version has been retired');
  }
  refuseXml(request);
  const method = methodOf(request, url.searchParams);
  return {
    method,
    segments: toSegments(rest),
    params: url.searchParams,
    body: parseBody(request, method, hasMark),
    header: (name) => request.get(name),
    base: `/services/data/${version}`,
    origin: `${request.protocol}://${request.headers.host ?? 'localhost'}`,
    userId,
  };
}

/** A client whose HTTP library knows GET and POST only says `_HttpMethod=PATCH`. HEAD is a GET whose body stays here. */
function methodOf(request: Request, params: URLSearchParams): string {
  const wanted = params.get('_HttpMethod')?.toUpperCase();
  const method = request.method === 'POST' && wanted !== undefined && OVERRIDES.includes(wanted) ? wanted : request.method;
  return method === 'HEAD' ? 'GET' : method;
}

/** The service would answer in XML; JSON to somebody who takes nothing but XML would be no answer. */
function refuseXml(request: Request): void {
  const accept = request.get('accept') ?? '';
  if (/\bxml\b/i.test(accept) && !/json|\*\/\*/i.test(accept)) {
    throw new ApiError(406, 'NOT_ACCEPTABLE', 'The response format requested is not supported by this resource');
  }
}

/** A body that is too large or breaks off. */
const answerBrokenRequest: ErrorRequestHandler = (error: unknown, _request: Request, response: Response, next) => {
  if (response.headersSent) return next(error);
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  const refusal =
    status < 500
      ? new ApiError(status, 'INVALID_REQUEST', 'The request could not be read')
      : new ApiError(500, 'UNKNOWN_EXCEPTION', String(error));
  response.status(refusal.status).json(errorBody(refusal));
};
