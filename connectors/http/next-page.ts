/** From one page of a list to the next, in whichever way the service pages. Pure. */
import { Unreachable } from '../connector.ts';
import { type AnswerPath, shownPath, valueAt } from './answer-path.ts';
import { type FilledRequest, type FillValues, fillRequest } from './fill-request.ts';
import type { ListShape } from './object-shape.ts';
import type { NextShape } from './request-shape.ts';

/** The request for a page: `next` as `nextOf` gave it, null for the first. @throws Unreachable for an address elsewhere */
export function pageRequest(list: ListShape, values: FillValues, next: string | null, baseUrl: string): FilledRequest {
  const way = list.next;
  const first = fillRequest(list, { ...values, ...pagingValues(way, next), pageSize: list.pageSize });
  if (way?.link === undefined || next === null) return first;
  return { ...first, path: pathBelow(next, baseUrl) };
}

function pagingValues(way: NextShape | undefined, next: string | null): FillValues {
  if (way === undefined || way.link !== undefined) return {};
  if (way.page !== undefined) return { page: Number(next ?? way.page) };
  if (way.offset !== undefined) return { offset: Number(next ?? way.offset) };
  return way.cursor === undefined ? { after: next } : { cursor: next };
}

/** Only what stands below the service's own address: our credentials go along. */
function pathBelow(address: string, baseUrl: string): string {
  const base = new URL(baseUrl);
  const url = new URL(address, base);
  const prefix = base.pathname.replace(/\/+$/u, '');
  if (url.origin !== base.origin || !(url.pathname === prefix || url.pathname.startsWith(`${prefix}/`))) {
    throw new Unreachable('The address of the next page leads away from the service: it is not followed.');
  }
  return url.pathname.slice(prefix.length) + url.search;
}

export interface ReadPage {
  readonly records: readonly unknown[];
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Records of this reading before this page. */
  readonly seenBefore: number;
  readonly total: number | null;
  /** How this page was asked for. */
  readonly asked: string | null;
}

/** How to ask for the page after this one; null when it was the last. @throws Unreachable when the service does not move on */
export function nextOf(list: ListShape, page: ReadPage): string | null {
  const way = list.next;
  if (way === undefined) return null;
  const next = wayOn(way, page);
  if (next !== null && next === page.asked) {
    throw new Unreachable('The service named the same next page twice: the reading did not move on.');
  }
  return next;
}

function wayOn(way: NextShape, page: ReadPage): string | null {
  const { records, body, headers } = page;
  if (way.cursor !== undefined) return textAt(body, way.cursor);
  if (way.link === 'header') return nextLink(headers.link ?? '');
  if (way.link !== undefined) return textAt(body, way.link);
  // A service may give smaller pages than it was asked for: only an empty page, or the total, says that it was the last.
  const seen = page.seenBefore + records.length;
  if (records.length === 0) return null;
  if (way.after !== undefined) return lastValue(records.at(-1), way.after);
  if (page.total !== null && seen >= page.total) return null;
  if (way.page !== undefined) return String(Number(page.asked ?? way.page) + 1);
  return String((way.offset ?? 0) + seen);
}

function textAt(body: unknown, path: AnswerPath): string | null {
  const value = valueAt(body, path);
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;
}

function lastValue(record: unknown, path: AnswerPath): string {
  const value = textAt(record, path);
  if (value !== null) return value;
  throw new Unreachable(`The last record of a page holds nothing at "${shownPath(path)}", by which the next is asked for.`);
}

/** RFC 8288: `<address>; rel="next"`. */
export function nextLink(header: string): string | null {
  for (const [, address = '', parameters = ''] of header.matchAll(/<([^>]*)>([^<]*)/gu)) {
    if (/;\s*rel="?[^";]*\bnext\b/iu.test(parameters)) return address;
  }
  return null;
}
