import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { ApiCall, Org } from './api-call.ts';
import { ApiError, errorBody, notFound, sessionExpired } from './api-error.ts';
import { afterMs, answerDelayMs } from './pace.ts';
import { answerSafely, toSegments } from './path-segments.ts';
import { answerCall } from './resources.ts';
import type { Sessions } from './sessions.ts';
import type { Usage } from './usage.ts';

const OLDEST_SERVED = 31;
const NEWEST = 68;
const VERSIONS = [50, 51, 65, 66, 67, 68];
const RELEASES: Readonly<Record<number, string>> = {
  50: "Winter '21",
  51: "Spring '21",
  65: "Winter '26",
  66: "Spring '26",
  67: "Summer '26",
  68: "Winter '27",
};

export interface ApiWorld {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly usage: Usage;
}

/** Everything below `/services/data`. */
export function apiRoutes({ org, sessions, usage }: ApiWorld): Router {
  const router = Router();
  router.get('/services/data', (_request, response) => {
    response.json(
      VERSIONS.map((version) => ({ label: RELEASES[version], url: `/services/data/v${version}.0`, version: `${version}.0` })),
    );
  });
  const tellUsage = (response: Response): void => {
    const { used, limit } = usage.now();
    response.set('Sforce-Limit-Info', `api-usage=${used}/${limit}`);
  };
  router.use('/services/data', (_request, response, next) => {
    tellUsage(response);
    next();
  });
  router.use('/services/data', org.faults.middleware, express.text({ type: () => true, limit: '150mb' }), (request, response) => {
    const answer = answerSafely(() => {
      const userId = authorise(request, sessions);
      usage.count();
      return answerCall(toCall(request, userId), org);
    });
    tellUsage(response);
    response.status(answer.status).set(answer.headers ?? {});
    afterMs(answerDelayMs(answer.body, org.pace), () => {
      if (answer.body === undefined) response.end();
      else if (typeof answer.body === 'string') response.send(answer.body);
      else response.json(answer.body);
    });
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

function toCall(request: Request, userId: string): ApiCall {
  const url = new URL(request.url, 'http://localhost');
  const [, version = '', number = '', rest = ''] = /^\/(v(\d+)\.0)(\/.*)?$/.exec(url.pathname) ?? [];
  if (version === '' || Number(number) > NEWEST) throw notFound();
  if (Number(number) < OLDEST_SERVED) {
    throw new ApiError(410, 'UNSUPPORTED_API_VERSION', 'The requested API version has been retired');
  }
  return {
    method: request.method,
    segments: toSegments(rest),
    params: url.searchParams,
    body: parseBody(request),
    header: (name) => request.get(name),
    base: `/services/data/${version}`,
    origin: `${request.protocol}://${request.headers.host ?? 'localhost'}`,
    userId,
  };
}

function parseBody(request: Request): unknown {
  const text: unknown = request.body;
  if (typeof text !== 'string' || text === '' || request.method === 'GET') return undefined;
  // An upload of a bulk job is the one thing that is no JSON.
  if (request.method === 'PUT' && /^text\/csv\b/i.test(request.get('content-type') ?? '')) return text;
  if (!/^application\/json\b/i.test(request.get('content-type') ?? '')) {
    throw new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The content type of the request is not supported by this resource');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'Unexpected character in the request body at [line:1, column:1]');
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
