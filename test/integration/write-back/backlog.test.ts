/** A backlog of real size through ledger, shipped mapping, budgets, drainer and connector into the sandboxes. */
import { type Backlog, createBacklog, endedCall } from '../../../bench/write-back-backlog.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { type SandboxSalesforce, startSandboxSalesforce } from '../../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { findObject } from '../../../infra/sandbox/salesforce/schema.ts';
import type { CallRecord } from '../../../src/calls/call.ts';

jest.setTimeout(60_000);

const CALLS = 1_000;
const calls = Array.from({ length: CALLS }, (_, index) => endedCall(index));
const by = { by: '1001', at: Date.parse('2026-11-23T02:00:00Z') };
/** A time-out holds a connector; the drainer of the test goes on at once. */
async function drainAll(backlog: Backlog): Promise<number> {
  let written = 0;
  for (let run = 0; run < 10; run += 1) {
    written += (await backlog.drain()).written;
    await backlog.admin.retry({ connector: null });
  }
  return written;
}

function idOf(call: CallRecord | undefined): CallRecord['id'] {
  if (call === undefined) throw new Error('there is no such call');
  return call.id;
}

describe('Salesforce', () => {
  let sandbox: SandboxSalesforce;
  let backlog: Backlog;
  const task = findObject('Task');
  const user = findObject('User');
  const contact = findObject('Contact');

  async function open(given: readonly CallRecord[] = calls): Promise<void> {
    backlog = await createBacklog(
      'salesforce',
      {
        SALESFORCE_LOGIN_URL: sandbox.url,
        SALESFORCE_CLIENT_ID: sandbox.clientId,
        SALESFORCE_CLIENT_SECRET: sandbox.clientSecret,
      },
      given,
    );
  }
  function tasksOf(callId: string) {
    if (task === undefined) throw new Error('the sandbox has no tasks');
    return sandbox.store.withExternalId(task, 'Toritsugi_Call_Id__c', callId);
  }
  const allTasks = () => (task === undefined ? [] : [...sandbox.store.all(task)]);

  beforeEach(async () => {
    sandbox = await startSandboxSalesforce();
  });
  afterEach(async () => {
    await backlog.close();
    await sandbox.close();
  });

  test('takes a thousand call logs in six requests at most', async () => {
    await open();
    const before = sandbox.requestCount();
    expect(await backlog.drain()).toMatchObject({ written: CALLS, refused: 0, nextAt: null });
    expect(sandbox.requestCount() - before).toBeLessThanOrEqual(6);
    expect(allTasks()).toHaveLength(CALLS);
    expect(backlog.quotas.view()[0]?.budgets[0]).toMatchObject({ object: null, limit: 15_000 });
  });

  test('holds one task a call when its answers get lost in the middle', async () => {
    await open();
    sandbox.addFault({ kind: 'commitThenCut', on: 'PATCH ', times: 2, after: 1 });
    expect(await drainAll(backlog)).toBe(CALLS);
    expect(allTasks()).toHaveLength(CALLS);
  });

  test('one record that points at nobody costs only itself', async () => {
    await open();
    const record = { object: 'Contact', id: '003000000000001AAA', name: '誰か' };
    await backlog.ledger.setMatch(idOf(calls[321]), { connector: 'salesforce', record, ...by });
    expect(await backlog.drain()).toMatchObject({ written: CALLS - 1, refused: 1 });
    const { records } = await backlog.admin.list({ connector: 'salesforce', status: 'refused', limit: 10 });
    expect(records.map(({ callId }) => callId)).toEqual([calls[321]?.id]);
  });

  test('an outcome and a customer chosen afterwards change the task; who owns it stays a person’s word', async () => {
    if (task === undefined || user === undefined || contact === undefined) throw new Error('the sandbox lacks an object');
    await open(calls.slice(0, 3));
    await backlog.drain();
    const callId = idOf(calls[1]);
    const [before] = tasksOf(callId);
    const colleague = [...sandbox.store.all(user)].find(({ Id }) => Id !== sandbox.userId);
    sandbox.store.update(task, String(before?.Id), { OwnerId: String(colleague?.Id) }, sandbox.userId);
    const [customer] = [...sandbox.store.all(contact)];
    const record = { object: 'Contact', id: String(customer?.Id), name: String(customer?.Name) };
    await backlog.ledger.setMatch(callId, { connector: 'salesforce', record, ...by });
    await backlog.ledger.setOutcome(callId, { outcome: { code: 'lost', label: '失注' }, notes: '訂正', ...by });
    expect((await backlog.drain()).written).toBe(1);
    expect(tasksOf(callId)).toEqual([
      expect.objectContaining({
        Id: before?.Id,
        Subject: expect.stringContaining('失注'),
        Description: expect.stringContaining('訂正'),
        WhoId: customer?.Id,
        OwnerId: colleague?.Id,
      }),
    ]);
    expect(allTasks()).toHaveLength(3);
  });
});

