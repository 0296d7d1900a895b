import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { atMost } from './bounded-wait.ts';
import { type BullLine, createBullLine, type QueuedJob } from './bull-line.ts';
import { JobMisuse } from './job-misuse.ts';
import type { JobDefinition, Jobs } from './jobs.ts';
import { createRedisSlots } from './redis-slots.ts';

export interface BullJobsSettings {
  /** `redis://…` or `rediss://…`. */
  readonly url: string;
  /** Hubs with the same prefix share the work; `toritsugi` unless given. */
  readonly prefix?: string;
  readonly log: (level: 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Longest wait for Redis when something is added; 5 s unless given. */
  readonly addTimeoutMs?: number;
  /** How often the queues are looked at for a worker that has fallen asleep; 15 s unless given. */
  readonly watchMs?: number;
}

/** Redis did not answer in time. Nothing is lost: what is due stands in the database and is added again by the next schedule. */
export class JobsUnavailable extends Error {
  override readonly name = 'JobsUnavailable';
}

/** Longest wait for Redis while closing, twice. */
const STEP_MS = 2_000;

interface Wish {
  readonly payload: unknown;
  readonly delayMs: number;
}

/**
 * Jobs on Bull and Redis, shared by all hubs of the same prefix. Bull ignores an addition while the key is in Redis, running or
 * not; so every addition also leaves a wish there, which a run takes up when it begins, and what is left of when it ends is added.
 */
export function createBullJobs(settings: BullJobsSettings): Jobs {
  const { url, prefix = 'toritsugi', log, addTimeoutMs = 5_000, watchMs = 15_000 } = settings;
  const connections = new Set<Redis>();
  const lines = new Map<string, BullLine>();
  const asleep = new Set<string>();
  const schedules = new Map<string, NodeJS.Timeout>();
  const adding = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let watching: NodeJS.Timeout | null = null;
  let failed = 0;
  let running = 0;
  let isClosed = false;
  let isWatching = false;
  let closing: Promise<void> | null = null;

  function connect(): Redis {
    const redis = new Redis(url, {
      // Bull refuses other settings for its blocking connections: https://github.com/OptimalBits/bull/issues/1873
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
      // ioredis waits so long for a socket that is gone already, and keeps the process alive meanwhile.
      disconnectTimeout: 200,
      retryStrategy: (times) => (isClosed ? null : Math.min(100 * times, 3_000)),
    });
    // Every queue listens for errors on the shared ones.
    redis.setMaxListeners(100);
    redis.on('error', (error) => log('warn', 'Redis is out of reach', { error }));
    connections.add(redis);
    return redis;
  }

  const client = connect();
  const subscriber = connect();
  const slots = createRedisSlots({ redis: client, prefix, newId: randomUUID });

  function openLine(definition: JobDefinition<unknown>): BullLine {
    const blocking = connect();
    return createBullLine({
      definition,
      prefix,
      connections: { client, subscriber, bclient: blocking },
      run: (job, attempt) => run(definition, job, attempt),
      left: (job) => void addWished(definition.name, job.key).catch(() => {}),
      onError: (error) => log('warn', 'the queue reports an error', { job: definition.name, error }),
    });
  }

  /** Not before every connection stands: Bull leaves a rejection unhandled when it is closed while it still connects. */
  async function work(line: BullLine): Promise<void> {
    await Promise.all(Object.values(line.connections).map(whenReady));
    if (!stopping.signal.aborted) line.work();
  }

  function lineOf(name: string): BullLine {
    const line = lines.get(name);
    if (line === undefined) throw new JobMisuse(`There is no job called "${name}". Define it before adding to it.`);
    return line;
  }

  async function run(definition: JobDefinition<unknown>, job: QueuedJob, attempt: number): Promise<void> {
    const giveBack = await slots.take(definition.name, definition.concurrency, stopping.signal);
    running += 1;
    try {
      const wished = await client.getdel(wishKey(definition.name, job.key));
      const payload = wished === null ? job.payload : (JSON.parse(wished) as Wish).payload;
      await definition.run(payload, { signal: stopping.signal, attempt });
    } catch (error) {
      if (attempt >= definition.attempts && !stopping.signal.aborted) giveUp(definition, job.payload, error);
      throw error;
    } finally {
      running -= 1;
      await giveBack().catch(() => {});
    }
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

  function wishKey(name: string, key: string): string {
    return `${prefix}:wish:${name}:${key}`;
  }

  async function wishAndAdd(name: string, key: string, wish: Wish): Promise<void> {
    const line = lineOf(name);
    await client.set(wishKey(name, key), JSON.stringify(wish), 'NX');
    await line.add({ key, payload: wish.payload }, wish.delayMs);
  }

  /** Bull knows nothing of the key any more: what was wished for while it ran is added now. */
  async function addWished(name: string, key: string): Promise<void> {
    if (stopping.signal.aborted) return;
    const wished = await client.get(wishKey(name, key));
    if (wished === null) return;
    const wish = JSON.parse(wished) as Wish;
    await lineOf(name).add({ key, payload: wish.payload }, wish.delayMs);
  }

  /** While Redis is away every key is asked for at most once, however often it is added. */
  function add(name: string, key: string, wish: Wish): Promise<void> {
    const id = `${name}\n${key}`;
    const known = adding.get(id);
    if (known !== undefined) return known;
    const added = wishAndAdd(name, key, wish).finally(() => adding.delete(id));
    adding.set(id, added);
    added.catch(() => {});
    return added;
  }

  async function within<Answer>(answer: Promise<Answer>): Promise<Answer> {
    if (await atMost(addTimeoutMs, answer)) return answer;
    throw new JobsUnavailable(`Redis did not answer within ${addTimeoutMs / 1_000} s.`);
  }

  /** One hub of all runs it in each period; a Redis that forgot everything is told again by the next tick. */
  async function tick(name: string, payload: unknown, { key, everyMs }: { key: string; everyMs: number }): Promise<void> {
    const period = Math.max(1, Math.floor(everyMs * 0.9));
    const isOurs = await client.set(`${prefix}:tick:${name}:${key}`, '1', 'PX', period, 'NX');
    if (isOurs !== null && !stopping.signal.aborted) await lineOf(name).add({ key, payload }, 0);
  }

  /**
   * Bull workers have been seen to fall asleep for good after a broken connection (OptimalBits/bull #2802, #2819): jobs wait and
   * nothing runs. Seen twice in a row, the worker is replaced.
   */
  async function watch(): Promise<void> {
    if (isWatching) return;
    isWatching = true;
    try {
      for (const [name, line] of lines) await watchLine(name, line);
    } catch (error) {
      log('warn', 'the queues could not be looked at', { error });
    } finally {
      isWatching = false;
    }
  }

  async function watchLine(name: string, line: BullLine): Promise<void> {
    const { waiting, active } = await line.counts();
    if (waiting === 0 || active > 0) {
      asleep.delete(name);
    } else if (!asleep.has(name)) {
      asleep.add(name);
    } else if (!stopping.signal.aborted) {
      asleep.delete(name);
      log('warn', 'a worker has fallen asleep and is replaced', { job: name, waiting });
      const fresh = openLine(line.definition);
      lines.set(name, fresh);
      await work(fresh);
      await line.close();
    }
  }

  return {
    define(definition) {
      if (lines.has(definition.name)) throw new JobMisuse(`The job "${definition.name}" is defined already.`);
      lines.set(definition.name, openLine(definition as JobDefinition<unknown>));
    },
    async start() {
      await atMost(addTimeoutMs, Promise.all([...lines.values()].map(work)));
      if (stopping.signal.aborted) return;
      watching = setInterval(() => void watch(), watchMs);
    },
    async add(name, payload, { key, delayMs = 0 }) {
      lineOf(name);
      if (!stopping.signal.aborted) await within(add(name, key, { payload, delayMs }));
    },
    async schedule(name, payload, options) {
      lineOf(name);
      if (stopping.signal.aborted) return;
      const id = `${name}\n${options.key}`;
      clearInterval(schedules.get(id));
      let isTicking = false;
      const ticking = setInterval(() => {
        if (isTicking) return;
        isTicking = true;
        tick(name, payload, options)
          .catch((error: unknown) => log('warn', 'a schedule could not be kept', { job: name, error }))
          .finally(() => {
            isTicking = false;
          });
      }, options.everyMs);
      schedules.set(id, ticking);
    },
    async counts() {
      const all = await within(Promise.all([...lines.values()].map((line) => line.counts())));
      const sum = (pick: (counts: (typeof all)[number]) => number) => all.reduce((total, counts) => total + pick(counts), 0);
      return { waiting: sum((one) => one.waiting), running, delayed: sum((one) => one.delayed), failed };
    },
    close(graceMs) {
      closing ??= close(graceMs);
      return closing;
    },
  };

  async function close(graceMs: number): Promise<void> {
    stopping.abort();
    clearInterval(watching ?? undefined);
    for (const ticking of schedules.values()) clearInterval(ticking);
    const all = [...lines.values()];
    // Bull connects anew while it pauses and closes: it must be through with that before the connections are ended.
    await atMost(STEP_MS, Promise.allSettled(all.map((line) => line.pause())));
    await atMost(graceMs, Promise.all(all.map((line) => line.idle())));
    await atMost(STEP_MS, Promise.allSettled(all.map((line) => line.close())));
    isClosed = true;
    for (const redis of connections) redis.disconnect();
    await new Promise((resolve) => setImmediate(resolve));
    for (const line of all) line.clearTimers();
  }
}

function whenReady(redis: Redis): Promise<void> {
  return redis.status === 'ready' ? Promise.resolve() : new Promise((resolve) => void redis.once('ready', () => resolve()));
}
