import type { ApiError } from '../api-error.ts';
import { pointedAt } from './malformed.ts';
import type { Path } from './query.ts';
import { type Token, tokenise } from './tokens.ts';

/** The tokens of a statement, taken one by one. */
export interface Reader {
  readonly statement: string;
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the next token when it is this keyword or symbol. */
  take(text: string): boolean;
  expect(text: string): void;
  word(): Token;
  path(): Path;
  wholeNumber(): number;
  fail(token: Token, reason?: string): ApiError;
}

/** @throws ApiError MALFORMED_QUERY for what is no token at all. */
export function createReader(statement: string): Reader {
  const tokens = tokenise(statement);
  const end: Token = { kind: 'end', text: '<EOF>', position: statement.length };
  let index = 0;
  const peek = (ahead = 0) => tokens[index + ahead] ?? end;
  const next = () => {
    const token = peek();
    index += 1;
    return token;
  };
  const fail = (token: Token, reason = `unexpected token: '${token.text}'`) =>
    pointedAt(statement, token.position, 'MALFORMED_QUERY', reason);
  const take = (text: string) => {
    const token = peek();
    const matches = token.kind !== 'string' && token.text.toLowerCase() === text;
    if (matches) index += 1;
    return matches;
  };
  const word = () => {
    const token = next();
    if (token.kind !== 'word') throw fail(token);
    return token;
  };
  return {
    ...{ statement, peek, next, take, word, fail },
    expect: (text) => {
      if (!take(text)) throw fail(peek());
    },
    path: () => toPath(word()),
    wholeNumber: () => {
      const token = next();
      const value = Number(token.text);
      if (token.kind !== 'number' || !Number.isSafeInteger(value) || value < 0) throw fail(token);
      return value;
    },
  };
}

export function toPath(token: Token): Path {
  return { names: token.text.split('.'), position: token.position };
}
