import { createInProcessJobs, type JobTimers } from '../../../src/jobs/in-process-jobs.ts';

/** Time that passes when it is told to. */
function fakeTimers(): JobTimers & { pass(ms: number): Promise<void>; readonly waiting: number } {
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async pass(ms) {
      now += ms;
      const due = timers.filter((timer) => timer.at <= now).sort((a, b) => a.at - b.at);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.run();
      await new Promise((resolve) => setImmediate(resolve));
    },
    get waiting() {
      return timers.length;
    },
  };
}

function open() {
  const timers = fakeTimers();
  const logged: string[] = [];
  const jobs = createInProcessJobs({ log: (_, message) => logged.push(message), timers });
  return { timers, logged, jobs };
}

test('a delayed job runs when its time has come, not before', async () => {
  const { jobs, timers } = open();
  const seen: string[] = [];
  jobs.define<string>({
    name: 'work',
    concurrency: 1,
    attempts: 1,
    backoffMs: () => 0,
    run: async (payload) => void seen.push(payload),
  });
  await jobs.start();
  await jobs.add('work', 'x', { key: 'a', delayMs: 1_000 });
  await jobs.add('work', 'earlier', { key: 'a', delayMs: 1 });
  await timers.pass(999);
  expect(seen).toEqual([]);
  await timers.pass(1);
  expect(seen).toEqual(['x']);
});

test('each next try waits as long as the job says', async () => {
  const { jobs, timers } = open();
  let tries = 0;
  const run = async () => {
    tries += 1;
    throw new Error('no');
  };
  jobs.define({ name: 'work', concurrency: 1, attempts: 3, backoffMs: (attempt) => attempt * 100, run });
  await jobs.start();
  await jobs.add('work', null, { key: 'a' });
  await timers.pass(0);
  const seen = [tries];
  for (const ms of [99, 1, 199, 1, 10_000]) {
    await timers.pass(ms);
    seen.push(tries);
  }
  expect(seen).toEqual([1, 1, 2, 2, 3, 3]);
});

test('a schedule that falls into a long run leaves it out', async () => {
  const { jobs, timers } = open();
  let runs = 0;
  let end = () => {};
  const run = () => {
    runs += 1;
    return new Promise<void>((resolve) => {
      end = resolve;
    });
  };
  jobs.define({ name: 'work', concurrency: 5, attempts: 1, backoffMs: () => 0, run });
  await jobs.start();
  await jobs.schedule('work', null, { key: 'tick', everyMs: 100 });
  for (let tick = 1; tick <= 5; tick += 1) await timers.pass(100);
  expect(runs).toBe(1);
  end();
  await timers.pass(0);
  await timers.pass(100);
  expect(runs).toBe(2);
  end();
});

test('nothing is left behind after closing, and nothing is taken any more', async () => {
  const { jobs, timers } = open();
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  jobs.define({ name: 'work', concurrency: 1, attempts: 1, backoffMs: () => 0, run });
  await jobs.start();
  await jobs.schedule('work', null, { key: 'tick', everyMs: 100 });
  await jobs.add('work', null, { key: 'later', delayMs: 100 });
  await jobs.close(1_000);
  await jobs.add('work', null, { key: 'now' });
  await jobs.schedule('work', null, { key: 'tock', everyMs: 100 });
  await timers.pass(1_000);
  expect([runs, timers.waiting]).toEqual([0, 0]);
});

test('a job that cannot even tell that it failed does not stop the others', async () => {
  const { jobs, timers, logged } = open();
  const seen: string[] = [];
  jobs.define<string>({
    name: 'work',
    concurrency: 1,
    attempts: 1,
    backoffMs: () => 0,
    run: async (payload) => {
      seen.push(payload);
      if (payload === 'bad') throw new Error('no');
    },
    failed: () => {
      throw new Error('neither');
    },
  });
  await jobs.start();
  await jobs.add('work', 'bad', { key: 'a' });
  await jobs.add('work', 'good', { key: 'b' });
  await timers.pass(0);
  expect(seen).toEqual(['bad', 'good']);
  expect(logged).toEqual(['a job failed', 'a job could not tell that it failed']);
});
