/** Languages of everything a person reads. */
export type Locale = 'ja' | 'en';

/** One sentence in both languages. */
export interface LocalisedText {
  readonly en: string;
  readonly ja: string;
}
