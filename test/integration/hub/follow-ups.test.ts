/** What an operator promises a customer reaches both CRMs once, is changed there, and is cancelled there; never a second record. */
import { findObject } from '../../../infra/sandbox/salesforce/schema.ts';
import type { LedgerPart, LedgerRow } from '../../../src/desk/desk-ports.ts';
import { Operator, readinessOf, untilKnown, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';
import { clientOf } from '../sandbox-kintone/vendor-client.ts';

jest.setTimeout(30_000);

let world: SandboxWorld;
let hub: RunningHub;
let operator: Operator;
let aheadMs: number;
const now = () => Date.now() + aheadMs;

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  hub = await startHubHere({ ...world.environment, ...settings }, { now });
  await untilListening(hub.url);
  operator = await Operator.signIn(hub.url, '1002');
}

beforeEach(async () => {
  aheadMs = 0;
  world = await startSandboxWorld();
});

afterEach(async () => {
  await hub.stop();
  await world.close();
});

const inHours = (hours: number) => new Date(Math.floor(now() / 60_000) * 60_000 + hours * 3_600_000).toISOString();
const promise = (callId: string, dueAt: string, note = '') => operator.ask('PUT', `/calls/${callId}/follow-up`, { dueAt, note });
const takeBack = (callId: string) => operator.ask('DELETE', `/calls/${callId}/follow-up`);

function talk(from = '09012345678') {
  const call = world.playCall('01-queue-answered', { from });
  call.playback.advanceTo({ Event: 'BridgeEnter' });
  return call;
}

async function untilLogged(callId: string, part: LedgerPart, connector?: string): Promise<LedgerRow> {
  return until(`the ${part} of ${callId} is in the CRMs`, async () => {
    const row = await operator.ledgerRow(callId);
    const entries = row?.entries.filter((entry) => entry.part === part && (connector ?? entry.connector) === entry.connector);
    return entries?.length === (connector === undefined ? 2 : 1) && entries.every(({ state }) => state === 'logged') && row;
  });
}

async function untilIn(callId: string, salesforce: object, kintone: object): Promise<void> {
  await until('both CRMs hold it so', () => {
    const [task] = world.followUpTasksOf(callId);
    const [record] = world.followUpRecordsOf(callId);
    return holds(task, salesforce) && holds(record, kintone);
  });
  expect([world.followUpTasksOf(callId).length, world.followUpRecordsOf(callId).length]).toEqual([1, 1]);
}

function holds(record: object | undefined, wanted: object): boolean {
  const held: Readonly<Record<string, unknown>> = { ...record };
  return record !== undefined && Object.entries(wanted).every(([name, value]) => held[name] === value);
}

test('promised during the call: once in each CRM beside the call log, changed there, cancelled there, and opened again', async () => {
  await start();
  await untilKnown(operator, '09012345678');
  const call = talk();
  await until('the hub knows the call', () => operator.call(call.callId()));
  const id = call.callId();
  const [soon, later] = [inHours(2), inHours(30)];
  await operator.chooseOutcome(id, 'recall', '見積書を送る');
  await promise(id, soon, '見積もりの件');
  expect((await operator.call(id)).followUp).toEqual({ dueAt: soon, note: '見積もりの件', state: 'open', reopened: false });
  call.playback.finish();
  await untilLogged(id, 'callLog');
  await untilLogged(id, 'followUp');
  await untilIn(
    id,
    {
      Status: 'Not Started',
      ReminderDateTime: soon.replace('Z', '+0000'),
      IsReminderSet: true,
      WhoId: world.contact('山田 太郎'),
    },
    { 状態: '未対応', 期限: `${soon.slice(0, 16)}:00Z`, メモ: '見積もりの件', 対応結果: '再コール', 顧客名: '山田 太郎' },
  );
  expect([world.tasksOf(id).length, world.callRecordsOf(id).length]).toEqual([1, 1]);

  await promise(id, later, '見積もりの件');
  await untilIn(
    id,
    { ReminderDateTime: later.replace('Z', '+0000'), Status: 'Not Started' },
    { 期限: `${later.slice(0, 16)}:00Z`, 状態: '未対応' },
  );
  await takeBack(id);
  await untilIn(id, { Status: 'Deferred', IsReminderSet: false }, { 状態: '取消' });
  expect((await operator.call(id)).followUp).toMatchObject({ state: 'cancelled' });
  await promise(id, later);
  await untilIn(id, { Status: 'Not Started', IsReminderSet: true }, { 状態: '未対応', メモ: '' });
  expect([world.tasksOf(id).length, world.callRecordsOf(id).length]).toEqual([1, 1]);
});

test('what people complete in the CRM stays completed when the call is corrected; the customer moves along', async () => {
  await start();
  await untilKnown(operator, '09077778888');
  const call = talk('09077778888');
  call.playback.finish();
  const id = call.callId();
  await untilLogged(id, 'callLog');
  await promise(id, inHours(1));
  await untilLogged(id, 'followUp');
  const object = findObject('Task');
  const [task] = world.followUpTasksOf(id);
  if (object === undefined || task === undefined) throw new Error('There is no task.');
  world.salesforce.store.update(object, String(task.Id), { Status: 'Completed' }, world.salesforce.userId);
  const client = clientOf(world.kintone);
  const updateKey = { field: '通話ID', value: id };
  await client.record.updateRecord({ app: '3', updateKey, record: { 状態: { value: '対応済' } } });

  const { records } = await operator.match('09077778888');
  const chosen = records.find(({ connector }) => connector === 'kintone');
  if (chosen === undefined) throw new Error('There is nobody to choose.');
  await operator.ask('PUT', `/calls/${id}/match`, { connector: 'kintone', record: { object: chosen.object, id: chosen.id } });
  await operator.chooseOutcome(id, 'complaint', '訂正');
  await untilIn(id, { Status: 'Completed' }, { 状態: '対応済', 対応結果: 'クレーム', 顧客レコード番号: chosen.id });
  expect(String(world.followUpTasksOf(id)[0]?.Subject)).toContain('クレーム');
});

