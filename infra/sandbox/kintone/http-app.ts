/** The service's face: reads a request, strikes it with faults, runs its endpoint, answers in the service's manner. */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { identify } from './access.ts';
import { BulkFailure, findEndpoint } from './endpoints.ts';
import type { FaultKind, Faults } from './faults.ts';
import { failureBody, failures, KintoneFailure, type Language } from './kintone-failure.ts';
import { type Arguments, bodyArguments, queryArguments } from './request-arguments.ts';
import type { RequestLog } from './request-log.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import { type SandboxState, takeBack } from './sandbox-state.ts';
import { webPages } from './web-pages.ts';

export interface HttpWorld {
  readonly state: SandboxState;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly concurrencyLimit: number;
  /** How long an answer takes to come. */
  readonly latencyMs: number;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly code: string | null;
}

/** Rather more than 100 records of the longest texts. */
const BODY_LIMIT = '20mb';

export function httpApp(world: HttpWorld): Express {
  const app = express();
  let running = 0;
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use('/k/v1', (request, response, next) => {
    running += 1;
    response.once('close', () => {
      running -= 1;
    });
    response.setHeader('X-ConcurrencyLimit-Limit', String(world.concurrencyLimit));
    response.setHeader('X-ConcurrencyLimit-Running', String(running));
    if (running <= world.concurrencyLimit) next();
    else answer(request, response, world, failed(failures.tooManyRequests(), request, world));
  });
  app.use('/k/v1', express.json({ limit: BODY_LIMIT }));
  app.use('/k/v1', (request, response) => serve(request, response, world));
  app.use('/sandbox', sandboxRoutes(world));
  app.use(webPages(world.state));
  const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else answer(request, response, world, failed(asFailure(error), request, world));
  };
  app.use(onError);
  return app;
}

/** A body that is no JSON is the client's fault; anything unforeseen is the service's. */
function asFailure(error: unknown): KintoneFailure {
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status < 500 ? failures.malformed() : failures.internal(500);
}

function methodOf(request: Request): string {
  const override = request.get('X-HTTP-Method-Override');
  return request.method === 'POST' && override !== undefined ? override.toUpperCase() : request.method;
}

function argumentsOf(request: Request): Arguments {
  const search = request.originalUrl.split('?').slice(1).join('?');
  return { ...queryArguments(search), ...bodyArguments(request.body) };
}

function serve(request: Request, response: Response, world: HttpWorld): void {
  const method = methodOf(request);
  const fault = world.faults.strike(method, request.path);
  const instead = fault === null ? null : faultAnswer(fault, request, world);
  if (fault === 'stall') {
    world.log.add(request, method, {}, { status: 0, code: null });
  } else if (fault === 'maintenance503' || fault === 'notJson') {
    const status = fault === 'notJson' ? 200 : 503;
    world.log.add(request, method, {}, { status, code: null });
    later(world, () =>
      response
        .status(status)
        .type(fault === 'notJson' ? 'html' : 'text')
        .send('Service Unavailable'),
    );
  } else {
    answer(request, response, world, instead ?? run(request, method, world), fault === 'commitThenCut');
  }
}

function faultAnswer(fault: FaultKind, request: Request, world: HttpWorld): Answer | null {
  switch (fault) {
    case 'error500':
      return failed(failures.internal(500), request, world);
    case 'error520':
      return failed(failures.internal(520), request, world);
    case 'tooManyRequests':
      return failed(failures.tooManyRequests(), request, world);
    case 'unauthorized':
      return failed(failures.wrongPassword(), request, world);
    case 'forbidden':
      return failed(failures.noPermission(), request, world);
    default:
      return null;
  }
}

/** Runs the endpoint; whatever is refused leaves no trace. */
function run(request: Request, method: string, world: HttpWorld): Answer {
  const { state } = world;
  const undo: (() => void)[] = [];
  state.refusedFields.clear();
  for (const field of world.faults.refusedFields()) state.refusedFields.add(field);
  try {
    const credentials = { authorization: request.get('X-Cybozu-Authorization'), apiTokens: request.get('X-Cybozu-API-Token') };
    const caller = identify(credentials, state.accounts, state.tokens);
    const endpoint = findEndpoint(method, request.path.replace(/^\//, ''));
    return { status: 200, body: endpoint({ state, caller, args: argumentsOf(request), undo }), code: null };
  } catch (error) {
    takeBack(undo);
    if (error instanceof BulkFailure) return bulkFailed(error, request, world);
    if (error instanceof KintoneFailure) return failed(error, request, world);
    throw error;
  }
}

function failed(failure: KintoneFailure, request: Request, world: HttpWorld): Answer {
  const body = failureBody(failure, world.state.newId(), languageOf(request));
  return { status: failure.status, body, code: failure.code };
}

/** Only the refused part's slot is filled; the others are empty, for nothing of them is left. */
function bulkFailed(error: BulkFailure, request: Request, world: HttpWorld): Answer {
  const refused = failed(error.failure, request, world);
  const results = Array.from({ length: error.size }, (_, index) => (index === error.index ? refused.body : {}));
  return { ...refused, body: { results } };
}

function languageOf(request: Request): Language {
  return /^\s*en\b/i.test(request.get('Accept-Language') ?? '') ? 'en' : 'ja';
}

function answer(request: Request, response: Response, world: HttpWorld, given: Answer, isCut = false): void {
  world.log.add(request, methodOf(request), loggedArguments(request), given);
  if (given.code !== null) response.setHeader('X-Cybozu-Error', given.code);
  later(world, () => {
    if (isCut) request.socket.destroy();
    else response.status(given.status).json(given.body);
  });
}

/** What cannot be read is not logged as arguments: the answer says why it was refused. */
function loggedArguments(request: Request): Arguments {
  try {
    return argumentsOf(request);
  } catch {
    return {};
  }
}

function later(world: HttpWorld, act: () => void): void {
  if (world.latencyMs === 0) act();
  else setTimeout(act, world.latencyMs).unref();
}
