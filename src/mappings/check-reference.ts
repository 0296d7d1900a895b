import type { FieldDescription } from '../../connectors/connector.ts';
import type { Descriptions } from './descriptions.ts';
import { linkOfFact } from './facts.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import type { MappingCaller } from './mapping-schema.ts';
import { isOwnId } from './present-caller.ts';

interface ReferenceCheck {
  readonly field: FieldDescription;
  readonly steps: readonly PathStep[];
  /** The facts the value comes from. */
  readonly facts: readonly string[];
  /** Callers whose records can get here. */
  readonly callers: readonly MappingCaller[];
  readonly all: readonly MappingCaller[];
  readonly descriptions: Descriptions;
}

/** The objects an id can belong to: the fact `match.id`, or a link of the caller. Null when that is not known. */
function targets(fact: string, caller: MappingCaller, descriptions: Descriptions): readonly string[] | null {
  if (fact === 'match.id') return [caller.object];
  const link = linkOfFact(fact);
  const from = link === null ? undefined : caller.link[link];
  if (from === undefined) return null;
  if (isOwnId(from)) return [caller.object];
  const found = descriptions.get(caller.object)?.fields.find(({ name }) => name === from);
  return found === undefined || found.referenceTo.length === 0 ? null : found.referenceTo;
}

/** A kintone lookup takes a value of the other app, not a record's id: nothing can be said of it here. */
function isAppId(object: string): boolean {
  return /^\d+$/u.test(object);
}

/** Ids that would point at the wrong kind of record. */
export function checkReference({ field, steps, facts, callers, all, descriptions }: ReferenceCheck): MappingProblem[] {
  const allowed = field.referenceTo;
  if (field.type !== 'reference' || allowed.length === 0 || allowed.every(isAppId)) return [];
  return facts.flatMap((fact) =>
    callers.flatMap((caller) => {
      const found = targets(fact, caller, descriptions);
      if (found === null || found.some((object) => allowed.includes(object))) return [];
      const where = `callers[${all.indexOf(caller)}]`;
      return [
        problem('referenceMismatch', steps, {
          field: field.name,
          allowed: allowed.join(', '),
          fact,
          found: found.join(', '),
          where,
        }),
      ];
    }),
  );
}
