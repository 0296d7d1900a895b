import type { WritingStyle } from '../writing-style.ts';

/** A word after `|` in a template. Filters never throw: what they cannot read comes back unchanged. */
export interface TemplateFilter {
  readonly name: string;
  readonly apply: (value: unknown, style: WritingStyle, args: readonly unknown[]) => unknown;
}
