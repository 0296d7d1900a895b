import { PassThrough } from 'node:stream';

/**
 * The HTTP layer below jsforce. Its own one cannot be aborted, waits thirty minutes, re-sends on its own account, follows redirects
 * with the token in its hand, and lets the whole process die when a connection breaks in the middle of an answer (an `error` event
 * nobody listens to). jsforce takes another transport as an option of each request.
 */

interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What the transport saw of the last answer; jsforce's errors do not tell. */
export interface Seen {
  status: number | null;
  headers: Readonly<Record<string, string>>;
}

export interface GuardedTransport {
  httpRequest(request: HttpRequest): Promise<HttpResponse> & { stream(): PassThrough };
  readonly seen: Seen;
}

export interface TransportLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** The address answers with another one: whoever lived there has moved. */
export class Redirected extends Error {
  override readonly name = 'Redirected';
}

/** For one request. */
export function guardedTransport(limits: TransportLimits): GuardedTransport {
  const seen: Seen = { status: null, headers: {} };
  return {
    seen,
    // jsforce asks for a stream beside the promise, and never reads it for JSON.
    httpRequest: (request) => Object.assign(send(request, limits, seen), { stream: () => new PassThrough() }),
  };
}

async function send(request: HttpRequest, limits: TransportLimits, seen: Seen): Promise<HttpResponse> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: withoutLength(request.headers ?? {}),
    body: typeof request.body === 'string' ? request.body : null,
    redirect: 'manual',
    signal: AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]),
  });
  const headers = Object.fromEntries(response.headers);
  const body = await readBody(response, limits.maxBytes);
  // Only now: an answer that broke off is none.
  seen.status = response.status;
  seen.headers = headers;
  if (response.status > 300 && response.status < 400) {
    seen.status = null;
    throw new Redirected(`redirected (HTTP ${response.status}), so SALESFORCE_LOGIN_URL may not be the address of your org`);
  }
  return { statusCode: response.status, headers: withTablesAsText(headers), body };
}

/** jsforce would take a whole table apart in one go, and hold up everything else in this process meanwhile. */
function withTablesAsText(headers: Record<string, string>): Record<string, string> {
  return headers['content-type']?.startsWith('text/csv') ? { ...headers, 'content-type': 'text/plain' } : headers;
}

/** fetch works the length out by itself. */
function withoutLength(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'));
}

async function readBody(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
