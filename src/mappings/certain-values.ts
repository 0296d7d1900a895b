import { canStillBe } from './check-when.ts';
import type { FactDefinition } from './facts.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import type { Rule } from './mapping-schema.ts';
import { nearestNote } from './nearest.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { When } from './when.ts';

/** A value that a rule can give, certain before any call. */
export interface CertainValue {
  readonly value: string | number | boolean;
  readonly steps: readonly PathStep[];
  /** True when the file says it: then its type is checked by itself. */
  readonly isConstant: boolean;
}

/** What a fact can be where all the conditions hold; null when that cannot be counted. */
export function possibleChoices(
  fact: FactDefinition,
  { outcomes, locale }: Vocabulary,
  conditions: readonly When[],
): readonly string[] | null {
  const all =
    fact.choices ??
    (fact.name === 'outcome.code' && outcomes.length > 0 ? outcomes.map(({ code }) => code) : null) ??
    (fact.name === 'outcome.label' && outcomes.length > 0 ? outcomes.map(({ label }) => label[locale]) : null) ??
    (fact.type === 'boolean' ? ['true', 'false'] : null);
  return all?.filter((choice) => conditions.every((when) => canStillBe(when, fact.name, choice))) ?? null;
}

/** Words of the map that the fact never says, and words it says for which the map has nothing. */
export function checkMap(
  rule: Rule,
  steps: readonly PathStep[],
  choices: readonly string[] | null,
  fact: FactDefinition,
): MappingProblem[] {
  const map = rule.map ?? {};
  if (choices === null) return [];
  const all = fact.choices ?? choices;
  const strange = Object.keys(map).filter((key) => !all.includes(key));
  const problems = strange.map((name) =>
    problem('unknownChoice', [...steps, 'map', name], { name, fact: fact.name, ...nearestNote(name, all) }),
  );
  const silent = rule.default === undefined ? choices.filter((choice) => !Object.hasOwn(map, choice)) : [];
  if (silent.length > 0) problems.push(problem('mapIncomplete', [...steps, 'map'], { names: silent.join(', ') }));
  return problems;
}

type Constant = Rule['value'] | Rule['default'];

function constants(value: Constant, steps: readonly PathStep[]): CertainValue[] {
  const all = Array.isArray(value) ? value : [value];
  const isConstant = !Array.isArray(value);
  return all.flatMap((item) => (item === undefined || item === null ? [] : [{ value: item, steps, isConstant }]));
}

/** `choices` are those of the rule's only fact; null when they cannot be counted. */
export function certainValues(
  rule: Rule,
  steps: readonly PathStep[],
  facts: readonly FactDefinition[],
  choices: readonly string[] | null,
): CertainValue[] {
  const fallback = constants(rule.default, [...steps, 'default']);
  if (rule.value !== undefined) {
    const isConstant = rule.as === undefined && !Array.isArray(rule.value);
    return constants(rule.value, [...steps, 'value']).map((value) => ({ ...value, isConstant }));
  }
  if (rule.map !== undefined) {
    const reached = Object.entries(rule.map).filter(([key]) => choices?.includes(key) ?? true);
    const isConstant = rule.as === undefined && facts[0]?.type !== 'list';
    return [...reached.map(([key, value]) => ({ value, steps: [...steps, 'map', key], isConstant })), ...fallback];
  }
  const chosen = facts[0]?.type === 'boolean' ? [] : (choices ?? []);
  return [...chosen.map((value) => ({ value, steps: [...steps, 'from'], isConstant: false })), ...fallback];
}
