/** An instant as a clock on the wall shows it; each part with its leading zeros. */
export interface LocalParts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const plainDate = /^(\d{4})-(\d{2})-(\d{2})$/u;

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const),
  });
  formats.set(timeZone, made);
  return made;
}

/** Reads ISO 8601: an instant is moved to the time zone, a date without a time stays that day. Null when it is neither. */
export function localParts(iso: string, timeZone: string): LocalParts | null {
  const day = plainDate.exec(iso);
  if (day !== null) return { year: day[1] ?? '', month: day[2] ?? '', day: day[3] ?? '', hour: '00', minute: '00' };
  const instant = Date.parse(iso);
  if (!/^\d{4}-\d{2}-\d{2}T/u.test(iso) || Number.isNaN(instant)) return null;
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}
