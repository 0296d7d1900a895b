import { z } from 'zod';
import { type ConnectionReport, ConnectorError, detailOf, type InBothLanguages, Unreachable } from '../connector.ts';
import type { Descriptions } from './describe-object.ts';
import type { SalesforceSession } from './salesforce-session.ts';

interface Org {
  readonly session: SalesforceSession;
  readonly descriptions: Descriptions;
  readonly version: string;
}

type Check = ConnectionReport['checks'][number];

const limitsBody = z.object({ DailyApiRequests: z.object({ Max: z.number(), Remaining: z.number() }) });
const versionsBody = z.array(z.object({ version: z.string() }));

/** One line each, stopping where the next could say nothing new. */
export async function checkConnection(org: Org, signal: AbortSignal): Promise<ConnectionReport> {
  const checks: Check[] = [];
  let quota: ConnectionReport['quota'] = null;
  const run = async (name: InBothLanguages, check: () => Promise<Omit<Check, 'name'>>): Promise<boolean> => {
    const line = await check().catch(toLine);
    checks.push({ name, ...line });
    return line.ok;
  };
  const reachable = await run({ en: 'sign-in and API calls left', ja: 'ログインと API の残り' }, async () => {
    quota = await readQuota(org.session, signal);
    const left = quota.limit - quota.used;
    const detail = {
      en: `${left} of ${quota.limit} API calls left in the last 24 hours`,
      ja: `直近 24 時間の API コールは残り ${left} (上限 ${quota.limit})`,
    };
    if (left > quota.limit * 0.05) return { ok: true, detail, remedy: null };
    const remedy = {
      en: 'Find out who uses the calls up, or buy more.',
      ja: '多く使っているプログラムを調べるか、上限を追加購入してください。',
    };
    return { ok: false, detail, remedy };
  });
  if (reachable) {
    await run({ en: 'API version', ja: 'API バージョン' }, () => checkVersion(org, signal));
    await run({ en: 'call log key on Task', ja: '通話履歴 (Task) のキー' }, () => checkTaskKey(org, signal));
  }
  return { ok: checks.every((check) => check.ok), checks, quota };
}

function toLine(error: unknown): Omit<Check, 'name'> {
  if (!(error instanceof ConnectorError)) throw error;
  return { ok: false, detail: detailOf(error), remedy: remedies[error.kind] };
}

const remedies: Readonly<Record<ConnectorError['kind'], InBothLanguages>> = {
  unreachable: {
    en: 'Check the network and SALESFORCE_LOGIN_URL; see status.salesforce.com.',
    ja: 'ネットワークと SALESFORCE_LOGIN_URL、status.salesforce.com を確認してください。',
  },
  rateLimited: {
    en: 'Wait, and find out who uses the calls up.',
    ja: '時間をおいて再実行し、API を多く使っているプログラムを調べてください。',
  },
  unauthorized: {
    en: 'Check the External Client App, its policy and the permission set; infra/salesforce/README.md says how.',
    ja: '外部クライアントアプリケーションとそのポリシー、権限セットを確認してください(手順は infra/salesforce/README.md)。',
  },
  missing: {
    en: 'Give the permission set access to the object.',
    ja: '権限セットでオブジェクトへのアクセスを許可してください。',
  },
  rejected: { en: 'Check SALESFORCE_API_VERSION.', ja: 'SALESFORCE_API_VERSION を確認してください。' },
};

async function readQuota(session: SalesforceSession, signal: AbortSignal): Promise<{ used: number; limit: number }> {
  const { body } = await session.request({ method: 'GET', path: '/limits', about: 'Salesforce did not tell its limits' }, signal);
  // The header of the same answer is fresher than the resource, which lags by minutes.
  const fromHeader = session.usage();
  if (fromHeader !== null) return { used: fromHeader.used, limit: fromHeader.limit };
  const limits = limitsBody.safeParse(body);
  if (!limits.success) throw new Unreachable('Salesforce did not tell its limits: the answer holds none.');
  const { Max, Remaining } = limits.data.DailyApiRequests;
  return { used: Max - Remaining, limit: Max };
}

async function checkVersion({ session, version }: Org, signal: AbortSignal): Promise<Omit<Check, 'name'>> {
  const { body } = await session.request(
    { method: 'GET', path: '/services/data', about: 'Salesforce did not tell its API versions' },
    signal,
  );
  const versions = versionsBody.safeParse(body);
  const served = versions.success && versions.data.some((each) => each.version === version);
  if (served) return { ok: true, detail: { en: `the org serves ${version}`, ja: `${version} を利用できます` }, remedy: null };
  return {
    ok: false,
    detail: { en: `the org does not serve ${version}`, ja: `この組織では ${version} を利用できません` },
    remedy: {
      en: 'Set SALESFORCE_API_VERSION to a version the org serves.',
      ja: 'SALESFORCE_API_VERSION に、組織で使えるバージョンを指定してください。',
    },
  };
}

async function checkTaskKey({ descriptions }: Org, signal: AbortSignal): Promise<Omit<Check, 'name'>> {
  const task = await descriptions.fresh('Task', signal);
  const keys = task.description.fields.filter((field) => field.usableAsKey && field.createable && field.updateable);
  if (keys.length > 0) {
    const names = keys.map(({ name }) => name).join(', ');
    return { ok: true, detail: { en: `external id ${names}`, ja: `外部 ID ${names}` }, remedy: null };
  }
  return {
    ok: false,
    detail: {
      en: 'Task has no external id field that our user may write, so a call log could be written twice',
      ja: 'Task に書き込み可能な外部 ID 項目がないため、通話履歴が二重に記録されるおそれがあります',
    },
    remedy: {
      en: 'Create Toritsugi_Call_Id__c on Activity and give the permission set access; infra/salesforce/README.md says how.',
      ja: '活動に Toritsugi_Call_Id__c を作成し、権限セットで許可してください(手順は infra/salesforce/README.md)。',
    },
  };
}
