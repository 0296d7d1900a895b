import { z } from 'zod';
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { readShape, shapeIssue } from './read-shape.ts';
import { readYaml } from './yaml-source.ts';

export const routingRulesName = 'routing.yaml';

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(200);
const text = z.string().min(1).max(200);
/** The dialplan uses it as it is: nothing in it may mean something to Asterisk. */
const dialplanName = z.string().regex(/^[\w/.-]{1,80}$/, 'only letters, digits, and _ - . / are allowed');

const ruleShape = z
  .strictObject({
    when: z
      .strictObject({
        did: listOf(text).optional(),
        caller: listOf(z.enum(['known', 'ambiguous', 'unknown', 'withheld'])).optional(),
        owner: z.boolean().optional(),
        card: z.record(text, listOf(text)).optional(),
      })
      .default({}),
    queue: dialplanName.nullable().default(null),
    greeting: dialplanName.nullable().default(null),
  })
  .superRefine(({ queue, greeting }, context) => {
    if (queue === null && greeting === null) {
      context.addIssue(shapeIssue('invalid', { detail: 'A rule needs a queue, a greeting, or both' }));
    }
  });

const rulesShape = z.strictObject({ rules: z.array(ruleShape).max(500) }).superRefine(({ rules }, context) => {
  const always = rules.findIndex(({ when }) => Object.keys(when).length === 0);
  if (always >= 0 && always < rules.length - 1) {
    const detail = `This rule fits every call, so rules[${always + 1}] and later never do; put it last`;
    context.addIssue(shapeIssue('invalid', { detail }, ['rules', always]));
  }
});

/** Which queue and which greeting fit a call; the first rule that fits decides. Dialled numbers are E.164 where they are numbers. */
export type RoutingRules = z.output<typeof rulesShape>['rules'];

/** Reads `routing.yaml`: its rules, or every problem at once with its place in the text. Never throws. */
export function parseRoutingRules(
  source: string,
  numbers: ReadOptions,
): { readonly rules: RoutingRules | null; readonly problems: readonly MappingProblem[] } {
  const yaml = readYaml(source);
  if (yaml.problems.length > 0) return { rules: null, problems: yaml.problems };
  const { value, problems } = readShape(rulesShape, yaml.data);
  const rules = value?.rules.map((rule) => ({ ...rule, when: withReadNumbers(rule.when, numbers) })) ?? null;
  return { rules, problems: problems.map(yaml.locate) };
}

function withReadNumbers(when: RoutingRules[number]['when'], numbers: ReadOptions): RoutingRules[number]['when'] {
  if (when.did === undefined) return when;
  const did = when.did.map((dialled) => {
    const read = readNumber(dialled, numbers);
    return read.kind === 'number' ? read.e164 : dialled;
  });
  return { ...when, did };
}
