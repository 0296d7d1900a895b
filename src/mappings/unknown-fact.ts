import { factNames, linkOfFact } from './facts.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import { nearestNote } from './nearest.ts';

/** A word that is no fact, or a link that no caller has. */
export function unknownFact(name: string, steps: readonly PathStep[], links: readonly string[]): MappingProblem {
  const link = linkOfFact(name);
  if (link !== null) return problem('unknownLink', steps, { name: link, ...nearestNote(link, links) });
  return problem('unknownFact', steps, { name, ...nearestNote(name, factNames(links)) });
}
