import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { connectorDefinitions } from '../../connectors/index.ts';
import { type HubSettingValues, hubSettings } from './hub-settings.ts';
import { type Agent, readAgents } from './read-agents.ts';
import { type Environment, readDeclared } from './read-declared.ts';
import { type PbxChoice, readPbxs } from './read-pbxs.ts';
import { type SettingProblem, WrongSettings } from './setting.ts';

export interface ConnectorChoice {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

export interface Settings {
  readonly hub: HubSettingValues;
  /** At least one. */
  readonly pbxs: readonly PbxChoice[];
  /** The connectors of which anything was set. */
  readonly connectors: readonly ConnectorChoice[];
  readonly agents: readonly Agent[];
}

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
  const pbxs = readPbxs(hub.PBXS ?? '', environment, problems);
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
  return { hub: hub as HubSettingValues, pbxs, connectors, agents };
}
