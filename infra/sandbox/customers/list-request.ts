/** Lists: which records, in which order, which page of them. Pure. */
import { failures } from './api-failure.ts';
import type { ObjectDefinition } from './object-definitions.ts';
import type { StoredRecord } from './record-store.ts';

export interface ListRequest {
  readonly limit: number;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** Milliseconds since 1970. */
  readonly updatedSince: number | null;
  readonly includesDeleted: boolean;
  readonly start: { readonly kind: 'offset'; readonly offset: number } | { readonly kind: 'after'; readonly after: Position };
}

/** The place of a record in a list's order. */
interface Position {
  readonly at: number;
  readonly id: number;
}

const DEFAULT_LIMIT = 50;
export const MOST_LIMIT = 200;
const MOST_VALUES = 50;
const OWN = ['limit', 'cursor', 'page', 'offset', 'after_id', 'updated_since', 'include_deleted'];

/** @throws ApiFailure 400 for a parameter that is not understood */
export function listRequest(query: URLSearchParams, object: ObjectDefinition): ListRequest {
  for (const name of query.keys()) {
    if (!OWN.includes(name) && !(name in object.filters)) throw failures.invalidParameter(name, 'is not known');
    if (OWN.includes(name) && query.getAll(name).length > 1) throw failures.invalidParameter(name, 'is given twice');
  }
  const limit = whole(query, 'limit', 1, MOST_LIMIT) ?? DEFAULT_LIMIT;
  const filters = Object.keys(object.filters).flatMap((name) => {
    const values = query.getAll(name);
    if (values.length > MOST_VALUES) throw failures.invalidParameter(name, `takes at most ${MOST_VALUES} values`);
    return values.length === 0 ? [] : [[name, values] as const];
  });
  return {
    limit,
    filters: Object.fromEntries(filters),
    updatedSince: instant(query, 'updated_since'),
    includesDeleted: query.get('include_deleted') === 'true',
    start: startOf(query, limit),
  };
}

function startOf(query: URLSearchParams, limit: number): ListRequest['start'] {
  const ways = ['cursor', 'page', 'offset', 'after_id'].filter((name) => query.has(name));
  if (ways.length > 1) throw failures.invalidParameter(ways[1] ?? '', `cannot be combined with ${ways[0]}`);
  const cursor = query.get('cursor');
  if (cursor !== null) return { kind: 'after', after: readCursor(cursor) };
  const afterId = whole(query, 'after_id', 0, Number.MAX_SAFE_INTEGER);
  if (afterId !== null) return { kind: 'after', after: { at: 0, id: afterId } };
  const page = whole(query, 'page', 1, 1_000_000);
  if (page !== null) return { kind: 'offset', offset: (page - 1) * limit };
  return { kind: 'offset', offset: whole(query, 'offset', 0, 1_000_000_000) ?? 0 };
}

function whole(query: URLSearchParams, name: string, least: number, most: number): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw failures.invalidParameter(name, `must be a number from ${least} to ${most}`);
  }
  return number;
}

function instant(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw failures.invalidParameter(name, 'must be an instant, for example 2026-11-23T00:00:00Z');
  return time;
}

export interface ListPage {
  readonly records: readonly StoredRecord[];
  readonly total: number;
  /** Null after the last page. */
  readonly nextCursor: string | null;
}

/** By id; what was asked for by time comes in the order of time. */
export function listPage(records: readonly StoredRecord[], object: ObjectDefinition, request: ListRequest): ListPage {
  const { updatedSince, start } = request;
  const positionOf = ({ id, updatedAt }: StoredRecord): Position => ({ at: updatedSince === null ? 0 : updatedAt, id });
  const found = records
    .filter((record) => (record.deletedAt === null || request.includesDeleted) && fits(record, object, request))
    .toSorted((left, right) => compare(positionOf(left), positionOf(right)));
  const from = start.kind === 'offset' ? start.offset : found.findIndex((record) => compare(positionOf(record), start.after) > 0);
  const page = from < 0 ? [] : found.slice(from, from + request.limit);
  const last = page.at(-1);
  const isLast = last === undefined || from + request.limit >= found.length;
  return { records: page, total: found.length, nextCursor: isLast ? null : writeCursor(positionOf(last)) };
}

function fits(record: StoredRecord, object: ObjectDefinition, { filters, updatedSince }: ListRequest): boolean {
  if (updatedSince !== null && record.updatedAt < updatedSince) return false;
  return Object.entries(filters).every(([name, values]) =>
    (object.filters[name] ?? []).some((field) => values.includes(String(record.values[field] ?? ''))),
  );
}

function compare(left: Position, right: Position): number {
  return left.at - right.at || left.id - right.id;
}

export function writeCursor(position: Position): string {
  return Buffer.from(`${position.at}:${position.id}`).toString('base64url');
}

function readCursor(text: string): Position {
  const found = /^(\d+):(\d+)$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (found === null) throw failures.invalidParameter('cursor', 'is none of ours');
  return { at: Number(found[1]), id: Number(found[2]) };
}
