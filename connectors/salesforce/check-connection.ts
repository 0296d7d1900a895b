import { z } from 'zod';
import { type ConnectionReport, ConnectorError, Unreachable } from '../connector.ts';
import {
  type CheckLine,
  callsLeft,
  failed,
  SIGN_IN,
  TASK_KEY,
  taskKeys,
  toCheck,
  VERSION,
  versionServed,
  type Words,
} from './check-words.ts';
import type { Descriptions } from './describe-object.ts';
import type { SalesforceSession } from './salesforce-session.ts';

interface Org {
  readonly session: SalesforceSession;
  readonly descriptions: Descriptions;
  readonly version: string;
}

const limitsBody = z.object({ DailyApiRequests: z.object({ Max: z.number(), Remaining: z.number() }) });
const versionsBody = z.array(z.object({ version: z.string() }));

/** One line each, stopping where the next could say nothing new. */
export async function checkConnection(org: Org, signal: AbortSignal): Promise<ConnectionReport> {
  const checks: ConnectionReport['checks'][number][] = [];
  let quota: ConnectionReport['quota'] = null;
  const run = async (name: Words, check: () => Promise<CheckLine>): Promise<boolean> => {
    const line = await check().catch(toLine);
    checks.push(toCheck(name, line));
    return line.ok;
  };
  const reachable = await run(SIGN_IN, async () => {
    quota = await readQuota(org.session, signal);
    return callsLeft(quota);
  });
  if (reachable) {
    await run(VERSION, () => checkVersion(org, signal));
    await run(TASK_KEY, () => checkTaskKey(org, signal));
  }
  return { ok: checks.every((check) => check.ok), checks, quota };
}

function toLine(error: unknown): CheckLine {
  if (!(error instanceof ConnectorError)) throw error;
  return failed(error);
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

async function checkVersion({ session, version }: Org, signal: AbortSignal): Promise<CheckLine> {
  const { body } = await session.request(
    { method: 'GET', path: '/services/data', about: 'Salesforce did not tell its API versions' },
    signal,
  );
  const versions = versionsBody.safeParse(body);
  return versionServed(version, versions.success && versions.data.some((each) => each.version === version));
}

async function checkTaskKey({ descriptions }: Org, signal: AbortSignal): Promise<CheckLine> {
  const task = await descriptions.fresh('Task', signal);
  const keys = task.description.fields.filter((field) => field.usableAsKey && field.createable && field.updateable);
  return taskKeys(keys.map(({ name }) => name));
}