test('taken back before any CRM heard of it, it leaves no trace there', async () => {
  await start();
  const call = talk();
  await until('the hub knows the call', () => operator.call(call.callId()));
  await promise(call.callId(), inHours(1));
  await takeBack(call.callId());
  expect((await operator.call(call.callId())).followUp).toBeNull();
  call.playback.finish();
  const row = await untilLogged(call.callId(), 'callLog');
  expect(row.entries.map(({ connector, part }) => [connector, part])).toEqual([
    ['salesforce', 'callLog'],
    ['kintone', 'callLog'],
  ]);
  expect([world.followUpTasksOf(call.callId()).length, world.followUpRecordsOf(call.callId()).length]).toEqual([0, 0]);
});

test('a CRM that writes and whose answer is lost holds it once all the same; it does not wait for the call log', async () => {
  await start();
  const call = talk();
  call.playback.finish();
  await untilLogged(call.callId(), 'callLog');
  world.salesforce.addFault({ kind: 'commitThenCut', on: 'PATCH ' });
  world.kintone.faults.add({ kind: 'error500', method: 'POST', path: '/bulkRequest' });
  await promise(call.callId(), inHours(3));
  await until('the ledger says why, and counts it', async () => {
    const { summary, rows } = await operator.ledger();
    aheadMs += 61_000;
    const entries = rows.flatMap((row) => row.entries).filter(({ part }) => part === 'followUp');
    return summary.owed === 1 && entries.some(({ reason }) => reason?.code === 'unreachable');
  });
  world.salesforce.clearFaults();
  world.kintone.faults.clear();
  aheadMs += 20 * 60_000;
  await operator.ask('POST', '/owed/retry', {});
  await untilLogged(call.callId(), 'followUp');
  expect([world.followUpTasksOf(call.callId()).length, world.followUpRecordsOf(call.callId()).length]).toEqual([1, 1]);
});

test('a site without the app keeps logging calls; only its follow-ups wait, say why, and are written once the app is there', async () => {
  await start({ KINTONE_APPS: 'customers=1,calls=2' });
  const call = talk();
  call.playback.finish();
  const id = call.callId();
  await untilLogged(id, 'callLog');
  await promise(id, inHours(3));
  await untilLogged(id, 'followUp', 'salesforce');
  const waiting = await until('the ledger says why', async () => {
    const entries = (await operator.ledgerRow(id))?.entries;
    return entries?.find(
      ({ connector, part, reason }) => connector === 'kintone' && part === 'followUp' && reason?.code === 'missing',
    );
  });
  expect(waiting).toMatchObject({ state: 'needsPerson' });
  expect(waiting.reason?.detail).toContain('toritsugi setup kintone');
  const another = talk();
  another.playback.finish();
  await untilLogged(another.callId(), 'callLog');
  await until('the readiness says it too', async () => {
    const told = (await readinessOf(hub.url)).dependencies.find(({ name }) => name === 'kintone');
    return told?.ok === false && told.detail.includes('toritsugi setup kintone');
  });

  await hub.stop();
  aheadMs += 20 * 60_000;
  await start();
  await untilLogged(id, 'followUp');
  expect(world.followUpRecordsOf(id)).toHaveLength(1);
});

test('open ones are listed by when they are due, each agent’s own, page by page; a time that is over is refused', async () => {
  await start();
  const ids: string[] = [];
  for (const hours of [5, 1, 3]) {
    const call = talk();
    call.playback.finish();
    await untilLogged(call.callId(), 'callLog');
    await promise(call.callId(), inHours(hours));
    ids.push(call.callId());
  }
  await takeBack(ids[2] ?? '');
  interface Page {
    readonly followUps: readonly { readonly call: { readonly id: string }; readonly agent: string; readonly display: string }[];
    readonly next: string | null;
  }
  const list = (query: string) => operator.ask<Page>('GET', `/follow-ups${query}`);
  const all = await list('');
  expect(all.followUps.map(({ call }) => call.id)).toEqual([ids[1], ids[0]]);
  expect(all.followUps[0]).toMatchObject({ display: '090-1234-5678' });
  const agent = all.followUps[0]?.agent ?? '';
  const first = await list(`?limit=1&agent=${agent}`);
  const second = await list(`?limit=1&agent=${agent}&after=${first.next}`);
  expect([first, second].map(({ followUps }) => followUps[0]?.call.id)).toEqual([ids[1], ids[0]]);
  expect([second.next, (await list('?agent=1999')).followUps]).toEqual([null, []]);
  const id = ids[0] ?? '';
  await expect(promise(id, inHours(-1))).rejects.toThrow(/HTTP 400 .*follow-up-in-the-past/);
  await expect(promise(id, inHours(3 * 365 * 24))).rejects.toThrow(/HTTP 400 .*follow-up-too-far/);
  await expect(promise('main-1.1', inHours(1))).rejects.toThrow(/HTTP 404/);
  await expect(list('?after=nonsense')).rejects.toThrow(/HTTP 400/);
});
