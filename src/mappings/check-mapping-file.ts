import { checkMapping } from './check-mapping.ts';
import type { CheckAgainst } from './descriptions.ts';
import { inFileOrder, type MappingProblem } from './mapping-problem.ts';
import type { Mapping } from './mapping-schema.ts';
import { testProblems } from './mapping-tests.ts';
import { type ParsedMapping, parseMapping } from './parse-mapping.ts';

/** A rule that cannot be read still stands for its field, and a caller that cannot be read for its links. */
function isConsequence(found: MappingProblem, shape: readonly MappingProblem[]): boolean {
  if (found.code === 'unknownLink') return shape.some(({ steps }) => steps[0] === 'callers');
  return found.code === 'requiredUnfilled' && shape.some(({ path }) => path === found.path || path.startsWith(`${found.path}.`));
}

export interface CheckedMapping {
  /** Null when anything is wrong. */
  readonly mapping: Mapping | null;
  /** In the order of the file. */
  readonly problems: readonly MappingProblem[];
}

/** Everything wrong with a mapping that was read as far as it could be: its shape, its words, the CRM's view, its own tests. */
export function checkParsedMapping(parsed: ParsedMapping, against: CheckAgainst): CheckedMapping {
  const { readable, problems: shape } = parsed;
  if (readable === null) return { mapping: null, problems: shape };
  const meaning = checkMapping(readable, against).filter((found) => !isConsequence(found, shape));
  const isSound = shape.length + meaning.length === 0;
  const failed = isSound ? testProblems(readable) : [];
  const problems = inFileOrder([...shape, ...[...meaning, ...failed].map(parsed.locate)]);
  return { mapping: problems.length === 0 ? parsed.mapping : null, problems };
}

/** The same for the text of a file. */
export function checkMappingText(text: string, against: CheckAgainst): CheckedMapping {
  return checkParsedMapping(parseMapping(text), against);
}
