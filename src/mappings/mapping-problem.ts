import type { InBothLanguages } from '../../connectors/connector.ts';
import { type ProblemCode, problemTexts } from './problem-texts.ts';

export type PathStep = string | number;

/** One thing that is wrong with a file an admin keeps: where, what, and what to do about it. */
export interface MappingProblem {
  readonly code: ProblemCode;
  /** For people: `callLog.fields.Subject.template`, `callers[0].phones[1]`. */
  readonly path: string;
  readonly steps: readonly PathStep[];
  /** From 1; null where the file has no such place. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: InBothLanguages;
  readonly remedy: InBothLanguages;
}

/** `callers[0].name`; a step with a dot or a space in it is quoted. */
export function formatPath(steps: readonly PathStep[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    if (/[.\s[\]"]/u.test(step)) return `${path}[${JSON.stringify(step)}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

function fill(text: string, words: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/gu, (whole, name: string) => words[name] ?? whole);
}

/** A problem at a place; `words` fill the braces of its texts. Its line is found by `YamlSource.locate`. */
export function problem(
  code: ProblemCode,
  steps: readonly PathStep[],
  words: Readonly<Record<string, string>> = {},
): MappingProblem {
  const { message, remedy } = problemTexts[code];
  const both = (text: InBothLanguages) => ({ en: fill(text.en, words), ja: fill(text.ja, words) });
  return { code, path: formatPath(steps), steps, line: null, column: null, message: both(message), remedy: both(remedy) };
}

/** Problems in the order of the file. */
export function inFileOrder(problems: readonly MappingProblem[]): readonly MappingProblem[] {
  const place = ({ line, column }: MappingProblem) => (line ?? 1e9) * 1e4 + (column ?? 0);
  return problems.toSorted((a, b) => place(a) - place(b));
}
