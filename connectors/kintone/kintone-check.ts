/** Is kintone there, do the tokens open the apps that are named, and what may be done in them? */
import { type ConnectionReport, detailOf, type InBothLanguages } from '../connector.ts';
import { REMEDIES, remedyOf } from './check-remedies.ts';
import { isUsableAsKey } from './kintone-describe.ts';
import type { KintoneDomain } from './kintone-domain.ts';
import { isAppClosed } from './kintone-errors.ts';
import { formRequest, type KintoneForm } from './kintone-form.ts';
import type { Attempt } from './kintone-gate.ts';
import { isObject } from './kintone-values.ts';

type Check = ConnectionReport['checks'][number];

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
  const name = { en: 'reachable', ja: '接続' };
  const request = { app: null, doing: 'answer', send: listApps, read: (answer: unknown) => (isObject(answer) ? true : null) };
  const tried = await domain.gate.attempt(request, signal);
  const { baseUrl, auth } = domain.config;
  if (tried.ok || ('apiToken' in auth && isAppClosed(tried.failure))) {
    return { name, ok: true, detail: { en: `${baseUrl} answers`, ja: `${baseUrl} が応答しています` }, remedy: null };
  }
  return { name, ok: false, detail: detailOf(tried.verdict.error), remedy: remedyOf(tried, domain.config) };
}

type Client = Parameters<Parameters<KintoneDomain['gate']['ask']>[0]['send']>[0];

function listApps(client: Client): Promise<unknown> {
  return client.app.getApps({ limit: 1 });
}

async function checkApps(domain: KintoneDomain, signal: AbortSignal): Promise<readonly Check[]> {
  const { apps } = domain.config;
  if (apps.size === 0) {
    const detail = {
      en: 'none is named in KINTONE_APPS: permissions are seen when the apps are first used',
      ja: 'KINTONE_APPS にアプリがありません。権限は最初に使うときに確認します',
    };
    return [{ name: { en: 'apps', ja: 'アプリ' }, ok: true, detail, remedy: null }];
  }
  const checks: Check[] = [];
  // One after the other: a check must not crowd the domain's hundred connections.
  for (const [name, app] of apps) {
    const title = { en: `app ${name} (${app})`, ja: `アプリ ${name} (${app})` };
    checks.push(await checkApp(domain, title, app, signal));
  }
  return checks;
}

async function checkApp(domain: KintoneDomain, name: InBothLanguages, app: string, signal: AbortSignal): Promise<Check> {
  const form = await domain.gate.attempt(formRequest(app, domain.now), signal);
  if (!form.ok) return { name, ok: false, detail: detailOf(form.verdict.error), remedy: remedyOf(form, domain.config) };
  const rights = await rightsIn(domain, app, signal);
  const failed = rights.find(
    (right) => !right.tried.ok && !isAppClosed(right.tried.failure) && right.tried.verdict.kind === 'hold',
  );
  if (failed !== undefined && !failed.tried.ok) {
    return { name, ok: false, detail: detailOf(failed.tried.verdict.error), remedy: remedyOf(failed.tried, domain.config) };
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
function verdictOnApp(name: InBothLanguages, form: KintoneForm, granted: readonly Right[]): Check {
  if (!granted.includes('view')) {
    return { name, ok: false, detail: { en: 'records cannot be viewed', ja: 'レコードを閲覧できません' }, remedy: REMEDIES.view };
  }
  const keys = [...form.fields.values()].filter(isUsableAsKey).map((field) => field.code);
  const writes = granted.includes('add') && granted.includes('edit');
  const codes = keys.join(', ');
  const detail = {
    en: `${granted.join(', ')} allowed (enough for ${writes ? 'callers and call logs' : 'callers only'}); ${
      codes === '' ? 'no field with prohibited duplicates' : `key: ${codes}`
    }`,
    ja: `${granted.map((right) => rightsJa[right]).join('・')}を許可済み(${writes ? '着信者の検索と通話履歴に使えます' : '着信者の検索のみ可能'})。${
      codes === '' ? '重複禁止のフィールドはありません' : `キー: ${codes}`
    }`,
  };
  return { name, ok: true, detail, remedy: null };
}

const rightsJa: Readonly<Record<Right, string>> = { view: '閲覧', add: '追加', edit: '編集' };
