/** The only way to ask: in turn, signed in, within limits, and with every failure as one of our errors. */
import { ConnectorError, type ConnectorWorld, RateLimited, Unreachable } from '../connector.ts';
import type { FilledRequest } from './fill-request.ts';
import {
  type AnswerLimits,
  type GuardedTransport,
  type IncomingAnswer,
  openTransport,
  TransportFailure,
} from './guarded-transport.ts';
import type { HttpConfig } from './http-settings.ts';
import { type JudgeContext, judgeAnswer, type Verdict } from './judge-answer.ts';
import { NOT_JSON, parseJson } from './parse-json.ts';
import { dayOf, restMs } from './rate-headers.ts';
import { openTurns } from './request-turns.ts';
import { openSignIn, type SignIn } from './sign-in.ts';

export interface GateRequest {
  /** Completes "<service> could not …". */
  readonly doing: string;
  readonly request: FilledRequest;
  /** Somebody's phone rings: goes before what waits. */
  readonly isUrgent?: boolean;
  /** Statuses that are an answer all the same; its body is then undefined. */
  readonly accepts?: readonly number[];
}

export interface GateAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when the answer has none. */
  readonly body: unknown;
  /** The service's own clock, milliseconds since 1970; null where it does not tell. */
  readonly serverTime: number | null;
}

export type Attempt = { readonly ok: true; readonly answer: GateAnswer } | { readonly ok: false; readonly verdict: Verdict };

export interface ServiceGate {
  /** @throws ConnectorError */
  ask(request: GateRequest, signal: AbortSignal): Promise<GateAnswer>;
  /** For whoever has to look closer at a refusal. */
  attempt(request: GateRequest, signal: AbortSignal): Promise<Attempt>;
  readonly judging: JudgeContext;
  close(): void;
}

/** Up to here a request waits for its turn; beyond, whoever asks is told how long, and does something else. */
const MOST_WAITED_MS = 10_000;
const NO_REST = { from: 0, until: 0 };

export function openGate(config: HttpConfig, { now, onRequest }: Pick<ConnectorWorld, 'now' | 'onRequest'>): ServiceGate {
  const { service } = config;
  const { limits } = service;
  const closing = new AbortController();
  const transport = openTransport(config);
  const signIn = openSignIn({ config, transport, now, closing: closing.signal });
  const turns = openTurns({
    concurrent: limits.concurrent,
    perSecond: limits.perSecond ?? null,
    now: () => performance.now(),
    after: pauseThen,
  });
  const judging: JudgeContext = { name: service.name, errors: service.errors, secrets: signIn.secrets, now };
  let rest = NO_REST;
  const onAnswer = (headers: Readonly<Record<string, string>> | null): void => {
    onRequest?.({ object: null, day: headers === null ? null : dayOf(headers, limits.dayHeaders), atOnce: null });
    const ms = headers === null ? null : restMs(headers, now());
    if (ms === null) return;
    if (ms <= MOST_WAITED_MS) turns.rest(ms);
    rest = ms <= MOST_WAITED_MS ? NO_REST : { from: now(), until: now() + ms };
  };
  /** A phone that rings is asked for now or never. @throws RateLimited */
  const requireRest = ({ isUrgent, doing }: GateRequest): void => {
    const at = now();
    // A rest that seems to begin later than now was asked for before the clock was put back.
    if (isUrgent === true || at < rest.from || at >= rest.until) return;
    throw new RateLimited(`${service.name} was not asked to ${doing}: it says that its limit is reached.`, rest.until - at);
  };
  const send = sender(config, transport, onAnswer);

  const attempt = async (request: GateRequest, signal: AbortSignal): Promise<Attempt> => {
    const both = AbortSignal.any([signal, closing.signal]);
    try {
      if (both.aborted) throw givenUp(request.doing, service.name);
      requireRest(request);
      const release = await turns.take(request.isUrgent === true, both);
      try {
        return await signedIn(request, both, { signIn, send, judging });
      } finally {
        release();
      }
    } catch (error) {
      return {
        ok: false,
        verdict: { meaning: 'unreachable', error: asConnectorError(error, request.doing, both, service.name) },
      };
    }
  };
  return {
    judging,
    attempt,
    ask: async (request, signal) => {
      const tried = await attempt(request, signal);
      if (!tried.ok) throw tried.verdict.error;
      return tried.answer;
    },
    close: () => {
      closing.abort();
      transport.close();
    },
  };
}

