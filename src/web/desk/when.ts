/** Dates and times as the reader writes them. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export interface When {
  time(at: string): string;
  date(at: string): string;
  dateTime(at: string): string;
  /** A day that is near: with its weekday, without its year. */
  day(at: string): string;
  /** A moment to come; its year only when it is another one than now. */
  due(at: string, now: Date): string;
}

export function useWhen(): When {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const locale = i18n.language === 'ja' ? 'ja-JP' : 'en-GB';
    const month = i18n.language === 'ja' ? 'numeric' : 'short';
    const clock = { hour: '2-digit', minute: '2-digit' } as const;
    const dueDay = { month: 'short', day: 'numeric', weekday: 'short' } as const;
    const time = new Intl.DateTimeFormat(locale, clock);
    const date = new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', day: '2-digit' });
    const dateTime = new Intl.DateTimeFormat(locale, { month: '2-digit', day: '2-digit', ...clock });
    const day = new Intl.DateTimeFormat(locale, { month, day: 'numeric', weekday: 'short' });
    const thisYear = new Intl.DateTimeFormat(locale, { ...dueDay, ...clock });
    const otherYear = new Intl.DateTimeFormat(locale, { ...dueDay, ...clock, year: 'numeric' });
    return {
      time: (at) => time.format(new Date(at)),
      date: (at) => date.format(new Date(at)),
      dateTime: (at) => dateTime.format(new Date(at)),
      day: (at) => day.format(new Date(at)),
      due(at, now) {
        const due = new Date(at);
        return (due.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(due);
      },
    };
  }, [i18n.language]);
}
