import { JobMisuse } from './job-misuse.ts';
import type { JobDefinition, Jobs } from './jobs.ts';

export interface InProcessJobsSettings {
  readonly log: (level: 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Exchanged in tests. */
  readonly timers?: JobTimers;
}

export interface JobTimers {
  /** Runs it once after `ms`, and answers how to prevent that. */
  after(ms: number, run: () => void): () => void;
}

/** One key of one job. `waiting` → `running` → gone, or `waiting` again. */
interface Job {
  readonly key: string;
  payload: unknown;
  /** Tries so far. */
  attempt: number;
  state: 'delayed' | 'ready' | 'running';
  /** Asked for while it was running. */
  again: { readonly payload: unknown; readonly delayMs: number } | null;
  cancelDelay: () => void;
}

interface Line {
  readonly definition: JobDefinition<unknown>;
  readonly jobs: Map<string, Job>;
  running: number;
}

const realTimers: JobTimers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** The default: everything in this process, nothing to install. What waits is forgotten when the process ends; see the port. */
export function createInProcessJobs({ log, timers = realTimers }: InProcessJobsSettings): Jobs {
  const lines = new Map<string, Line>();
  const schedules = new Map<string, () => void>();
  const stopping = new AbortController();
  const runs = new Set<Promise<void>>();
  let started = false;
  let failed = 0;
  let closing: Promise<void> | null = null;

  function lineOf(name: string): Line {
    const line = lines.get(name);
    if (line === undefined) throw new JobMisuse(`There is no job called "${name}". Define it before adding to it.`);
    return line;
  }

  function enqueue(
    line: Line,
    key: string,
    { payload, delayMs, attempt }: { payload: unknown; delayMs: number; attempt: number },
  ): void {
    const job: Job = { key, payload, attempt, state: delayMs > 0 ? 'delayed' : 'ready', again: null, cancelDelay: () => {} };
    line.jobs.set(key, job);
    if (delayMs > 0) {
      job.cancelDelay = timers.after(delayMs, () => {
        job.state = 'ready';
        runReady(line);
      });
    } else {
      runReady(line);
    }
  }

  function runReady(line: Line): void {
    if (!started || stopping.signal.aborted) return;
    for (const job of line.jobs.values()) {
      if (line.running >= line.definition.concurrency) return;
      if (job.state !== 'ready') continue;
      job.state = 'running';
      line.running += 1;
      const run = runOnce(line, job).finally(() => runs.delete(run));
      runs.add(run);
    }
  }

  async function runOnce(line: Line, job: Job): Promise<void> {
    const { definition } = line;
    job.attempt += 1;
    let retryMs: number | null = null;
    try {
      await definition.run(job.payload, { signal: stopping.signal, attempt: job.attempt });
    } catch (error) {
      if (job.attempt < definition.attempts) retryMs = definition.backoffMs(job.attempt);
      else if (!stopping.signal.aborted) giveUp(definition, job.payload, error);
    }
    line.running -= 1;
    line.jobs.delete(job.key);
    if (stopping.signal.aborted) return;
    if (retryMs !== null)
      enqueue(line, job.key, { payload: job.again?.payload ?? job.payload, delayMs: retryMs, attempt: job.attempt });
    else if (job.again !== null) enqueue(line, job.key, { ...job.again, attempt: 0 });
    runReady(line);
  }

  function giveUp(definition: JobDefinition<unknown>, payload: unknown, error: unknown): void {
    failed += 1;
    log('error', 'a job failed', { job: definition.name, error });
    try {
      definition.failed?.(payload, error);
    } catch (cause) {
      log('error', 'a job could not tell that it failed', { job: definition.name, error: cause });
    }
  }

  function add(name: string, payload: unknown, { key, delayMs = 0 }: { readonly key: string; readonly delayMs?: number }): void {
    const line = lineOf(name);
    if (stopping.signal.aborted) return;
    const known = line.jobs.get(key);
    if (known === undefined) enqueue(line, key, { payload, delayMs, attempt: 0 });
    else if (known.state === 'running') known.again ??= { payload, delayMs };
  }

  function tick(name: string, payload: unknown, { key, everyMs }: { readonly key: string; readonly everyMs: number }): void {
    const cancel = timers.after(everyMs, () => {
      if (lineOf(name).jobs.get(key)?.state !== 'running') add(name, payload, { key });
      tick(name, payload, { key, everyMs });
    });
    schedules.set(`${name}\n${key}`, cancel);
  }

  function count(state: Job['state']): number {
    return [...lines.values()].reduce(
      (sum, line) => sum + [...line.jobs.values()].filter((job) => job.state === state).length,
      0,
    );
  }

  return {
    define(definition) {
      if (lines.has(definition.name)) throw new JobMisuse(`The job "${definition.name}" is defined already.`);
      lines.set(definition.name, { definition: definition as JobDefinition<unknown>, jobs: new Map(), running: 0 });
    },
    async start() {
      started = true;
      for (const line of lines.values()) runReady(line);
    },
    async add(name, payload, options) {
      add(name, payload, options);
    },
    async schedule(name, payload, options) {
      lineOf(name);
      if (stopping.signal.aborted) return;
      schedules.get(`${name}\n${options.key}`)?.();
      tick(name, payload, options);
    },
    async counts() {
      return { waiting: count('ready'), running: count('running'), delayed: count('delayed'), failed };
    },
    close(graceMs) {
      closing ??= close(graceMs);
      return closing;
    },
  };

  async function close(graceMs: number): Promise<void> {
    stopping.abort();
    for (const cancel of schedules.values()) cancel();
    for (const line of lines.values()) for (const job of line.jobs.values()) job.cancelDelay();
    if (runs.size === 0) return;
    let cancelGrace = () => {};
    const grace = new Promise<void>((resolve) => {
      cancelGrace = timers.after(graceMs, resolve);
    });
    await Promise.race([Promise.all(runs), grace]);
    cancelGrace();
  }
}
