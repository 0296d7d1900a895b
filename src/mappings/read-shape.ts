import type { z } from 'zod';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import { nearestNote } from './nearest.ts';
import type { ProblemCode } from './problem-texts.ts';

/** A zod refinement names one of our problems: `ctx.addIssue(shapeIssue('whenSyntax', { detail }))`. */
export function shapeIssue(code: ProblemCode, words: Readonly<Record<string, string>> = {}, path: PathStep[] = []) {
  return { code: 'custom' as const, path, message: code, params: { problem: code, words } };
}

function stepsOf(path: readonly PropertyKey[]): PathStep[] {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function knownKeys(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let at = schema as { def?: Record<string, unknown>; shape?: Record<string, unknown> } | undefined;
  for (const step of [...path, null]) {
    while (at?.def?.innerType !== undefined) at = at.def.innerType as typeof at;
    if (step === null) break;
    const inside = typeof step === 'number' ? at?.def?.element : (at?.shape?.[String(step)] ?? at?.def?.valueType);
    at = inside as typeof at;
  }
  return Object.keys(at?.shape ?? {});
}

function wordFor(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : typeof value;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown> | null | undefined)?.[step], data);
}

function fromIssue(schema: z.ZodType, issue: z.core.$ZodIssue, data: unknown): MappingProblem[] {
  const steps = stepsOf(issue.path);
  const found = valueAt(data, issue.path);
  if (issue.code === 'custom' && typeof issue.params?.problem === 'string') {
    return [problem(issue.params.problem as ProblemCode, steps, issue.params.words as Record<string, string>)];
  }
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => problem('unknownKey', [...steps, key], { name: key, ...nearestNote(key, known) }));
  }
  if (found === undefined && issue.code !== 'too_small') return [problem('missing', steps, { name: String(steps.at(-1)) })];
  if (issue.code === 'invalid_type') {
    return [problem('wrongShape', steps, { expected: shapeWord(issue.expected), found: wordFor(found) })];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    return [problem('notAllowed', steps, { value: String(found), allowed: allowed.join(', ') })];
  }
  if (issue.code === 'too_small') return [problem('outOfRange', steps, { size: 'small', limit: String(issue.minimum) })];
  if (issue.code === 'too_big') return [problem('outOfRange', steps, { size: 'large', limit: String(issue.maximum) })];
  return [problem('invalid', steps, { detail: issue.message })];
}

function shapeWord(expected: string): string {
  if (expected === 'array') return 'list';
  return expected === 'object' || expected === 'record' ? 'map' : expected;
}

/** What is left of the data when everything a problem points at is taken out, so that the rest can still be checked. */
function without(data: unknown, problems: readonly MappingProblem[]): unknown {
  const copy: unknown = structuredClone(data);
  for (const { steps, code } of problems) {
    const path = code === 'missing' ? steps.slice(0, -1) : steps;
    const parent = valueAt(copy, path.slice(0, -1));
    const last = path.at(-1);
    if (last === undefined || typeof parent !== 'object' || parent === null) continue;
    // A list ends before its first broken item: the places of the others would shift.
    if (Array.isArray(parent)) parent.length = Math.min(parent.length, Number(last));
    else delete (parent as Record<string, unknown>)[String(last)];
  }
  return copy;
}

const maxSalvageRounds = 4;

/**
 * Reads plain data by its shape. `value` is null when anything is wrong; `partial` is then what remains without the wrong
 * parts (null when nothing does), so that one run can report what else is wrong.
 */
export function readShape<Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
): { readonly value: z.output<Schema> | null; readonly partial: z.output<Schema> | null; readonly problems: MappingProblem[] } {
  if (data === null || data === undefined) return { value: null, partial: null, problems: [problem('empty', [])] };
  const first = schema.safeParse(data);
  if (first.success) return { value: first.data, partial: first.data, problems: [] };
  const problems = first.error.issues.flatMap((issue) => fromIssue(schema, issue, data));
  let rest: unknown = data;
  let wrong = problems;
  for (let round = 0; round < maxSalvageRounds; round += 1) {
    rest = without(rest, wrong);
    const again = schema.safeParse(rest);
    if (again.success) return { value: null, partial: again.data, problems };
    wrong = again.error.issues.flatMap((issue) => fromIssue(schema, issue, rest));
  }
  return { value: null, partial: null, problems };
}
