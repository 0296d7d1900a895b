import type { FieldDescription, ObjectDescription } from '../../connectors/connector.ts';
import type { Locale } from './locale.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import { nearestNote } from './nearest.ts';
import type { Outcome } from './outcomes.ts';

/** What the CRM says of its objects; null: there is no such object; absent: it was not asked. */
export type Descriptions = ReadonlyMap<string, ObjectDescription | null>;

/** What a mapping is checked against. */
export interface CheckAgainst {
  /** An empty map checks only what needs no CRM. */
  readonly descriptions: Descriptions;
  readonly outcomes: readonly Outcome[];
  /** Language of what is written into the CRM. */
  readonly locale: Locale;
}

export function unknownObject(object: string, steps: readonly PathStep[], descriptions: Descriptions): MappingProblem {
  const others = [...descriptions].filter(([, found]) => found !== null).map(([name]) => name);
  return problem('unknownObject', steps, { name: object, ...nearestNote(object, others) });
}

export function unknownField(name: string, steps: readonly PathStep[], { object, fields }: ObjectDescription): MappingProblem {
  const known = fields.map((field) => field.name);
  return problem('unknownField', steps, { object, name, ...nearestNote(name, known) });
}

/** The reference field behind the first word of a dotted path: `Account` → AccountId, `Branch__r` → Branch__c. */
function referenceBehind(word: string, fields: readonly FieldDescription[]): FieldDescription | undefined {
  const names = [word, `${word}Id`, word.replace(/__r$/u, '__c')];
  return fields.find(({ name, type }) => (type === 'reference' || type === 'user') && names.includes(name));
}

/** True when a field can be read: it is there, or the path leads over a reference to one that is, as far as was asked. */
export function isReadable(path: string, description: ObjectDescription, descriptions: Descriptions): boolean {
  if (description.fields.some(({ name }) => name === path)) return true;
  const dot = path.indexOf('.');
  if (dot < 0) return false;
  const reference = referenceBehind(path.slice(0, dot), description.fields);
  if (reference === undefined) return false;
  const known = reference.referenceTo
    .map((object) => descriptions.get(object))
    .filter((found) => found !== undefined && found !== null);
  return known.length === 0 || known.some((target) => isReadable(path.slice(dot + 1), target, descriptions));
}
