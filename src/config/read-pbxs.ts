import { readNumberRanges } from '../telephony/numbering.ts';
import type { Environment } from './environment.ts';
import { listOf } from './list-of.ts';
import { type PbxSettingValues, pbxSettings } from './pbx-settings.ts';
import { readDeclared } from './read-declared.ts';
import { type SettingProblem, wrongSetting } from './setting.ts';

export interface PbxChoice {
  readonly name: string;
  readonly values: PbxSettingValues;
}

const mostPbxs = 50;
const guardedKinds: readonly string[] = ['international', 'premium', 'emergency'];

/** Every PBX named in `PBXS` with its settings: `OSAKA_AMI_HOST` before `AMI_HOST` before the default. */
export function readPbxs(names: string, environment: Environment, problems: SettingProblem[]): readonly PbxChoice[] {
  const wanted = listOf(names);
  const wrong = wanted.find((name, index) => !/^[a-z][a-z0-9]{0,19}$/.test(name) || wanted.indexOf(name) !== index);
  if (wrong !== undefined || wanted.length === 0 || wanted.length > mostPbxs) {
    const shown = JSON.stringify(wrong?.slice(0, 40));
    problems.push(
      wrongSetting(
        'PBXS',
        wrong === undefined
          ? [`names ${wanted.length} PBXs`, `PBX の数が ${wanted.length} です`]
          : [`${shown} cannot be used`, `${shown} は使えない名前です`],
        [
          `Write 1 to ${mostPbxs} different names of small letters and digits, separated by commas.`,
          `英小文字と数字の名前を 1〜${mostPbxs} 個、重複なくカンマ区切りで指定してください。`,
        ],
      ),
    );
    return [];
  }
  const pbxs = wanted.map((name) => ({ name, values: readPbx(name, environment, problems) }));
  problems.push(...heardTwice(pbxs));
  return pbxs;
}

/** Two names for one PBX, or one file for two PBXs, and every call would be logged twice. */
function* heardTwice(pbxs: readonly PbxChoice[]): Generator<SettingProblem> {
  const taken = new Map<string, string>();
  for (const { name, values } of pbxs) {
    for (const [key, place] of Object.entries(placesOf(values))) {
      const other = taken.get(`${key} ${place}`);
      taken.set(`${key} ${place}`, name);
      if (other === undefined) continue;
      const own = `${name.toUpperCase()}_${key}`;
      yield wrongSetting(
        own,
        [`is the same for ${other} and ${name}`, `${other} と ${name} で同じ値です`],
        [`Give each its own: set ${own}.`, `${own} を設定して PBX ごとに別の値にしてください。`],
      );
    }
  }
}

/** Where a PBX is heard and read. */
function placesOf(values: PbxSettingValues): Readonly<Record<string, string>> {
  const { AMI_USER, AMI_HOST, AMI_PORT, ARI_USER, ARI_URL, CEL_FILE, CDR_FILE, QUEUE_LOG_FILE, CDR_DATABASE_URL } = values;
  return {
    ...(AMI_USER && { AMI_HOST: `${AMI_HOST}:${AMI_PORT}` }),
    ...(ARI_USER && ARI_URL && { ARI_URL }),
    ...{ ...(CEL_FILE && { CEL_FILE }), ...(CDR_FILE && { CDR_FILE }), ...(QUEUE_LOG_FILE && { QUEUE_LOG_FILE }) },
    ...(CDR_DATABASE_URL && { CDR_DATABASE_URL }),
  };
}

function readPbx(name: string, environment: Environment, problems: SettingProblem[]): PbxSettingValues {
  const own = (key: string) => `${name.toUpperCase()}_${key}`;
  const keys = pbxSettings.flatMap(({ key, secret }) => (secret ? [key, `${key}_FILE`] : [key]));
  const given = Object.fromEntries(keys.map((key) => [key, environment[own(key)] ?? environment[key]]));
  const found: SettingProblem[] = [];
  const values = readDeclared(pbxSettings, given, found) as PbxSettingValues;
  found.push(...wrongValues(values));
  for (const problem of found) problems.push(environment[own(problem.key)] ? { ...problem, key: own(problem.key) } : problem);
  return values;
}

