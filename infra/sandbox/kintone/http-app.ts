/** The service's face: reads a request, strikes it with faults, runs its endpoint, answers in the service's manner. */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { type Answer, answerFailure, asFailure, faultAnswer, runEndpoint } from './answers.ts';
import type { ConcurrencyGate } from './concurrency-gate.ts';
import { failures } from './failures.ts';
import type { FaultKind, Faults } from './faults.ts';
import { FileAnswer } from './file-endpoints.ts';
import { readUpload } from './multipart.ts';
import { type Arguments, bodyArguments, queryArguments } from './request-arguments.ts';
import { loggedPath, type RequestLog } from './request-log.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import type { SandboxState } from './sandbox-state.ts';
import { webPages } from './web-pages.ts';
import type { Webhooks } from './webhooks.ts';

export interface HttpWorld {
  readonly state: SandboxState;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly webhooks: Webhooks;
  readonly gate: ConcurrencyGate;
  /** How long an answer takes to come. */
  readonly latencyMs: number;
}

/** Rather more than 100 records of the longest texts. */
const BODY_LIMIT = '20mb';
const FILE_LIMIT = '100mb';
/** Of the server before the service: no JSON. */
const TOO_LONG =
  '<html><head><title>414 Request-URI Too Large</title></head><body><h1>414 Request-URI Too Large</h1></body></html>';
/** In capitals only. */
const OVERRIDES = ['GET', 'POST', 'PUT', 'DELETE'];
/** Of an address; what is longer goes into the body of a POST that says it is a GET. */
const LONGEST_URL = 8192;
const API_PATHS = ['/k/v1', '/k/guest/:space/v1'];

export function httpApp(world: HttpWorld): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(API_PATHS, (request, response, next) => {
    const isOpen = world.gate.enter(response);
    if (isOpen) next();
    else answer(request, response, world, answerFailure(failures.tooManyRequests(), request, world));
  });
  app.use(API_PATHS, (request, response, next) => {
    if (request.originalUrl.length <= LONGEST_URL) next();
    else response.status(414).type('html').send(TOO_LONG);
  });
  app.use(API_PATHS, express.json({ limit: BODY_LIMIT }));
  app.use(API_PATHS, express.raw({ type: 'multipart/form-data', limit: FILE_LIMIT }));
  app.use(API_PATHS, async (request, response) => serve(request, response, world, await argumentsOf(request)));
  app.use('/sandbox', sandboxRoutes(world));
  app.use(webPages(world.state));
  const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else answer(request, response, world, answerFailure(asFailure(error), request, world));
  };
  app.use(onError);
  return app;
}

/** What stands before the service answers with, in its stead. */
const PAGES: Partial<Record<FaultKind, { readonly status: number; readonly type: string; readonly text: string }>> = {
  maintenance503: { status: 503, type: 'text', text: 'Service Unavailable' },
  addressRefused: { status: 403, type: 'html', text: '<html><head><title>403 Forbidden</title></head><body></body></html>' },
  notJson: { status: 200, type: 'html', text: 'Service Unavailable' },
};

function methodOf(request: Request): string {
  const override = request.get('X-HTTP-Method-Override');
  return request.method === 'POST' && override !== undefined && OVERRIDES.includes(override) ? override : request.method;
}

/** @throws KintoneFailure for what cannot be read */
async function argumentsOf(request: Request): Promise<Arguments> {
  if (Buffer.isBuffer(request.body)) return { file: await readUpload(request.body, request.get('Content-Type') ?? '') };
  // What says it is JSON has to be some, also where nothing is sent.
  const isEmpty = Number(request.get('Content-Length') ?? 0) === 0 && request.get('Transfer-Encoding') === undefined;
  if (isEmpty && /^application\/json\b/i.test(request.get('Content-Type') ?? '')) throw failures.malformedJson();
  // A body that is sent as no JSON is not read at all.
  if (request.body === undefined && Number(request.get('Content-Length') ?? 0) > 0) throw failures.malformed();
  const search = request.originalUrl.split('?').slice(1).join('?');
  return { ...queryArguments(search), ...bodyArguments(request.body) };
}

function serve(request: Request, response: Response, world: HttpWorld, args: Arguments): void {
  const method = methodOf(request);
  const fault = world.faults.strike(method, request.path);
  const instead = fault === null ? null : faultAnswer(fault, request, world);
  if (fault === 'stall') {
    world.log.add(request, method, {}, { status: 0, code: null });
  } else if (fault !== null && Object.hasOwn(PAGES, fault)) {
    const { status = 503, type = 'html', text = '' } = PAGES[fault] ?? {};
    world.log.add(request, method, {}, { status, code: null });
    later(world, () => response.status(status).type(type).send(text));
  } else {
    const path = loggedPath(request);
    const given = instead ?? runEndpoint({ request, method, path, args, isAborted: fault === 'searchAborted' }, world);
    answer(request, response, world, given, args, fault === 'commitThenCut');
  }
}

function answer(
  request: Request,
  response: Response,
  world: HttpWorld,
  given: Answer,
  args: Arguments = {},
  isCut = false,
): void {
  world.log.add(request, methodOf(request), args, given);
  if (given.code !== null) response.setHeader('X-Cybozu-Error', given.code);
  if (given.warning !== undefined) response.setHeader('X-Cybozu-Warning', given.warning);
  world.webhooks.tell(given.notices ?? [], `${request.protocol}://${request.get('Host') ?? 'localhost'}`);
  later(world, () => {
    if (isCut) request.socket.destroy();
    else if (given.body instanceof FileAnswer) sendFile(response, given.body);
    else response.status(given.status).json(given.body);
  });
}

function sendFile(response: Response, { name, contentType, bytes }: FileAnswer): void {
  const type = contentType.startsWith('text/') ? `${contentType};charset=utf-8` : contentType;
  // Express would write the type in its own way.
  response.status(200).setHeader('Content-Type', type);
  response.setHeader('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.end(bytes);
}

function later(world: HttpWorld, act: () => void): void {
  if (world.latencyMs === 0) act();
  else setTimeout(act, world.latencyMs).unref();
}
