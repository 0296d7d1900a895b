import type { Locale } from './locale.ts';

/** How dates, numbers and choices are written for people. */
export interface WritingStyle {
  readonly locale: Locale;
  /** IANA name, for example `Asia/Tokyo`. */
  readonly timeZone: string;
  /** Country whose numbers are written nationally, for example `JP`. */
  readonly region: string;
}
