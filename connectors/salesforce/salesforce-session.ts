import jsforce from 'jsforce';
import { type ConnectorWorld, Unreachable } from '../connector.ts';
import { guardedTransport, type Seen, type TransportLimits } from './guarded-transport.ts';
import { type Credentials, type SignedIn, signIn } from './sign-in.ts';
import { isCurable, isElsewhere, Refused, requireJson, toConnectorError, toRefused } from './vendor-refusal.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version (`/query?q=…`) or from `/services/…`. */
  readonly path: string;
  readonly body?: unknown;
  /** A table comes as text; JSON unless told. */
  readonly answer?: 'csv';
  /** What a failure begins with: what was not done, and for whom. */
  readonly about: string;
}

export interface ApiAnswer {
  readonly body: unknown;
  /** The service's own clock, milliseconds since 1970. */
  readonly serverTime: number;
  /** Where the next part of a bulk query's results begins; null when there is none. */
  readonly locator: string | null;
}

/** One org, signed in when needed; the guard around jsforce. */
export interface SalesforceSession {
  /** @throws ConnectorError of the kind that fits the answer */
  request(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer>;
  /** API calls of the rolling day as last told by the service; null before the first answer. */
  usage(): { readonly used: number; readonly limit: number } | null;
  /** Where the org lives; null before the first sign-in. */
  instanceUrl(): string | null;
  close(): void;
}

export interface SessionSettings {
  readonly loginUrl: string;
  readonly credentials: Credentials;
  readonly version: string;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** A token just refused after a fresh sign-in will be refused again: no further sign-in for this long. */
const REFUSED_PAUSE_MS = 30_000;
/** On answers and refusals alike; jsforce reads it from answers only. */
const LIMIT_HEADER = 'sforce-limit-info';

export function openSession(settings: SessionSettings, world: ConnectorWorld): SalesforceSession {
  const closing = new AbortController();
  let current: jsforce.Connection | null = null;
  let signingIn: Promise<jsforce.Connection> | null = null;
  let refusedAt = Number.NEGATIVE_INFINITY;
  let usage: { used: number; limit: number } | null = null;
  let instanceUrl: string | null = null;

  const limits = (signal: AbortSignal): TransportLimits => ({
    signal: AbortSignal.any([signal, closing.signal]),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  });
  const establish = (signedIn: SignedIn): jsforce.Connection => {
    instanceUrl = signedIn.instanceUrl;
    // Without a refresh function jsforce cannot fall into its endless loop of 401 and refresh.
    current = new jsforce.Connection({ instanceUrl, accessToken: signedIn.accessToken, version: settings.version });
    world.log('debug', 'signed in to Salesforce', { instanceUrl });
    return current;
  };
  /** Everybody who waits for a sign-in waits for the same one; it belongs to no single caller's signal. */
  const connect = async (signal: AbortSignal): Promise<jsforce.Connection> => {
    if (current !== null) return current;
    signingIn ??= signIn(settings.loginUrl, settings.credentials, { now: world.now, limits: limits(closing.signal) })
      .then(establish)
      .finally(() => {
        signingIn = null;
      });
    return orAbort(signingIn, signal);
  };
  const attempt = async (connection: jsforce.Connection, request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> => {
    const transport = guardedTransport(limits(signal));
    try {
      const body: unknown = await connection.request(toHttp(request), { transport });
      if (request.answer !== 'csv') requireJson(body);
      return { body, serverTime: serverTime(transport.seen, world.now()), locator: locatorOf(transport.seen) };
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw toRefused(error, transport.seen);
    } finally {
      const told = readUsage(transport.seen.headers[LIMIT_HEADER]);
      usage = told ?? usage;
      world.onRequest?.({ object: null, day: told, atOnce: null });
    }
  };

  return {
    usage: () => usage,
    instanceUrl: () => instanceUrl,
    close: () => closing.abort(),
    request: async (request, signal) => {
      if (closing.signal.aborted) throw new Unreachable(`${request.about}: the connector is closed.`);
      if (signal.aborted) throw new Unreachable(`${request.about}: given up before it was sent.`);
      try {
        const connection = await connect(signal);
        try {
          return await attempt(connection, request, signal);
        } catch (error) {
          if (isElsewhere(error) && current === connection) current = null;
          if (!isCurable(error) || world.now() - refusedAt < REFUSED_PAUSE_MS) throw error;
          if (current === connection) current = null;
        }
        const answer = await attempt(await connect(signal), request, signal).catch((error: unknown) => {
          if (isCurable(error)) refusedAt = world.now();
          throw error;
        });
        return answer;
      } catch (error) {
        throw toConnectorError(error, request.about, signal);
      }
    },
  };
}

function toHttp(request: ApiRequest): {
  method: ApiRequest['method'];
  url: string;
  body?: string;
  headers: Record<string, string>;
} {
  const http = { method: request.method, url: request.path };
  const accept = request.answer === 'csv' ? 'text/csv' : 'application/json';
  if (request.body === undefined) return { ...http, headers: { accept } };
  return {
    ...http,
    body: JSON.stringify(request.body),
    headers: { accept: 'application/json', 'content-type': 'application/json' },
  };
}

/** `api-usage=18/5000`, possibly among others. */
function readUsage(header: string | undefined): { readonly used: number; readonly limit: number } | null {
  const [, used, limit] = /\bapi-usage=(\d+)\/(\d+)/.exec(header ?? '') ?? [];
  return used === undefined || limit === undefined ? null : { used: Number(used), limit: Number(limit) };
}

/** The service writes the word `null` behind the last part. */
function locatorOf({ headers }: Seen): string | null {
  const locator = headers['sforce-locator'] ?? 'null';
  return locator === 'null' || locator === '' ? null : locator;
}

function serverTime(seen: Seen, fallback: number): number {
  const time = Date.parse(seen.headers.date ?? '');
  return Number.isNaN(time) ? fallback : time;
}

/** Waits for work that goes on for others, unless this caller gives up. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
