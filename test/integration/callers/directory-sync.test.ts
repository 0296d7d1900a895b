import { type ChangePage, Missing, RateLimited, Unreachable } from '../../../connectors/connector.ts';
import { registerDirectorySync } from '../../../src/callers/directory-job.ts';
import { createDirectoryStore, type DirectoryStore } from '../../../src/callers/directory-store.ts';
import { mostAppearedAtOnce, type SyncProgress, syncDirectory } from '../../../src/callers/directory-sync.ts';
import type { JobDefinition, Jobs } from '../../../src/jobs/jobs.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { callerRecord, changePage, contacts, leads } from '../../support/caller-records.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { fakeCallerConnector } from '../../support/fake-caller-connector.ts';

const tokyo = '+81312345678';
const never = new AbortController().signal;
describe.each(databaseKinds)('the directory’s sync on $kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;
  let directory: DirectoryStore;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());
  beforeEach(async () => {
    store = await openFreshStore(databases);
    directory = createDirectoryStore(store.db, {}, () => 1000);
  });
  afterEach(() => store.close());

  /** Ten pages of one record each; a reading goes on after its cursor. */
  const tenPages = async function* (_source: unknown, since: string | null): AsyncGenerator<ChangePage> {
    for (let page = since === null ? 1 : Number(since) + 1; page <= 10; page += 1) {
      yield changePage([callerRecord(`003-${page}`, { Phone: `03-1234-567${page % 10}` })], { cursor: String(page), total: 10 });
    }
  };

  test('reads every page of every source and tells how far it is', async () => {
    const crm = fakeCallerConnector('salesforce', [contacts], { pages: tenPages });
    const progress: SyncProgress[] = [];
    const report = await syncDirectory(crm, { directory, onProgress: (at) => progress.push(at) }, never);
    expect(report).toEqual({ connector: 'salesforce', pages: 10, records: 10, deleted: 0 });
    expect(progress.at(-1)).toEqual({ connector: 'salesforce', object: 'Contact', recordsRead: 10, total: 10 });
    expect((await directory.find('+81312345673')).map(({ id }) => id)).toEqual(['003-3']);
  });

  test('the next run asks only for what changed since', async () => {
    const crm = fakeCallerConnector('salesforce', [contacts], { pages: tenPages });
    await syncDirectory(crm, { directory }, never);
    await syncDirectory(crm, { directory }, never);
    expect(crm.readings).toEqual([
      { object: 'Contact', since: null },
      { object: 'Contact', since: '10' },
    ]);
  });

  test('a run that breaks off goes on after the last page applied and loses nobody', async () => {
    const breaks = fakeCallerConnector('salesforce', [contacts], {
      async *pages(source, since) {
        for await (const page of tenPages(source, since)) {
          if (page.cursor === '5') throw new Unreachable('connection lost');
          yield page;
        }
      },
    });
    await expect(syncDirectory(breaks, { directory }, never)).rejects.toThrow(Unreachable);
    expect(await directory.sources()).toMatchObject([
      { recordsRead: 4, completeAt: null, problem: 'unreachable: connection lost' },
    ]);
    const whole = fakeCallerConnector('salesforce', [contacts], { pages: tenPages });
    await syncDirectory(whole, { directory }, never);
    expect(whole.readings).toEqual([{ object: 'Contact', since: '4' }]);
    for (let last = 0; last <= 9; last += 1) expect(await directory.find(`+8131234567${last}`)).toHaveLength(1);
    expect(await directory.sources()).toMatchObject([{ recordsRead: 10, completeAt: 1000, problem: null }]);
  });

  test('stops between pages when it is told to, and keeps what it has', async () => {
    const stop = new AbortController();
    const crm = fakeCallerConnector('salesforce', [contacts], {
      async *pages(source, since) {
        for await (const page of tenPages(source, since)) {
          yield page;
          // The rest comes only once this is written.
          if (page.cursor === '3') await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
        }
      },
    });
    const running = syncDirectory(crm, { directory, onProgress: () => stop.abort() }, stop.signal);
    await expect(running).rejects.toThrow();
    expect(await directory.open('salesforce', contacts)).toMatchObject({ cursor: '3' });
    expect(await directory.sources()).toMatchObject([{ problem: null }]);
  });

  test('an object the CRM does not have does not keep the others from being read', async () => {
    const crm = fakeCallerConnector('salesforce', [leads, contacts], {
      async *pages(source, since) {
        if (source.object === 'Lead') throw new Missing('there is no Lead');
        yield* tenPages(source, since);
      },
    });
    await expect(syncDirectory(crm, { directory }, never)).rejects.toThrow(Missing);
    expect(await directory.find(tokyo)).toHaveLength(1);
    expect(await directory.sources()).toMatchObject([{ problem: 'missing: there is no Lead' }, { problem: null }]);
  });

  test('tells which numbers appeared, in portions, and not those it knew', async () => {
    const many = Array.from({ length: 1200 }, (_, index) =>
      callerRecord(`003-${index}`, { Phone: `03-1234-${String(index).padStart(4, '0')}` }),
    );
    const pages = async function* () {
      yield changePage(many);
    };
    const portions: (readonly string[])[] = [];
    const onNumbersAppeared = (numbers: readonly string[]) => void portions.push(numbers);
    const crm = fakeCallerConnector('salesforce', [contacts], { pages });
    await syncDirectory(crm, { directory, onNumbersAppeared }, never);
    expect(new Set(portions.flat()).size).toBe(1200);
    expect(Math.max(...portions.map(({ length }) => length))).toBeLessThanOrEqual(mostAppearedAtOnce);
    portions.length = 0;
    await syncDirectory(crm, { directory, onNumbersAppeared }, never);
    expect(portions).toEqual([]);
  });

  test('look-ups are answered between the portions of a large page', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => callerRecord(`003-${index}`, { Phone: '03-1234-5678' }));
    let isDone = false;
    const crm = fakeCallerConnector('salesforce', [contacts], {
      async *pages() {
        yield changePage(many);
      },
    });
    const running = syncDirectory(crm, { directory }, never).then(() => {
      isDone = true;
    });
    let answered = 0;
    while (!isDone) {
      await directory.find(tokyo);
      answered += 1;
      await new Promise(setImmediate);
    }
    await running;
    expect(answered).toBeGreaterThanOrEqual(10);
  });

  describe('the job', () => {
    const jobsWith = () => {
      const definitions: JobDefinition<{ connector: string }>[] = [];
      const added: unknown[] = [];
      const scheduled: unknown[] = [];
      const jobs = {
        define: (definition: unknown) => void definitions.push(definition as JobDefinition<{ connector: string }>),
        add: async (...job: unknown[]) => void added.push(job),
        schedule: async (...job: unknown[]) => void scheduled.push(job),
      } as unknown as Jobs;
      return { jobs, definitions, added, scheduled };
    };

    test('runs each connector’s sync now and every minute', async () => {
      const { jobs, definitions, added, scheduled } = jobsWith();
      const crm = fakeCallerConnector('kintone', [contacts], { pages: tenPages });
      const sync = registerDirectorySync(jobs, { directory, connectors: [crm], now: () => 0, log: () => {} });
      await sync.schedule();
      expect(added).toEqual([['directory-sync', { connector: 'kintone' }, { key: 'directory-sync:kintone' }]]);
      expect(scheduled).toEqual([
        ['directory-sync', { connector: 'kintone' }, { key: 'directory-sync:kintone', everyMs: 60_000 }],
      ]);
      await definitions[0]?.run({ connector: 'kintone' }, { signal: never, attempt: 1 });
      expect(await directory.find(tokyo)).toHaveLength(1);
    });

    test('waits for a rate limit in full, without a request and without counting it as a failure', async () => {
      const { jobs, definitions } = jobsWith();
      let now = 0;
      const crm = fakeCallerConnector('kintone', [contacts], {
        // biome-ignore lint/correctness/useYield: a CRM that refuses gives no page.
        async *pages(): AsyncGenerator<ChangePage> {
          throw new RateLimited('429', 90_000);
        },
      });
      registerDirectorySync(jobs, { directory, connectors: [crm], now: () => now, log: () => {} });
      const run = () => definitions[0]?.run({ connector: 'kintone' }, { signal: never, attempt: 1 });
      await run();
      now = 60_000;
      await run();
      expect(crm.readings).toHaveLength(1);
      now = 90_000;
      await run();
      expect(crm.readings).toHaveLength(2);
      // The clock that is put back makes no wait longer.
      now = 10_000;
      await run();
      expect(crm.readings).toHaveLength(3);
    });

    test('leaves every other failure to the jobs’ own back-off', async () => {
      const { jobs, definitions } = jobsWith();
      const crm = fakeCallerConnector('kintone', [contacts], {
        // biome-ignore lint/correctness/useYield: a CRM that is down gives no page.
        async *pages(): AsyncGenerator<ChangePage> {
          throw new Unreachable('down');
        },
      });
      registerDirectorySync(jobs, { directory, connectors: [crm], now: () => 0, log: () => {} });
      await expect(definitions[0]?.run({ connector: 'kintone' }, { signal: never, attempt: 1 })).rejects.toThrow('down');
    });
  });
});
