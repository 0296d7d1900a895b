import { Redis } from 'ioredis';
import { createBullJobs, JobsUnavailable } from '../../../src/jobs/bull-jobs.ts';
import type { Jobs } from '../../../src/jobs/jobs.ts';
import { START_TIMEOUT_MS } from '../../support/databases.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';

describe('Bull on a Redis that fails', () => {
  let redis: TestRedis;
  let jobs: Jobs;
  let seen: string[];
  let heard: (payload: string) => void;
  let logged: string[];

  beforeAll(async () => {
    redis = await startRedis();
  }, START_TIMEOUT_MS);
  beforeEach(async () => {
    seen = [];
    logged = [];
    heard = () => {};
    jobs = createBullJobs({ url: redis.url, log: (_, message) => logged.push(message), addTimeoutMs: 300 });
    jobs.define<string>({
      name: 'work',
      concurrency: 2,
      attempts: 1,
      backoffMs: () => 1,
      run: async (payload) => {
        seen.push(payload);
        heard(payload);
      },
    });
    await jobs.start();
  });
  afterEach(() => jobs.close(1_000));
  afterAll(() => redis.stop());

  function hear(payload: string): Promise<void> {
    return new Promise((resolve) => {
      heard = (one) => {
        if (one === payload) resolve();
      };
    });
  }

  test('runs what is added after everything in Redis was flushed, waiting and delayed jobs, slots and wishes included', async () => {
    const first = hear('first');
    await jobs.add('work', 'first', { key: 'a' });
    await first;
    await jobs.add('work', 'lost', { key: 'b', delayMs: 60_000 });
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    const again = hear('again');
    await jobs.add('work', 'again', { key: 'b' });
    await again;
    expect(seen).toEqual(['first', 'again']);
  });

  test('goes on by itself when Redis was killed and comes back empty', async () => {
    await redis.stop();
    await expect(jobs.add('work', 'away', { key: 'a' })).rejects.toThrow(JobsUnavailable);
    await redis.startAgain();
    const back = hear('back');
    await Promise.all([back, addUntilTaken('back')]);
    expect(seen).toContain('back');
    expect(logged).toContain('Redis is out of reach');
  }, 30_000);

  test('keeps its schedule through a flush', async () => {
    const ticked = hear('tick');
    await jobs.schedule('work', 'tick', { key: 'tick', everyMs: 20 });
    await ticked;
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    await hear('tick');
  });

  test('ends although Redis is gone', async () => {
    await redis.stop();
    await jobs.close(10);
    await redis.startAgain();
  }, 30_000);

  /** As the sweep does: what could not be added is added again. */
  async function addUntilTaken(payload: string): Promise<void> {
    for (;;) {
      const taken = await jobs.add('work', payload, { key: payload }).then(
        () => true,
        () => false,
      );
      if (taken) return;
    }
  }
});
