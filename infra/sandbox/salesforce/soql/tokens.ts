import { ApiError } from '../api-error.ts';
import { pointedAt } from './malformed.ts';

export interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'date' | 'dateTime' | 'symbol' | 'end';
  /** Words and symbols as written; the content of a string with its escapes resolved. */
  readonly text: string;
  readonly position: number;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '"': '"', "'": "'", '\\': '\\' };

const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['dateTime', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/y],
  ['date', /\d{4}-\d\d-\d\d/y],
  ['number', /[+-]?\d+(\.\d+)?/y],
  ['word', /[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*/y],
  ['symbol', /<=|>=|!=|<>|[=<>(),:]/y],
];

/** @throws ApiError MALFORMED_QUERY for an unclosed string, an unknown escape or a character SOQL does not know. */
export function tokenise(statement: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < statement.length) {
    if (/\s/.test(statement[position] ?? '')) {
      position += 1;
      continue;
    }
    const token = statement[position] === "'" ? readString(statement, position) : readPlain(statement, position);
    tokens.push(token.token);
    position = token.end;
  }
  tokens.push({ kind: 'end', text: '<EOF>', position });
  return tokens;
}

function readPlain(statement: string, position: number): { token: Token; end: number } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = position;
    const text = pattern.exec(statement)?.[0];
    if (text !== undefined) return { token: { kind, text, position }, end: position + text.length };
  }
  throw pointedAt(statement, position, 'MALFORMED_QUERY', `unexpected token: '${statement[position] ?? ''}'`);
}

function readString(statement: string, start: number): { token: Token; end: number } {
  let text = '';
  for (let position = start + 1; position < statement.length; position += 1) {
    const character = statement[position] ?? '';
    if (character === "'") return { token: { kind: 'string', text, position: start }, end: position + 1 };
    if (character === '\n' || character === '\r') break;
    if (character !== '\\') {
      text += character;
      continue;
    }
    position += 1;
    const escaped = statement[position] ?? '';
    // `\%` and `\_` keep their backslash: only LIKE resolves them.
    const resolved = escaped === '%' || escaped === '_' ? `\\${escaped}` : ESCAPES[escaped];
    if (resolved === undefined) throw new ApiError(400, 'MALFORMED_QUERY', `Illegal escape sequence: \\${escaped}`);
    text += resolved;
  }
  throw pointedAt(statement, start, 'MALFORMED_QUERY', 'expecting a right quote, found end of line');
}
