/** The formulas of calculated fields, as far as the sandbox knows them: arithmetic, comparisons, and the functions below. Pure. */
import { invalidFormula, type KintoneFailure, type Wording } from './kintone-failure.ts';

export type Formula =
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'field'; readonly code: string }
  | { readonly kind: 'minus'; readonly operand: Formula }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Formula[] };

/** How many arguments each takes: the least and the most. */
export const FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  SUM: [1, 32],
  IF: [3, 3],
  AND: [1, 32],
  OR: [1, 32],
  NOT: [1, 1],
  ROUND: [1, 2],
  ROUNDUP: [1, 2],
  ROUNDDOWN: [1, 2],
  YEN: [1, 2],
  DATE_FORMAT: [3, 3],
  CONTAINS: [2, 2],
};
/** These may read the cells of a table. */
const OF_LISTS: readonly string[] = ['SUM', 'CONTAINS'];

/** Weakest first; what stands together binds from the left. */
const BINDING: readonly (readonly string[])[] = [['=', '!=', '<>', '<=', '>=', '<', '>'], ['&'], ['+', '-'], ['*', '/'], ['^']];
const MAX_DEPTH = 100;
const SYNTAX: Wording = {
  ja: '計算式の文法が正しくありません。',
  en: 'The syntax of the formula is incorrect.',
  zh: '计算公式的语法不正确。',
};

interface Reader {
  peek(): string | undefined;
  take(...tokens: readonly string[]): string | null;
  next(): string;
}

/** @throws KintoneFailure GAIA_IL01; `label` is that of the field the formula stands in. */
export function parseFormula(text: string, label: string): Formula {
  const fail = (wording: Wording): KintoneFailure => invalidFormula(label, wording);
  const tokens = tokensOf(text, fail);
  let at = 0;
  const reader: Reader = {
    peek: () => tokens[at],
    take: (...wanted) => {
      const token = tokens[at];
      if (token === undefined || !wanted.includes(token)) return null;
      at += 1;
      return token;
    },
    next: () => {
      const token = tokens[at];
      if (token === undefined) throw fail(SYNTAX);
      at += 1;
      return token;
    },
  };
  const formula = binary(reader, 0, 0, fail);
  if (reader.peek() !== undefined) throw fail(SYNTAX);
  return formula;
}

type Fail = (wording: Wording) => KintoneFailure;

function tokensOf(text: string, fail: Fail): readonly string[] {
  const wide = /[！-／：-＠［-｀｛-～　]/.exec(text.replace(/"[^"]*"/g, ''));
  if (wide !== null)
    throw fail({
      ja: '計算式に全角記号が含まれています。',
      en: 'The formula contains full-width symbols.',
      zh: '计算公式中包含全角符号。',
    });
  const token = /\s*("(?:[^"\\]|\\.)*"|\d+(?:\.\d+)?|[\p{L}\p{N}\p{M}_･・＄￥ー〜]+|!=|<>|<=|>=|[-+*/^&=<>(),])/uy;
  const tokens: string[] = [];
  while (token.lastIndex < text.trimEnd().length) {
    const found = token.exec(text);
    if (found?.[1] === undefined) throw fail(SYNTAX);
    tokens.push(found[1]);
  }
  return tokens;
}

function binary(reader: Reader, level: number, depth: number, fail: Fail): Formula {
  if (depth > MAX_DEPTH) throw fail(SYNTAX);
  const signs = BINDING[level];
  if (signs === undefined) return unary(reader, depth, fail);
  let left = binary(reader, level + 1, depth, fail);
  for (let sign = reader.take(...signs); sign !== null; sign = reader.take(...signs)) {
    left = { kind: 'binary', sign, left, right: binary(reader, level + 1, depth, fail) };
  }
  return left;
}

function unary(reader: Reader, depth: number, fail: Fail): Formula {
  if (depth > MAX_DEPTH) throw fail(SYNTAX);
  if (reader.take('+') !== null) return unary(reader, depth + 1, fail);
  if (reader.take('-') !== null) return { kind: 'minus', operand: unary(reader, depth + 1, fail) };
  if (reader.take('(') !== null) {
    const inner = binary(reader, 0, depth + 1, fail);
    if (reader.take(')') === null) throw fail(SYNTAX);
    return inner;
  }
  const token = reader.next();
  if (token.startsWith('"')) return { kind: 'text', value: token.slice(1, -1).replace(/\\(.)/g, '$1') };
  if (/^\d+(\.\d+)?$/.test(token)) return { kind: 'number', value: token };
  if (!/^[\p{L}_]/u.test(token)) throw fail(SYNTAX);
  return reader.take('(') === null ? { kind: 'field', code: token } : call(token, reader, depth, fail);
}

function call(name: string, reader: Reader, depth: number, fail: Fail): Formula {
  const count = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (count === undefined)
    throw fail({ ja: `${name}関数は使用できません。`, en: `The function ${name} cannot be used.`, zh: `不能使用${name}函数。` });
  const args: Formula[] = [];
  while (reader.take(')') === null) {
    if (args.length > 0 && reader.take(',') === null) throw fail(SYNTAX);
    args.push(binary(reader, 0, depth + 1, fail));
  }
  const [least, most] = count;
  if (args.length > most) {
    throw fail({
      ja: `${name}関数に指定できる引数は${most}個までです。`,
      en: `The function ${name} takes ${most} arguments at most.`,
      zh: `${name}函数最多可指定${most}个参数。`,
    });
  }
  if (args.length < least) {
    const [ja, en, zh] =
      least === most ? [`${least}個`, `${least}`, `${least}个`] : [`${least}個以上`, `${least} or more`, `${least}个以上的`];
    throw fail({
      ja: `${name}関数には${ja}の引数が必要です。`,
      en: `The function ${name} needs ${en} arguments.`,
      zh: `${name}函数需要${zh}参数。`,
    });
  }
  return { kind: 'call', name, args };
}

export interface ReadField {
  readonly code: string;
  /** Of which function it is an argument at once; null for what stands by itself. */
  readonly within: string | null;
}

export function takesLists(name: string | null): boolean {
  return name !== null && OF_LISTS.includes(name);
}

/** The fields a formula reads. */
export function fieldsIn(formula: Formula, within: string | null = null): readonly ReadField[] {
  switch (formula.kind) {
    case 'field':
      return [{ code: formula.code, within }];
    case 'minus':
      return fieldsIn(formula.operand);
    case 'binary':
      return [...fieldsIn(formula.left), ...fieldsIn(formula.right)];
    case 'call':
      return formula.args.flatMap((arg) => fieldsIn(arg, formula.name));
    default:
      return [];
  }
}