describe('kintone', () => {
  let sandbox: SandboxKintone;
  let backlog: Backlog;

  async function open(given: readonly CallRecord[] = calls): Promise<void> {
    const settings = {
      ...{ KINTONE_BASE_URL: sandbox.url, KINTONE_API_TOKENS: sandbox.apiTokens.join(',') },
      KINTONE_APPS: 'customers=1,calls=2',
    };
    backlog = await createBacklog('kintone', settings, given);
  }
  const logs = () => [...(sandbox.state.apps.get('2')?.all() ?? [])];

  beforeEach(async () => {
    sandbox = await startSandboxKintone({ port: 0 });
  });
  afterEach(async () => {
    await backlog.close();
    await sandbox.close();
  });

  test('takes a thousand call logs in eleven requests at most', async () => {
    await open();
    const before = sandbox.requests.count();
    expect(await backlog.drain()).toMatchObject({ written: CALLS, refused: 0, nextAt: null });
    expect(sandbox.requests.count() - before).toBeLessThanOrEqual(11);
    expect(logs()).toHaveLength(CALLS);
    const { used } = backlog.quotas.view()[0]?.budgets.find(({ object }) => object === 'calls') ?? {};
    expect(used).toBeGreaterThanOrEqual(10);
  });

  test('holds one record a call when its answers get lost in the middle', async () => {
    await open();
    sandbox.faults.add({ kind: 'commitThenCut', method: 'PUT', times: 2 });
    expect(await drainAll(backlog)).toBe(CALLS);
    expect(logs()).toHaveLength(CALLS);
  });

  test('one record that kintone does not accept costs only itself', async () => {
    await open();
    await backlog.ledger.setOutcome(idOf(calls[321]), { notes: '受け付けられないメモ', ...by });
    sandbox.faults.add({ kind: 'refuseField', field: 'メモ' });
    const { written, refused } = await backlog.drain();
    const { records } = await backlog.admin.list({ connector: 'kintone', status: 'refused', limit: 10 });
    expect([written, refused, records.map(({ callId }) => callId)]).toEqual([CALLS - 1, 1, [calls[321]?.id]]);
  });

  test('an outcome and a customer chosen afterwards change the same record', async () => {
    await open(calls.slice(0, 3));
    await backlog.drain();
    const callId = idOf(calls[1]);
    const record = { object: 'customers', id: '1', name: '山田 太郎' };
    await backlog.ledger.setMatch(callId, { connector: 'kintone', record, ...by });
    await backlog.ledger.setOutcome(callId, { outcome: { code: 'lost', label: '失注' }, notes: '訂正', ...by });
    expect((await backlog.drain()).written).toBe(1);
    expect(logs()).toHaveLength(3);
    const told = JSON.stringify(logs().find((log) => JSON.stringify(log).includes(callId)));
    for (const part of ['失注', '訂正', '山田 太郎']) expect(told).toContain(part);
  });
});
