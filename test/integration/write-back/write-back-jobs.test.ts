import { RateLimited } from '../../../connectors/connector.ts';
import { createInProcessJobs } from '../../../src/jobs/in-process-jobs.ts';
import type { Jobs } from '../../../src/jobs/jobs.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { defineWriteBackJobs } from '../../../src/write-back/write-back-jobs.ts';
import { callRecord } from '../../support/call-records.ts';
import { openFreshStore } from '../../support/databases.ts';
import { startSqlite, type TestSqlite } from '../../support/sqlite.ts';
import { createWriteBackRig, type WriteBackRig } from '../../support/write-back-rig.ts';

describe('paying what is owed by jobs', () => {
  let sqlite: TestSqlite;
  let store: Store;
  let rig: WriteBackRig;
  let jobs: Jobs;
  beforeAll(async () => {
    sqlite = await startSqlite();
  });
  beforeEach(async () => {
    store = await openFreshStore(sqlite);
    rig = createWriteBackRig(store);
    jobs = createInProcessJobs({ log: () => {} });
  });
  afterEach(async () => {
    await jobs.close(1_000);
    await store.close();
  });
  afterAll(() => sqlite.stop());

  async function start(sweepMs: number) {
    const writeBack = defineWriteBackJobs({
      jobs,
      drainer: rig.newDrainer(),
      owed: rig.owed,
      connectors: ['salesforce', 'kintone'],
      now: () => rig.clock.now,
      log: () => {},
      sweepMs,
    });
    await jobs.start();
    await writeBack.startSweeping();
    return writeBack;
  }

  /** Until both CRMs have that many calls. */
  async function bothHave(calls: number): Promise<void> {
    const { salesforce, kintone } = rig.crms;
    while (salesforce.records.size < calls || kintone.records.size < calls) await new Promise((resolve) => setImmediate(resolve));
  }

  test('pays every CRM as soon as it is woken', async () => {
    const writeBack = await start(60_000);
    await rig.end(callRecord());
    writeBack.wake();
    await bothHave(1);
  });

  test('finds by itself what it was never woken for, and what a dead hub held', async () => {
    await rig.end(callRecord({ id: 'main-1.1' }));
    await rig.owed.claim({ connector: 'salesforce', limit: 1, alone: false });
    await rig.end(callRecord({ id: 'main-1.2' }));
    rig.clock.now += 180_001;
    await start(10);
    await bothHave(2);
  });

  test('comes back soon after a short hold', async () => {
    Object.defineProperty(rig.clock, 'now', { get: () => Date.now() });
    rig.crms.kintone.failing = { error: new RateLimited('GAIA_TM12', 10), after: false };
    rig.crms.kintone.during = async () => {
      if (rig.crms.kintone.requests.length === 3) rig.crms.kintone.failing = null;
    };
    const writeBack = await start(60_000);
    await rig.end(callRecord());
    writeBack.wake();
    await bothHave(1);
    expect(rig.crms.kintone.requests).toEqual([1, 1, 1]);
  });
});