/** What the kinds of the settings do not say. */
function* wrongValues(values: PbxSettingValues): Generator<SettingProblem> {
  const inside = values.INSIDE_NUMBERS;
  if (inside !== undefined && readNumberRanges(inside) === null) {
    const shown = JSON.stringify(inside.slice(0, 60));
    yield wrongSetting(
      'INSIDE_NUMBERS',
      [`${shown} is no list of numbers`, `${shown} は番号の並びとして読めません`],
      [
        'Write extensions and ranges of equally long numbers, for example 1000-1999,600.',
        '内線番号、または桁数の同じ範囲を指定してください。例: 1000-1999,600',
      ],
    );
  }
  if (values.OUTSIDE_PREFIX !== undefined && !/^\d{1,4}$/.test(values.OUTSIDE_PREFIX)) {
    yield wrongSetting(
      'OUTSIDE_PREFIX',
      ['is not one to four digits', '1〜4 桁の数字ではありません'],
      ['Write the digits only, for example 0.', '数字だけで指定してください。例: 0'],
    );
  }
  if (!/^[A-Za-z0-9]+\/[A-Za-z0-9._-]*\{extension\}[A-Za-z0-9._@-]*$/.test(values.PHONE_DEVICE ?? '')) {
    yield wrongSetting(
      'PHONE_DEVICE',
      ['names no device of the PBX', 'PBX のデバイス名の形式ではありません'],
      [
        'Write technology and endpoint with {extension} in its place, for example PJSIP/{extension}.',
        '内線番号の位置に {extension} を入れてください。例: PJSIP/{extension}',
      ],
    );
  }
  if (values.CALLER_ID !== undefined && !/^\+?\d{3,15}$/.test(values.CALLER_ID)) {
    yield wrongSetting(
      'CALLER_ID',
      ['is no telephone number', '電話番号ではありません'],
      ['Write the digits only, for example 0312345678.', '数字だけで指定してください。例: 0312345678'],
    );
  }
  const unknown = listOf(values.DIAL_ALLOWED).find((kind) => !guardedKinds.includes(kind));
  if (unknown !== undefined) {
    const shown = JSON.stringify(unknown.slice(0, 40));
    const kinds = guardedKinds.join(', ');
    yield wrongSetting(
      'DIAL_ALLOWED',
      [`${shown} is no such kind`, `${shown} という種類はありません`],
      [`Choose from ${kinds}.`, `${kinds} から選んでください。`],
    );
  }
}

/** What keeps a PBX from being heard: over AMI, over ARI, or over both. */
export function* lackingAccess(values: PbxSettingValues): Generator<SettingProblem> {
  const lacking = (key: string, en: string, ja: string) => wrongSetting(key, ['is missing', '設定されていません'], [en, ja]);
  if (values.AMI_USER === undefined && values.ARI_USER === undefined)
    yield lacking(
      'AMI_USER',
      'Set the user in manager.conf, or ARI_USER to hear the PBX over ARI.',
      'manager.conf のユーザー名を設定してください。ARI で受信する場合は ARI_USER です。',
    );
  if (values.AMI_SECRET === undefined && values.ARI_USER === undefined)
    yield lacking(
      'AMI_SECRET',
      'Set the secret of the user in manager.conf.',
      'manager.conf のユーザーのパスワードを設定してください。',
    );
  else if (values.AMI_USER !== undefined && values.AMI_SECRET === undefined)
    yield lacking(
      'AMI_SECRET',
      'Set the secret of AMI_USER, or leave both out.',
      'AMI_USER のパスワードを設定するか、両方とも外してください。',
    );
  if (values.ARI_USER !== undefined && values.ARI_PASSWORD === undefined)
    yield lacking(
      'ARI_PASSWORD',
      'Set the password of ARI_USER, or leave both out.',
      'ARI_USER のパスワードを設定するか、両方とも外してください。',
    );
  if (values.ARI_USER !== undefined && values.ARI_URL === undefined)
    yield lacking(
      'ARI_URL',
      'Set the address of ARI, for example http://127.0.0.1:8088.',
      'ARI の URL を設定してください。例: http://127.0.0.1:8088',
    );
}
