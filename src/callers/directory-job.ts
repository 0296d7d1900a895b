/** The job that keeps the directory fresh, on the Jobs port. */
import { ConnectorError, RateLimited } from '../../connectors/connector.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { createCrmHolds } from './crm-holds.ts';
import { type CallerConnector, type SyncDeps, syncDirectory } from './directory-sync.ts';

export const directorySyncJob = 'directory-sync';

export interface DirectorySyncJobDeps extends SyncDeps {
  readonly connectors: readonly CallerConnector[];
  readonly now: () => number;
  readonly log: (level: 'debug' | 'info' | 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Default one minute. */
  readonly everyMs?: number;
}

interface Payload {
  readonly connector: string;
}

export interface DirectorySyncing {
  schedule(): Promise<void>;
  /** Runs a connector's sync now; one that waits already is enough. */
  soon(connector: string): Promise<void>;
}

const longestWaitMs = 24 * 3_600_000;

/**
 * Defines the job; to be called before `jobs.start`, and `schedule` after it: it runs every connector's sync now and every `everyMs`
 * from then on. A failed run is repeated with back-off and changes nothing that was known; a rate limit is waited
 * for in full, without a request.
 */
export function registerDirectorySync(jobs: Jobs, deps: DirectorySyncJobDeps): DirectorySyncing {
  const holds = createCrmHolds(deps.now);
  const everyMs = deps.everyMs ?? 60_000;

  jobs.define<Payload>({
    name: directorySyncJob,
    concurrency: Math.max(1, deps.connectors.length),
    attempts: 3,
    backoffMs: (attempt) => Math.min(60_000, 2_000 * 2 ** (attempt - 1)),
    async run({ connector: name }, { signal }) {
      const crm = deps.connectors.find((one) => one.name === name);
      if (crm === undefined || holds.isHeld(name)) return;
      const startedAt = deps.now();
      try {
        const report = await syncDirectory(crm, deps, signal);
        const level = report.records + report.deleted > 0 ? 'info' : 'debug';
        deps.log(level, 'directory synchronised', { ...report, tookMs: deps.now() - startedAt });
      } catch (error) {
        if (error instanceof RateLimited) {
          const waitMs = Math.min(longestWaitMs, Math.max(1000, error.retryAfterMs));
          holds.hold(name, waitMs);
          deps.log('warn', 'directory sync waits for the CRM’s rate limit', { connector: name, waitMs });
          return;
        }
        if (!signal.aborted) deps.log('warn', 'directory sync failed', { connector: name, ...fieldsOf(error) });
        throw error;
      }
    },
  });

  const soon = (connector: string) =>
    jobs.add<Payload>(directorySyncJob, { connector }, { key: `${directorySyncJob}:${connector}` });

  return {
    soon,
    async schedule() {
      for (const { name } of deps.connectors) {
        await soon(name);
        await jobs.schedule<Payload>(directorySyncJob, { connector: name }, { key: `${directorySyncJob}:${name}`, everyMs });
      }
    },
  };
}

function fieldsOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof ConnectorError) return { kind: error.kind, reason: error.message };
  return { kind: 'unexpected', reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}
