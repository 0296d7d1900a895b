import type { Locale } from './locale.ts';
import type { Mapping } from './mapping-schema.ts';
import type { Outcome } from './outcomes.ts';

/** What the words of a mapping can mean, for checking. */
export interface Vocabulary {
  readonly links: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** Language of what is written into the CRM. */
  readonly locale: Locale;
}

/** The names of the links a mapping's callers have. */
export function linksOf(mapping: Mapping): readonly string[] {
  return [...new Set(mapping.callers.flatMap(({ link }) => Object.keys(link)))];
}
