import type { JobDefinition, Jobs } from '../../src/jobs/jobs.ts';

/** How to get at an implementation. */
export interface JobsUnderTest {
  /** A new, empty queue, not started. `another` is a second worker of the same queue: another process, where there can be one. */
  open(): { readonly jobs: Jobs; readonly another: () => Jobs };
}

/** Something that happens later, and can be waited for. */
function signalOf<Value = void>() {
  let resolve: (value: Value) => void = () => {};
  const happened = new Promise<Value>((done) => {
    resolve = done;
  });
  return { happened, happen: resolve };
}

/** What every implementation of the Jobs port promises. */
export function jobsContract({ open }: JobsUnderTest): void {
  let jobs: Jobs;
  let another: () => Jobs;
  let others: Jobs[];

  beforeEach(() => {
    const opened = open();
    jobs = opened.jobs;
    others = [];
    another = () => {
      const second = opened.another();
      if (second !== jobs) others.push(second);
      return second;
    };
  });
  afterEach(async () => {
    await Promise.all([jobs, ...others].map((one) => one.close(1_000)));
  });

  function define(given: Partial<JobDefinition<string>> & Pick<JobDefinition<string>, 'run'>, on: Jobs = jobs): void {
    on.define<string>({ name: 'work', concurrency: 1, attempts: 1, backoffMs: () => 1, ...given });
  }

  /** `first` runs until it is released; of `last` it is told that it ran. */
  function defineHeldFirst(last: string) {
    const [release, begun, done] = [signalOf(), signalOf(), signalOf()];
    const seen: string[] = [];
    define({
      run: async (payload) => {
        seen.push(payload);
        begun.happen();
        if (payload === 'first') await release.happened;
        if (payload === last) done.happen();
      },
    });
    return { release, begun, done, seen };
  }

  test('runs a job once, with what it was given', async () => {
    const ran = signalOf<string>();
    const seen: string[] = [];
    define({
      run: async (payload, { attempt, signal }) => {
        seen.push(`${payload} ${attempt} ${signal.aborted}`);
        ran.happen(payload);
      },
    });
    await jobs.start();
    await jobs.add('work', 'hello', { key: 'a' });
    await ran.happened;
    expect(seen).toEqual(['hello 1 false']);
  });

  test('runs what was added before the start', async () => {
    const ran = signalOf();
    define({ run: async () => ran.happen() });
    await jobs.add('work', 'x', { key: 'a' });
    await jobs.start();
    await ran.happened;
  });

  test('runs a delayed job after those that are due', async () => {
    const seen: string[] = [];
    const both = signalOf();
    define({
      run: async (payload) => {
        seen.push(payload);
        if (seen.length === 2) both.happen();
      },
    });
    await jobs.start();
    await jobs.add('work', 'later', { key: 'a', delayMs: 150 });
    expect((await jobs.counts()).delayed).toBe(1);
    await jobs.add('work', 'now', { key: 'b' });
    await both.happened;
    expect(seen).toEqual(['now', 'later']);
  });

  test('changes nothing when a waiting key is added again', async () => {
    const { release, begun, done, seen } = defineHeldFirst('last');
    await jobs.start();
    await jobs.add('work', 'first', { key: 'a' });
    await begun.happened;
    await jobs.add('work', 'second', { key: 'b' });
    await jobs.add('work', 'third', { key: 'b' });
    await jobs.add('work', 'last', { key: 'c' });
    expect(await jobs.counts()).toMatchObject({ waiting: 2, running: 1 });
    release.happen();
    await done.happened;
    expect(seen).toEqual(['first', 'second', 'last']);
  });

  test('runs once more afterwards, and only once, when a running key is added again', async () => {
    const { release, begun, done, seen } = defineHeldFirst('end');
    await jobs.start();
    await jobs.add('work', 'first', { key: 'a' });
    await begun.happened;
    for (const payload of ['again', 'and again']) await jobs.add('work', payload, { key: 'a' });
    release.happen();
    await waitUntil(() => seen.length === 2);
    await jobs.add('work', 'end', { key: 'b' });
    await done.happened;
    expect(seen).toEqual(['first', 'again', 'end']);
  });

  test('never runs more at once than it may, over all workers', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    const all = signalOf();
    const together = signalOf();
    const run = async () => {
      running += 1;
      most = Math.max(most, running);
      if (running === 2) together.happen();
      // The first stays until there is a second beside it: how fast the jobs come must not matter.
      await together.happened;
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done += 1;
      if (done === 30) all.happen();
    };
    define({ concurrency: 2, run });
    const second = another();
    if (second !== jobs) define({ concurrency: 2, run }, second);
    await Promise.all([jobs.start(), second.start()]);
    await Promise.all(Array.from({ length: 30 }, (_, index) => jobs.add('work', 'x', { key: `k${index}` })));
    await all.happened;
    expect([done, most]).toEqual([30, 2]);
  });

  test('tries again what failed, and tells once when the last try failed', async () => {
    const waits: number[] = [];
    const attempts: number[] = [];
    const gaveUp = signalOf<string>();
    define({
      attempts: 3,
      backoffMs: (attempt) => {
        waits.push(attempt);
        return 5;
      },
      run: async (_, { attempt }) => {
        attempts.push(attempt);
        throw new Error(`no ${attempt}`);
      },
      failed: (payload, error) => gaveUp.happen(`${payload}: ${error instanceof Error ? error.message : ''}`),
    });
    await jobs.start();
    await jobs.add('work', 'x', { key: 'a' });
    expect(await gaveUp.happened).toBe('x: no 3');
    expect([attempts, waits]).toEqual([
      [1, 2, 3],
      [1, 2],
    ]);
    expect((await jobs.counts()).failed).toBe(1);
  });

  test('takes a key again after it failed for good', async () => {
    const gaveUp = signalOf();
    const ran = signalOf();
    define({
      run: async (payload) => {
        if (payload === 'bad') throw new Error('no');
        ran.happen();
      },
      failed: () => gaveUp.happen(),
    });
    await jobs.start();
    await jobs.add('work', 'bad', { key: 'a' });
    await gaveUp.happened;
    await jobs.add('work', 'good', { key: 'a' });
    await ran.happened;
  });

  test('goes on with the others while one waits for its next try', async () => {
    const seen: string[] = [];
    const done = signalOf();
    define({
      attempts: 2,
      backoffMs: () => 100,
      run: async (payload, { attempt }) => {
        seen.push(`${payload}${attempt}`);
        if (payload === 'bad' && attempt === 1) throw new Error('no');
        if (payload === 'bad') done.happen();
      },
    });
    await jobs.start();
    await jobs.add('work', 'bad', { key: 'a' });
    await jobs.add('work', 'good', { key: 'b' });
    await done.happened;
    expect(seen).toEqual(['bad1', 'good1', 'bad2']);
  });

  test('runs a schedule again and again, and never twice at once', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const enough = signalOf();
    define({
      concurrency: 5,
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        runs += 1;
        if (runs === 3) enough.happen();
      },
    });
    await jobs.start();
    await jobs.schedule('work', 'x', { key: 'tick', everyMs: 10 });
    await enough.happened;
    expect(most).toBe(1);
  });

  test('replaces a schedule of the same key', async () => {
    const seen: string[] = [];
    const enough = signalOf();
    define({
      run: async (payload) => {
        seen.push(payload);
        if (seen.length === 3) enough.happen();
      },
    });
    await jobs.start();
    await jobs.schedule('work', 'old', { key: 'tick', everyMs: 10 });
    await jobs.schedule('work', 'new', { key: 'tick', everyMs: 10 });
    await enough.happened;
    expect(new Set(seen)).toEqual(new Set(['new']));
  });

  test('refuses a job nobody defined, and a name defined twice', async () => {
    await expect(jobs.add('nothing', 'x', { key: 'a' })).rejects.toThrow(/no job called "nothing"/);
    define({ run: async () => {} });
    expect(() => define({ run: async () => {} })).toThrow(/defined already/);
  });

  test('on closing tells what runs to stop, waits for it, and starts nothing new', async () => {
    const begun = signalOf();
    const seen: string[] = [];
    define({
      run: async (payload, { signal }) => {
        seen.push(`${payload} begun`);
        begun.happen();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        seen.push(`${payload} stopped`);
      },
    });
    await jobs.start();
    await jobs.add('work', 'one', { key: 'a' });
    await jobs.add('work', 'two', { key: 'b' });
    await begun.happened;
    await jobs.close(60_000);
    expect(seen).toEqual(['one begun', 'one stopped']);
  });

  test('on closing waits no longer than it is told for what does not stop', async () => {
    const begun = signalOf();
    define({
      run: () => {
        begun.happen();
        return new Promise(() => {});
      },
    });
    await jobs.start();
    await jobs.add('work', 'x', { key: 'a' });
    await begun.happened;
    await jobs.close(1);
  });
}

/** Looks again every turn of the event loop. */
async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
