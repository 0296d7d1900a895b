/** A parsed SOQL statement. Paths are as written, split at the dots. */

export type Literal = string | number | boolean | null;

export type Operand =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'date' | 'dateTime'; readonly value: Literal }
  /** `TODAY`, `LAST_N_DAYS:30` */
  | { readonly kind: 'span'; readonly name: string; readonly count: number | null };

export type ComparisonOperator = '=' | '!=' | '<' | '>' | '<=' | '>=' | 'like' | 'in' | 'not in' | 'includes' | 'excludes';

export interface Path {
  readonly names: readonly string[];
  readonly position: number;
}

/** Something that has a value: a field, or a function of one. `COUNT()` has no argument. */
export type Expression =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'call'; readonly name: string; readonly argument: Expression | null; readonly position: number };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | {
      readonly kind: 'compare';
      readonly left: Expression;
      readonly operator: ComparisonOperator;
      readonly operands: readonly Operand[];
    }
  /** `AccountId IN (SELECT Id FROM Account …)` */
  | { readonly kind: 'semiJoin'; readonly left: Path; readonly negated: boolean; readonly query: Query };

export interface Ordering {
  readonly by: Expression;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last';
}

export type SelectItem =
  | { readonly kind: 'value'; readonly expression: Expression; readonly alias: string | null }
  /** `(SELECT … FROM Contacts)` */
  | { readonly kind: 'children'; readonly query: Query }
  | {
      readonly kind: 'typeOf';
      readonly path: Path;
      readonly branches: readonly TypeBranch[];
      readonly otherwise: readonly Path[];
    };

export interface TypeBranch {
  readonly object: string;
  readonly position: number;
  readonly fields: readonly Path[];
}

export interface Query {
  readonly statement: string;
  readonly select: readonly SelectItem[];
  readonly object: string;
  readonly objectPosition: number;
  readonly alias: string | null;
  /** `USING SCOPE`; only of the outermost query. */
  readonly scope: 'everything' | 'mine' | null;
  readonly where: Condition | null;
  readonly groupBy: readonly Expression[];
  /** `GROUP BY ROLLUP(…)` adds totals of fewer and fewer fields, `CUBE` those of every choice of them. */
  readonly subtotals: 'rollup' | 'cube' | null;
  readonly having: Condition | null;
  readonly orderBy: readonly Ordering[];
  readonly limit: number | null;
  readonly offset: number;
}

/** `SELECT COUNT() FROM …`: its number is told, no rows. */
export function isBareCount(query: Query): boolean {
  const [only] = query.select;
  return only?.kind === 'value' && only.expression.kind === 'call' && isCountOfNothing(only.expression);
}

export function isCountOfNothing(expression: Expression): boolean {
  return expression.kind === 'call' && expression.name === 'count' && expression.argument === null;
}
