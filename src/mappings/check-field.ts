import type { FieldDescription, FieldType } from '../../connectors/connector.ts';
import type { CertainValue } from './certain-values.ts';
import { countedLength } from './cut-text.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import type { Rule } from './mapping-schema.ts';
import { nearestNote } from './nearest.ts';
import type { RuleAnalysis } from './rule-analysis.ts';
import type { ValueKind } from './transforms/transform.ts';
import { transforms } from './transforms/transforms.ts';

const takes: Readonly<Record<FieldType, readonly ValueKind[]>> = {
  string: ['text'],
  text: ['text'],
  phone: ['text'],
  email: ['text'],
  url: ['text'],
  integer: ['integer'],
  number: ['integer', 'number'],
  boolean: ['boolean'],
  date: ['date'],
  time: ['time'],
  dateTime: ['dateTime'],
  picklist: ['text'],
  multiPicklist: ['list'],
  reference: ['text', 'integer'],
  user: ['text', 'list'],
  id: [],
  file: [],
  table: [],
  other: ['text', 'list'],
};

const constantPatterns: Partial<Record<FieldType, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/u,
  time: /^\d{2}:\d{2}(?::\d{2})?$/u,
  dateTime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/u,
};

function kindOf(value: string | number | boolean): ValueKind {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}

function wrongType(field: FieldDescription, found: ValueKind, steps: readonly PathStep[], isConstant: boolean): MappingProblem {
  const accepted = takes[field.type];
  const cure = Object.values(transforms).find(({ gives }) => accepted.includes(gives));
  const remedy =
    cure === undefined
      ? {
          remedy: 'Such a field cannot be written; name another.',
          remedyJa: 'この型の項目には書けません。別の項目にしてください。',
        }
      : isConstant
        ? { remedy: `Write a ${cure.name}.`, remedyJa: `${cure.name} の値を書いてください。` }
        : {
            remedy: `Say \`as: ${cure.name}\`, or name another fact or field.`,
            remedyJa: `as: ${cure.name} とするか、別のファクトか項目にしてください。`,
          };
  return problem('wrongType', steps, { field: field.name, expected: field.type, found, ...remedy });
}

function checkKinds(steps: readonly PathStep[], field: FieldDescription, { kinds, values }: RuleAnalysis): MappingProblem[] {
  const accepted = takes[field.type];
  const wrong = kinds.find((kind) => !accepted.includes(kind));
  const isFine = ({ value, isConstant }: CertainValue) =>
    !isConstant || accepted.includes(kindOf(value)) || (constantPatterns[field.type]?.test(String(value)) ?? false);
  const constants = values.filter((value) => !isFine(value));
  return [
    ...(wrong === undefined ? [] : [wrongType(field, wrong, steps, false)]),
    ...constants.map(({ value, steps: at }) => wrongType(field, kindOf(value), at, true)),
  ];
}

/** A constant is one mistake each; choices of ours that the CRM does not know want one map for all of them. */
function checkPicklist(field: FieldDescription, values: RuleAnalysis['values']): MappingProblem[] {
  const { picklist, restricted, name } = field;
  if (picklist === null || !restricted) return [];
  const strange = values.filter(({ value }) => !picklist.includes(String(value)));
  const chosen = strange.filter(({ steps }) => steps.at(-1) === 'from');
  const written = strange
    .filter((value) => !chosen.includes(value))
    .map(({ value, steps }) =>
      problem('notInPicklist', steps, { field: name, value: String(value), ...nearestNote(String(value), picklist) }),
    );
  const steps = chosen[0]?.steps;
  if (steps === undefined) return written;
  const missing = chosen.map(({ value }) => value).join(', ');
  return [...written, problem('choicesNotInPicklist', steps, { field: name, missing, choices: picklist.join(', ') })];
}

function lengthOf(value: string | number | boolean): number {
  return typeof value === 'number' ? String(Math.trunc(Math.abs(value))).length : countedLength(String(value));
}

function checkLength(
  rule: Rule,
  steps: readonly PathStep[],
  field: FieldDescription,
  values: RuleAnalysis['values'],
): MappingProblem[] {
  const { length, name } = field;
  if (length === null) return [];
  const problems: MappingProblem[] = [];
  if (rule.limit !== undefined && rule.limit > length) {
    problems.push(
      problem('limitTooLong', [...steps, 'limit'], { length: String(rule.limit), field: name, limit: String(length) }),
    );
  }
  for (const { value, steps: at } of values) {
    const long = lengthOf(value);
    if (long > length) problems.push(problem('tooLong', at, { length: String(long), field: name, limit: String(length) }));
  }
  return problems;
}

/** What the CRM would refuse of a rule's result in this field. */
export function checkField(
  rule: Rule,
  steps: readonly PathStep[],
  field: FieldDescription,
  analysis: RuleAnalysis,
): MappingProblem[] {
  if (!field.createable) return [problem('notWritable', steps, { field: field.name })];
  const wrongKind = checkKinds(steps, field, analysis);
  if (wrongKind.length > 0) return wrongKind;
  const problems = [...checkPicklist(field, analysis.values), ...checkLength(rule, steps, field, analysis.values)];
  if (field.required && analysis.canBeEmpty) problems.push(problem('requiredMayBeEmpty', steps, { field: field.name }));
  return problems;
}
