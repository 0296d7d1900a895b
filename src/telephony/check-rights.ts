import { type Finding, failure, fine, someOf, unchecked, warning, words } from './check-finding.ts';
import type { PbxAnswers } from './check-questions.ts';

/**
 * Every AMI action the hub sends, what for, and the classes of which any one in `write` lets it; the same in Asterisk 18 to 22
 * (`manager show command NAME`). Actions that need no class are not among them.
 */
export const pbxActions: readonly PbxAction[] = [
  { action: 'CoreShowChannels', anyOf: ['system', 'reporting'], purpose: 'listening' },
  { action: 'Status', anyOf: ['system', 'call', 'reporting'], purpose: 'listening' },
  { action: 'ParkedCalls', anyOf: ['call'], purpose: 'listening' },
  { action: 'Originate', anyOf: ['originate'], purpose: 'commands' },
  { action: 'Hangup', anyOf: ['system', 'call'], purpose: 'commands' },
  { action: 'Redirect', anyOf: ['call'], purpose: 'commands' },
  { action: 'BlindTransfer', anyOf: ['call'], purpose: 'commands' },
  { action: 'Bridge', anyOf: ['call'], purpose: 'commands' },
  { action: 'Park', anyOf: ['call'], purpose: 'commands' },
  { action: 'Getvar', anyOf: ['call', 'reporting'], purpose: 'commands' },
  { action: 'Setvar', anyOf: ['call'], purpose: 'commands' },
  { action: 'UserEvent', anyOf: ['user'], purpose: 'checking' },
  { action: 'CoreSettings', anyOf: ['system', 'reporting'], purpose: 'checking' },
  { action: 'ShowDialPlan', anyOf: ['config', 'reporting'], purpose: 'checking' },
  { action: 'DeviceStateList', anyOf: ['call', 'reporting'], purpose: 'checking' },
  { action: 'Parkinglots', anyOf: ['call'], purpose: 'checking' },
];

export interface PbxAction {
  readonly action: string;
  readonly anyOf: readonly string[];
  /** `listening`: without it calls are missed. `commands`: orders from the screen. `checking`: only doctor asks. */
  readonly purpose: 'listening' | 'commands' | 'checking';
}

/** The `read` classes of events from which calls are told. */
const readClasses = ['system', 'call', 'agent', 'user', 'dialplan'] as const;

/** An action that only the class behind it allows: who may do it can do far more than the hub ever asks. */
const tooMuch: readonly (readonly [action: string, right: string])[] = [
  ['Command', 'command'],
  ['UpdateConfig', 'config'],
  ['ModuleLoad', 'system'],
];

const writeName = words('rights to ask (write)', '操作の権限 (write)');
const readName = words('events arriving (read)', 'イベントの受信 (read)');

export function checkRights(answers: PbxAnswers, username: string): Finding[] {
  return [...checkWriting(answers, username), ...checkReading(answers, username)];
}

function checkWriting({ replies }: PbxAnswers, username: string): Finding[] {
  const { commands } = replies;
  if (commands.kind !== 'told') return checkAskedOnes({ replies }, username);
  const listed = [...commands.response.message.entries()];
  const allowed = new Set(listed.map(([header]) => header.toLowerCase()));
  const missing = pbxActions.filter(({ action }) => !allowed.has(action.toLowerCase()));
  const rights = rightsShownBy(listed.map(([, value]) => value));
  const absent = missing.filter(({ anyOf }) => anyOf.some((right) => rights.has(right)));
  const findings = (['listening', 'commands', 'checking'] as const).flatMap((purpose) => {
    const lacking = missing.filter((one) => one.purpose === purpose && !absent.includes(one));
    return lacking.length === 0 ? [] : [missingRight(lacking, purpose, username)];
  });
  if (findings.length === 0) {
    findings.push(fine(writeName, words('every action the hub uses is allowed', 'ハブが使う操作はすべて許可されています')));
  }
  if (absent.length > 0) findings.push(missingModule(absent));
  const excess = tooMuch.filter(([action]) => allowed.has(action.toLowerCase())).map(([, right]) => right);
  return excess.length === 0 ? findings : [...findings, tooManyRights(excess, username)];
}

/** An action that one class alone allows is listed only to who has it: `Redirect: … (Priv: call,all)`. */
function rightsShownBy(descriptions: readonly string[]): ReadonlySet<string> {
  const privileges = descriptions.map((text) => /\(Priv: ([a-z]+),all\)\s*$/.exec(text)?.[1]);
  return new Set(privileges.filter((right) => right !== undefined));
}

