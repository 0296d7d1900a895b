import { checkCallers } from './check-callers.ts';
import { checkRecords } from './check-record.ts';
import type { CheckAgainst } from './descriptions.ts';
import type { MappingProblem } from './mapping-problem.ts';
import type { Mapping } from './mapping-schema.ts';

/** The objects whose descriptions a check needs. */
export function objectsOf({ callers, callLog, outcome, followUp, leads }: Mapping): readonly string[] {
  const parts = [...callers, callLog, outcome, followUp, leads];
  return [...new Set(parts.flatMap((part) => part?.object ?? []))];
}

/** Every problem at once; their lines are found by the `locate` of the parsed file. Pure. */
export function checkMapping(mapping: Mapping, against: CheckAgainst): readonly MappingProblem[] {
  return [...checkCallers(mapping, against.descriptions), ...checkRecords(mapping, against)];
}
