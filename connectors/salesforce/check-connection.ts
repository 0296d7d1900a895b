import { z } from 'zod';
import { type ConnectionReport, ConnectorError, Unreachable } from '../connector.ts';
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
  const run = async (name: string, check: () => Promise<Omit<Check, 'name'>>): Promise<boolean> => {
    const line = await check().catch(toLine);
    checks.push({ name, ...line });
    return line.ok;
  };
  const reachable = await run('sign-in and API calls left', async () => {
    quota = await readQuota(org.session, signal);
    const left = quota.limit - quota.used;
    const detail = `${left} of ${quota.limit} API calls left in the last 24 hours`;
    if (left > quota.limit * 0.05) return { ok: true, detail, remedy: null };
    return { ok: false, detail, remedy: 'Find out who uses the calls up, or buy more.' };
  });
  if (reachable) {
    await run('API version', () => checkVersion(org, signal));
    await run('call log key on Task', () => checkTaskKey(org, signal));
  }
  return { ok: checks.every((check) => check.ok), checks, quota };
}

function toLine(error: unknown): Omit<Check, 'name'> {
  if (!(error instanceof ConnectorError)) throw error;
  return { ok: false, detail: error.message, remedy: remedyFor(error.kind) };
}

function remedyFor(kind: ConnectorError['kind']): string {
  switch (kind) {
    case 'unreachable':
      return 'Check the network and SALESFORCE_LOGIN_URL; see status.salesforce.com.';
    case 'rateLimited':
      return 'Wait, and find out who uses the calls up.';
    case 'unauthorized':
      return 'Check the External Client App, its policy and the permission set; infra/salesforce/README.md says how.';
    case 'missing':
      return 'Give the permission set access to the object.';
    case 'rejected':
      return 'Check SALESFORCE_API_VERSION.';
  }
}

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
  if (served) return { ok: true, detail: `the org serves ${version}`, remedy: null };
  return {
    ok: false,
    detail: `the org does not serve ${version}`,
    remedy: 'Set SALESFORCE_API_VERSION to a version the org serves.',
  };
}

async function checkTaskKey({ descriptions }: Org, signal: AbortSignal): Promise<Omit<Check, 'name'>> {
  const task = await descriptions.fresh('Task', signal);
  const keys = task.description.fields.filter((field) => field.usableAsKey && field.createable && field.updateable);
  if (keys.length > 0) return { ok: true, detail: `external id ${keys.map(({ name }) => name).join(', ')}`, remedy: null };
  return {
    ok: false,
    detail: 'Task has no external id field that our user may write, so a call log could be written twice',
    remedy: 'Create Toritsugi_Call_Id__c on Activity and give the permission set access; infra/salesforce/README.md says how.',
  };
}
