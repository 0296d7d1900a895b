import { readService } from '../../connectors/http/read-service.ts';
import type { MappingProblem } from '../mappings/mapping-problem.ts';

/** What is wrong with the part of a mapping file that describes a REST service; the connector `http` alone knows its shape. */
export function describedServiceProblems(text: string): readonly MappingProblem[] {
  return readService(text).problems.map(({ path, steps, line, message, remedy }) => ({
    ...{ code: 'invalid' as const, path, steps, line, column: line === null ? null : 1 },
    ...{ message, remedy },
  }));
}
