/** Languages of everything a person reads. */
export type Locale = 'ja' | 'en';
