import { type ConnectionReport, type ConnectorError, detailOf, type InBothLanguages } from '../connector.ts';

/** What the check says, in both languages. Pure. */

type Check = ConnectionReport['checks'][number];

/** English and Japanese. */
export type Words = readonly [en: string, ja: string];

export interface CheckLine {
  readonly ok: boolean;
  readonly detail: Words;
  readonly remedy: Words | null;
}

export function toCheck(name: Words, { ok, detail, remedy }: CheckLine): Check {
  return { name: both(name), ok, detail: both(detail), remedy: remedy && both(remedy) };
}

export const SIGN_IN: Words = ['sign-in and API calls left', 'ログインと API コールの残り'];
export const VERSION: Words = ['API version', 'API バージョン'];
export const TASK_KEY: Words = ['call log key on Task', 'ToDo の通話記録用のキー'];

function both([en, ja]: Words): InBothLanguages {
  return { en, ja };
}

export function failed(error: ConnectorError): CheckLine {
  const { en, ja } = detailOf(error);
  return { ok: false, detail: [en, ja], remedy: settingsToCheck(error) ?? remedyFor(error.kind) };
}

/** The sign-in names the setting at fault. */
function settingsToCheck({ kind, message }: ConnectorError): Words | null {
  const names = [...new Set(message.match(/SALESFORCE_[A-Z_]+/g) ?? [])];
  if (kind !== 'unauthorized' || names.length === 0) return null;
  return [
    `Check ${names.join(' and ')}, and set it right in the settings.`,
    `設定の ${names.join(' と ')} を確認し、直してください。`,
  ];
}

function remedyFor(kind: ConnectorError['kind']): Words {
  switch (kind) {
    case 'unreachable':
      return [
        'Check the network and SALESFORCE_LOGIN_URL; see status.salesforce.com.',
        'ネットワークと SALESFORCE_LOGIN_URL を確認してください。障害情報は status.salesforce.com にあります。',
      ];
    case 'rateLimited':
      return [
        'Wait, and find out who uses the calls up.',
        'しばらく待ち、どの連携が API コールを使い切っているか調べてください。',
      ];
    case 'unauthorized':
      return [
        'Check the External Client App, its policy and the permission set; infra/salesforce/README.md says how.',
        '外部クライアントアプリケーションとそのポリシー、権限セットを確認してください。手順は infra/salesforce/README.ja.md にあります。',
      ];
    case 'missing':
      return ['Give the permission set access to the object.', '権限セットでオブジェクトへのアクセスを許可してください。'];
    case 'rejected':
      return ['Check SALESFORCE_API_VERSION.', 'SALESFORCE_API_VERSION を確認してください。'];
  }
}

export function callsLeft(quota: { readonly used: number; readonly limit: number }): CheckLine {
  const left = quota.limit - quota.used;
  const detail: Words = [
    `${left} of ${quota.limit} API calls left in the last 24 hours`,
    `直近 24 時間の API コール: ${quota.limit} 回のうち残り ${left} 回`,
  ];
  if (left > quota.limit * 0.05) return { ok: true, detail, remedy: null };
  const remedy: Words = [
    'Find out who uses the calls up, or buy more.',
    'どの連携が API コールを使っているか調べるか、上限を追加購入してください。',
  ];
  return { ok: false, detail, remedy };
}

export function versionServed(version: string, isServed: boolean): CheckLine {
  if (isServed) return { ok: true, detail: [`the org serves ${version}`, `組織は ${version} に対応しています`], remedy: null };
  return {
    ok: false,
    detail: [`the org does not serve ${version}`, `組織は ${version} に対応していません`],
    remedy: [
      'Set SALESFORCE_API_VERSION to a version the org serves.',
      'SALESFORCE_API_VERSION に、組織が対応しているバージョンを指定してください。',
    ],
  };
}

/** @param keys external ids of Task that our user may write */
export function taskKeys(keys: readonly string[]): CheckLine {
  const names = keys.join(', ');
  if (keys.length > 0) return { ok: true, detail: [`external id ${names}`, `外部 ID ${names}`], remedy: null };
  return {
    ok: false,
    detail: [
      'Task has no external id field that our user may write, so a call log could be written twice',
      'ToDo に連携ユーザーが書き込める外部 ID 項目がなく、通話が二重に記録されるおそれがあります',
    ],
    remedy: [
      'Create Toritsugi_Call_Id__c on Activity and give the permission set access; infra/salesforce/README.md says how.',
      '活動に Toritsugi_Call_Id__c を作成し、権限セットで許可してください。手順は infra/salesforce/README.ja.md にあります。',
    ],
  };
}
