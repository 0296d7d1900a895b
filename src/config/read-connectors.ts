import path from 'node:path';
import type { ConnectorDefinition, ConnectorSetting } from '../../connectors/connector.ts';
import { connectorDefinitions } from '../../connectors/index.ts';
import type { Environment } from './environment.ts';
import { listOf } from './list-of.ts';
import { readDeclared } from './read-declared.ts';
import { type SettingProblem, wrongSetting } from './setting.ts';

export interface ConnectorChoice {
  readonly name: string;
  readonly definition: ConnectorDefinition;
  readonly settings: Readonly<Record<string, string>>;
}

const mostFurther = 20;
/** Customers imported from a file, and the other files beside the mappings. */
const takenNames = ['customers', 'outcomes', 'routing'];

/** The connectors of which anything was set, and those that were named. */
export function readConnectors(environment: Environment, problems: SettingProblem[]): readonly ConnectorChoice[] {
  const chosen = connectorDefinitions.flatMap((definition) => [
    ...(isSet(definition, environment) ? [definition] : []),
    ...furtherOnes(definition, environment, problems),
  ]);
  return chosen.map((definition) => {
    const before = problems.length;
    const declared = definition.settings.map((setting) => besideMappings(setting, environment.MAPPINGS_DIR));
    const settings = readDeclared(declared, environment, problems);
    if (problems.length === before) problems.push(...definition.problems(settings));
    return { name: definition.name, definition, settings };
  });
}

/** A file that is looked for among the mappings goes with them: one half of it must not come from the shipped examples. */
function besideMappings(setting: ConnectorSetting, mappings: string | undefined): ConnectorSetting {
  const { kind, default: usual } = setting;
  if (!mappings || kind !== 'file' || usual === undefined || path.dirname(usual) !== 'mappings') return setting;
  return { ...setting, default: path.join(mappings, path.basename(usual)) };
}

function isSet({ settings }: ConnectorDefinition, environment: Environment): boolean {
  return settings.some(({ key }) => Boolean(environment[key] ?? environment[`${key}_FILE`]));
}

function furtherOnes(
  { several }: ConnectorDefinition,
  environment: Environment,
  problems: SettingProblem[],
): readonly ConnectorDefinition[] {
  if (several === undefined) return [];
  const { key } = several.setting;
  const names = listOf(environment[key]);
  const taken = [...takenNames, ...connectorDefinitions.map(({ name }) => name)];
  const wrong = names.find(
    (name, index) => !/^[a-z][a-z0-9]{0,19}$/.test(name) || names.indexOf(name) !== index || taken.includes(name),
  );
  if (wrong === undefined && names.length <= mostFurther) return names.map(several.named);
  const shown = JSON.stringify(wrong?.slice(0, 40));
  problems.push(
    wrongSetting(
      key,
      wrong === undefined
        ? [`holds ${names.length} names`, `名前が ${names.length} 個あります`]
        : [`${shown} cannot be used`, `${shown} は使えない名前です`],
      [
        `Write at most ${mostFurther} different names of small letters and digits, separated by commas; not ${taken.join(', ')}.`,
        `英小文字と数字の名前を ${mostFurther} 個まで、重複なくカンマ区切りで指定してください(${taken.join('・')} は使えません)。`,
      ],
    ),
  );
  return [];
}
