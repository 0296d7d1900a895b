/** Recursive descent over the query language: conditions, order by, limit, offset. Pure. */
import { queryFailures } from './query-failures.ts';
import { syntaxError, type Token, tokensOf } from './query-tokens.ts';

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | 'not in' | 'like' | 'not like' | 'is empty' | 'is not empty';

export type Operand =
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly string[] };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly sides: readonly Condition[] }
  | { readonly kind: 'compare'; readonly field: string; readonly operator: Operator; readonly operands: readonly Operand[] };

export interface ParsedQuery {
  readonly condition: Condition | null;
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[];
  readonly limit: number | null;
  readonly offset: number | null;
}

const MAX_LIMIT = 500;
const MAX_OFFSET = 10_000;
const COMPARISONS = new Set(['=', '!=', '<', '>', '<=', '>=']);
/** Deep nesting would overflow the stack before anything else refuses it. */
const MAX_DEPTH = 100;

interface Reader {
  peek(): Token | undefined;
  next(): Token;
  /** Takes the word or sign when it comes next. */
  take(value: string): boolean;
  expect(value: string): void;
}

function readerOf(tokens: readonly Token[]): Reader {
  let at = 0;
  const matches = (value: string): boolean => {
    const token = tokens[at];
    if (token === undefined || token.kind === 'text' || token.kind === 'number') return false;
    return token.kind === 'word' ? token.value.toLowerCase() === value : token.value === value;
  };
  const reader: Reader = {
    peek: () => tokens[at],
    next: () => {
      const token = tokens[at];
      if (token === undefined) throw syntaxError();
      at += 1;
      return token;
    },
    take: (value) => {
      if (!matches(value)) return false;
      at += 1;
      return true;
    },
    expect: (value) => {
      if (!reader.take(value)) throw syntaxError();
    },
  };
  return reader;
}

/** @throws KintoneFailure CB_VA01 for a syntax error, GAIA_QU01 and GAIA_QU02 beyond the limits. */
export function parseQuery(query: string): ParsedQuery {
  const reader = readerOf(tokensOf(query));
  const first = reader.peek();
  const startsWithOption = first?.kind === 'word' && ['order', 'limit', 'offset'].includes(first.value.toLowerCase());
  const condition = first === undefined || startsWithOption ? null : either(reader, 0);
  const orderBy = reader.take('order') ? ordering(reader) : [];
  const limit = reader.take('limit') ? wholeNumber(reader) : null;
  const offset = reader.take('offset') ? wholeNumber(reader) : null;
  if (reader.peek() !== undefined) throw syntaxError();
  if (limit !== null && limit > MAX_LIMIT) throw queryFailures.limitTooBig();
  if (offset !== null && offset > MAX_OFFSET) throw queryFailures.offsetTooBig();
  return { condition, orderBy, limit, offset };
}

function either(reader: Reader, depth: number): Condition {
  const sides = [both(reader, depth)];
  while (reader.take('or')) sides.push(both(reader, depth));
  return sides.length === 1 && sides[0] !== undefined ? sides[0] : { kind: 'or', sides };
}

function both(reader: Reader, depth: number): Condition {
  const sides = [single(reader, depth)];
  while (reader.take('and')) sides.push(single(reader, depth));
  return sides.length === 1 && sides[0] !== undefined ? sides[0] : { kind: 'and', sides };
}

function single(reader: Reader, depth: number): Condition {
  if (depth > MAX_DEPTH) throw syntaxError();
  if (reader.take('(')) {
    const inner = either(reader, depth + 1);
    reader.expect(')');
    return inner;
  }
  const field = reader.next();
  if (field.kind !== 'word') throw syntaxError();
  return comparison(reader, field.value);
}

function comparison(reader: Reader, field: string): Condition {
  const sign = reader.next();
  if (sign.kind === 'sign' && COMPARISONS.has(sign.value)) {
    return { kind: 'compare', field, operator: sign.value as Operator, operands: [operand(reader)] };
  }
  if (sign.kind !== 'word') throw syntaxError();
  const word = sign.value.toLowerCase();
  if (word === 'is') {
    const negated = reader.take('not');
    reader.expect('empty');
    return { kind: 'compare', field, operator: negated ? 'is not empty' : 'is empty', operands: [] };
  }
  const negated = word === 'not';
  const operator = negated ? reader.next().value.toLowerCase() : word;
  if (operator === 'in') return { kind: 'compare', field, operator: negated ? 'not in' : 'in', operands: operandList(reader) };
  if (operator === 'like') {
    return { kind: 'compare', field, operator: negated ? 'not like' : 'like', operands: [operand(reader)] };
  }
  throw syntaxError();
}

function operandList(reader: Reader): readonly Operand[] {
  reader.expect('(');
  const operands = [operand(reader)];
  while (reader.take(',')) operands.push(operand(reader));
  reader.expect(')');
  return operands;
}

function operand(reader: Reader): Operand {
  const token = reader.next();
  if (token.kind === 'text' || token.kind === 'number') return { kind: 'literal', value: token.value };
  if (token.kind !== 'word') throw syntaxError();
  reader.expect('(');
  const args: string[] = [];
  while (!reader.take(')')) {
    if (args.length > 0) reader.expect(',');
    args.push(reader.next().value);
  }
  return { kind: 'call', name: token.value.toUpperCase(), args };
}

function ordering(reader: Reader): ParsedQuery['orderBy'] {
  reader.expect('by');
  const orders: { field: string; descending: boolean }[] = [];
  do {
    const field = reader.next();
    if (field.kind !== 'word') throw syntaxError();
    const descending = reader.take('desc');
    if (!descending) reader.take('asc');
    orders.push({ field: field.value, descending });
  } while (reader.take(','));
  return orders;
}

function wholeNumber(reader: Reader): number {
  const token = reader.next();
  if (token.kind !== 'number' || !/^\d+$/.test(token.value)) throw syntaxError();
  return Number(token.value);
}
