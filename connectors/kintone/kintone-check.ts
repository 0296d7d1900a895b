/** Is kintone there, do the tokens open the apps that are named, and what may be done in them? */
import type { ConnectionReport, InWords } from '../connector.ts';
import { isUsableAsKey } from './kintone-describe.ts';
import type { KintoneDomain } from './kintone-domain.ts';
import { isAppClosed, isRefusal } from './kintone-errors.ts';
import { formRequest, type KintoneForm } from './kintone-form.ts';
import type { Attempt } from './kintone-gate.ts';
import { isObject } from './kintone-values.ts';

type Check = ConnectionReport['checks'][number];
type Failed = Extract<Attempt<unknown>, { ok: false }>;

/** kintone tells nobody how many calls of the day are left: `quota` is null. */
export async function checkConnection(domain: KintoneDomain, signal: AbortSignal): Promise<ConnectionReport> {
  const reached = await checkReachable(domain, signal);
  const apps = reached.ok ? await checkApps(domain, signal) : [];
  const checks = [reached, ...apps];
  return { ok: checks.every((check) => check.ok), checks, quota: null };
}

/**
 * API tokens may not list apps, and kintone says so with GAIA_NO01 or GAIA_IA02: that is an answer, too. With the first
 * app named, its form is the better question.
 */
async function checkReachable(domain: KintoneDomain, signal: AbortSignal): Promise<Check> {
  const name = 'kintone';
  const request = { app: null, doing: 'answer', send: listApps, read: (answer: unknown) => (isObject(answer) ? true : null) };
  const tried = await domain.gate.attempt(request, signal);
  const { baseUrl, auth } = domain.config;
  if (tried.ok || ('apiToken' in auth && isAppClosed(tried.failure))) {
    return { name, ok: true, detail: `${baseUrl} answers`, remedy: null };
  }
  return { name, ok: false, detail: tried.verdict.error.message, remedy: remedyOf(tried, domain.config) };
}

type Client = Parameters<Parameters<KintoneDomain['gate']['ask']>[0]['send']>[0];

function listApps(client: Client): Promise<unknown> {
  return client.app.getApps({ limit: 1 });
}

async function checkApps(domain: KintoneDomain, signal: AbortSignal): Promise<readonly Check[]> {
  const { apps } = domain.config;
  if (apps.size === 0) {
    const detail = 'No app is named in KINTONE_APPS: permissions are seen when the apps are first used.';
    return [{ name: 'apps', ok: true, detail, remedy: null }];
  }
  const checks: Check[] = [];
  // One after the other: a check must not crowd the domain's hundred connections.
  for (const [name, app] of apps) checks.push(await checkApp(domain, `app ${name} (${app})`, app, signal));
  return checks;
}

async function checkApp(domain: KintoneDomain, name: string, app: string, signal: AbortSignal): Promise<Check> {
  const form = await domain.gate.attempt(formRequest(app, domain.now), signal);
  if (!form.ok) return { name, ok: false, detail: form.verdict.error.message, remedy: remedyOf(form, domain.config) };
  const rights = await rightsIn(domain, app, signal);
  const failed = rights.find(
    (right) => !right.tried.ok && !isAppClosed(right.tried.failure) && right.tried.verdict.kind === 'hold',
  );
  if (failed !== undefined && !failed.tried.ok) {
    return { name, ok: false, detail: failed.tried.verdict.error.message, remedy: remedyOf(failed.tried, domain.config) };
  }
  const granted = rights.filter((right) => right.tried.ok || !isAppClosed(right.tried.failure)).map((right) => right.right);
  return verdictOnApp(name, form.value, granted);
}

export type Right = 'view' | 'add' | 'edit';

interface TriedRight {
  readonly right: Right;
  readonly tried: Attempt<true>;
}

/** An empty list of records changes nothing, and is refused only where the permission is missing. */
export function rightsIn(domain: KintoneDomain, app: string, signal: AbortSignal): Promise<readonly TriedRight[]> {
  const read = (answer: unknown) => (isObject(answer) ? (true as const) : null);
  const sends: Readonly<Record<Right, (client: Client) => Promise<unknown>>> = {
    view: (client) => client.record.getRecords({ app, query: 'limit 1', fields: ['$id'] }),
    add: (client) => client.record.addRecords({ app, records: [] }),
    edit: (client) => client.record.updateRecords({ app, records: [] }),
  };
  const rights = (['view', 'add', 'edit'] as const).map(async (right) => {
    const request = { app, doing: `${right} records of app ${app}`, send: sends[right], read };
    return { right, tried: await domain.gate.attempt(request, signal) };
  });
  return Promise.all(rights);
}

/** Viewing is enough where callers are looked up; writing takes all three and a key. Which it is, the mapping decides. */
function verdictOnApp(name: string, form: KintoneForm, granted: readonly Right[]): Check {
  if (!granted.includes('view')) {
    return { name, ok: false, detail: 'Records cannot be viewed.', remedy: REMEDIES.view };
  }
  const keys = [...form.fields.values()].filter(isUsableAsKey).map((field) => field.code);
  const writes = granted.includes('add') && granted.includes('edit') ? 'callers and call logs' : 'callers only';
  const key = keys.length === 0 ? 'no field with prohibited duplicates' : `key: ${keys.join(', ')}`;
  return { name, ok: true, detail: `${granted.join(', ')} allowed (enough for ${writes}); ${key}`, remedy: null };
}

/** What to do about a refusal. Whoever never reached kintone's own door has another trouble than with tokens. */
function remedyOf({ verdict, failure }: Failed, { auth }: KintoneDomain['config']): InWords {
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

const REMEDIES = {
  token: {
    en: 'Generate the API token in the app’s settings, update the app, and put it into KINTONE_API_TOKENS. Take out tokens that were deleted.',
    ja: 'アプリの設定で APIトークンを生成し、アプリを更新してから KINTONE_API_TOKENS に書いてください。削除したトークンは KINTONE_API_TOKENS から取り除いてください。',
  },
  password: {
    en: 'Check KINTONE_USERNAME and KINTONE_PASSWORD, and what the user may do in the app. A user with two-factor authentication cannot sign in here: use API tokens.',
    ja: 'KINTONE_USERNAME と KINTONE_PASSWORD、およびアプリでのこのユーザーの権限を確認してください。2要素認証を使うユーザーではサインインできないため、APIトークンを使ってください。',
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
    ja: 'アプリの設定の APIトークンで「レコード閲覧」にチェックを入れて保存し、アプリを更新してください。',
  },
  busy: {
    en: 'Other programs use this kintone heavily at the moment: try again later.',
    ja: 'いま、ほかのプログラムがこの kintone を多く使っています。しばらくしてからもう一度お試しください。',
  },
  unreachable: {
    en: 'See whether KINTONE_BASE_URL opens in a browser on this machine, and whether there is maintenance.',
    ja: 'このマシンのブラウザーで KINTONE_BASE_URL を開けるか、kintone がメンテナンス中でないかを確認してください。',
  },
} as const satisfies Readonly<Record<string, InWords>>;
