import { type CertainValue, certainValues, checkMap, possibleChoices } from './certain-values.ts';
import { checkWhen } from './check-when.ts';
import type { FactDefinition } from './facts.ts';
import { findFact } from './facts.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import type { Rule } from './mapping-schema.ts';
import { compileRule } from './rule-value.ts';
import type { ValueKind } from './transforms/transform.ts';
import { plainKind, transforms } from './transforms/transforms.ts';
import { unknownFact } from './unknown-fact.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { When } from './when.ts';

/** What a rule can give, as far as that is certain before any call. */
export interface RuleAnalysis {
  readonly problems: readonly MappingProblem[];
  /** What its facts or its template give; constants and the results of a map are in `values`. */
  readonly kinds: readonly ValueKind[];
  /** Values it can give that are certain before any call: constants, results of a map, choices, the default. */
  readonly values: readonly CertainValue[];
  readonly canBeEmpty: boolean;
  /** The facts its value (not its condition) comes from. */
  readonly facts: readonly string[];
}

interface Sources {
  readonly problems: MappingProblem[];
  readonly facts: readonly FactDefinition[];
  readonly canBeEmpty: boolean;
}

/** Facts may be groups inside templates: `{% if match %}`. */
function sourcesOf(rule: Rule, steps: readonly PathStep[], { links }: Vocabulary): Sources {
  const { template } = compileRule(rule);
  const named =
    rule.from !== undefined
      ? [{ name: rule.from, at: [...steps, 'from'] }]
      : (rule.firstOf?.map((name, index) => ({ name, at: [...steps, 'firstOf', index] })) ??
        template?.facts.map((name) => ({ name, at: [...steps, 'template'] })) ??
        []);
  const found = named.map(({ name, at }) => ({ name, at, definition: findFact(name, links) }));
  const problems = found.filter(({ definition }) => definition === null).map(({ name, at }) => unknownFact(name, at, links));
  const facts = found.flatMap(({ definition }) => definition ?? []);
  const isCertain =
    template === null
      ? rule.value !== undefined || facts.some(({ always }) => always)
      : template.hasOwnWords || facts.some(({ always }) => always);
  return { problems, facts, canBeEmpty: !isCertain && problems.length === 0 };
}

function sourceKinds(rule: Rule, facts: readonly FactDefinition[]): readonly ValueKind[] {
  if (rule.as !== undefined) return [transforms[rule.as].gives];
  if (Array.isArray(rule.value)) return ['list'];
  if (rule.template !== undefined) return rule.map === undefined ? ['text'] : [];
  const isMapped = (kind: ValueKind) => rule.map !== undefined && kind !== 'list';
  return facts.map(({ type }) => plainKind(type)).filter((kind) => !isMapped(kind));
}

function checkAs(rule: Rule, steps: readonly PathStep[], facts: readonly FactDefinition[]): MappingProblem[] {
  if (rule.as === undefined || rule.map !== undefined || rule.template !== undefined || rule.value !== undefined) return [];
  const { as } = rule;
  return facts
    .filter(({ type }) => !transforms[as].takes.includes(type))
    .map(({ name, type }) => {
      const allowed = Object.values(transforms).filter(({ takes }) => (takes as readonly string[]).includes(type));
      return problem('cannotConvert', [...steps, 'as'], {
        found: `${name} (${type})`,
        as,
        allowed: allowed.map((other) => other.name).join(', '),
      });
    });
}

/** Reads a rule without any call. `conditions` are those of the part it stands in. */
export function analyseRule(
  rule: Rule,
  steps: readonly PathStep[],
  vocabulary: Vocabulary,
  conditions: readonly When[],
): RuleAnalysis {
  const source = sourcesOf(rule, steps, vocabulary);
  const { when } = compileRule(rule);
  const problems = [...source.problems];
  if (when !== null) problems.push(...checkWhen(when, [...steps, 'when'], vocabulary.links));
  const only = source.facts.length === 1 && rule.template === undefined ? source.facts[0] : undefined;
  const choices =
    only === undefined ? null : possibleChoices(only, vocabulary, when === null ? conditions : [...conditions, when]);
  if (rule.map !== undefined && only !== undefined) problems.push(...checkMap(rule, steps, choices, only));
  problems.push(...checkAs(rule, steps, source.facts));
  return {
    problems,
    kinds: sourceKinds(rule, source.facts),
    values: certainValues(rule, steps, source.facts, choices),
    canBeEmpty:
      when !== null || rule.value === null || (source.canBeEmpty && (rule.default === undefined || rule.default === null)),
    facts: source.facts.map(({ name }) => name),
  };
}
