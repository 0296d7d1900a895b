import type { FieldValue } from '../../connectors/connector.ts';
import type { FactValue } from './facts.ts';
import { type Facts, isEmpty } from './facts-of-call.ts';
import type { Rule } from './mapping-schema.ts';
import { type CompiledTemplate, compileTemplate } from './template.ts';
import { transforms } from './transforms/transforms.ts';
import { isWhen, parseWhen, type When } from './when.ts';

interface CompiledRule {
  readonly when: When | null;
  readonly template: CompiledTemplate | null;
}

const compiled = new WeakMap<Rule, CompiledRule>();

/** The condition and template of a rule, read once. @throws when the rule was not checked by its schema */
export function compileRule(rule: Rule): CompiledRule {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  const made = {
    when: rule.when === undefined ? null : parseWhen(rule.when),
    template: rule.template === undefined ? null : compileTemplate(rule.template),
  };
  compiled.set(rule, made);
  return made;
}

function sourceValue(rule: Rule, facts: Facts): FactValue | undefined {
  if (rule.value !== undefined) return rule.value;
  if (rule.from !== undefined) return facts.values[rule.from];
  if (rule.firstOf !== undefined) return rule.firstOf.map((name) => facts.values[name]).find((value) => !isEmpty(value));
  return compileRule(rule).template?.render(facts);
}

function mapped(value: NonNullable<FactValue>, map: NonNullable<Rule['map']>): FactValue | undefined {
  const find = (word: string) => (Object.hasOwn(map, word) ? map[word] : undefined);
  if (!Array.isArray(value)) return find(String(value));
  return value
    .map((item: string) => find(item))
    .filter((item) => item !== undefined)
    .map(String);
}

/**
 * What a rule gives for a call. Undefined: the field is left alone (the condition does not hold, or nothing is known and the
 * rule has no default); null: the field is emptied.
 */
export function ruleValue(rule: Rule, facts: Facts): FieldValue | undefined {
  const { when } = compileRule(rule);
  if (when !== null && !isWhen(when, facts.values)) return undefined;
  if (rule.value === null) return null;
  const found = sourceValue(rule, facts);
  if (found === undefined || found === null || isEmpty(found)) return rule.default;
  const value = rule.map === undefined ? found : mapped(found, rule.map);
  if (value === undefined || value === null) return rule.default;
  return rule.as === undefined ? value : (transforms[rule.as].apply(value, facts.style) ?? rule.default);
}
