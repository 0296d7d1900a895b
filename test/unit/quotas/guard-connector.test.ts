import {
  type CallerSource,
  RateLimited,
  type RecordWrite,
  Unreachable,
  type VendorBudget,
} from '../../../connectors/connector.ts';
import { createAccount } from '../../../src/quotas/account.ts';
import { guardConnector, guardForCommand } from '../../../src/quotas/guard-connector.ts';
import { HeldBack } from '../../../src/quotas/held-back.ts';
import { scriptedConnector } from '../../support/scripted-connector.ts';

const BUDGET: VendorBudget = { atOnce: 10, perDay: 1_000, countedBy: 'object', day: { beginsAtUtcHour: 0 } };
const SOURCE: CallerSource = { object: 'customers', phones: [], name: 'name', fields: [] };
const WRITE: RecordWrite = { object: 'calls', key: null, fields: {}, owners: {} };
const { signal } = new AbortController();

function rig(options: Parameters<typeof scriptedConnector>[0] = { answersAtOnce: true }) {
  const account = createAccount({ name: 'kintone', budget: BUDGET, now: () => Date.parse('2026-11-25T10:00:00+09:00') });
  const crm = scriptedConnector(options);
  const spend = (count: number, object: string) => {
    for (let sent = 0; sent < count; sent += 1) account.onRequest({ object, day: null, atOnce: null });
  };
  return {
    ...{ account, crm, spend },
    guarded: guardConnector(crm.connector, account, 'callLog'),
    corrections: guardConnector(crm.connector, account, 'outcome'),
  };
}

async function read(pages: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of pages) count += 1;
  return count;
}

test('passes everything on and gives every answer back', async () => {
  const { guarded, crm } = rig();
  expect(await guarded.write([WRITE, WRITE], signal)).toHaveLength(2);
  expect(await guarded.findByPhone({ number: '+81', spellings: [], sources: [SOURCE], limit: 1 }, signal)).toEqual([]);
  expect(await guarded.describe('calls', signal)).toMatchObject({ object: 'calls' });
  expect(await read(guarded.readChanges(SOURCE, null, signal))).toBe(3);
  expect((await guarded.check(signal)).ok).toBe(true);
  expect(guarded.recordUrl({ object: 'calls', id: '7' })).toBe('https://crm.example/7');
  await guarded.close();
  expect(crm.asked).toEqual(['write', 'findByPhone', 'describe', ...Array(3).fill('readChanges'), 'check', 'close']);
});

test('each kind of call has its own urgency, and its own objects', async () => {
  const { guarded, corrections, crm, spend } = rig();
  spend(1_000, 'customers');
  spend(960, 'calls');
  await expect(corrections.write([WRITE], signal)).rejects.toBeInstanceOf(HeldBack);
  await expect(guarded.describe('calls', signal)).rejects.toBeInstanceOf(HeldBack);
  await expect(read(guarded.readChanges(SOURCE, null, signal))).rejects.toBeInstanceOf(HeldBack);
  expect(crm.asked).toEqual([]);
  await guarded.write([WRITE], signal);
  await guarded.findByPhone({ number: '+81', spellings: [], sources: [SOURCE], limit: 1 }, signal);
  expect(crm.asked).toEqual(['write', 'findByPhone']);
});

test('a reading that runs into the reserve stops between two pages', async () => {
  const { guarded, crm, spend } = rig({ pages: 100, answersAtOnce: true });
  let pages = 0;
  const reading = (async () => {
    for await (const _ of guarded.readChanges(SOURCE, null, signal)) {
      pages += 1;
      spend(100, 'customers');
    }
  })();
  await expect(reading).rejects.toBeInstanceOf(HeldBack);
  expect([pages, crm.asked.length]).toEqual([9, 9]);
});

test('a reader that leaves ends the reading below', async () => {
  const { account, crm } = rig();
  let isOver = false;
  const pages = async function* () {
    try {
      for (;;) yield { records: [], deleted: [], cursor: 'x', total: null };
    } finally {
      isOver = true;
    }
  };
  const guarded = guardConnector({ ...crm.connector, readChanges: pages }, account, 'callLog');
  for await (const _ of guarded.readChanges(SOURCE, null, signal)) break;
  expect(isOver).toBe(true);
});

test('who waits for a turn and gives up is told as every connector tells it', async () => {
  const { guarded, crm } = rig({ answersAtOnce: false });
  for (let asked = 0; asked < 7; asked += 1) void guarded.write([WRITE], signal);
  const caller = new AbortController();
  const waiting = guarded.write([WRITE], caller.signal);
  caller.abort();
  await expect(waiting).rejects.toBeInstanceOf(Unreachable);
  expect(crm.asked).toHaveLength(7);
  crm.answerAll();
});

describe('for a command', () => {
  const find = { number: '+81', spellings: [], sources: [SOURCE], limit: 1 };

  test('everything waits for what is more urgent, and a check tells so', async () => {
    const { account, crm, spend } = rig();
    const guarded = guardForCommand(crm.connector, account);
    spend(900, 'customers');
    spend(900, 'calls');
    for (const asked of [guarded.write([WRITE], signal), guarded.findByPhone(find, signal), guarded.describe('calls', signal)]) {
      await expect(asked).rejects.toBeInstanceOf(HeldBack);
    }
    const report = await guarded.check(signal);
    expect(report).toMatchObject({ ok: false, checks: [{ detail: { en: expect.stringContaining('900 of 1000 requests') } }] });
    expect(report.checks[0]?.remedy).toEqual({
      en: expect.stringMatching(/in 23 hours/),
      ja: expect.stringMatching(/23 時間後に/),
    });
    expect(crm.asked).toEqual([]);
  });

  test.each([
    [1_000, 'in a minute', '1 分後に'],
    [90_000, 'in 2 minutes', '2 分後に'],
    [7_200_000, 'in 2 hours', '2 時間後に'],
  ])('after %d ms it says when to come again', async (retryAfterMs, en, ja) => {
    const { account, crm } = rig();
    const asked = { urgency: 'list', objects: [], signal } as const;
    const crmSays = account.pass(asked, () => Promise.reject(new RateLimited('wait', retryAfterMs)));
    await expect(crmSays).rejects.toBeInstanceOf(RateLimited);
    const report = await guardForCommand(crm.connector, account).check(signal);
    expect(report.checks[0]?.remedy).toEqual({ en: expect.stringContaining(en), ja: expect.stringContaining(ja) });
  });

  test('passes on while the day lasts', async () => {
    const { account, crm } = rig();
    const guarded = guardForCommand(crm.connector, account);
    expect((await guarded.check(signal)).ok).toBe(true);
    expect(await guarded.findByPhone(find, signal)).toEqual([]);
    expect(crm.asked).toEqual(['check', 'findByPhone']);
  });
});
