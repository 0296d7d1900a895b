import { z } from 'zod';
import { Rejected } from '../connector.ts';

/**
 * Where reading stopped. A first load walks through everything: as the parts of a bulk query (`bulk`), or page by page in the order
 * of change (`load`). Later rounds read what changed since the last round began, then what was deleted since. `after` is the last
 * row that was handed out in the present phase.
 */
export interface ChangeCursor {
  readonly version: 1;
  readonly object: string;
  readonly phase: 'bulk' | 'load' | 'changed' | 'deleted';
  /** Lower bound of this round; null for the first load. */
  readonly from: string | null;
  /** The service's clock when this round began; null before its first page. */
  readonly startedAt: string | null;
  readonly after: { readonly at: string; readonly id: string } | null;
  /** The bulk query whose results are being read; null in the other phases. */
  readonly job: BulkPlace | null;
}

export interface BulkPlace {
  readonly id: string;
  /** Where the next part of the results begins; null before the first. */
  readonly locator: string | null;
}

const recordId = z.string().regex(/^[A-Za-z0-9]{18}$/);
const cursorShape = z.object({
  version: z.literal(1),
  object: z.string(),
  phase: z.enum(['bulk', 'load', 'changed', 'deleted']),
  from: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  after: z.object({ at: z.iso.datetime(), id: recordId }).nullable(),
  job: z
    .object({ id: recordId, locator: z.string().max(500).nullable() })
    .nullable()
    .default(null),
});

/** Rows become visible out of the order of their stamps; what changed this long before a round is read again. */
const OVERLAP_MS = 5 * 60_000;
/** The recycle bin keeps what was deleted for fifteen days; after that nobody tells of it. */
const DELETIONS_TOLD_MS = 14 * 86_400_000;

export function firstCursor(object: string): ChangeCursor {
  return { version: 1, object, phase: 'load', from: null, startedAt: null, after: null, job: null };
}

/** @throws Rejected for what is no cursor of this object */
export function parseCursor(text: string, object: string): ChangeCursor {
  const parsed = cursorShape.safeParse(parseJson(text));
  const isWhole = parsed.success && (parsed.data.phase === 'bulk') === (parsed.data.job !== null);
  if (isWhole && parsed.data.object === object) return parsed.data;
  const message = `The place where reading ${object} stopped cannot be understood. Start again from the beginning.`;
  throw new Rejected(message, [{ field: null, code: 'INVALID_CURSOR', message }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A first load by bulk query. `startedAt` before the query is made: what changes meanwhile is read again afterwards. */
export function bulkCursor(object: string, startedAt: string, jobId: string): ChangeCursor {
  return { ...firstCursor(object), phase: 'bulk', startedAt, job: { id: jobId, locator: null } };
}

/** Whoever was away for longer than deletions are told reads everything again. Pure. */
export function resumable(cursor: ChangeCursor, now: number): ChangeCursor {
  const since = cursor.from ?? cursor.startedAt;
  return since !== null && Date.parse(since) < now - DELETIONS_TOLD_MS ? firstCursor(cursor.object) : cursor;
}

/** The cursor behind a page: further in this phase, or into the next one. Pure. */
export function advance(
  cursor: ChangeCursor,
  page: { readonly last: ChangeCursor['after']; readonly complete: boolean },
): ChangeCursor {
  if (!page.complete) return { ...cursor, after: page.last ?? cursor.after };
  if (cursor.phase === 'changed') return { ...cursor, phase: 'deleted', after: null };
  return nextRound(cursor);
}

/** The cursor behind a part of a bulk query's results. Pure. */
export function advanceBulk(cursor: ChangeCursor, job: BulkPlace): ChangeCursor {
  return job.locator === null ? nextRound(cursor) : { ...cursor, job };
}

function nextRound(cursor: ChangeCursor): ChangeCursor {
  const began = Date.parse(cursor.startedAt ?? '');
  const from = new Date(began - OVERLAP_MS).toISOString();
  return { ...cursor, phase: 'changed', from, startedAt: null, after: null, job: null };
}

/** What a reading of everything is called, so that what it does not meet is known to be gone. Pure. */
export function readingName({ phase, job, startedAt }: ChangeCursor): string | null {
  if (phase === 'bulk') return job?.id ?? null;
  return phase === 'load' ? startedAt : null;
}
