/** What an admin does about what the check finds. Pure. */
import type { InBothLanguages } from '../connector.ts';
import { isRefusal } from './kintone-errors.ts';
import type { Attempt } from './kintone-gate.ts';
import type { KintoneConfig } from './kintone-settings.ts';

type Failed = Extract<Attempt<unknown>, { ok: false }>;

/** What to do about a refusal. Whoever never reached kintone's own door has another trouble than with tokens. */
export function remedyOf({ verdict, failure }: Failed, { auth }: Pick<KintoneConfig, 'auth'>): InBothLanguages {
  switch (verdict.error.kind) {
    case 'unauthorized':
      if (!isRefusal(failure)) return REMEDIES.door;
      return 'apiToken' in auth ? REMEDIES.token : REMEDIES.password;
    case 'missing':
      return REMEDIES.app;
    case 'rateLimited':
      return REMEDIES.busy;
    default:
      return REMEDIES.unreachable;
  }
}

export const REMEDIES = {
  token: {
    en: 'Generate the API token in the app’s settings, update the app, and put it into KINTONE_API_TOKENS. Take out tokens that were deleted.',
    ja: 'アプリの設定で API トークンを生成し、アプリを更新してから KINTONE_API_TOKENS に書いてください。削除したトークンは KINTONE_API_TOKENS から取り除いてください。',
  },
  password: {
    en: 'Check KINTONE_USERNAME and KINTONE_PASSWORD, and what the user may do in the app. A user with two-factor authentication cannot sign in here: use API tokens.',
    ja: 'KINTONE_USERNAME と KINTONE_PASSWORD、およびアプリでのこのユーザーの権限を確認してください。2要素認証を使うユーザーではサインインできないため、API トークンを使ってください。',
  },
  door: {
    en: 'kintone lets only certain addresses in, or asks for Basic authentication: add this machine’s address under “IP address restriction” in the cybozu.com administration.',
    ja: 'kintone が接続元を制限しているか、Basic認証を求めています。cybozu.com共通管理の「IPアドレス制限」に、このマシンのIPアドレスを追加してください。',
  },
  app: {
    en: 'Correct the app’s number in KINTONE_APPS: it stands in the app’s address, /k/<number>/. The app may have been deleted; an administrator can restore it for 14 days.',
    ja: 'KINTONE_APPS のアプリ番号を直してください。番号はアプリのアドレス /k/<番号>/ にあります。アプリが削除された場合、管理者は14日以内なら復旧できます。',
  },
  view: {
    en: 'Tick "View records" for the API token in the app’s settings, save, and update the app.',
    ja: 'アプリの設定の API トークンで「レコード閲覧」にチェックを入れて保存し、アプリを更新してください。',
  },
  busy: {
    en: 'Other programs use this kintone heavily at the moment: try again later.',
    ja: 'いま、ほかのプログラムがこの kintone を多く使っています。しばらくしてからもう一度お試しください。',
  },
  unreachable: {
    en: 'See whether KINTONE_BASE_URL opens in a browser on this machine, and whether there is maintenance.',
    ja: 'このマシンのブラウザーで KINTONE_BASE_URL を開けるか、kintone がメンテナンス中でないかを確認してください。',
  },
} as const satisfies Readonly<Record<string, InBothLanguages>>;
