/** From a request to what is answered: who asks, what it comes to, and how a refusal reads in the caller's language. */
import type { Request } from 'express';
import { type Account, identify } from './access.ts';
import { takeBack, type Undo } from './app-records.ts';
import { BulkFailure } from './bulk-request.ts';
import { findEndpoint } from './endpoints.ts';
import { failures } from './failures.ts';
import type { FaultKind, Faults } from './faults.ts';
import { failureBody, KintoneFailure, LANGUAGES, type Language } from './kintone-failure.ts';
import type { Notice } from './notices.ts';
import { type Arguments, isObject } from './request-arguments.ts';
import type { SandboxState } from './sandbox-state.ts';
import { settleDeployments } from './settings-state.ts';

export interface AnswerWorld {
  readonly state: SandboxState;
  readonly faults: Faults;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly code: string | null;
  readonly warning?: string;
  readonly notices?: readonly Notice[];
}

export interface Asked {
  readonly request: Request;
  /** After X-HTTP-Method-Override. */
  readonly method: string;
  /** What follows `/k/v1/`. */
  readonly path: string;
  readonly args: Arguments;
  /** The search is to be given up half way, as with too many results. */
  readonly isAborted: boolean;
}

const ABORTED = 'Filter aborted because of too many search results';

/** Runs the endpoint; whatever is refused leaves no trace. */
export function runEndpoint({ request, method, path, args, isAborted }: Asked, world: AnswerWorld): Answer {
  const { state } = world;
  const undo: Undo = [];
  const notices: Notice[] = [];
  state.refusedFields.clear();
  for (const field of world.faults.refusedFields()) state.refusedFields.add(field);
  for (const app of appsAsked(path, args, state)) state.usage.count(app);
  try {
    const credentials = { authorization: request.get('X-Cybozu-Authorization'), apiTokens: request.get('X-Cybozu-API-Token') };
    settleDeployments(state);
    const caller = identify(credentials, state);
    if (request.params.space !== undefined) throw failures.notInGuestSpace();
    const endpoint = findEndpoint(method, path, caller);
    const body = endpoint({ state, caller, args, undo, notices });
    if (!isAborted) return { status: 200, body, code: null, notices };
    return { status: 200, body: halved(body), code: null, warning: ABORTED };
  } catch (error) {
    takeBack(undo);
    if (error instanceof BulkFailure) return bulkFailed(error, request, world);
    if (error instanceof KintoneFailure) return answerFailure(error, request, world);
    throw error;
  }
}

/** The apps a request counts for: each once, however many rows or parts it has. */
function appsAsked(path: string, args: Arguments, { cursors }: SandboxState): ReadonlySet<string> {
  const parts = path === 'bulkRequest.json' && Array.isArray(args.requests) ? args.requests : [];
  const inParts = parts.map((part: unknown) => (isObject(part) && isObject(part.payload) ? part.payload.app : undefined));
  const ofCursor = path === 'records/cursor.json' ? cursors.get(String(args.id))?.app : undefined;
  const ofApp = path === 'app.json' ? args.id : undefined;
  const asked = [args.app, ofApp, ofCursor, ...inParts].filter((app) => typeof app === 'string' || typeof app === 'number');
  return new Set(asked.map(String));
}

/** What was found until the search was given up. */
function halved(body: object): object {
  if (!isObject(body) || !Array.isArray(body.records)) return body;
  return { ...body, records: body.records.slice(0, Math.floor(body.records.length / 2)) };
}

export function faultAnswer(fault: FaultKind, request: Request, world: AnswerWorld): Answer | null {
  switch (fault) {
    case 'error500':
      return answerFailure(failures.internal(500), request, world);
    case 'error520':
      return answerFailure(failures.internal(520), request, world);
    case 'tooManyRequests':
      return answerFailure(failures.tooManyRequests(), request, world);
    case 'databaseLocked':
      return answerFailure(failures.databaseLocked(), request, world);
    case 'unauthorized':
      return answerFailure(failures.wrongPassword(), request, world);
    case 'forbidden':
      return answerFailure(failures.noPermission(), request, world);
    default:
      return null;
  }
}

/** A body that is no JSON is the client's fault; anything unforeseen is the service's. */
export function asFailure(error: unknown): KintoneFailure {
  if (error instanceof KintoneFailure) return error;
  if (error instanceof SyntaxError) return failures.malformedJson();
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status < 500 ? failures.malformed() : failures.internal(500);
}

export function answerFailure(failure: KintoneFailure, request: Request, world: AnswerWorld): Answer {
  const body = failureBody(failure, world.state.newId(), languageOf(request, world.state.accounts));
  return { status: failure.status, body, code: failure.code };
}

/** Only the refused part's slot is filled; the others are empty, for nothing of them is left. */
function bulkFailed(error: BulkFailure, request: Request, world: AnswerWorld): Answer {
  const refused = answerFailure(error.failure, request, world);
  const results = Array.from({ length: error.size }, (_, index) => (index === error.index ? refused.body : {}));
  return { ...refused, body: { results } };
}

/** The first of the service's languages that the browser names: whatever its weights, browsers name the dearest first. */
function preferred(acceptLanguage: string): Language | undefined {
  const named = acceptLanguage.split(',').map((each) => each.trim().toLowerCase());
  return named.flatMap((each) => LANGUAGES.find((language) => new RegExp(`^${language}\\b`).test(each)) ?? [])[0];
}

/** The language of whoever signs in, when one is set; else that of the browser, else Japanese. */
function languageOf(request: Request, accounts: readonly Account[]): Language {
  const [username] = Buffer.from(request.get('X-Cybozu-Authorization') ?? '', 'base64')
    .toString('utf8')
    .split(':');
  const language = accounts.find((account) => account.username === username)?.language;
  return language ?? preferred(request.get('Accept-Language') ?? '') ?? 'ja';
}
