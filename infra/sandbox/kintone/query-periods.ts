/** What a date or a date function of the query language stands for, as the span of time it covers. Pure. */
import type { FieldKind } from './app-definition.ts';
import { invalid, SYNTAX, type Wording } from './kintone-failure.ts';
import type { Operand } from './query-parser.ts';

/** `from` and `last` in milliseconds since 1970, both inclusive. */
export interface Period {
  readonly from: number;
  readonly last: number;
}

const DAY = 86_400_000;
/** The sandbox's users all live in Japan: the date functions follow the user's time zone. */
const ZONE_MS = 9 * 3_600_000;

const NO_DATE: Wording = { ja: '日時の形式が正しくありません。', en: 'The date or time is not written as one.' };

/** @throws KintoneFailure CB_VA01 for what is no date or a function the sandbox does not know. */
export function periodOf(operand: Operand, kind: FieldKind, now: number): Period {
  if (operand.kind === 'literal') return literalPeriod(operand.value, kind);
  if (operand.name === 'NOW') return { from: now, last: now };
  const day = dayOf(operand.name, operand.args, now);
  const shift = kind === 'DATE' ? 0 : ZONE_MS;
  return { from: day - shift, last: day - shift + (kind === 'DATE' ? 0 : DAY - 1) };
}

/** The midnight of a local day, written as if it were UTC: that is how DATE values compare. */
function dayOf(name: string, args: readonly string[], now: number): number {
  const today = Math.floor((now + ZONE_MS) / DAY) * DAY;
  switch (name) {
    case 'TODAY':
      return today;
    case 'YESTERDAY':
      return today - DAY;
    case 'TOMORROW':
      return today + DAY;
    case 'FROM_TODAY':
      return fromToday(today, Number(args[0]), (args[1] ?? '').toUpperCase());
    default:
      throw invalid({ query: [SYNTAX] });
  }
}

function fromToday(today: number, count: number, unit: string): number {
  const date = new Date(today);
  if (!Number.isInteger(count)) throw invalid({ query: [SYNTAX] });
  if (unit === 'DAYS') return today + count * DAY;
  if (unit === 'WEEKS') return today + count * 7 * DAY;
  if (unit === 'MONTHS') return date.setUTCMonth(date.getUTCMonth() + count);
  if (unit === 'YEARS') return date.setUTCFullYear(date.getUTCFullYear() + count);
  throw invalid({ query: [SYNTAX] });
}

function literalPeriod(value: string, kind: FieldKind): Period {
  const written = kind === 'TIME' ? `1970-01-01T${value}:00Z` : value;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(written);
  const instant = Date.parse(isDay ? `${written}T00:00:00Z` : written);
  if (Number.isNaN(instant) || !/^\d{4}-\d{2}-\d{2}/.test(written)) throw invalid({ query: [NO_DATE] });
  if (isDay && kind !== 'DATE') return { from: instant - ZONE_MS, last: instant - ZONE_MS + DAY - 1 };
  return { from: instant, last: instant };
}
