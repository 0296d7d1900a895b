import type { AriRequest } from './ari-client.ts';

/** The request cannot be sent without Asterisk misreading it: the caller of `request` has to change it. Nothing was sent. */
export class AriRequestRefused extends Error {
  override readonly name = 'AriRequestRefused';
}

/** Asterisk reads a request line into 4,096 bytes and a body of JSON up to 40,960 (`MAX_HTTP_LINE_LENGTH`, `MAX_CONTENT_LENGTH`). */
const maxTargetBytes = 4_000;
const maxBodyBytes = 40_960;

/** Encoded parts; `%00` would end what Asterisk reads of one. */
const path = /^(?:\/(?:[\w.~!$&'()*+,;=:@-]|%(?!00)[\dA-Fa-f]{2})+)+$/;

/** A path out of its parts, whatever characters an id has. @throws AriRequestRefused for a part that no id can be. */
export function ariPath(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodedPart(part)}`).join('');
}

function encodedPart(part: string): string {
  if (part === '' || part === '.' || part === '..' || part.includes('\0') || !part.isWellFormed()) {
    throw new AriRequestRefused(`"${printable(part)}" can be no part of an ARI path.`);
  }
  return encodeURIComponent(part);
}

/**
 * The request as it goes on the wire, below the address of the PBX: what was meant for a path or a value stays one.
 * @throws AriRequestRefused when Asterisk would refuse it unread, or another path would be reached than is written.
 */
export function ariTarget(request: AriRequest): { readonly target: string; readonly body: string | null } {
  if (!path.test(request.path) || /\/\.{1,2}(?:\/|$)/.test(request.path)) {
    throw new AriRequestRefused(`"${printable(request.path)}" is no path of ARI; encode its parts.`);
  }
  const query = Object.entries(request.query ?? {})
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value.toWellFormed().replaceAll('\0', ' '))}`)
    .join('&');
  const target = `/ari${request.path}${query === '' ? '' : `?${query}`}`;
  if (target.length > maxTargetBytes) {
    throw new AriRequestRefused(`${wordsOf(request)} is longer than what Asterisk reads of a request.`);
  }
  const body = request.body === undefined ? null : JSON.stringify(request.body);
  if (body !== null && Buffer.byteLength(body) > maxBodyBytes) {
    throw new AriRequestRefused(`${wordsOf(request)} has a body of more than the ${maxBodyBytes} bytes Asterisk takes.`);
  }
  return { target, body };
}

/** For the messages of errors: without the query, which may hold phone numbers. */
export function wordsOf({ method, path }: AriRequest): string {
  return `${method} ${printable(path)}`;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}
