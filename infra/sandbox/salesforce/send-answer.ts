import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { ApiAnswer } from './api-call.ts';

/** Below this many characters packing costs more than it saves. */
const SMALLEST_PACKED = 1024;
/** The quickest: what is measured here is the client, not the packing. */
const LEVEL = 1;

/** Packed for whoever can unpack it, as the service does. */
export function sendAnswer(request: Request, response: Response, { status, headers, body }: ApiAnswer): void {
  response.status(status).set(headers ?? {});
  if (body === undefined) return void response.end();
  if (typeof body !== 'string') response.type('json');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (text.length < SMALLEST_PACKED || !/\bgzip\b/i.test(request.get('accept-encoding') ?? '')) return void response.send(text);
  gzip(text, { level: LEVEL }, (error, packed) => {
    if (error === null) response.set({ 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }).send(packed);
    else response.status(500).end();
  });
}
