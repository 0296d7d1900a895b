import type { FactValue } from './facts.ts';

export type Operator = '==' | '!=' | '>' | '>=' | '<' | '<=';

/** One claim of a condition: a fact is there (or not), or compares with a constant. */
export type WhenTest =
  | { readonly kind: 'present'; readonly fact: string; readonly negated: boolean }
  | { readonly kind: 'compare'; readonly fact: string; readonly operator: Operator; readonly value: string | number | boolean };

/** A condition: true when every test of one of its groups holds (`or` of `and`s). */
export type When = readonly (readonly WhenTest[])[];

const factPattern = /^[a-z]\w*(?:\.\w+)*$/iu;
const tokenPattern = /\s*(?:(==|!=|>=|<=|>|<)|'([^']*)'|"([^"]*)"|([\w.-]+)|(\S))/guy;
const maxTokens = 100;

type Token = { readonly kind: 'operator' | 'text' | 'word' | 'other'; readonly text: string };

function tokens(source: string): Token[] {
  return [...source.trimEnd().matchAll(tokenPattern)].map(([, operator, single, double, word, other]) => {
    if (operator !== undefined) return { kind: 'operator', text: operator };
    if (word !== undefined) return { kind: 'word', text: word };
    if (other !== undefined) return { kind: 'other', text: other };
    return { kind: 'text', text: single ?? double ?? '' };
  });
}

function constant(token: Token | undefined): string | number | boolean {
  if (token?.kind === 'text') return token.text;
  if (token?.kind === 'word' && /^-?\d+(?:\.\d+)?$/u.test(token.text)) return Number(token.text);
  if (token?.text === 'true' || token?.text === 'false') return token.text === 'true';
  throw new WhenSyntaxError(`a quoted text or a number must follow the operator, not "${token?.text ?? 'nothing'}"`);
}

function testOf(part: readonly Token[]): WhenTest {
  const negated = part[0]?.text === 'not';
  const [fact, operator, value, ...more] = negated ? part.slice(1) : part;
  if (fact === undefined) throw new WhenSyntaxError('something is missing beside and / or / not');
  if (fact.kind !== 'word' || !factPattern.test(fact.text)) throw new WhenSyntaxError(`"${fact.text}" is no fact`);
  if (operator === undefined) return { kind: 'present', fact: fact.text, negated };
  if (operator.kind !== 'operator') throw new WhenSyntaxError(`"${operator.text}" is none of == != > >= < <=`);
  const compared = constant(value);
  if (more[0] !== undefined) throw new WhenSyntaxError(`"${more[0].text}" is one word too many`);
  if (negated) throw new WhenSyntaxError('`not` goes with a fact alone; use != instead');
  return { kind: 'compare', fact: fact.text, operator: operator.text as Operator, value: compared };
}

function split(list: readonly Token[], word: string): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of list) {
    if (token.kind === 'word' && token.text === word) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** What is wrong with the text of a condition. */
export class WhenSyntaxError extends Error {
  override readonly name = 'WhenSyntaxError';
}

/** Reads `match and direction == 'inbound' or missed`; `and` binds tighter. @throws WhenSyntaxError */
export function parseWhen(source: string): When {
  const list = tokens(source);
  if (list.length > maxTokens) throw new WhenSyntaxError('it is too long');
  return split(list, 'or').map((group) => split(group, 'and').map(testOf));
}

function compare(actual: FactValue | undefined, operator: Operator, expected: string | number | boolean): boolean {
  const same = Array.isArray(actual) ? actual.includes(String(expected)) : actual === expected;
  if (operator === '==') return same;
  if (operator === '!=') return !same;
  if (typeof actual !== typeof expected || (typeof actual !== 'number' && typeof actual !== 'string')) return false;
  if (operator === '>') return actual > expected;
  if (operator === '>=') return actual >= expected;
  return operator === '<' ? actual < expected : actual <= expected;
}

function holds(test: WhenTest, values: Readonly<Record<string, FactValue>>): boolean {
  const actual = values[test.fact];
  if (test.kind === 'compare') return compare(actual, test.operator, test.value);
  const present = actual !== undefined && actual !== null && actual !== false;
  return present !== test.negated;
}

/** Does the condition hold for these facts? A fact that is not known is not equal to anything. */
export function isWhen(when: When, values: Readonly<Record<string, FactValue>>): boolean {
  return when.some((group) => group.every((test) => holds(test, values)));
}
