import { createHash } from 'node:crypto';
import type { ApiCall } from './api-call.ts';
import { ApiError } from './api-error.ts';
import type { ObjectDefinition } from './object-definition.ts';
import type { Row } from './record-store.ts';

/** Conditions a client puts into its headers: read only what is new, overwrite only what it knows. A deletion has none. Pure. */

/** Only accounts have an entity tag; null for all other records. */
export function entityTag(object: ObjectDefinition, row: Row): string | null {
  if (object.name !== 'Account') return null;
  return `"${createHash('sha1').update(JSON.stringify(row)).digest('base64')}"`;
}

/** Whether `If-Modified-Since` names a moment at or after the last change; what is no date is passed over. */
export function isKnownSince(call: ApiCall, changedAt: number): boolean {
  return Date.parse(call.header('if-modified-since') ?? '') >= Math.floor(changedAt / 1000) * 1000;
}

/** For a record that is read. @throws ApiError where `If-Match` names another state of it */
export function isKnownRecord(call: ApiCall, object: ObjectDefinition, row: Row): boolean {
  const tag = entityTag(object, row);
  const known = tag === null ? [] : tagsIn(call, 'if-none-match');
  refuseOtherTag(call, tag);
  return known.length > 0 ? matches(known, tag) : isKnownSince(call, changedAt(row));
}

/** For a record that is changed: what somebody else has written since is not overwritten. @throws ApiError */
export function refuseOverwriting(call: ApiCall, object: ObjectDefinition, row: Row): void {
  const sent = call.header('if-unmodified-since');
  const unmodifiedSince = Date.parse(sent ?? '');
  if (sent !== undefined && Number.isNaN(unmodifiedSince)) {
    throw new ApiError(400, 'INVALID_HEADER_VALUE', `If-Unmodified-Since is no date: ${sent}`);
  }
  if (changedAt(row) > unmodifiedSince) throw failed('The record has been modified since the date in If-Unmodified-Since');
  const tag = entityTag(object, row);
  refuseOtherTag(call, tag);
  if (tag !== null && matches(tagsIn(call, 'if-none-match'), tag)) throw failed('The record is the one in If-None-Match');
}

function refuseOtherTag(call: ApiCall, tag: string | null): void {
  const wanted = tag === null ? [] : tagsIn(call, 'if-match');
  if (wanted.length > 0 && !matches(wanted, tag)) throw failed('The record is none of those in If-Match');
}

const failed = (reason: string) => new ApiError(412, 'ENTITY_MODIFIED', reason);

function matches(tags: readonly string[], tag: string | null): boolean {
  return tags.includes('*') || (tag !== null && tags.includes(tag));
}

function tagsIn(call: ApiCall, header: string): readonly string[] {
  const tags = (call.header(header) ?? '').split(',').map((tag) => tag.trim());
  return tags.filter((tag) => tag !== '');
}

function changedAt(row: Row): number {
  return Date.parse(String(row.LastModifiedDate).replace('+0000', 'Z'));
}
