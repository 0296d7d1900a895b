/** Dates and times as the reader writes them. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export function useWhen(): {
  time(at: string): string;
  date(at: string): string;
  dateTime(at: string): string;
  due(at: string, now: Date): string;
} {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const locale = i18n.language === 'ja' ? 'ja-JP' : 'en-GB';
    const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
    const date = new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', day: '2-digit' });
    const dateTime = new Intl.DateTimeFormat(locale, { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
    const due = { month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
    const thisYear = new Intl.DateTimeFormat(locale, due);
    const otherYear = new Intl.DateTimeFormat(locale, { ...due, year: 'numeric' });
    return {
      due(at, now) {
        const day = new Date(at);
        return (day.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(day);
      },
      time: (at) => time.format(new Date(at)),
      date: (at) => date.format(new Date(at)),
      dateTime: (at) => dateTime.format(new Date(at)),
    };
  }, [i18n.language]);
}
