/** Settings that were sent, read by a schema; what does not fit is refused by its path. */
import { z } from 'zod';
import { invalid, NOT_IN_ENUM, REQUIRED, type Wording } from './kintone-failure.ts';

/** Clients send these as what they are or as text. */
export const text = z.coerce.string();
export const flag = z
  .union([z.boolean(), z.literal('true'), z.literal('false')])
  .transform((value) => value === true || value === 'true');

const WRONG: Wording = {
  ja: '値の指定が正しくありません。',
  en: 'The value is not specified correctly.',
  zh: '值的指定不正确。',
};

/** @throws KintoneFailure CB_VA01 */
export function checked<T>(schema: z.ZodType<T>, sent: unknown, path: string): T {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => [pathOf(path, issue.path), [wordingOf(issue)]]);
  throw invalid(Object.fromEntries(errors));
}

/** `properties[電話番号].options[A].index` */
function pathOf(base: string, steps: readonly PropertyKey[]): string {
  const plain = /^[A-Za-z]+$/;
  return steps.reduce<string>((path, step, index) => {
    const text = String(step);
    if (path === '' && index === 0) return text;
    return plain.test(text) ? `${path}.${text}` : `${path}[${text}]`;
  }, base);
}

function wordingOf(issue: z.core.$ZodIssue): Wording {
  if (issue.code === 'invalid_value') return issue.input === undefined ? REQUIRED : NOT_IN_ENUM;
  if (issue.code === 'invalid_type' && issue.input === undefined) return REQUIRED;
  return WRONG;
}
