/** Japanese and English; the browser's language at first, then what the person chose. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type Language = 'ja' | 'en';

const REMEMBERED = 'toritsugi.language';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'page';
    resources: { page: typeof ja };
  }
}

export function startLanguage(): void {
  const language = remembered() ?? (navigator.language.startsWith('ja') ? 'ja' : 'en');
  i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'ja',
    defaultNS: 'page',
    resources: { ja: { page: ja }, en: { page: en } },
    // React escapes what it shows; escaping twice would mangle names like O'Brien.
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(REMEMBERED, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

function remembered(): Language | null {
  const value = localStorage.getItem(REMEMBERED);
  return value === 'ja' || value === 'en' ? value : null;
}
