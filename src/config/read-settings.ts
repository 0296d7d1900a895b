import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { connectorDefinitions } from '../../connectors/index.ts';
import { type HubSettingValues, hubSettings } from './hub-settings.ts';
import { problemOf, type Setting, type SettingProblem, WrongSettings } from './setting.ts';

export interface ConnectorChoice {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

export interface Agent {
  readonly extension: string;
  readonly name: string;
  /** Their user by connector. */
  readonly users: Readonly<Record<string, string>>;
}

export interface Settings {
  readonly hub: HubSettingValues;
  /** The connectors of which anything was set. */
  readonly connectors: readonly ConnectorChoice[];
  readonly agents: readonly Agent[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment over the lines of an `.env` file; a missing file is an empty one. */
export function environmentWith(file: string, environment: Environment): Environment {
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...environment };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return environment;
    throw new WrongSettings([
      { key: file, problem: 'cannot be read', remedy: 'Check that the file belongs to the user who runs Toritsugi.' },
    ]);
  }
}

/** @throws WrongSettings with every problem of the hub's and of the chosen connectors' settings at once */
export function readSettings(environment: Environment): Settings {
  const problems: SettingProblem[] = [];
  const hub = readDeclared(hubSettings, environment, problems);
  const connectors: ConnectorChoice[] = [];
  for (const definition of connectorDefinitions) {
    const isChosen = definition.settings.some(({ key }) => Boolean(environment[key] ?? environment[`${key}_FILE`]));
    if (!isChosen) continue;
    const before = problems.length;
    const settings = readDeclared(definition.settings, environment, problems);
    if (problems.length === before) problems.push(...definition.problems(settings));
    connectors.push({ name: definition.name, settings });
  }
  const agents = readAgents(hub.AGENTS ?? '', hub.AGENT_USERS ?? '', problems);
  if (problems.length > 0) throw new WrongSettings(problems);
  return { hub: hub as HubSettingValues, connectors, agents };
}

function readDeclared(
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

function readAgents(list: string, userList: string, problems: SettingProblem[]): Settings['agents'] {
  const users = readEntries(userList, /^([a-z]+):(\d{2,8})\s*=\s*(.{1,80})$/u, (entry) => {
    problems.push({
      key: 'AGENT_USERS',
      problem: `${entry} is not of the form salesforce:1001=user`,
      remedy: 'Separate them by commas.',
    });
  });
  const agents = readEntries(list, /^()(\d{2,8})\s*=\s*(.{1,80})$/u, (entry) => {
    problems.push({ key: 'AGENTS', problem: `${entry} is not of the form 1001=Name`, remedy: 'Separate agents by commas.' });
  });
  return agents.map(({ extension, value }) => ({
    extension,
    name: value,
    users: Object.fromEntries(users.flatMap((user) => (user.extension === extension ? [[user.owner, user.value]] : []))),
  }));
}

function readEntries(list: string, form: RegExp, wrong: (entry: string) => void) {
  const entries = list.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
  return entries.flatMap((entry) => {
    const [, owner, extension, value] = form.exec(entry) ?? [];
    if (owner !== undefined && extension !== undefined && value !== undefined) return [{ owner, extension, value }];
    wrong(JSON.stringify(entry));
    return [];
  });
}
