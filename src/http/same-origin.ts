/** Against cross-site requests: whatever changes something, and the socket, must come from our own pages or from no browser. */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { Problem } from './problem.ts';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `allowedOrigins`: further origins, for a hub behind a proxy that rewrites `Host`. */
export function isSameOrigin(headers: IncomingHttpHeaders, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined) {
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }
  if (allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

export function requireSameOrigin(allowedOrigins: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    if (READING.has(request.method) || isSameOrigin(request.headers, allowedOrigins)) {
      next();
      return;
    }
    throw new Problem(403, 'cross-site', 'Requests that change something must come from the pages of this hub.');
  };
}
