/** A time zone: days as the people of an org live them. */
export interface TimeZone {
  /** How far its clocks are ahead of UTC, in milliseconds. */
  offsetAt(instant: number): number;
  dayAt(instant: number): string;
  /** The moment a day begins, in milliseconds. */
  startOfDay(day: string): number;
}

/** @param name of the IANA list, such as `Asia/Tokyo` */
export function createTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' });
  const offsetAt = (instant: number): number => {
    const second = Math.floor(instant / 1000) * 1000;
    return Date.parse(`${format.format(second).replace(' ', 'T')}Z`) - second;
  };
  return {
    offsetAt,
    dayAt: (instant) => format.format(instant).slice(0, 10),
    startOfDay: (day) => {
      const utc = Date.parse(`${day}T00:00:00Z`);
      const near = utc - offsetAt(utc);
      // Once more from there: the clocks may have been changed in between.
      return utc - offsetAt(near);
    },
  };
}