type Send = (
  request: FilledRequest,
  credentials: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<IncomingAnswer>;

function sender(
  { service, baseUrl }: HttpConfig,
  transport: GuardedTransport,
  onRequest: NonNullable<AnswerLimits['onRequest']>,
): Send {
  const { timeoutSeconds, answerMegabytes } = service.limits;
  const limits = { timeoutMs: timeoutSeconds * 1000, maxBytes: Math.ceil(answerMegabytes * 1024 * 1024) };
  const fixed = inLowerCase(service.headers);
  return ({ method, path, headers, body }, credentials, signal) => {
    const usual = { accept: 'application/json', 'user-agent': 'toritsugi' };
    const content = body === null ? {} : { 'content-type': 'application/json' };
    const all = { ...usual, ...fixed, ...content, ...inLowerCase(headers), ...credentials };
    return transport.send({ method, url: new URL(baseUrl + path), headers: all, body }, { signal, onRequest, ...limits });
  };
}

function inLowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

interface GateParts {
  readonly signIn: SignIn;
  readonly send: Send;
  readonly judging: JudgeContext;
}

/** Once more with a fresh token where the first was refused; 403 is about the user, and no token mends that. */
async function signedIn(request: GateRequest, signal: AbortSignal, parts: GateParts): Promise<Attempt> {
  const credentials = await parts.signIn.headers(signal);
  const first = await sendOnce(request, credentials, signal, parts);
  if (first.status === 403 || !isUnauthorized(first.attempt) || !parts.signIn.renew(credentials)) return first.attempt;
  const again = await sendOnce(request, await parts.signIn.headers(signal), signal, parts);
  if (isUnauthorized(again.attempt)) parts.signIn.giveUp();
  return again.attempt;
}

function isUnauthorized(attempt: Attempt): boolean {
  return !attempt.ok && attempt.verdict.meaning === 'unauthorized';
}

async function sendOnce(
  { doing, request, accepts = [] }: GateRequest,
  credentials: Readonly<Record<string, string>>,
  signal: AbortSignal,
  { send, judging }: GateParts,
): Promise<{ readonly status: number; readonly attempt: Attempt }> {
  const incoming = await send(request, credentials, signal);
  const { status, headers } = incoming;
  const time = Date.parse(headers.date ?? '');
  const serverTime = Number.isNaN(time) ? null : time;
  if (accepts.includes(status))
    return { status, attempt: { ok: true, answer: { status, headers, body: undefined, serverTime } } };
  const body = parseJson(incoming.text);
  const verdict = judgeAnswer({ status, headers, body: body === NOT_JSON ? undefined : body }, doing, judging);
  if (verdict !== null) return { status, attempt: { ok: false, verdict } };
  if (body === NOT_JSON) {
    throw new Unreachable(
      `${judging.name} could not ${doing}: its answer is no JSON. Is the address right, is there maintenance?`,
    );
  }
  return { status, attempt: { ok: true, answer: { status, headers, body, serverTime } } };
}

/** It keeps the process alive: a command that only waits for its turn must not end before. */
function pauseThen(ms: number, callback: () => void): void {
  setTimeout(callback, ms);
}

function givenUp(doing: string, name: string): Unreachable {
  return new Unreachable(`Nobody waited any longer for ${name} to ${doing}.`);
}

function asConnectorError(error: unknown, doing: string, signal: AbortSignal, name: string): ConnectorError {
  if (error instanceof ConnectorError) return error;
  if (signal.aborted) return givenUp(doing, name);
  if (error instanceof TransportFailure)
    return new Unreachable(`${name} could not ${doing}: ${error.message}.`, { cause: error });
  return new Unreachable(`${name} could not be reached to ${doing} (${networkCode(error)}).`, { cause: error });
}

function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z_]+$/u.test(code) && code !== 'ABORT_ERR') return code;
  return error.name === 'AbortError' || error.name === 'TimeoutError' ? 'no answer in time' : error.name;
}
