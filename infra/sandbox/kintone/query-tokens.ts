/** The query language's words. Pure. */
import { invalid, SYNTAX } from './kintone-failure.ts';

export type Token =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'word'; readonly value: string }
  | { readonly kind: 'sign'; readonly value: string };

const SIGNS = ['!=', '<=', '>=', '=', '<', '>', '(', ')', ','];
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };

export function syntaxError(): Error {
  return invalid({ query: [SYNTAX] });
}

export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const character = query.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
    } else if (character === '"') {
      const literal = textLiteral(query, at + 1);
      tokens.push({ kind: 'text', value: literal.value });
      at = literal.end;
    } else {
      const token = signAt(query, at) ?? numberAt(query, at) ?? wordAt(query, at);
      tokens.push(token);
      at += token.value.length;
    }
  }
  return tokens;
}

/** A raw tab or line break inside a literal is a syntax error of the real service, too. */
function textLiteral(query: string, start: number): { readonly value: string; readonly end: number } {
  let value = '';
  for (let at = start; at < query.length; at += 1) {
    const character = query.charAt(at);
    if (character === '"') return { value, end: at + 1 };
    if (/[\t\r\n]/.test(character)) throw syntaxError();
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    const escaped = ESCAPES[query.charAt(at)];
    if (escaped === undefined) throw syntaxError();
    value += escaped;
  }
  throw syntaxError();
}

function signAt(query: string, at: number): Token | null {
  const sign = SIGNS.find((each) => query.startsWith(each, at));
  return sign === undefined ? null : { kind: 'sign', value: sign };
}

function numberAt(query: string, at: number): Token | null {
  const found = /^[+-]?\d+(\.\d+)?(?![\p{L}\p{N}_])/u.exec(query.slice(at, at + 64));
  return found === null ? null : { kind: 'number', value: found[0] };
}

/** Field codes are bare words of letters and digits of any script and a few signs. */
function wordAt(query: string, at: number): Token {
  const found = /^[$\p{L}\p{N}\p{M}_＿･・＄￥ー〜]+/u.exec(query.slice(at, at + 200));
  if (found === null) throw syntaxError();
  return { kind: 'word', value: found[0] };
}
