import { RateLimited, Rejected, type RequestNotice, type VendorBudget } from '../../../connectors/connector.ts';
import { createAccount } from '../../../src/quotas/account.ts';
import { HeldBack } from '../../../src/quotas/held-back.ts';
import type { RequestClass } from '../../../src/quotas/request-class.ts';

const KINTONE: VendorBudget = { atOnce: 10, perDay: 100, countedBy: 'object', day: { beginsAtUtcHour: 0 } };
const SALESFORCE: VendorBudget = { atOnce: 10, perDay: null, countedBy: 'account', day: 'rolling' };
const MORNING = Date.parse('2026-11-25T10:00:00+09:00');

function rig(budget: VendorBudget) {
  const clock = { now: MORNING };
  const account = createAccount({ name: 'crm', budget, now: () => clock.now });
  const { signal } = new AbortController();
  return {
    clock,
    account,
    spend: (count: number, notice: Partial<RequestNotice> = {}) => {
      for (let sent = 0; sent < count; sent += 1) account.onRequest({ object: null, day: null, atOnce: null, ...notice });
    },
    ask: (urgency: RequestClass, objects: readonly string[] = ['calls'], run: () => Promise<unknown> = async () => 'done') =>
      account.pass({ urgency, objects, signal }, run).catch((error: unknown) => error),
  };
}

test('lists stop first, then corrections, then call logs; a ringing phone never', async () => {
  const { spend, ask } = rig(KINTONE);
  const answers = async () => Promise.all((['ringing', 'callLog', 'outcome', 'list'] as const).map((urgency) => ask(urgency)));
  const D = 'done';
  const held = expect.any(HeldBack);
  expect(await answers()).toEqual([D, D, D, D]);
  spend(85, { object: 'calls' });
  expect(await answers()).toEqual([D, D, D, held]);
  spend(10, { object: 'calls' });
  expect(await answers()).toEqual([D, D, held, held]);
  spend(50, { object: 'calls' });
  expect(await answers()).toEqual([D, held, held, held]);
});

test('an object that is used up holds no other object', async () => {
  const { spend, ask } = rig(KINTONE);
  spend(100, { object: 'customers' });
  expect(await ask('list', ['customers'])).toBeInstanceOf(HeldBack);
  expect(await ask('callLog', ['calls'])).toBe('done');
});

test('what is held back says how much is used, and until when it waits', async () => {
  const { spend, ask } = rig(KINTONE);
  spend(99, { object: 'calls' });
  const error = (await ask('callLog')) as HeldBack;
  expect(error.message).toBe('crm, calls: 99 of 100 requests of the day are used, the rest is kept for what is more urgent.');
  expect(error.retryAfterMs).toBe(23 * 3_600_000);
  expect(error).toBeInstanceOf(RateLimited);
});

test('a new day of the vendor frees everything at its very beginning', async () => {
  const { clock, spend, ask } = rig(KINTONE);
  spend(100, { object: 'calls' });
  clock.now = Date.parse('2026-11-26T08:59:59.999+09:00');
  expect(await ask('list')).toBeInstanceOf(HeldBack);
  clock.now += 1;
  expect(await ask('list')).toBe('done');
});

test('what others use counts as soon as the vendor tells', async () => {
  const { spend, ask, account } = rig(SALESFORCE);
  spend(1_000);
  expect(await ask('list')).toBe('done');
  spend(1, { day: { used: 4_900, limit: 5_000 } });
  expect(await ask('list')).toBeInstanceOf(HeldBack);
  expect(account.view()).toMatchObject([{ object: null, used: 4_900, limit: 5_000, left: 100, dayEndsAt: null }]);
  spend(1, { day: { used: 1_000, limit: 5_000 } });
  expect(await ask('list')).toBe('done');
});

test('when the vendor asks for time everybody waits for it, but a ringing phone', async () => {
  const { clock, ask } = rig(SALESFORCE);
  const limited = new RateLimited('too many', 7_000);
  const refuse = async () => {
    throw limited;
  };
  expect(await ask('list', [], refuse)).toBe(limited);
  expect([await ask('callLog'), await ask('ringing')]).toEqual([expect.any(RateLimited), 'done']);
  clock.now += 6_999;
  expect(await ask('outcome')).toBeInstanceOf(RateLimited);
  clock.now += 1;
  expect(await ask('outcome')).toBe('done');
  expect(await ask('list', [], refuse)).toBe(limited);
  clock.now -= 3_600_000;
  expect(await ask('list')).toBe('done');
});

test('other failures hold nobody, and give their place back', async () => {
  const { ask } = rig(SALESFORCE);
  const refused = new Rejected('no', []);
  for (let tried = 0; tried < 20; tried += 1) {
    expect(
      await ask('list', [], async () => {
        throw refused;
      }),
    ).toBe(refused);
  }
  expect(await ask('list')).toBe('done');
});

test('a crowded vendor gets one request of ours at a time until its crowd is old news', async () => {
  const { clock, account, spend } = rig(KINTONE);
  let running = 0;
  const release: (() => void)[] = [];
  const start = () =>
    void account.pass({ urgency: 'list', objects: ['calls'], signal: new AbortController().signal }, () => {
      running += 1;
      return new Promise<void>((resolve) => release.push(resolve));
    });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  spend(1, { atOnce: { running: 75, limit: 100 } });
  start();
  start();
  await turn();
  expect(running).toBe(1);
  clock.now += 10_000;
  start();
  await turn();
  expect(running).toBe(3);
  for (const done of release) done();
});

test('a flood of objects is counted as one, and none is forgotten', () => {
  const { account } = rig(KINTONE);
  for (let app = 0; app < 150; app += 1) account.onRequest({ object: `app ${app}`, day: null, atOnce: null });
  const view = account.view();
  expect(view.length).toBeLessThanOrEqual(101);
  expect(view.reduce((sum, { used }) => sum + used, 0)).toBe(150);
});

test('call logs go at a pace when little is left, and the day lasts', async () => {
  const { clock, spend, ask, account } = rig({ ...KINTONE, perDay: 10_000 });
  spend(9_900, { object: 'calls' });
  let sent = 0;
  for (; clock.now < Date.parse('2026-11-26T09:00:00+09:00'); clock.now += 60_000) {
    if ((await ask('callLog')) !== 'done') continue;
    sent += 1;
    spend(1, { object: 'calls' });
  }
  expect(sent).toBeGreaterThan(40);
  expect(sent).toBeLessThanOrEqual(100);
  clock.now -= 60_000;
  expect(account.view()[0]?.left).toBeGreaterThanOrEqual(1);
});
