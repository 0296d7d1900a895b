import type { FieldValue } from '../../../connectors/connector.ts';
import type { FactType, FactValue } from '../facts.ts';
import type { WritingStyle } from '../writing-style.ts';

/** What a rule gives, as fields see it. */
export type ValueKind = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'dateTime' | 'time' | 'list';

/** One word after `as:`. */
export interface Transform {
  readonly name: string;
  readonly gives: ValueKind;
  /** Kinds of facts it can be used on; `string` also stands for constants and templates. */
  readonly takes: readonly FactType[];
  /** Null when the value is none of the kind (a date that is no date). Never throws. */
  readonly apply: (value: NonNullable<FactValue>, style: WritingStyle) => FieldValue;
}
