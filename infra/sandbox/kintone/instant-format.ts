/** DATE_FORMAT of formulas. Pure. */

/** Where the sandbox's users live. */
const SYSTEM_ZONE = 'Asia/Tokyo';
const WORDS = /YYYY|yyyy|YY|yy|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|a/g;

/** Null for a zone there is not and for an instant no calendar has. */
export function formattedInstant(instant: number, format: string, zone: string): string | null {
  const part = partsIn(instant, zone === 'system' ? SYSTEM_ZONE : zone);
  if (part === null) return null;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = part;
  const halfDay = String(Number(hour) % 12 || 12);
  const words: Readonly<Record<string, string>> = {
    ...{ YYYY: year.padStart(4, '0'), YY: year.slice(-2), yyyy: year.padStart(4, '0'), yy: year.slice(-2) },
    ...{ MM: month, M: bare(month), dd: day, d: bare(day), HH: hour, H: bare(hour), hh: halfDay.padStart(2, '0'), h: halfDay },
    ...{ mm: minute, m: bare(minute), ss: second, s: bare(second), a: Number(hour) < 12 ? 'AM' : 'PM' },
  };
  return format.replace(WORDS, (word) => words[word] ?? word);
}

function bare(digits: string): string {
  return String(Number(digits));
}

function partsIn(instant: number, timeZone: string): Readonly<Record<string, string>> | null {
  try {
    const two = '2-digit';
    const format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, year: 'numeric', month: two, day: two, hour: two, minute: two, second: two, hourCycle: 'h23' },
    });
    return Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
