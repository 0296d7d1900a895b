import { listOf } from './list-of.ts';
import { type SettingProblem, wrongSetting } from './setting.ts';

export interface Agent {
  readonly extension: string;
  readonly name: string;
  /** Their user by connector. */
  readonly users: Readonly<Record<string, string>>;
}

const separated = ['Separate agents by commas.', 'オペレーターはカンマで区切ってください。'] as const;

/** `AGENTS` and `AGENT_USERS` as one list. */
export function readAgents(list: string, userList: string, problems: SettingProblem[]): readonly Agent[] {
  const users = readEntries(userList, /^([a-z][a-z0-9]*):(\d{2,8})\s*=\s*(.{1,80})$/u, (entry) => {
    const problem = [
      `${entry} is not of the form salesforce:1001=user`,
      `${entry} は「salesforce:1001=ユーザー」の形式ではありません`,
    ] as const;
    problems.push(wrongSetting('AGENT_USERS', problem, separated));
  });
  const agents = readEntries(list, /^()(\d{2,8})\s*=\s*(.{1,80})$/u, (entry) => {
    const problem = [`${entry} is not of the form 1001=Name`, `${entry} は「1001=氏名」の形式ではありません`] as const;
    problems.push(wrongSetting('AGENTS', problem, separated));
  });
  return agents.map(({ extension, value }) => ({
    extension,
    name: value,
    users: Object.fromEntries(users.flatMap((user) => (user.extension === extension ? [[user.owner, user.value]] : []))),
  }));
}

function readEntries(list: string, form: RegExp, wrong: (entry: string) => void) {
  return listOf(list).flatMap((entry) => {
    const [, owner, extension, value] = form.exec(entry) ?? [];
    if (owner !== undefined && extension !== undefined && value !== undefined) return [{ owner, extension, value }];
    wrong(JSON.stringify(entry));
    return [];
  });
}
