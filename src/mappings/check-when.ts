import { findFact } from './facts.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import { nearestNote } from './nearest.ts';
import { unknownFact } from './unknown-fact.ts';
import type { When, WhenTest } from './when.ts';

function checkCompared(
  test: WhenTest & { kind: 'compare' },
  steps: readonly PathStep[],
  links: readonly string[],
): MappingProblem[] {
  const fact = findFact(test.fact, links);
  if (fact === null) return [];
  const { name, type, choices } = fact;
  if (choices !== null && !choices.includes(String(test.value))) {
    return [
      problem('unknownChoice', steps, { name: String(test.value), fact: name, ...nearestNote(String(test.value), choices) }),
    ];
  }
  const wanted = type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : 'string';
  if (typeof test.value === wanted) return [];
  const meant = {
    number: 'Compare it with a number.',
    boolean: 'Write the fact alone, or `not` before it.',
    string: 'Put the value in quotes.',
  };
  const meantJa = {
    number: '数値と比較してください。',
    boolean: 'ファクト名だけ、または not を付けて書いてください。',
    string: '値を引用符で囲んでください。',
  };
  return [
    problem('whenType', steps, {
      fact: name,
      type,
      value: JSON.stringify(test.value),
      meant: meant[wanted],
      meantJa: meantJa[wanted],
    }),
  ];
}

/** Facts that do not exist, values a fact never has, and comparisons of different types. */
export function checkWhen(when: When, steps: readonly PathStep[], links: readonly string[]): MappingProblem[] {
  return when.flat().flatMap((test) => {
    if (findFact(test.fact, links) === null) return [unknownFact(test.fact, steps, links)];
    return test.kind === 'compare' ? checkCompared(test, steps, links) : [];
  });
}

function contradicts(test: WhenTest, fact: string, value: string): boolean {
  if (test.fact !== fact) return false;
  if (test.kind === 'present') return (value === 'true' && test.negated) || (value === 'false' && !test.negated);
  if (test.operator === '==') return String(test.value) !== value;
  return test.operator === '!=' && String(test.value) === value;
}

/** Can the fact have this value where the condition holds? */
export function canStillBe(when: When, fact: string, value: string): boolean {
  return when.some((group) => !group.some((test) => contradicts(test, fact, value)));
}
