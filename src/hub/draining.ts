/** The job that pays what the CRMs are owed: at once when something is owed, later when a CRM asked for time, and every half minute. */
import type { Jobs } from '../jobs/jobs.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Drainer } from '../write-back/drainer.ts';
import type { OwedStore } from '../write-back/owed-store.ts';

const JOB = 'drain';
const SWEEP_MS = 30_000;
/** Calls that end within this time go to the CRM in one request, and cost the database one round. */
const SOON_MS = 200;

interface Payload {
  readonly connector: string;
}

export interface DrainSoonDeps {
  readonly jobs: Pick<Jobs, 'add'>;
  readonly connectors: readonly string[];
  readonly newId: () => string;
  readonly log: Log;
}

/** Asks for the job. Never fails: what it misses, the sweep finds. */
export function createDrainSoon({ jobs, connectors, newId, log }: DrainSoonDeps): () => void {
  // In a shared queue a key that a dead process was running stays taken for a minute; nobody's "now" must wait for that.
  const ours = newId();
  return () => {
    for (const connector of connectors) {
      jobs
        .add<Payload>(JOB, { connector }, { key: `${JOB}-now-${connector}-${ours}`, delayMs: SOON_MS })
        .catch((error: unknown) => {
          log('warn', 'draining could not be asked for; the next sweep does it', { connector, error });
        });
    }
  };
}

export interface DrainingDeps {
  readonly jobs: Jobs;
  readonly drainer: Drainer;
  readonly owed: Pick<OwedStore, 'releaseAbandoned'>;
  readonly connectors: readonly string[];
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly log: Log;
}

export interface Draining {
  schedule(): Promise<void>;
}

/** Defines the job; call before `jobs.start`, and `schedule` after it. */
export function registerDraining(deps: DrainingDeps): Draining {
  const { jobs, drainer, owed, connectors, metrics, now, log } = deps;

  jobs.define<Payload>({
    name: JOB,
    concurrency: Math.max(1, connectors.length * 2),
    attempts: 1,
    backoffMs: () => 1_000,
    async run({ connector }, { signal }) {
      await owed.releaseAbandoned('expired');
      const report = await drainer.drain(connector, signal);
      metrics.writes.inc({ connector, verdict: 'written' }, report.written);
      metrics.writes.inc({ connector, verdict: 'refused' }, report.refused);
      if (report.nextAt === null || signal.aborted) return;
      const delayMs = Math.max(0, report.nextAt - now());
      // What is due later than the next sweep is found by it. A key for each second: a job that waits long must not stand for one
      // that is due soon.
      if (delayMs >= SWEEP_MS) return;
      const dueSecond = Math.floor(report.nextAt / 1_000);
      await jobs.add<Payload>(JOB, { connector }, { key: `${JOB}-later-${connector}-${dueSecond}`, delayMs });
    },
    failed: ({ connector }, error) =>
      log('error', 'draining failed; it is tried again within half a minute', { connector, error }),
  });

  return {
    async schedule() {
      for (const connector of connectors) {
        await jobs.schedule<Payload>(JOB, { connector }, { key: `${JOB}-sweep-${connector}`, everyMs: SWEEP_MS });
      }
    },
  };
}
