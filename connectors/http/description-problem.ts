/** What is wrong with a description: where, what, and what to do about it, in the languages of those who write one. */

export interface BothLanguages {
  readonly en: string;
  readonly ja: string;
}

export type PathStep = string | number;

export interface DescriptionProblem {
  /** From the top of the file: `service.objects.customers.find.path`. */
  readonly path: string;
  readonly steps: readonly PathStep[];
  /** From 1; null where the file has no such place. */
  readonly line: number | null;
  readonly message: BothLanguages;
  readonly remedy: BothLanguages;
}

export function problemAt(
  steps: readonly PathStep[],
  message: readonly [en: string, ja: string],
  remedy: readonly [en: string, ja: string],
): DescriptionProblem {
  return {
    path: shownSteps(steps),
    steps,
    line: null,
    message: { en: message[0], ja: message[1] },
    remedy: { en: remedy[0], ja: remedy[1] },
  };
}

/** `service.errors.rules[0].is`; a name with a dot in it is quoted. */
function shownSteps(steps: readonly PathStep[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    if (/[.\s[\]"]/u.test(step)) return `${path}[${JSON.stringify(step)}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

/** One line for a person, with its place in the file. */
export function shownProblem({ path, line, message }: DescriptionProblem): BothLanguages {
  return {
    en: `${line === null ? '' : `line ${line}, `}${path}: ${message.en}`,
    ja: `${line === null ? '' : `${line} 行目、`}${path}: ${message.ja}`,
  };
}
