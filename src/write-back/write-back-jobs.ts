import type { Jobs } from '../jobs/jobs.ts';
import type { Drainer } from './drainer.ts';
import type { OwedStore } from './owed-store.ts';

export interface WriteBackJobsSettings {
  readonly jobs: Jobs;
  readonly drainer: Drainer;
  readonly owed: Pick<OwedStore, 'nextDueAt' | 'releaseAbandoned'>;
  /** Names of the connectors that are owed records. */
  readonly connectors: readonly string[];
  readonly now: () => number;
  readonly log: (level: 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** How often everything that is due is looked for; 5 s unless given. */
  readonly sweepMs?: number;
}

/** When the owed records are paid: at once after a change, and by the sweep whatever was missed, held or left by a dead hub. */
export interface WriteBackJobs {
  /** Something is owed. Never throws and waits for nothing: the sweep finds what this does not start. */
  wake(): void;
  /** After `jobs.start()`. */
  startSweeping(): Promise<void>;
}

const DRAIN = 'write-back';
const SWEEP = 'write-back-sweep';

/** Defines the jobs; to be called before `jobs.start()`. */
export function defineWriteBackJobs(settings: WriteBackJobsSettings): WriteBackJobs {
  const { jobs, drainer, owed, connectors, now, log, sweepMs = 5_000 } = settings;

  /** The connector is the key: one CRM is paid by one run at a time, and no CRM waits for another. */
  function drainLater(connector: string, delayMs: number): Promise<void> {
    return jobs.add(DRAIN, connector, { key: connector, delayMs });
  }

  jobs.define<string>({
    name: DRAIN,
    concurrency: Math.max(1, connectors.length),
    attempts: 3,
    backoffMs: (attempt) => 1_000 * attempt,
    async run(connector, { signal }) {
      const { nextAt } = await drainer.drain(connector, signal);
      const waitMs = nextAt === null ? Number.POSITIVE_INFINITY : nextAt - now();
      if (waitMs < sweepMs && !signal.aborted) await drainLater(connector, Math.max(1, waitMs));
    },
    failed: (connector, error) => log('warn', 'what is owed could not be paid for now', { connector, error }),
  });

  jobs.define<null>({
    name: SWEEP,
    concurrency: 1,
    attempts: 1,
    backoffMs: () => 0,
    async run() {
      const released = await owed.releaseAbandoned('expired');
      if (released > 0) log('warn', 'records left by a dead hub are owed again', { released });
      for (const connector of connectors) {
        const dueAt = await owed.nextDueAt(connector);
        if (dueAt !== null && dueAt <= now()) await drainLater(connector, 0);
      }
    },
    failed: (_, error) => log('warn', 'the sweep for owed records failed', { error }),
  });

  return {
    wake() {
      for (const connector of connectors) {
        drainLater(connector, 0).catch((error: unknown) => log('warn', 'a drain could not be started', { connector, error }));
      }
    },
    startSweeping: () => jobs.schedule(SWEEP, null, { key: 'sweep', everyMs: sweepMs }),
  };
}
