import type { Environment } from './environment.ts';
import { type HubSettingValues, hubSettings } from './hub-settings.ts';
import { listOf } from './list-of.ts';
import { type Agent, readAgents } from './read-agents.ts';
import { type ConnectorChoice, readConnectors } from './read-connectors.ts';
import { readDeclared } from './read-declared.ts';
import { lackingAccess, type PbxChoice, readPbxs } from './read-pbxs.ts';
import { type SettingProblem, WrongSettings, wrongSetting } from './setting.ts';

export interface Settings {
  readonly hub: HubSettingValues;
  /** At least one. */
  readonly pbxs: readonly PbxChoice[];
  /** In the order in which their records are shown. */
  readonly connectors: readonly ConnectorChoice[];
  readonly agents: readonly Agent[];
  /** By the list's name. */
  readonly listCallerIds: ReadonlyMap<string, string>;
}

/** @throws WrongSettings with every problem of the hub's and of the chosen connectors' settings at once */
export function readSettings(environment: Environment): Settings {
  return read(environment, ({ values }) => [...lackingAccess(values)]);
}

/** For what hears no PBX: customers can be imported, and a CRM be set up, before there is one. @throws WrongSettings likewise */
export function readSettingsBeforePbx(environment: Environment): Settings {
  return read(environment, () => []);
}

function read(environment: Environment, problemsOf: (pbx: PbxChoice) => readonly SettingProblem[]): Settings {
  const problems: SettingProblem[] = [];
  const hub = readDeclared(hubSettings, environment, problems);
  const pbxs = readPbxs(hub.PBXS ?? '', environment, problems);
  problems.push(...pbxs.flatMap(problemsOf));
  const connectors = readConnectors(environment, problems);
  problems.push(...doorsBesideEars(hub.ROUTING_STASIS_APP, pbxs));
  const agents = readAgents(hub.AGENTS ?? '', hub.AGENT_USERS ?? '', problems);
  const listCallerIds = readListCallerIds(hub.LIST_CALLER_IDS, problems);
  if (problems.length > 0) throw new WrongSettings(problems);
  return { hub: hub as HubSettingValues, pbxs, connectors, agents, listCallerIds };
}

/** Asterisk gives an application to whoever asked last: routing and listening would take it from each other for ever. */
function* doorsBesideEars(app: string | undefined, pbxs: readonly PbxChoice[]): Generator<SettingProblem> {
  const clash = pbxs.find(({ values }) => values.ARI_USER !== undefined && values.ARI_APP === app);
  if (clash === undefined) return;
  yield wrongSetting(
    'ROUTING_STASIS_APP',
    [`is the ARI_APP by which ${clash.name} is heard`, `${clash.name} を受信する ARI_APP と同じです`],
    [
      'Give routing a name of its own, for example toritsugi-routing.',
      'ルーティング用に別の名前を付けてください。例: toritsugi-routing',
    ],
  );
}

function readListCallerIds(text: string | undefined, problems: SettingProblem[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of listOf(text)) {
    const [, list, number] = /^([^=]{1,100})=(\+?\d{3,15})$/u.exec(entry) ?? [];
    if (list !== undefined && number !== undefined) found.set(list.trim(), number);
    else {
      const shown = JSON.stringify(entry.slice(0, 60));
      problems.push(
        wrongSetting(
          'LIST_CALLER_IDS',
          [`${shown} is not of the form list=0312345678`, `${shown} は「リスト名=0312345678」の形式ではありません`],
          ['Separate lists by commas.', 'リストはカンマで区切ってください。'],
        ),
      );
    }
  }
  return found;
}
