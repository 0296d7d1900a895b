import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { InBothLanguages } from '../../connectors/connector.ts';
import { checkParsedMapping } from '../mappings/check-mapping-file.ts';
import type { Locale } from '../mappings/locale.ts';
import { inFileOrder, type MappingProblem } from '../mappings/mapping-problem.ts';
import type { Mapping } from '../mappings/mapping-schema.ts';
import { parseOutcomes } from '../mappings/outcomes.ts';
import { parseMapping } from '../mappings/parse-mapping.ts';
import { parseRoutingRules, routingRulesName } from '../mappings/routing-rules.ts';
import { describedServiceProblems } from './described-service.ts';
import { askCrm, type MappingsCommandDeps, outcomesName, problemLines, publicProblem, readOutcomes } from './mapping-files.ts';

export interface CheckOptions {
  readonly offline?: true;
  readonly json?: true;
  readonly language: Locale;
}

interface CheckedFile {
  readonly file: string;
  readonly problems: readonly MappingProblem[];
  readonly mapping: Mapping | null;
  /** What could not be checked and why; null when everything was. */
  readonly unchecked: InBothLanguages | null;
  readonly isFailure: boolean;
}

async function checkFile(file: string, isOffline: boolean, deps: MappingsCommandDeps): Promise<CheckedFile> {
  const text = await readFile(file, 'utf8');
  const name = path.basename(file);
  if (name === outcomesName) return { file, ...parseOutcomes(text), mapping: null, unchecked: null, isFailure: false };
  if (name === routingRulesName) {
    const { problems } = parseRoutingRules(text, { region: deps.style.region });
    return { file, problems, mapping: null, unchecked: null, isFailure: false };
  }
  const parsed = parseMapping(text);
  const { descriptions, unchecked, isFailure } = await askCrm(parsed.readable, isOffline, deps);
  const outcomes = await readOutcomes(deps.directory);
  const { mapping, problems } = checkParsedMapping(parsed, { descriptions, outcomes, locale: deps.style.locale });
  const isDescribed = parsed.readable?.connector === 'http' || parsed.readable?.service !== undefined;
  const described = isDescribed ? describedServiceProblems(text) : [];
  return { file, mapping, problems: inFileOrder([...problems, ...described]), unchecked, isFailure };
}

async function filesOf(named: readonly string[], directory: string): Promise<readonly string[]> {
  if (named.length > 0) return named;
  const all = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).toSorted();
  if (all.length === 0) throw new Error(`there is no mapping file (*.yaml) in ${directory}`);
  return all.map((name) => path.join(directory, name));
}

/** `mappings check`: every problem of the files named, or of all. */
export async function checkMappings(named: readonly string[], options: CheckOptions, deps: MappingsCommandDeps): Promise<void> {
  const checked: CheckedFile[] = [];
  for (const file of await filesOf(named, deps.directory)) checked.push(await checkFile(file, options.offline === true, deps));
  if (options.json) {
    const files = checked.map(({ file, problems, unchecked }) => ({
      file,
      problems: problems.map(publicProblem),
      unchecked: unchecked?.[options.language] ?? null,
    }));
    deps.print(JSON.stringify({ files }, null, 2));
  } else {
    for (const { file, problems, unchecked, mapping } of checked) {
      for (const line of problemLines(file, problems, options.language)) deps.print(line);
      if (unchecked !== null) deps.print(`${file}: ${unchecked[options.language]}`);
      deps.print(`${file}: ${verdict(problems.length, mapping?.tests.length ?? 0)[options.language]}`);
    }
  }
  const isWrong = checked.some(({ problems, isFailure }) => problems.length > 0 || isFailure);
  if (isWrong) deps.setExitCode(1);
}

function verdict(problems: number, tests: number): InBothLanguages {
  if (problems > 0) return { en: `${problems} problem(s)`, ja: `問題 ${problems} 件` };
  if (tests === 0) return { en: 'no problem', ja: '問題なし' };
  return { en: `no problem, its ${tests} tests pass`, ja: `問題なし。テスト ${tests} 件に合格` };
}
