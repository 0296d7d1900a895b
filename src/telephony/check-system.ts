import { asTheyAre, type Finding, failure, fine, unchecked, warning, words } from './check-finding.ts';
import type { PbxAnswers, Reply } from './check-questions.ts';

const versionName = words('Asterisk', 'Asterisk');
const systemName = words('systemname', 'systemname');
const recordsName = words('call records (CDR)', '通話記録 (CDR)');

/** The major versions we test with. */
const oldest = 18;
const newest = 22;

export function checkSystem(core: Reply, uptimeSeconds: number | null): Finding[] {
  if (core.kind !== 'told') {
    const detail = words('the PBX does not tell: the right "reporting" is missing', '"reporting" の権限がなく、確認できません');
    return [unchecked(versionName, detail)];
  }
  const header = (name: string) => core.response.message.get(name)?.trim() ?? '';
  return [
    checkVersion(header('AsteriskVersion'), uptimeSeconds),
    checkSystemName(header('SystemName')),
    ...(/^no/i.test(header('CoreCDRenabled')) ? [recordsAreOff()] : []),
  ];
}

function checkVersion(version: string, uptimeSeconds: number | null): Finding {
  const major = Number(/(\d+)\./.exec(version)?.[1] ?? Number.NaN);
  const up = uptimeSeconds === null ? null : upFor(uptimeSeconds);
  const detail = up === null ? asTheyAre(version) : words(`${version}, up for ${up.en}`, `${version}、稼働 ${up.ja}`);
  if (Number.isNaN(major)) {
    return unchecked(versionName, words(`unknown version "${version}"`, `不明なバージョン "${version}"`));
  }
  if (major >= oldest) return fine(versionName, major <= newest ? detail : newerThanTested(detail));
  const remedy = words(
    `Update to ${oldest} or newer: older ones are not tested with and get no security fixes.`,
    `${oldest} 以降に更新してください。それより古い版は未検証で、セキュリティ修正も提供されません。`,
  );
  return major < 13 ? failure(versionName, detail, remedy) : warning(versionName, detail, remedy);
}

function newerThanTested({ en, ja }: { en: string; ja: string }) {
  return words(`${en} (tested up to ${newest})`, `${ja}(検証済みは ${newest} まで)`);
}

function checkSystemName(name: string): Finding {
  if (name !== '') return fine(systemName, asTheyAre(name));
  return warning(
    systemName,
    words(
      'not set: with a second PBX, recordings of both could have the same name',
      '未設定です。PBX が増えると録音のファイル名が重複する恐れがあります',
    ),
    words(
      'Set systemname in [options] of asterisk.conf and restart Asterisk at a quiet time.',
      'asterisk.conf の [options] に systemname を設定し、通話のない時間に Asterisk を再起動してください。',
    ),
  );
}

function recordsAreOff(): Finding {
  return warning(
    recordsName,
    words('switched off: calls during a stop of the hub cannot be filled in', '無効です。ハブ停止中の通話を後から補えません'),
    words('Set "enable = yes" in cdr.conf.', 'cdr.conf で enable = yes を設定してください。'),
  );
}

function upFor(seconds: number) {
  const days = Math.floor(seconds / 86_400);
  if (days > 0) return words(`${days} d`, `${days} 日`);
  const hours = Math.floor(seconds / 3_600);
  return hours > 0
    ? words(`${hours} h`, `${hours} 時間`)
    : words(`${Math.floor(seconds / 60)} min`, `${Math.floor(seconds / 60)} 分`);
}

const listsName = words('lists after a log-in', 'ログイン後の一覧');

/** The lists from which calls are picked up that began while nobody listened. */
export function checkLists({ channels, bridges, status }: PbxAnswers['replies']): Finding[] {
  const asked = { CoreShowChannels: channels, BridgeList: bridges, Status: status };
  const declined = Object.entries(asked).flatMap(([action, reply]) =>
    reply.kind === 'declined' ? [`${action}: ${reply.text}`] : [],
  );
  if (declined.length === 0) return [];
  return [
    failure(
      listsName,
      asTheyAre(declined.join('; ')),
      words('Load the module the action belongs to in modules.conf.', 'modules.conf で該当するモジュールを読み込んでください。'),
    ),
  ];
}
