/** The service's face: reads a request, strikes it with faults, runs its endpoint, answers. */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { Access } from './access.ts';
import { ApiFailure, failureBody, failures } from './api-failure.ts';
import { type ApiAnswer, type ApiState, answerRequest } from './endpoints.ts';
import type { FaultKind, Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import type { Usage } from './usage.ts';
import { webPages } from './web-pages.ts';

export interface HttpWorld {
  readonly state: ApiState;
  readonly access: Access;
  readonly faults: Faults;
  readonly usage: Usage;
  readonly log: RequestLog;
  readonly now: () => number;
}

const API = '/api/v1';
/** Rather more than 100 records of the longest texts. */
const BODY_LIMIT = '5mb';

export function httpApp(world: HttpWorld): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use((_request, response, next) => {
    response.setHeader('Date', new Date(world.now()).toUTCString());
    next();
  });
  app.use('/oauth/token', express.text({ type: () => true, limit: BODY_LIMIT }), (request, response) => {
    const answer = safely(() => grant(request, world.access));
    send(request, response, answer, world);
  });
  app.use(API, express.text({ type: () => true, limit: BODY_LIMIT }), (request, response) => serve(request, response, world));
  app.use('/sandbox', sandboxRoutes(world));
  app.use(webPages(world.state.stores));
  app.use(answerBroken(world));
  return app;
}

function grant(request: Request, access: Access): ApiAnswer {
  if (request.method !== 'POST') throw failures.wrongMethod('POST');
  const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
  try {
    return { status: 200, body: access.grant(form, request.get('authorization')), headers: { 'Cache-Control': 'no-store' } };
  } catch (error) {
    // OAuth has a shape of its own for refusals.
    if (error instanceof ApiFailure) return { status: error.status, body: { error: error.message } };
    throw error;
  }
}

function safely(run: () => ApiAnswer): ApiAnswer {
  try {
    return run();
  } catch (error) {
    if (error instanceof ApiFailure) return { status: error.status, body: failureBody(error), headers: error.headers };
    throw error;
  }
}

const FAULT_FAILURES: Partial<Record<FaultKind, () => ApiFailure>> = {
  serverError: failures.internal,
  unauthorized: () => failures.unauthorized(),
  forbidden: failures.forbidden,
  tooManyRequests: failures.tooMany,
};

function serve(request: Request, response: Response, world: HttpWorld): void {
  const counted = world.usage.count();
  if (counted === null) {
    send(
      request,
      response,
      safely(() => raise(failures.dayUsedUp())),
      world,
    );
    return;
  }
  response.set(counted);
  const fault = world.faults.strike(`${request.method} ${request.path}`);
  const failure = fault === null ? undefined : FAULT_FAILURES[fault];
  const given = failure === undefined ? insteadOf(fault) : safely(() => raise(failure()));
  if (fault === 'stall') {
    note(request, 0, world);
  } else if (fault === 'htmlUnavailable' || fault === 'notJson') {
    const isPage = fault === 'htmlUnavailable';
    note(request, isPage ? 503 : 200, world);
    if (isPage) response.status(503).type('html').send('<h1>Service Unavailable</h1>');
    else response.status(200).type('json').send('{"items": [');
  } else if (fault === 'endless') {
    note(request, 200, world);
    pourOut(response);
  } else {
    send(request, response, given ?? safely(() => run(request, world)), world, fault);
  }
}

function insteadOf(fault: FaultKind | null): ApiAnswer | null {
  if (fault === 'otherJson') return { status: 200, body: { hello: 'there' } };
  return fault === 'redirect' ? { status: 302, headers: { Location: 'https://elsewhere.example/api' } } : null;
}

function raise(failure: ApiFailure): never {
  throw failure;
}

function run(request: Request, world: HttpWorld): ApiAnswer {
  world.access.demand((name) => request.get(name));
  const url = new URL(request.url, 'http://localhost');
  return answerRequest(
    {
      method: request.method,
      segments: url.pathname
        .split('/')
        .filter((part) => part !== '')
        .map(decoded),
      query: url.searchParams,
      body: bodyOf(request),
      ifMatch: request.get('if-match'),
      address: `${request.protocol}://${request.get('host') ?? 'localhost'}${API}${url.pathname}`,
    },
    world.state,
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw failures.noSuchPath();
  }
}

function bodyOf(request: Request): unknown {
  const text: unknown = request.body;
  if (typeof text !== 'string' || text === '') return undefined;
  if (!/^application\/json\b/i.test(request.get('content-type') ?? '')) throw failures.notJson();
  try {
    return JSON.parse(text);
  } catch {
    throw failures.malformed('The body is no JSON.');
  }
}

function note(request: Request, status: number, world: HttpWorld): void {
  const body: unknown = typeof request.body === 'string' && request.body !== '' ? request.body.slice(0, 2000) : null;
  const isSignIn = request.baseUrl === '/oauth/token';
  world.log.add({ at: world.now(), method: request.method, path: request.originalUrl, body: isSignIn ? null : body, status });
}

function send(request: Request, response: Response, answer: ApiAnswer, world: HttpWorld, fault: FaultKind | null = null): void {
  note(request, answer.status, world);
  if (fault === 'commitThenCut') {
    request.socket.destroy();
    return;
  }
  response.status(answer.status).set(answer.headers ?? {});
  if (answer.body === undefined) response.end();
  else if (fault === 'cutMidBody') breakOff(request, response, answer.body);
  else response.json(answer.body);
}

function breakOff(request: Request, response: Response, body: object): void {
  const text = JSON.stringify(body);
  response.type('json').setHeader('Content-Length', Buffer.byteLength(text));
  response.write(text.slice(0, Math.floor(text.length / 2)), () => request.socket.destroy());
}

/** Until the other side hangs up. */
function pourOut(response: Response): void {
  const chunk = `"${'x'.repeat(64 * 1024)}",`;
  response.type('json').write('{"items":[');
  const pour = () => {
    while (!response.destroyed && response.write(chunk)) {
      // As fast as it is taken.
    }
  };
  response.on('drain', pour);
  pour();
}

/** A body that is too large or breaks off. */
function answerBroken(world: HttpWorld): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    const failure =
      status === 413
        ? failures.tooLarge()
        : status < 500
          ? failures.malformed('The request cannot be read.')
          : failures.internal();
    send(request, response, { status: failure.status, body: failureBody(failure) }, world);
  };
}
