import { z } from 'zod';
import type { InBothLanguages } from '../../connectors/connector.ts';
import { type MappingProblem, problem } from './mapping-problem.ts';
import { readShape } from './read-shape.ts';
import { readYaml } from './yaml-source.ts';

/** One way a conversation can end for the business, offered to the operator. */
export interface Outcome {
  /** Stored with the call and never shown; do not change it once calls use it. */
  readonly code: string;
  readonly label: InBothLanguages;
  /** Calls it is offered for. */
  readonly directions: readonly ('inbound' | 'outbound')[];
  /** The operator must say when to call again. */
  readonly needsRecall: boolean;
  /** The key that chooses it, one character. */
  readonly shortcut: string | null;
}

const outcomeShape = z.strictObject({
  code: z.string().regex(/^[a-z][a-zA-Z0-9-]{0,39}$/),
  label: z.strictObject({ ja: z.string().min(1).max(100), en: z.string().min(1).max(100) }),
  directions: z
    .array(z.enum(['inbound', 'outbound']))
    .min(1)
    .default(['inbound', 'outbound']),
  needsRecall: z.boolean().default(false),
  shortcut: z
    .string()
    .regex(/^[0-9a-z]$/)
    .nullable()
    .default(null),
});

const outcomesShape = z.strictObject({ outcomes: z.array(outcomeShape).min(1).max(100) });

function repeated(outcomes: readonly Outcome[]): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const seen = new Map<string, number>();
  const claim = (value: string | null, kind: string, path: (string | number)[]) => {
    if (value === null) return;
    const first = seen.get(`${kind}:${value}`);
    if (first === undefined) seen.set(`${kind}:${value}`, Number(path[1]));
    else problems.push(problem('duplicate', path, { name: value, other: `outcomes[${first}]` }));
  };
  outcomes.forEach((outcome, index) => {
    claim(outcome.code, 'code', ['outcomes', index, 'code']);
    claim(outcome.label.ja, 'ja', ['outcomes', index, 'label', 'ja']);
    claim(outcome.label.en, 'en', ['outcomes', index, 'label', 'en']);
    claim(outcome.shortcut, 'shortcut', ['outcomes', index, 'shortcut']);
  });
  return problems;
}

/** Reads `outcomes.yaml`: the configured outcomes, or every problem at once with its place in the text. */
export function parseOutcomes(text: string): {
  readonly outcomes: readonly Outcome[] | null;
  readonly problems: readonly MappingProblem[];
} {
  const source = readYaml(text);
  if (source.problems.length > 0) return { outcomes: null, problems: source.problems };
  const read = readShape(outcomesShape, source.data);
  const problems = [...read.problems, ...repeated(read.partial?.outcomes ?? [])].map(source.locate);
  return { outcomes: problems.length === 0 ? (read.value?.outcomes ?? null) : null, problems };
}
