/** What a date or a date function of the query language stands for, as the span of time it covers. Pure. */
import type { FieldKind } from './app-definition.ts';
import { invalid, SYNTAX, type Wording } from './kintone-failure.ts';
import { queryFailures } from './query-failures.ts';
import type { Operand } from './query-parser.ts';

/** `from` and `last` in milliseconds since 1970, both inclusive. */
export interface Period {
  readonly from: number;
  readonly last: number;
}

const DAY = 86_400_000;
/** The sandbox's users all live in Japan: the date functions follow the user's time zone. */
const ZONE_MS = 9 * 3_600_000;
const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];
const AWAY: Readonly<Record<string, number>> = { LAST: -1, THIS: 0, NEXT: 1 };

const NO_DATE: Wording = {
  ja: '日時の形式が正しくありません。',
  en: 'The date or time is not written as one.',
  zh: '日期和时间的格式不正确。',
};

type Call = Extract<Operand, { kind: 'call' }>;

/** @throws KintoneFailure CB_VA01 for what is no date or no function of dates. */
export function periodOf(operand: Operand, kind: FieldKind, now: number): Period {
  if (operand.kind === 'literal') return literalPeriod(operand.value, kind);
  if (kind === 'TIME') throw syntaxError();
  if (operand.name === 'NOW' && kind !== 'DATE' && operand.args.length === 0) return { from: now, last: now };
  const { from, last } = daysOf(operand, Math.floor((now + ZONE_MS) / DAY) * DAY);
  return kind === 'DATE' ? { from, last } : { from: from - ZONE_MS, last: last - ZONE_MS + DAY - 1 };
}

function syntaxError(): Error {
  return invalid({ query: [SYNTAX] });
}

/** The midnights of the first and the last local day, written as if they were UTC: that is how DATE values compare. */
function daysOf({ name, args }: Call, today: number): Period {
  const single = (day: number): Period => ({ from: day, last: day });
  const [fewest, most] = countOfArguments(name);
  if (args.length < fewest || args.length > most) throw queryFailures.illegalQuery();
  switch (name) {
    case 'NOW':
    case 'TODAY':
      return single(today);
    case 'YESTERDAY':
      return single(today - DAY);
    case 'TOMORROW':
      return single(today + DAY);
    case 'FROM_TODAY':
      return single(fromToday(today, Number(args[0]), (args[1] ?? '').toUpperCase()));
    default:
      break;
  }
  const [, away, unit] = /^(LAST|THIS|NEXT)_(WEEK|MONTH|YEAR)$/.exec(name) ?? [];
  if (away === undefined) throw syntaxError();
  const count = AWAY[away] ?? 0;
  if (unit === 'WEEK') return weekOf(today, count, args);
  return unit === 'MONTH' ? monthOf(today, count, args) : yearOf(today, count);
}

function countOfArguments(name: string): readonly [number, number] {
  if (name === 'FROM_TODAY') return [2, 2];
  return /_(WEEK|MONTH)$/.test(name) ? [0, 1] : [0, 0];
}

function fromToday(today: number, count: number, unit: string): number {
  const date = new Date(today);
  if (!Number.isInteger(count)) throw syntaxError();
  if (unit === 'DAYS') return today + count * DAY;
  if (unit === 'WEEKS') return today + count * 7 * DAY;
  if (unit === 'MONTHS') return date.setUTCMonth(date.getUTCMonth() + count);
  if (unit === 'YEARS') return date.setUTCFullYear(date.getUTCFullYear() + count);
  throw queryFailures.noSuchUnit();
}

/** Weeks begin on Sunday; with a weekday it is that day of the week. */
function weekOf(today: number, count: number, [weekday]: readonly string[]): Period {
  const sunday = today - new Date(today).getUTCDay() * DAY + count * 7 * DAY;
  if (weekday === undefined) return { from: sunday, last: sunday + 6 * DAY };
  const at = WEEKDAYS.indexOf(weekday.toUpperCase());
  if (at < 0) throw syntaxError();
  return { from: sunday + at * DAY, last: sunday + at * DAY };
}

/** With a day of the month it is that day; one the month does not have is the first of the next. */
function monthOf(today: number, count: number, [day]: readonly string[]): Period {
  const date = new Date(today);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count + 1, 1);
  if (day === undefined) return { from: first, last: next - DAY };
  if (day.toUpperCase() === 'LAST') return { from: next - DAY, last: next - DAY };
  const number = Number(day);
  if (!Number.isInteger(number) || number < 1 || number > 31) throw queryFailures.noSuchDay(day);
  const wanted = Math.min(first + (number - 1) * DAY, next);
  return { from: wanted, last: wanted };
}

function yearOf(today: number, count: number): Period {
  const year = new Date(today).getUTCFullYear() + count;
  return { from: Date.UTC(year, 0, 1), last: Date.UTC(year, 11, 31) };
}

function literalPeriod(value: string, kind: FieldKind): Period {
  const written = kind === 'TIME' ? `1970-01-01T${value}:00Z` : value;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(written);
  const instant = Date.parse(isDay ? `${written}T00:00:00Z` : written);
  if (Number.isNaN(instant) || !/^\d{4}-\d{2}-\d{2}/.test(written)) throw invalid({ query: [NO_DATE] });
  if (isDay && kind !== 'DATE') return { from: instant - ZONE_MS, last: instant - ZONE_MS + DAY - 1 };
  return { from: instant, last: instant };
}
