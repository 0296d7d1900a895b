/** Dates and times as the reader writes them. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export function useWhen(): { time(at: string): string; date(at: string): string; dateTime(at: string): string } {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const locale = i18n.language === 'ja' ? 'ja-JP' : 'en-GB';
    const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
    const date = new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', day: '2-digit' });
    const dateTime = new Intl.DateTimeFormat(locale, { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
    return {
      time: (at) => time.format(new Date(at)),
      date: (at) => date.format(new Date(at)),
      dateTime: (at) => dateTime.format(new Date(at)),
    };
  }, [i18n.language]);
}
