import path from 'node:path';
import type { ReadOptions } from '../callers/phone-number.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { readSource } from './read-source.ts';
import { parseRoutingRules, type RoutingRules, routingRulesName } from './routing-rules.ts';

/** `routing.yaml` as it is in force: an edited file counts only when nothing is wrong with it; until then the last good one does. */
export interface RoutingRulesFile {
  /** None where there is no file. */
  current(): RoutingRules;
  /** What is wrong with the file as it is now. */
  problems(): readonly MappingProblem[];
  reload(): Promise<void>;
}

export interface RoutingRulesFileSettings {
  /** Folder of the mapping files. */
  readonly directory: string;
  readonly numbers: ReadOptions;
  readonly log: (level: 'info' | 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** @throws when the file is there and cannot be read */
export async function openRoutingRules({ directory, numbers, log }: RoutingRulesFileSettings): Promise<RoutingRulesFile> {
  const file = path.join(directory, routingRulesName);
  let rules: RoutingRules = [];
  let problems: readonly MappingProblem[] = [];
  let seen: string | null = null;

  async function reload(): Promise<void> {
    const text = await readSource(file);
    if (text === seen) return;
    seen = text;
    if (text === null) {
      log('error', 'the routing rules are gone; the last good ones stay in force', { file });
      return;
    }
    const read = parseRoutingRules(text, numbers);
    problems = read.problems;
    if (read.rules === null) {
      const told = problems.map(
        ({ path, line, message, remedy }) => `${path}${line === null ? '' : ` (line ${line})`}: ${message.en} ${remedy.en}`,
      );
      log('error', 'the routing rules have problems; the last good ones stay in force', { file, problems: told });
      return;
    }
    rules = read.rules;
    log('info', 'routing rules in force', { file, rules: rules.length });
  }

  await reload();
  return { current: () => rules, problems: () => problems, reload };
}
