/**
 * How far the reading of an object has come, and what to read next. Pure.
 *
 * Changes are asked for from some minutes before the last reading began, which forgives a service that stamps a record before it
 * is to be seen. Where the service tells no deletions, everything is read again once a night, which brings out what is gone.
 */
import { z } from 'zod';
import { Rejected } from '../connector.ts';

const instant = z.iso.datetime();

const place = z.strictObject({
  step: z.enum(['everything', 'changes', 'deletions']),
  /** The reading's name. */
  reading: z.string().max(100),
  /** When it began, by the service's clock where it tells. */
  began: instant,
  /** What changed from here on is read; null: everything. */
  from: instant.nullable(),
  /** How to ask for the next page, in the service's own words; null: the first. */
  next: z.string().max(20_000).nullable(),
  /** First record of the last page: the same again means that the service did not move on. */
  mark: z.string().max(1000).nullable(),
  seen: z.int().nonnegative(),
  total: z.int().nullable(),
  /** When everything was last read. */
  everythingAt: instant.nullable(),
});

export type Place = z.infer<typeof place>;

const DAY_MS = 86_400_000;
/** 18:00 UTC is three in the morning in Japan. */
const NIGHT_MS = 18 * 3_600_000;

export interface Rhythm {
  /** False where the service cannot be asked for what changed. */
  readonly asksSince: boolean;
  readonly isNightly: boolean;
}

export function firstPlace(now: number): Place {
  const began = iso(now);
  return { ...start('everything', began), from: null, everythingAt: null };
}

/** Where a run that begins now goes on: in the middle of what was interrupted, or with what is due. */
export function placeToResume(cursor: string, now: number, { asksSince, isNightly }: Rhythm): Place {
  const known = readCursor(cursor);
  if (known.next !== null || known.step !== 'changes') return known;
  const everythingAt = Date.parse(known.everythingAt ?? '');
  const isDue = isNightly && !(lastNight(now) <= everythingAt);
  if (!asksSince || isDue) return firstPlace(now);
  return { ...start('changes', iso(now)), from: known.from, everythingAt: known.everythingAt };
}

/** The same reading from its first page, for a service that forgot its cursor. */
export function placeAnew(at: Place, now: number): Place {
  if (at.step === 'everything') return firstPlace(now);
  return { ...start(at.step, at.began), from: at.from, everythingAt: at.everythingAt };
}

function start(step: Place['step'], began: string): Omit<Place, 'from' | 'everythingAt'> {
  return { step, reading: began, began, next: null, mark: null, seen: 0, total: null };
}

/** After the last page of a step: what was deleted meanwhile, where that is a list of its own; then what changes from now on. */
export function placeAfterLast(at: Place, overlapMs: number, listsDeletions: boolean): Place {
  if (at.step === 'changes' && listsDeletions) {
    return { ...start('deletions', at.began), from: at.from, everythingAt: at.everythingAt };
  }
  const from = iso(Date.parse(at.began) - overlapMs);
  const everythingAt = at.step === 'everything' ? at.reading : at.everythingAt;
  return { ...start('changes', at.began), from, everythingAt };
}

export function writeCursor(at: Place): string {
  return JSON.stringify(at);
}

/** @throws Rejected for a text that is no cursor of ours */
function readCursor(cursor: string): Place {
  const parsed = place.safeParse(parsedJson(cursor));
  if (parsed.success) return parsed.data;
  const message = 'The cursor is none of the http connector: read everything anew.';
  throw new Rejected(message, [{ field: null, code: 'CURSOR', message }], { cause: parsed.error });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function lastNight(now: number): number {
  return Math.floor((now - NIGHT_MS) / DAY_MS) * DAY_MS + NIGHT_MS;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
