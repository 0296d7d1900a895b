/** A CRM's day runs short while calls come in: phones are answered with names, call logs wait and are owed, nothing is lost. */
import { Operator, untilKnown, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

interface Quotas {
  readonly quotas: readonly {
    readonly connector: string;
    readonly budgets: readonly {
      readonly object: string | null;
      readonly used: number;
      readonly limit: number | null;
      readonly waiting: readonly { readonly urgency: string; readonly until: string }[];
    }[];
    readonly hold: { readonly kind: string; readonly reason: string; readonly until: string } | null;
  }[];
}

let world: SandboxWorld;
let hub: RunningHub;
let operator: Operator;
let aheadMs = 0;
let strangers = 0;

beforeAll(async () => {
  world = await startSandboxWorld();
  hub = await startHubHere({ ...world.environment, KINTONE_DAILY_REQUESTS: '20' }, { now: () => Date.now() + aheadMs });
  await untilListening(hub.url);
  operator = await Operator.signIn(hub.url, '1002');
  await untilKnown(operator, '09012345678');
  operator.watch();
});

afterAll(async () => {
  operator.leave();
  await hub.stop();
  await world.close();
});

async function callFromStranger(): Promise<string> {
  strangers += 1;
  const call = world.playCall('01-queue-answered', { from: `0801000${String(strangers).padStart(4, '0')}` });
  for (let phone = 0; phone < 4; phone += 1) call.playback.advanceTo({ Event: 'DialState', DialStatus: 'RINGING' });
  const id = call.callId();
  await until('both CRMs were asked who calls', () => {
    const match = operator.seen(id)?.match;
    return match?.kind === 'unknown' && match.unasked.length === 0;
  });
  call.playback.finish();
  return id;
}

const stateOf = async (callId: string, crm: string) =>
  (await operator.ledgerRow(callId))?.entries.find(({ connector }) => connector === crm);

async function kintone() {
  const { quotas } = await operator.ask<Quotas>('GET', '/quotas');
  const found = quotas.find(({ connector }) => connector === 'kintone');
  const budget = (object: string) => found?.budgets.find((one) => one.object === object);
  return { customers: budget('customers'), calls: budget('calls'), hold: found?.hold ?? null };
}

test('phones keep their names, call logs wait for the new day, the other CRM goes on, and nothing is owed in the end', async () => {
  const ids: string[] = [];
  while ((await kintone()).hold === null) {
    ids.push(await callFromStranger());
    const id = ids.at(-1) ?? '';
    await until('Salesforce has it', async () => (await stateOf(id, 'salesforce'))?.state === 'logged');
    await until('kintone has it, or waits', async () => {
      const entry = await stateOf(id, 'kintone');
      return entry?.state === 'logged' || entry?.reason?.code === 'heldBack';
    });
    if (ids.length > 40) throw new Error('the day never runs short');
  }
  const { customers, calls, hold } = await kintone();
  expect(hold).toMatchObject({ kind: 'heldBack', reason: expect.stringContaining('20 requests of the day are used') });
  // Nine in the morning in Japan.
  expect(Date.parse(hold?.until ?? '') % 86_400_000).toBeLessThan(1_000);
  expect(calls?.waiting.map(({ urgency }) => urgency)).toEqual(['callLog', 'outcome', 'list']);
  expect(calls?.used).toBeLessThanOrEqual(20);

  while (((await kintone()).customers?.used ?? 0) <= 22) ids.push(await callFromStranger());
  expect(customers?.limit).toBe(20);
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  expect(metrics).toContain('toritsugi_crm_requests_limit{connector="kintone",object="calls"} 20');
  expect(metrics).toMatch(/toritsugi_crm_requests_used\{connector="salesforce",object=""\} [1-9]/);

  aheadMs += 86_400_000;
  ids.push(await callFromStranger());
  await until('every call is logged', async () => {
    const rows = await Promise.all(ids.map((id) => operator.ledgerRow(id)));
    return rows.every((row) => row?.entries.every(({ state }) => state === 'logged'));
  });
  for (const id of ids) expect([world.tasksOf(id).length, world.callRecordsOf(id).length]).toEqual([1, 1]);
  expect((await kintone()).hold).toBeNull();
});
