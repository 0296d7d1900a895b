/** One vendor's day: what is used of it, who may still use it, and when it would be used up. Pure; instants are milliseconds since 1970. */
import type { VendorBudget } from '../../connectors/connector.ts';
import { KEPT_FREE, type RequestClass } from './request-class.ts';

export type DayKind = VendorBudget['day'];

/** What the vendor said at that instant of everybody's requests. */
export interface Told {
  readonly used: number;
  readonly limit: number;
  readonly at: number;
}

export interface DayFigures {
  readonly used: number;
  /** Null: nobody has told it. */
  readonly limit: number | null;
  /** When the vendor last told; null where `used` is our own count. */
  readonly toldAt: number | null;
}

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** With a rolling day some requests come free all the time: so long we wait before one of them asks how things are. */
const ASK_AGAIN_MS = 15 * 60_000;
const SHORTEST_SPAN_MS = 2 * 60_000;
const LONGEST_SPAN_MS = HOUR_MS;

export function dayBegan(day: DayKind, now: number): number {
  if (day === 'rolling') return now - DAY_MS;
  const offset = day.beginsAtUtcHour * HOUR_MS;
  return Math.floor((now - offset) / DAY_MS) * DAY_MS + offset;
}

/** Null for a day that never ends. */
export function dayEnds(day: DayKind, now: number): number | null {
  return day === 'rolling' ? null : dayBegan(day, now) + DAY_MS;
}

/** Of a count by hours, what belongs to the present day. What seems to lie ahead was noted before the clock was put back. */
export function spentInDay(hours: ReadonlyMap<number, number>, day: DayKind, now: number): number {
  const last = Math.floor(now / HOUR_MS);
  const first = day === 'rolling' ? last - 23 : dayBegan(day, now) / HOUR_MS;
  let spent = 0;
  for (const [hour, count] of hours) if (hour >= first && hour <= last) spent += count;
  return spent;
}

/** The vendor's word counts more than our own, as long as it is about this day. `sinceTold`: our requests after it. */
export function figuresOf(known: {
  readonly told: Told | null;
  readonly sinceTold: number;
  readonly spent: number;
  readonly perDay: number | null;
  readonly day: DayKind;
  readonly now: number;
}): DayFigures {
  const { told, sinceTold, spent, perDay, day, now } = known;
  if (told === null || told.at < dayBegan(day, now)) return { used: spent, limit: told?.limit ?? perDay, toldAt: null };
  return { used: told.used + sinceTold, limit: told.limit, toldAt: told.at };
}

/** When somebody asks to send. */
export interface Asking {
  readonly day: DayKind;
  readonly now: number;
  /** When this process's last call log went; null: none did. */
  readonly lastAt: number | null;
  /** That share what is left. */
  readonly processes: number;
}

/**
 * Null: it may go out. Otherwise when it is worth asking again. Call logs are owed and go in large batches: when little is left they
 * do not stop but go at a pace that lasts, with half of the rest for ringing phones.
 */
export function heldUntil(urgency: RequestClass, figures: DayFigures, asking: Asking): number | null {
  const { day, now, lastAt, processes } = asking;
  const { used, limit, toldAt } = figures;
  if (urgency === 'ringing' || limit === null) return null;
  const left = limit - used;
  if (left > limit * KEPT_FREE[urgency]) return null;
  const ends = dayEnds(day, now);
  const spare = Math.floor(left / 2 / processes);
  if (urgency === 'callLog' && spare >= 1) {
    const pace = ends === null ? ASK_AGAIN_MS * processes : Math.ceil((ends - now) / spare);
    return lastAt === null || lastAt > now || now - lastAt >= pace
      ? null
      : Math.min(lastAt + pace, ends ?? Number.POSITIVE_INFINITY);
  }
  if (ends !== null) return ends;
  // What was told long ago says little: this request's answer tells anew.
  if (toldAt !== null && now - toldAt >= ASK_AGAIN_MS) return null;
  return (toldAt ?? now) + ASK_AGAIN_MS;
}

export interface Sample {
  readonly at: number;
  readonly used: number;
}

/** Samples of the last hour, oldest first: at most one a minute, and none from before the count fell. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && (sample.used < last.used || sample.at < last.at)) return [sample];
  if (last !== undefined && sample.at - last.at < 60_000) return samples;
  return [...samples.filter(({ at }) => sample.at - at <= LONGEST_SPAN_MS), sample];
}

/** When the day would be used up at the rate of the last hour; null when it lasts until it ends, or when nobody can tell yet. */
export function emptyAt(samples: readonly Sample[], figures: DayFigures, day: DayKind, now: number): number | null {
  const { used, limit } = figures;
  if (limit === null) return null;
  if (used >= limit) return now;
  const [first] = samples;
  if (first === undefined || now - first.at < SHORTEST_SPAN_MS || used <= first.used) return null;
  const at = now + ((limit - used) * (now - first.at)) / (used - first.used);
  return at >= (dayEnds(day, now) ?? now + DAY_MS) ? null : Math.round(at);
}
