/** A parsed SOQL statement. Paths are as written, split at the dots. */

export type Literal = string | number | boolean | null;

export interface Operand {
  readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'date' | 'dateTime';
  readonly value: Literal;
}

export type ComparisonOperator = '=' | '!=' | '<' | '>' | '<=' | '>=' | 'like' | 'in' | 'not in';

export interface Path {
  readonly names: readonly string[];
  readonly position: number;
}

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | {
      readonly kind: 'compare';
      readonly path: Path;
      readonly operator: ComparisonOperator;
      readonly operands: readonly Operand[];
    };

export interface Ordering {
  readonly path: Path;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last';
}

export interface Query {
  readonly statement: string;
  /** Null for `SELECT COUNT()`. */
  readonly fields: readonly Path[] | null;
  readonly object: string;
  readonly objectPosition: number;
  readonly where: Condition | null;
  readonly orderBy: readonly Ordering[];
  readonly limit: number | null;
  readonly offset: number;
}
