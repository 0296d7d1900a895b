import { ApiError } from '../api-error.ts';
import { pointedAt } from './malformed.ts';
import type { ComparisonOperator, Condition, Operand, Ordering, Path, Query } from './query.ts';
import { type Token, tokenise } from './tokens.ts';

const LONGEST_STATEMENT = 100_000;
const DEEPEST_NESTING = 50;

interface Reader {
  readonly statement: string;
  peek(): Token;
  next(): Token;
  /** Takes the next token when it is this keyword or symbol. */
  take(text: string): boolean;
  expect(text: string): void;
  fail(token: Token): ApiError;
}

function makeReader(statement: string): Reader {
  const tokens = tokenise(statement);
  const end: Token = { kind: 'end', text: '<EOF>', position: statement.length };
  let index = 0;
  const peek = () => tokens[index] ?? end;
  const next = () => {
    const token = peek();
    index += 1;
    return token;
  };
  const fail = (token: Token) => pointedAt(statement, token.position, 'MALFORMED_QUERY', `unexpected token: '${token.text}'`);
  const take = (text: string) => {
    const token = peek();
    const matches = token.kind !== 'string' && token.text.toLowerCase() === text;
    if (matches) index += 1;
    return matches;
  };
  const expect = (text: string) => {
    if (!take(text)) throw fail(peek());
  };
  return { statement, peek, next, take, expect, fail };
}

/** SELECT fields or COUNT(), FROM, WHERE, ORDER BY, LIMIT, OFFSET. @throws ApiError MALFORMED_QUERY */
export function parseSoql(statement: string): Query {
  if (statement.length > LONGEST_STATEMENT) {
    throw new ApiError(400, 'MALFORMED_QUERY', 'SOQL statements cannot be longer than 100000 characters.');
  }
  const reader = makeReader(statement);
  reader.expect('select');
  const fields = parseFields(reader);
  reader.expect('from');
  const object = word(reader);
  const where = reader.take('where') ? parseCondition(reader, 0) : null;
  const orderBy = parseOrdering(reader);
  const limit = reader.take('limit') ? wholeNumber(reader) : null;
  const offset = reader.take('offset') ? wholeNumber(reader) : 0;
  if (reader.peek().kind !== 'end') throw reader.fail(reader.peek());
  if (offset > 2000) throw new ApiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  return { statement, fields, object: object.text, objectPosition: object.position, where, orderBy, limit, offset };
}

function parseFields(reader: Reader): readonly Path[] | null {
  const first = word(reader);
  if (first.text.toLowerCase() === 'count' && reader.take('(')) {
    reader.expect(')');
    return null;
  }
  const fields = [toPath(first)];
  while (reader.take(',')) fields.push(toPath(word(reader)));
  return fields;
}

function word(reader: Reader): Token {
  const token = reader.next();
  if (token.kind !== 'word') throw reader.fail(token);
  return token;
}

function toPath(token: Token): Path {
  return { names: token.text.split('.'), position: token.position };
}

/** AND and OR may not stand side by side without brackets: the service refuses that, too. */
function parseCondition(reader: Reader, depth: number): Condition {
  const parts = [parseTerm(reader, depth)];
  const joint = reader.take('and') ? 'and' : reader.take('or') ? 'or' : null;
  if (joint === null) return parts[0] ?? { kind: 'and', parts };
  do parts.push(parseTerm(reader, depth));
  while (reader.take(joint));
  return { kind: joint, parts };
}

function parseTerm(reader: Reader, depth: number): Condition {
  if (depth > DEEPEST_NESTING) throw reader.fail(reader.peek());
  if (reader.take('not')) return { kind: 'not', part: parseTerm(reader, depth + 1) };
  if (!reader.take('(')) return parseComparison(reader);
  const inner = parseCondition(reader, depth + 1);
  reader.expect(')');
  return inner;
}

function parseComparison(reader: Reader): Condition {
  const path = toPath(word(reader));
  const operator = parseOperator(reader);
  if (operator !== 'in' && operator !== 'not in') return { kind: 'compare', path, operator, operands: [parseOperand(reader)] };
  reader.expect('(');
  const operands = [parseOperand(reader)];
  while (reader.take(',')) operands.push(parseOperand(reader));
  reader.expect(')');
  return { kind: 'compare', path, operator, operands };
}

function parseOperator(reader: Reader): ComparisonOperator {
  const token = reader.next();
  const text = token.text.toLowerCase();
  if (token.kind === 'symbol') {
    if (text === '<>') return '!=';
    if (text === '=' || text === '!=' || text === '<' || text === '>' || text === '<=' || text === '>=') return text;
  }
  if (token.kind === 'word') {
    if (text === 'like' || text === 'in') return text;
    if (text === 'not') {
      reader.expect('in');
      return 'not in';
    }
  }
  throw reader.fail(token);
}

function parseOperand(reader: Reader): Operand {
  const token = reader.next();
  if (token.kind === 'string') return { kind: 'string', value: token.text };
  if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
  if (token.kind === 'date' || token.kind === 'dateTime') return { kind: token.kind, value: token.text };
  const text = token.text.toLowerCase();
  if (token.kind === 'word' && text === 'null') return { kind: 'null', value: null };
  if (token.kind === 'word' && (text === 'true' || text === 'false')) return { kind: 'boolean', value: text === 'true' };
  throw reader.fail(token);
}

function parseOrdering(reader: Reader): readonly Ordering[] {
  if (!reader.take('order')) return [];
  reader.expect('by');
  const orderings: Ordering[] = [];
  do {
    const path = toPath(word(reader));
    const descending = reader.take('desc');
    if (!descending) reader.take('asc');
    let nulls: Ordering['nulls'] = 'first';
    if (reader.take('nulls')) {
      nulls = reader.take('last') ? 'last' : 'first';
      if (nulls === 'first') reader.expect('first');
    }
    orderings.push({ path, descending, nulls });
  } while (reader.take(','));
  return orderings;
}

function wholeNumber(reader: Reader): number {
  const token = reader.next();
  const value = Number(token.text);
  if (token.kind !== 'number' || !Number.isSafeInteger(value) || value < 0) throw reader.fail(token);
  return value;
}
