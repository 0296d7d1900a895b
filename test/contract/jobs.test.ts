import { createBullJobs } from '../../src/jobs/bull-jobs.ts';
import { createInProcessJobs } from '../../src/jobs/in-process-jobs.ts';
import { START_TIMEOUT_MS } from '../support/databases.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { jobsContract } from './jobs.contract.ts';

const log = () => {};

describe('jobs in the process', () => {
  jobsContract({
    open: () => {
      const jobs = createInProcessJobs({ log });
      return { jobs, another: () => jobs };
    },
  });
});

describe('jobs on Bull and a real Redis', () => {
  let redis: TestRedis;
  let queues = 0;
  beforeAll(async () => {
    redis = await startRedis();
  }, START_TIMEOUT_MS);
  afterAll(() => redis.stop());

  jobsContract({
    open: () => {
      queues += 1;
      const open = () => createBullJobs({ url: redis.url, prefix: `test-${queues}`, log });
      return { jobs: open(), another: open };
    },
  });
});
