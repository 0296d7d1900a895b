import type { RequestNotice, VendorBudget } from '../../connectors/connector.ts';
import { HeldBack } from '../../src/quotas/held-back.ts';
import { createQuotaStore } from '../../src/quotas/quota-store.ts';
import { createQuotas, type Quotas } from '../../src/quotas/quotas.ts';
import type { Store } from '../../src/store/open-database.ts';
import { openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../support/databases.ts';
import { scriptedConnector } from '../support/scripted-connector.ts';
import { until } from '../support/until.ts';

const KINTONE: VendorBudget = { atOnce: 12, perDay: 1_000, countedBy: 'object', day: { beginsAtUtcHour: 0 } };
const MORNING = Date.parse('2026-11-25T10:00:00+09:00');

/** What several processes on one database may rely on, on every database. */
export function quotasContract(start: () => Promise<TestDatabases>): void {
  let databases: TestDatabases;
  let store: Store;
  let clock: { now: number };
  let warned: string[];

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  beforeEach(async () => {
    store = await openFreshStore(databases);
    clock = { now: MORNING };
    warned = [];
  });
  afterEach(() => store.close());
  afterAll(() => databases.stop());

  /** Null: a guest. */
  function newProcess(process: string | null): Quotas {
    const now = () => clock.now;
    return createQuotas({
      budgets: new Map([
        ['kintone', KINTONE],
        ['salesforce', null],
      ]),
      store: createQuotaStore({ store, process, now }),
      isGuest: process === null,
      now,
      log: (_, message) => warned.push(message),
    });
  }

  const plain: RequestNotice = { object: 'calls', day: null, atOnce: null };
  function spend(quotas: Quotas, count: number, notice: RequestNotice = plain, connector = 'kintone'): void {
    const tell = quotas.onRequest(connector);
    for (let sent = 0; sent < count; sent += 1) tell(notice);
  }
  const usedOf = (quotas: Quotas, connector = 'kintone') =>
    quotas
      .view()
      .find((one) => one.connector === connector)
      ?.budgets.map(({ object, used, limit }) => ({ object, used, limit }));

  test('what one process spends, the others know of', async () => {
    const [one, two] = [newProcess('one'), newProcess('two')];
    spend(one, 30);
    spend(two, 12);
    spend(two, 5, { ...plain, object: 'customers' });
    for (const quotas of [one, two, one]) await quotas.exchange();
    const expected = expect.arrayContaining([
      { object: 'calls', used: 42, limit: 1_000 },
      { object: 'customers', used: 5, limit: 1_000 },
    ]);
    expect([usedOf(one), usedOf(two)]).toEqual([expected, expected]);
  });

  test('a process that starts again goes on with the day where it was', async () => {
    const before = newProcess('before');
    spend(before, 77);
    await before.close();
    const after = newProcess('after');
    await after.exchange();
    expect(usedOf(after)).toEqual([{ object: 'calls', used: 77, limit: 1_000 }]);
  });

  test('a day that is over is not counted in the next one, and is forgotten after two', async () => {
    const quotas = newProcess('one');
    spend(quotas, 900);
    await quotas.exchange();
    clock.now = Date.parse('2026-11-26T09:00:00+09:00');
    expect(usedOf(quotas)).toEqual([{ object: 'calls', used: 0, limit: 1_000 }]);
    clock.now += 3 * 86_400_000;
    await quotas.exchange();
    expect(await store.db.selectFrom('quota_spent').selectAll().execute()).toEqual([]);
  });

  test('what the vendor told one process, the others believe, and the later word counts', async () => {
    const [one, two] = [newProcess('one'), newProcess('two')];
    const told = (used: number): RequestNotice => ({ object: null, day: { used, limit: 5_000 }, atOnce: null });
    spend(one, 1, told(4_000), 'salesforce');
    clock.now += 1_000;
    spend(two, 1, told(4_100), 'salesforce');
    for (const quotas of [two, one, two]) await quotas.exchange();
    expect([usedOf(one, 'salesforce'), usedOf(two, 'salesforce')]).toEqual([
      [{ object: null, used: 4_100, limit: 5_000 }],
      [{ object: null, used: 4_100, limit: 5_000 }],
    ]);
  });

  test('processes that spend at the same moment lose no request and do not lock each other out', async () => {
    const processes = Array.from({ length: 6 }, (_, index) => newProcess(`process ${index}`));
    for (let round = 0; round < 10; round += 1) {
      for (const quotas of processes) {
        spend(quotas, 3);
        spend(quotas, 2, { ...plain, object: 'customers' });
      }
      await Promise.all(processes.map((quotas) => quotas.exchange()));
    }
    const [reader] = processes;
    await reader?.exchange();
    expect(reader === undefined ? null : usedOf(reader)).toEqual(
      expect.arrayContaining([
        { object: 'calls', used: 180, limit: 1_000 },
        { object: 'customers', used: 120, limit: 1_000 },
      ]),
    );
    expect(warned).toEqual([]);
  });

  test('many requests are told without waiting for the clock', async () => {
    const [busy, other] = [newProcess('busy'), newProcess('other')];
    spend(busy, 5);
    const seen = await until('the other knows of them', async () => {
      await other.exchange();
      return usedOf(other)?.[0];
    });
    expect(seen).toEqual({ object: 'calls', used: 5, limit: 1_000 });
  });

  test('processes share the requests at once, and what a dead one had is the others’ after a minute', async () => {
    const [one, two, three] = [newProcess('one'), newProcess('two'), newProcess('three')];
    for (const quotas of [one, two, three, one]) await quotas.exchange();
    const crm = scriptedConnector();
    const { connector } = one.guard('kintone', crm.connector);
    const { signal } = new AbortController();
    for (let asked = 0; asked < 12; asked += 1) void connector.write([], signal);
    await turn();
    // A third of twelve, and one of these is kept for ringing phones.
    expect(crm.underWay()).toBe(3);
    await two.close();
    clock.now += 61_000;
    await one.exchange();
    await turn();
    expect(crm.underWay()).toBe(9);
    crm.answerAll();
  });

  test('what a guest spends is counted, and it takes no share of the requests at once', async () => {
    const [hub, command] = [newProcess('hub'), newProcess(null)];
    spend(command, 30);
    for (const quotas of [command, hub]) await quotas.exchange();
    expect(usedOf(hub)).toEqual([{ object: 'calls', used: 30, limit: 1_000 }]);
    const { signal } = new AbortController();
    const [ours, its] = [scriptedConnector(), scriptedConnector()];
    for (let asked = 0; asked < 12; asked += 1) {
      void hub.guard('kintone', ours.connector).connector.write([], signal);
      void command.guard('kintone', its.connector).connector.describe('calls', signal);
    }
    await turn();
    // All but the three for ringing phones, and one.
    expect([ours.underWay(), its.underWay()]).toEqual([9, 1]);
    await command.close();
    await hub.exchange();
    expect(command.untold('kintone')).toBe(0);
    ours.answerAll();
    its.answerAll();
  });

  test('a guest knows what the others spent before its first request, and leaves the reserve alone', async () => {
    const hub = newProcess('hub');
    spend(hub, 900, { ...plain, object: 'customers' });
    await hub.exchange();
    const command = newProcess(null);
    await command.exchange();
    const crm = scriptedConnector({ answersAtOnce: true });
    const { connector } = command.guard('kintone', crm.connector);
    const { signal } = new AbortController();
    await expect(connector.describe('customers', signal)).rejects.toBeInstanceOf(HeldBack);
    await expect(command.pass('kintone', { objects: ['customers'], signal }, async () => 1)).rejects.toBeInstanceOf(HeldBack);
    expect(crm.asked).toEqual([]);
    expect(await command.pass('kintone', { objects: ['calls'], signal }, async () => 1)).toBe(1);
  });

  test('a database that does not answer stops nobody, and nothing is forgotten', async () => {
    const now = () => clock.now;
    const real = createQuotaStore({ store, process: 'one', now });
    let isDown = true;
    const quotas = createQuotas({
      budgets: new Map([['kintone', KINTONE]]),
      store: { ...real, exchange: (news) => (isDown ? Promise.reject(new Error('database is locked')) : real.exchange(news)) },
      now,
      log: (_, message) => warned.push(message),
    });
    spend(quotas, 40);
    await quotas.exchange();
    spend(quotas, 400);
    expect([usedOf(quotas), warned.length]).toEqual([[{ object: 'calls', used: 440, limit: 1_000 }], 1]);
    isDown = false;
    await quotas.exchange();
    const other = newProcess('two');
    await other.exchange();
    expect(usedOf(other)).toEqual([{ object: 'calls', used: 440, limit: 1_000 }]);
  });

  test('the gauge tells when the day is used up at this rate', async () => {
    const quotas = newProcess('one');
    await quotas.exchange();
    spend(quotas, 0);
    for (let minute = 0; minute < 10; minute += 1) {
      spend(quotas, 10);
      await quotas.exchange();
      clock.now += 60_000;
    }
    await quotas.exchange();
    const [budget] = quotas.view()[0]?.budgets ?? [];
    expect(budget).toMatchObject({ used: 100, left: 900, dayEndsAt: Date.parse('2026-11-26T09:00:00+09:00') });
    // 90 in the ten minutes since the first sample: 900 more take a hundred minutes.
    expect(budget?.emptyAt).toBe(clock.now + 100 * 60_000);
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
