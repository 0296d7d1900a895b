import { readFileSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { problemOf, type Setting, type SettingProblem, wrongSetting } from './setting.ts';

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
    problems.push(unreadableFile(`${setting.key}_FILE`, file));
    return setting.default;
  }
}

export function unreadableFile(key: string, file: string): SettingProblem {
  return wrongSetting(
    key,
    [`the file ${file} cannot be read`, `ファイル ${file} を読めません`],
    ['Check its name and its owner.', 'ファイル名と所有者を確認してください。'],
  );
}
