/** What zod finds wrong with a description, as problems a person can mend. Pure. */
import type { z } from 'zod';
import { type DescriptionProblem, type PathStep, problemAt } from './description-problem.ts';

type Issue = z.core.$ZodIssue;
type Texts = readonly [message: readonly [string, string], remedy: readonly [string, string]];

/** What the refinements of the shapes are called. */
const REFINEMENTS: Readonly<Record<string, Texts>> = {
  one: [
    ['Exactly one of the ways must be named.', '方法はどれか1つだけを書きます。'],
    ['Keep one of them.', '1つだけ残してください。'],
  ],
  objects: [
    ['No object is described.', 'オブジェクトが1つも書かれていません。'],
    ['Describe at least one under "objects".', 'objects に1つ以上書いてください。'],
  ],
  path: [
    ['This is no path into an answer.', '応答の中の位置として読めません。'],
    [
      'Join names by dots (data.items), or write a list of names; ten steps at most.',
      'data.items のように名前を点でつなぐか、名前の並びで書いてください (10段まで)。',
    ],
  ],
  depth: [
    ['The body is nested too deeply.', 'body の入れ子が深すぎます。'],
    ['Eight levels are enough.', '8段以内にしてください。'],
  ],
  address: [
    ['A path begins with a slash and holds neither spaces, "?" nor "#".', 'パスは / で始まり、空白・?・# を含みません。'],
    ['Put parameters under "query".', 'パラメーターは query に書いてください。'],
  ],
};

export function shapeProblems(issues: readonly Issue[], root: readonly PathStep[], data: unknown): readonly DescriptionProblem[] {
  return issues.flatMap((issue) => {
    const steps = [...root, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
    const found = issue.path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | null | undefined)?.[step], data);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...steps, key], key));
    return [problemAt(steps, ...textsOf(issue, found, String(steps.at(-1))))];
  });
}

function unknownKey(steps: readonly PathStep[], key: string): DescriptionProblem {
  return problemAt(
    steps,
    [`"${key}" means nothing here.`, `「${key}」はここでは使えません。`],
    [
      'Correct its spelling or its place; see docs/guides/http-connector.md.',
      '綴りと位置を確認してください (docs/guides/http-connector.ja.md)。',
    ],
  );
}

function textsOf(issue: Issue, found: unknown, name: string): Texts {
  const refined = REFINEMENTS[issue.message];
  if (refined !== undefined) return refined;
  if (found === undefined && issue.code !== 'too_small') {
    return [
      [`"${name}" is missing.`, `「${name}」がありません。`],
      [`Add "${name}".`, `「${name}」を追加してください。`],
    ];
  }
  switch (issue.code) {
    case 'invalid_value': {
      // What stands there is not repeated: it may be a secret that was pasted in.
      const allowed = issue.values.map(String).join(', ');
      return [
        ['This value is not allowed here.', 'この値は指定できません。'],
        [`Use one of: ${allowed}.`, `指定できる値: ${allowed}`],
      ];
    }
    case 'too_small':
    case 'too_big': {
      const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
      return [
        [`Out of range: the limit is ${limit}.`, `範囲外です (限度: ${limit})。`],
        ['Keep within the limit.', '限度内にしてください。'],
      ];
    }
    case 'invalid_type':
      return [
        [`A ${issue.expected} is expected here.`, `ここには ${issue.expected} が必要です。`],
        [
          'Correct the value; put text that looks like a number in quotes.',
          '値を修正してください。数字に見える文字列は引用符で囲みます。',
        ],
      ];
    default:
      return [
        ['This cannot be read.', '読み取れません。'],
        ['Correct the value; see docs/guides/http-connector.md.', '値を修正してください (docs/guides/http-connector.ja.md)。'],
      ];
  }
}
