import Bull from 'bull';
import type { Redis } from 'ioredis';
import type { JobDefinition } from './jobs.ts';

/** What stands in Redis for one job. */
export interface QueuedJob {
  readonly key: string;
  readonly payload: unknown;
}

export interface BullLineSettings {
  readonly definition: JobDefinition<unknown>;
  readonly prefix: string;
  /** Bull's names: for commands, for events, and one that waits for work and can be shared with nobody. */
  readonly connections: Readonly<Record<'client' | 'subscriber' | 'bclient', Redis>>;
  readonly run: (job: QueuedJob, attempt: number) => Promise<void>;
  /** A job has left Redis, well or badly: what was asked for meanwhile can be added. */
  readonly left: (job: QueuedJob) => void;
  readonly onError: (error: Error) => void;
}

/** One Bull queue: the jobs of one name, one entry in Redis per key. */
export interface BullLine {
  readonly definition: JobDefinition<unknown>;
  readonly connections: BullLineSettings['connections'];
  add(job: QueuedJob, delayMs: number): Promise<void>;
  work(): void;
  counts(): Promise<Bull.JobCounts>;
  /** Takes no new jobs. */
  pause(): Promise<void>;
  /** Resolves when what ran has been settled in Redis. */
  idle(): Promise<void>;
  close(): Promise<void>;
  /** After the connections have ended: Bull answers their end with timers that would keep the process alive. */
  clearTimers(): void;
}

/** Bull 4.16.5, `lib/queue.js`; not in its types. */
interface BullTimers {
  readonly delayTimer?: NodeJS.Timeout;
  readonly errorRetryTimer?: Readonly<Record<string, NodeJS.Timeout>>;
}

/** Longer than anything but a dead process holds its lock without renewing it. */
const LOCK_MS = 60_000;

export function createBullLine(settings: BullLineSettings): BullLine {
  const { definition } = settings;
  const queue = new Bull<QueuedJob>(definition.name, {
    prefix: settings.prefix,
    createClient: (type) => settings.connections[type],
    settings: {
      lockDuration: LOCK_MS,
      // A job whose process died is run again by another; more than a few times it is the job that kills processes.
      maxStalledCount: 3,
      guardInterval: 1_000,
      retryProcessDelay: 500,
      backoffStrategies: { ours: (attemptsMade: number) => definition.backoffMs(attemptsMade) },
    },
    defaultJobOptions: {
      attempts: definition.attempts,
      backoff: { type: 'ours' },
      // What stayed would keep its key from ever being added again.
      removeOnComplete: true,
      removeOnFail: true,
    },
  });
  // Bull names its connections for its own list of workers, and leaves a rejection unhandled when one breaks at that moment.
  Object.assign(queue, { setWorkerName: async () => {} });
  let running = 0;
  let unsettled = 0;
  let waiters: (() => void)[] = [];
  function settled(left: number): void {
    unsettled = left;
    if (unsettled > 0) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  }
  queue.on('error', (error) => {
    // What Redis has forgotten can never be settled there.
    settled(running);
    settings.onError(error);
  });
  queue.on('completed', (job) => {
    settings.left(job.data);
    settled(unsettled - 1);
  });
  queue.on('failed', (job: Bull.Job<QueuedJob> | null) => {
    // Null: its process died too often. Redis has removed it.
    if (job === null) return;
    if (job.attemptsMade >= definition.attempts) settings.left(job.data);
    settled(unsettled - 1);
  });
  return {
    definition,
    connections: settings.connections,
    async add(job, delayMs) {
      await queue.add(job, { jobId: job.key, ...(delayMs > 0 ? { delay: delayMs } : {}) });
    },
    work() {
      queue
        .process(definition.concurrency, async (job) => {
          running += 1;
          unsettled += 1;
          try {
            await settings.run(job.data, job.attemptsMade + 1);
          } finally {
            running -= 1;
          }
        })
        .catch((error: unknown) => settings.onError(error instanceof Error ? error : new Error(String(error))));
    },
    counts: () => queue.getJobCounts(),
    pause: () => queue.pause(true, true),
    // Bull's own `whenCurrentJobsFinished` leaves a rejection unhandled when the connection is closed meanwhile.
    idle: () => (unsettled <= 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    close: () => queue.close(true),
    clearTimers() {
      const { delayTimer, errorRetryTimer = {} } = queue as Bull.Queue<QueuedJob> & BullTimers;
      for (const timer of [delayTimer, ...Object.values(errorRetryTimer)]) clearTimeout(timer);
    },
  };
}
