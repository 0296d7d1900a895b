import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ConnectorError, Missing, Rejected, Unauthorized, Unreachable } from '../connector.ts';
import type { SalesforceSession } from './salesforce-session.ts';

/** One query job of the Bulk API 2.0, by way of the vendor's client: its own reader of results mixes their parts up. */

export interface BulkQuery {
  readonly object: string;
  readonly statement: string;
}

const jobBody = z.object({
  id: z.string(),
  state: z.enum(['UploadComplete', 'InProgress', 'Aborted', 'JobComplete', 'Failed']),
  numberRecordsProcessed: z.number().optional(),
});

/** Rows of one part: some megabytes of text, and a second's reading. */
export const PART_ROWS = 10_000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;
/** Each wait is so much of all before it: a job of minutes is not asked for often, and one that has ended not left lying for long. */
const WAIT_PART = 0.2;
/** The job works on without us: the next run asks for it again. */
const LONGEST_RUN_MS = 10 * 60_000;

/** The job's id; null where our user, or this object, is not for bulk queries. @throws ConnectorError */
export async function startBulkQuery(
  { object, statement }: BulkQuery,
  session: SalesforceSession,
  signal: AbortSignal,
): Promise<string | null> {
  const about = `Salesforce did not begin a bulk query of ${object}`;
  const body = { operation: 'query', query: statement };
  try {
    const answer = await session.request({ method: 'POST', path: '/jobs/query', body, about }, signal);
    return readJob(answer.body, about).id;
  } catch (error) {
    if (error instanceof Rejected || error instanceof Missing || error instanceof Unauthorized) return null;
    throw error;
  }
}

/** How a job ended, with its rows where it is told. `gone`: the service no longer knows it, it keeps jobs for seven days. */
export type BulkEnd = { readonly kind: 'complete'; readonly rows: number | null } | { readonly kind: 'failed' | 'gone' };

/** @throws Unreachable when it works for longer than a run should wait */
export async function awaitBulkQuery(
  jobId: string,
  object: string,
  session: SalesforceSession,
  signal: AbortSignal,
): Promise<BulkEnd> {
  const about = `Salesforce did not tell how its bulk query of ${object} is going`;
  for (let waitedMs = 0; waitedMs < LONGEST_RUN_MS; ) {
    const answer = await unlessMissing(session.request({ method: 'GET', path: `/jobs/query/${jobId}`, about }, signal));
    if (answer === null) return { kind: 'gone' };
    const { state, numberRecordsProcessed = null } = readJob(answer.body, about);
    if (state === 'JobComplete') return { kind: 'complete', rows: numberRecordsProcessed };
    if (state === 'Aborted' || state === 'Failed') return { kind: 'failed' };
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, waitedMs * WAIT_PART));
    await pause(waitMs, undefined, { signal }).catch(() => {
      throw new Unreachable(`${about}: given up while it was working.`);
    });
    waitedMs += waitMs;
  }
  throw new Unreachable(`${about}: it is still working. It will be asked again.`);
}

/** One part of the results as text, and where the next one begins; null when the job or the place is gone. @throws ConnectorError */
export async function readBulkPart(
  job: { readonly id: string; readonly locator: string | null },
  object: string,
  session: SalesforceSession,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly locator: string | null } | null> {
  const about = `Salesforce did not hand out the results of its bulk query of ${object}`;
  const place = job.locator === null ? '' : `&locator=${encodeURIComponent(job.locator)}`;
  const path = `/jobs/query/${job.id}/results?maxRecords=${PART_ROWS}${place}`;
  const answer = await unlessMissing(session.request({ method: 'GET', path, about, answer: 'csv' }, signal));
  if (answer === null) return null;
  if (typeof answer.body !== 'string') throw new Unreachable(`${about}: the answer is no table. It will be tried again.`);
  return { text: answer.body, locator: answer.locator };
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    // A place that is no longer one of this job is refused, not missing.
    if (error instanceof ConnectorError && (error.kind === 'missing' || error.kind === 'rejected')) return null;
    throw error;
  }
}

function readJob(body: unknown, about: string): z.infer<typeof jobBody> {
  const parsed = jobBody.safeParse(body);
  if (!parsed.success) throw new Unreachable(`${about}: the answer is no job. It will be tried again.`);
  return parsed.data;
}
