/** SOQL's names for stretches of days: `TODAY`, `LAST_WEEK`, `LAST_N_DAYS:30`. Pure. */

type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Days as `YYYY-MM-DD`; the second is the first day behind the span. */
export interface DaySpan {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;
/** Some eight centuries each way: years have four digits. */
const MOST: Readonly<Record<Unit, number>> = { day: 300_000, week: 40_000, month: 9_600, quarter: 3_200, year: 800 };
const NAMED_DAYS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };
const ONE = /^(last|this|next)_(?:fiscal_)?(week|month|quarter|year)$/;
const NINETY = /^(last|next)_90_days$/;
const SEVERAL = /^(last|next)_n_(?:fiscal_)?(day|week|month|quarter|year)s$/;
const AGO = /^n_(?:fiscal_)?(day|week|month|quarter|year)s_ago$/;

export function isSpanName(name: string): boolean {
  return name in NAMED_DAYS || [ONE, NINETY, SEVERAL, AGO].some((pattern) => pattern.test(name));
}

export function needsCount(name: string): boolean {
  return SEVERAL.test(name) || AGO.test(name);
}

/** The span a name stands for on a given day. The fiscal year of the sandbox org is the calendar's. */
export function spanOf(name: string, count: number, today: string): DaySpan {
  const day = NAMED_DAYS[name];
  if (day !== undefined) return units('day', today, day, day + 1);
  const one = ONE.exec(name);
  if (one !== null) {
    const first = one[1] === 'last' ? -1 : one[1] === 'next' ? 1 : 0;
    return units(one[2] as Unit, today, first, first + 1);
  }
  const ago = AGO.exec(name);
  if (ago !== null) return units(ago[1] as Unit, today, -count, -count + 1);
  const ninety = NINETY.exec(name);
  const several = SEVERAL.exec(name);
  const unit = ninety === null ? ((several?.[2] ?? 'day') as Unit) : 'day';
  const size = ninety === null ? count : 90;
  if ((ninety ?? several)?.[1] === 'next') return units(unit, today, 1, size + 1);
  // The last days reach up to now; the last weeks, months and years end before the present one.
  return units(unit, today, -size, unit === 'day' ? 1 : 0);
}

function units(unit: Unit, today: string, first: number, end: number): DaySpan {
  const within = (offset: number) => Math.max(-MOST[unit], Math.min(offset, MOST[unit]));
  return { from: startOf(unit, today, within(first)), to: startOf(unit, today, within(end)) };
}

/** The first day of the unit that lies `offset` units from the one `today` is in. Weeks begin on Sunday. */
function startOf(unit: Unit, today: string, offset: number): string {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  switch (unit) {
    case 'day':
      return toDay(Date.UTC(year, month - 1, day + offset));
    case 'week': {
      const at = Date.UTC(year, month - 1, day);
      return toDay(at - new Date(at).getUTCDay() * DAY_MS + offset * 7 * DAY_MS);
    }
    case 'month':
      return toDay(Date.UTC(year, month - 1 + offset, 1));
    case 'quarter':
      return toDay(Date.UTC(year, Math.floor((month - 1) / 3) * 3 + offset * 3, 1));
    case 'year':
      return toDay(Date.UTC(year + offset, 0, 1));
  }
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
