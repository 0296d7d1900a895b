/**
 * How far the reading of an app has come, and what to read next. Pure.
 *
 * kintone keeps instants to the minute and tells no deletions. So changes are asked for from some minutes before the last
 * reading began — which also forgives two clocks that differ —, and once a night all ids are read, which brings out what is
 * gone although no webhook told of it.
 */
import { z } from 'zod';
import { Rejected } from '../connector.ts';

const instant = z.iso.datetime();

const place = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('everything'),
    /** When the reading began; it is the reading's name, too. */
    began: instant,
    afterId: z.int().nonnegative(),
    total: z.int().nullable(),
  }),
  z.object({
    step: z.literal('ids'),
    /** When the comparison began; it is its name, too. */
    began: instant,
    afterId: z.int().nonnegative(),
    total: z.int().nullable(),
    /** What changed from here on is read when the ids are through. */
    from: instant,
  }),
  z.object({
    step: z.literal('changes'),
    began: instant,
    /** What changed from here on is read. */
    from: instant,
    afterId: z.int().nonnegative(),
    /** When everything, or every id, was last read. */
    everythingAt: instant,
  }),
]);

export type Place = z.infer<typeof place>;

const OVERLAP_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** 18:00 UTC is three in the morning in Japan. */
const NIGHT_MS = 18 * 3_600_000;

export function firstPlace(now: number): Place {
  return { step: 'everything', began: iso(now), afterId: 0, total: null };
}

/** Where a run that begins now goes on: in the middle of what was interrupted, or with what is due. */
export function placeToResume(cursor: string, now: number): Place {
  const known = readCursor(cursor);
  if (known.afterId > 0 || known.step !== 'changes') return known;
  if (lastNight(now) <= Date.parse(known.everythingAt)) return { ...known, began: iso(now) };
  return { step: 'ids', began: iso(now), afterId: 0, total: null, from: known.from };
}

export function writeCursor(at: Place): string {
  return JSON.stringify(at);
}

/** @throws Rejected for a text that is no cursor of ours */
function readCursor(cursor: string): Place {
  const parsed = place.safeParse(parsedJson(cursor));
  if (parsed.success) return parsed.data;
  const message = 'The cursor is none of the kintone connector: read everything anew.';
  throw new Rejected(message, [{ field: null, code: 'CURSOR', message }], { cause: parsed.error });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** After a page that was full: the next one of the same reading. */
export function placeAfterPage(at: Place, lastId: number, total: number | null): Place {
  if (at.step === 'changes') return { ...at, afterId: lastId };
  return { ...at, afterId: lastId, total: at.total ?? total };
}

/** After the last page: what changed since this reading began, some minutes less. Ids alone bring no change along. */
export function placeAfterLast(at: Place): Place {
  const from = at.step === 'ids' ? at.from : iso(Date.parse(at.began) - OVERLAP_MS);
  const everythingAt = at.step === 'changes' ? at.everythingAt : at.began;
  return { step: 'changes', began: at.began, from, afterId: 0, everythingAt };
}

function lastNight(now: number): number {
  return Math.floor((now - NIGHT_MS) / DAY_MS) * DAY_MS + NIGHT_MS;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
