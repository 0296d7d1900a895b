import { z } from 'zod';
import { Rejected } from '../connector.ts';

/**
 * Where reading stopped. A first load walks through everything in the order of change; later rounds read what changed since the
 * last round began, then what was deleted since. `after` is the last row that was handed out in the present phase.
 */
export interface ChangeCursor {
  readonly version: 1;
  readonly object: string;
  readonly phase: 'load' | 'changed' | 'deleted';
  /** Lower bound of this round; null for the first load. */
  readonly from: string | null;
  /** The service's clock when this round began; null before its first page. */
  readonly startedAt: string | null;
  readonly after: { readonly at: string; readonly id: string } | null;
}

const cursorShape: z.ZodType<ChangeCursor> = z.object({
  version: z.literal(1),
  object: z.string(),
  phase: z.enum(['load', 'changed', 'deleted']),
  from: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  after: z.object({ at: z.iso.datetime(), id: z.string().regex(/^[A-Za-z0-9]{18}$/) }).nullable(),
});

/** Rows become visible out of the order of their stamps; what changed this long before a round is read again. */
const OVERLAP_MS = 5 * 60_000;

export function firstCursor(object: string): ChangeCursor {
  return { version: 1, object, phase: 'load', from: null, startedAt: null, after: null };
}

/** @throws Rejected for what is no cursor of this object */
export function parseCursor(text: string, object: string): ChangeCursor {
  const parsed = cursorShape.safeParse(parseJson(text));
  if (parsed.success && parsed.data.object === object) return parsed.data;
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

/** The cursor behind a page: further in this phase, or into the next one. Pure. */
export function advance(
  cursor: ChangeCursor,
  page: { readonly last: ChangeCursor['after']; readonly complete: boolean },
): ChangeCursor {
  if (!page.complete) return { ...cursor, after: page.last ?? cursor.after };
  if (cursor.phase === 'changed') return { ...cursor, phase: 'deleted', after: null };
  const began = Date.parse(cursor.startedAt ?? '');
  return { ...cursor, phase: 'changed', from: new Date(began - OVERLAP_MS).toISOString(), startedAt: null, after: null };
}