function missingModule(absent: readonly PbxAction[]): Finding {
  const actions = someOf(absent.map(({ action }) => action));
  return warning(
    words('actions of the PBX', 'PBX の操作'),
    words(`it does not have: ${actions}`, `PBX にありません: ${actions}`),
    words(
      'Load the module: res_parking for Park…, res_manager_devicestate for DeviceStateList.',
      'モジュールを読み込んでください(Park… は res_parking、DeviceStateList は res_manager_devicestate)。',
    ),
  );
}

function missingRight(lacking: readonly PbxAction[], purpose: PbxAction['purpose'], username: string): Finding {
  const actions = someOf(lacking.map(({ action }) => action));
  // The hub asks for "reporting" rather than for "system", which could stop the PBX.
  const rights = [...new Set(lacking.map(({ anyOf }) => anyOf.find((right) => right !== 'system') ?? 'system'))].join(',');
  const remedy = words(
    `Add ${rights} to "write =" of [${username}] in manager.conf (see infra/asterisk/manager.conf), then "manager reload".`,
    `manager.conf の [${username}] の write= に ${rights} を加え、"manager reload" を実行してください(infra/asterisk/manager.conf 参照)。`,
  );
  switch (purpose) {
    case 'listening':
      return failure(writeName, words(`not allowed: ${actions}`, `許可されていません: ${actions}`), remedy);
    case 'commands':
      return warning(
        writeName,
        words(
          `not allowed: ${actions}; calls are heard, but nothing can be dialled or transferred from the screen`,
          `許可されていません: ${actions}。通話は見えますが、画面からの発信や転送はできません`,
        ),
        remedy,
      );
    case 'checking':
      return warning(writeName, words(`doctor may not ask: ${actions}`, `確認できません: ${actions}`), remedy);
  }
}

function tooManyRights(excess: readonly string[], username: string): Finding {
  const rights = excess.join(', ');
  return warning(
    writeName,
    words(`[${username}] may do more than the hub needs: ${rights}`, `[${username}] に不要な権限があります: ${rights}`),
    words(
      `Take ${rights} off "write =": whoever learns the secret could change the PBX or run programs on it.`,
      `write= から ${rights} を外してください。パスワードが漏れると PBX の設定変更やプログラムの実行が可能になります。`,
    ),
  );
}

/** Where the PBX has no ListCommands: what it refused of our own questions. */
function checkAskedOnes({ replies }: Pick<PbxAnswers, 'replies'>, username: string): Finding[] {
  const asked = { CoreShowChannels: replies.channels, Status: replies.status, ParkedCalls: replies.parkedCalls };
  const refused = pbxActions.filter(({ action }) => (asked as Record<string, { kind: string }>)[action]?.kind === 'refused');
  if (refused.length > 0) return [missingRight(refused, 'listening', username)];
  const detail = words(
    'what the hub needs for listening is allowed; the PBX does not tell the rest',
    '受信に必要な操作は許可されています。その他は PBX が回答しません',
  );
  return [unchecked(writeName, detail)];
}

function checkReading({ heard, provoked }: PbxAnswers, username: string): Finding[] {
  const seen = readClasses.filter((name) => heard.classes.has(name));
  const silent = readClasses.filter((name) => !heard.classes.has(name));
  // Every log-in is answered with an event of class system.
  const missing = silent.filter((name) => name === 'system' || provoked.includes(name));
  const unseen = silent.filter((name) => !missing.includes(name));
  return [
    ...(seen.length === 0 ? [] : [fine(readName, words(`arriving: ${seen.join(', ')}`, `受信を確認: ${seen.join(', ')}`))]),
    ...(missing.length === 0 ? [] : [notArriving(missing.join(','), username)]),
    ...(unseen.length === 0 ? [] : [notSeen(unseen)]),
  ];
}

function notArriving(classes: string, username: string): Finding {
  return failure(
    readName,
    words(`no events of the classes ${classes} arrive`, `次のクラスのイベントが届きません: ${classes}`),
    words(
      `Add ${classes} to "read =" of [${username}] in manager.conf, then "manager reload"; check eventfilter and disabledevents there.`,
      `manager.conf の [${username}] の read= に ${classes} を加え、"manager reload" を実行してください。eventfilter と disabledevents も確認してください。`,
    ),
  );
}

function notSeen(silent: readonly string[]): Finding {
  const list = silent.join(', ');
  return unchecked(
    readName,
    words(`${list}: nothing happened that would have sent one`, `${list}: 確認中に該当するイベントはありませんでした`),
    words(
      'Run doctor again while a test call waits in a queue.',
      'キューに試験呼を入れている間にもう一度 doctor を実行してください。',
    ),
  );
}
