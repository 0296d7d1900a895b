import { readFileSync } from 'node:fs';
import { problemOf, type Setting, type SettingProblem } from './setting.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The values of the declared settings, defaults filled in; what is wrong is added to `problems`. */
export function readDeclared(
  declared: readonly Setting[],
  environment: Environment,
  problems: SettingProblem[],
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const setting of declared) {
    const value = givenValue(setting, environment, problems);
    const problem = problemOf(setting, value);
    if (problem) problems.push(problem);
    else if (value !== undefined && value !== '') values[setting.key] = value;
  }
  return values;
}

/** Secrets may live in files, as containers mount them: `AMI_SECRET_FILE=/run/secrets/ami`. */
function givenValue(setting: Setting, environment: Environment, problems: SettingProblem[]): string | undefined {
  const direct = environment[setting.key];
  const file = setting.secret ? environment[`${setting.key}_FILE`] : undefined;
  if (direct || !file) return direct || setting.default;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    problems.push({
      key: `${setting.key}_FILE`,
      problem: `the file ${file} cannot be read`,
      remedy: 'Check its name and its owner.',
    });
    return setting.default;
  }
}
