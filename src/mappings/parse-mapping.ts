import { inFileOrder, type MappingProblem } from './mapping-problem.ts';
import { type Mapping, mappingShape } from './mapping-schema.ts';
import { readShape } from './read-shape.ts';
import { readYaml } from './yaml-source.ts';

export interface ParsedMapping {
  /** Null when anything is wrong. */
  readonly mapping: Mapping | null;
  /** What can be read in spite of the problems, so that the rest can be checked in the same run. */
  readonly readable: Mapping | null;
  /** Every problem, in the order of the file. */
  readonly problems: readonly MappingProblem[];
  /** Gives a problem found later its line and column. */
  readonly locate: (problem: MappingProblem) => MappingProblem;
}

/** A rule whose only source is misspelt is one mistake, not two. */
function isTypedWrong({ code, path }: MappingProblem, problems: readonly MappingProblem[]): boolean {
  return code === 'noSource' && problems.some((other) => other.code === 'unknownKey' && other.path.startsWith(`${path}.`));
}

/** Reads the text of a mapping file: a mapping, or every problem of its shape. Never throws. */
export function parseMapping(text: string): ParsedMapping {
  const source = readYaml(text);
  if (source.problems.length > 0) {
    return { mapping: null, readable: null, problems: source.problems, locate: source.locate };
  }
  const { value, partial, problems } = readShape(mappingShape, source.data);
  const told = problems.filter((found) => !isTypedWrong(found, problems)).map(source.locate);
  return { mapping: value, readable: partial, problems: inFileOrder(told), locate: source.locate };
}
