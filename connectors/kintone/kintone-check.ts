/** Is kintone there, do the tokens open the apps that are named, and what may be done in them? */
import type { ConnectionReport } from '../connector.ts';
import { isUsableAsKey } from './kintone-describe.ts';
import type { KintoneDomain } from './kintone-domain.ts';
import { isAppClosed, type Verdict } from './kintone-errors.ts';
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
  const name = 'kintone';
  const request = { app: null, doing: 'answer', send: listApps, read: (answer: unknown) => (isObject(answer) ? true : null) };
  const tried = await domain.gate.attempt(request, signal);
  const { baseUrl, auth } = domain.config;
  if (tried.ok || ('apiToken' in auth && isAppClosed(tried.failure))) {
    return { name, ok: true, detail: `${baseUrl} answers`, remedy: null };
  }
  return { name, ok: false, detail: tried.verdict.error.message, remedy: remedyOf(tried.verdict) };
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
  if (!form.ok) return { name, ok: false, detail: form.verdict.error.message, remedy: remedyOf(form.verdict) };
  const rights = await rightsIn(domain, app, signal);
  const failed = rights.find(
    (right) => !right.tried.ok && !isAppClosed(right.tried.failure) && right.tried.verdict.kind === 'hold',
  );
  if (failed !== undefined && !failed.tried.ok) {
    return { name, ok: false, detail: failed.tried.verdict.error.message, remedy: remedyOf(failed.tried.verdict) };
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
    const remedy = 'Tick "View records" for the API token in the app’s settings, save, and update the app.';
    return { name, ok: false, detail: 'Records cannot be viewed.', remedy };
  }
  const keys = [...form.fields.values()].filter(isUsableAsKey).map((field) => field.code);
  const writes = granted.includes('add') && granted.includes('edit') ? 'callers and call logs' : 'callers only';
  const key = keys.length === 0 ? 'no field with prohibited duplicates' : `key: ${keys.join(', ')}`;
  return { name, ok: true, detail: `${granted.join(', ')} allowed (enough for ${writes}); ${key}`, remedy: null };
}

function remedyOf(verdict: Verdict): string {
  switch (verdict.error.kind) {
    case 'unauthorized':
      return 'Generate the API token in the app’s settings, update the app, and put it into KINTONE_API_TOKENS.';
    case 'missing':
      return 'Correct the app’s number in KINTONE_APPS: it stands in the app’s address, /k/<number>/.';
    case 'rateLimited':
      return 'Other programs use this kintone heavily at the moment: try again later.';
    default:
      return 'See whether KINTONE_BASE_URL opens in a browser on this machine, and whether there is maintenance.';
  }
}
