/** SOQL's functions of a date or an instant. Without `convertTimezone` they count in UTC, as the service does. Pure. */

const DAY_MS = 86_400_000;

type DateFunction = (at: Date) => string | number;

const dayInYear = (at: Date): number =>
  Math.floor((Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()) - Date.UTC(at.getUTCFullYear(), 0, 1)) / DAY_MS) +
  1;
const quarter = (at: Date): number => Math.floor(at.getUTCMonth() / 3) + 1;

const FUNCTIONS: Readonly<Record<string, DateFunction>> = {
  calendar_year: (at) => at.getUTCFullYear(),
  calendar_quarter: quarter,
  calendar_month: (at) => at.getUTCMonth() + 1,
  fiscal_year: (at) => at.getUTCFullYear(),
  fiscal_quarter: quarter,
  fiscal_month: (at) => at.getUTCMonth() + 1,
  day_in_month: (at) => at.getUTCDate(),
  day_in_week: (at) => at.getUTCDay() + 1,
  day_in_year: dayInYear,
  day_only: (at) => at.toISOString().slice(0, 10),
  hour_in_day: (at) => at.getUTCHours(),
  week_in_month: (at) => Math.ceil(at.getUTCDate() / 7),
  week_in_year: (at) => Math.ceil(dayInYear(at) / 7),
};

export function isDateFunction(name: string): boolean {
  return name in FUNCTIONS;
}

/** @param stored a day or an instant as records hold it, already moved by `offsetMs` of the time zone asked for */
export function callDateFunction(name: string, stored: string, offsetMs: number): string | number | null {
  const at = Date.parse(stored.length === 10 ? `${stored}T00:00:00Z` : stored.replace('+0000', 'Z'));
  return FUNCTIONS[name]?.(new Date(at + offsetMs)) ?? null;
}
