/** When one usually calls again, for a single click. In the time zone of the browser. Pure. */

export type RecallName = 'in30' | 'in60' | 'today17' | 'tomorrow10' | 'tomorrow14' | 'monday10';

export interface RecallChoice {
  readonly name: RecallName;
  readonly at: Date;
}

const MINUTE_MS = 60_000;
/** Nobody calls customers earlier or later than this. */
const FIRST_HOUR = 8;
const LAST_HOUR = 21;

/** In the order of their time; each moment once. */
export function recallChoices(now: Date): readonly RecallChoice[] {
  const soon = [choice('in30', inMinutes(now, 30)), choice('in60', inMinutes(now, 60))].filter(({ at }) => isCallable(at));
  const today17 = choice('today17', atHour(now, 0, 17));
  const isAhead = today17.at.getTime() > now.getTime() + 60 * MINUTE_MS;
  const later = [
    choice('tomorrow10', atHour(now, 1, 10)),
    choice('tomorrow14', atHour(now, 1, 14)),
    choice('monday10', atHour(now, daysToMonday(now), 10)),
  ];
  const all = [...soon, ...(isAhead ? [today17] : []), ...later];
  // On a Sunday tomorrow is Monday; just before four an hour ends at five.
  const eachOnce = all.filter(({ at }, index) => all.findIndex((other) => other.at.getTime() === at.getTime()) === index);
  return eachOnce.toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

/** `2026-11-27T10:00`, as a field for date and time holds it. */
export function toFieldText(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Null when the field is empty or half filled. */
export function fromFieldText(text: string): Date | null {
  const at = new Date(text);
  return !/^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(at.getTime()) ? null : at;
}

function choice(name: RecallName, at: Date): RecallChoice {
  return { name, at };
}

/** Rounded up to five minutes: nobody promises to call at 14:32. */
function inMinutes(now: Date, minutes: number): Date {
  const step = 5 * MINUTE_MS;
  return new Date(Math.ceil((now.getTime() + minutes * MINUTE_MS) / step) * step);
}

/** The calendar's own days: one may have 23 hours. */
function atHour(now: Date, days: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
}

function daysToMonday(now: Date): number {
  return (8 - now.getDay()) % 7 || 7;
}

function isCallable(at: Date): boolean {
  return at.getHours() >= FIRST_HOUR && at.getHours() < LAST_HOUR;
}
