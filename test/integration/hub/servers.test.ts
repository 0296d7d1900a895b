/** The same hub on a real PostgreSQL and a real Redis. */

import { START_TIMEOUT_MS } from '../../support/databases.ts';
import { Operator, untilKnown, untilListening } from '../../support/operator.ts';
import { startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { type HubProcess, type RunningHub, startHubHere, startHubProcess } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let redis: TestRedis;
let world: SandboxWorld;
let child: HubProcess;
let hub: RunningHub;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  postgres = await startPostgres();
}, START_TIMEOUT_MS);

beforeEach(async () => {
  redis = await startRedis();
  world = await startSandboxWorld();
  environment = { ...world.environment, DATABASE_URL: await postgres.createDatabase(), REDIS_URL: redis.url };
  child = await startHubProcess(environment);
  hub = child;
  await untilListening(hub.url);
});

afterEach(async () => {
  await hub.stop();
  await redis.stop();
  await world.close();
});

afterAll(() => postgres.stop());

async function untilLogged(operator: Operator, callId: string): Promise<void> {
  await until('both CRMs have the call', async () => {
    const row = await operator.ledgerRow(callId);
    return row?.entries.length === 2 && row.entries.every(({ state }) => state === 'logged');
  });
}

test('on PostgreSQL and Redis a call rings with its customer, and is logged once in both CRMs with what was said about it', async () => {
  const operator = await Operator.signIn(hub.url, '1002');
  await untilKnown(operator, '09012345678');
  operator.watch();
  const call = world.playCall('01-queue-answered');
  for (let phone = 0; phone < 4; phone += 1) call.playback.advanceTo({ Event: 'DialState', DialStatus: 'RINGING' });
  const callId = call.callId();
  await until('the pop shows who it is', () => {
    const pop = operator.seen(callId);
    return (
      pop?.stage === 'ringing' && pop.match?.chosen.kintone?.name === '山田 太郎' && pop.match.chosen.salesforce !== undefined
    );
  });
  call.playback.advanceTo({ Event: 'AgentConnect' });
  await operator.chooseOutcome(callId, 'won', '契約');
  call.playback.finish();
  await untilLogged(operator, callId);
  operator.leave();
  expect(world.tasksOf(callId)).toEqual([
    expect.objectContaining({ Subject: '着信 090-1234-5678 成約', WhoId: world.contact('山田 太郎') }),
  ]);
  expect(world.callRecordsOf(callId)).toEqual([
    expect.objectContaining({ 顧客レコード番号: world.customer('山田 太郎'), 対応結果: '成約', メモ: '契約', 担当内線: '1002' }),
  ]);
});

test('when a hub is killed in a call and in a write, another one takes over what it held, and writes nothing twice', async () => {
  world.salesforce.addFault({ kind: 'commitThenStall', on: 'PATCH ' });
  const ended = world.playCall('01-queue-answered', { from: '09010000001' });
  const live = world.playCall('14-hold-unhold', { from: '09010000002' });
  live.playback.advanceTo({ Event: 'Hold' });
  ended.playback.finish();
  await until('Salesforce has the one call, unknown to the hub', () => world.tasksOf(ended.callId()).length === 1);
  await child.kill();
  world.salesforce.clearFaults();
  // Its clock is ahead, so that what the dead one had claimed is free again.
  hub = await startHubHere(environment, { now: () => Date.now() + 4 * 60_000 });
  await untilListening(hub.url);
  live.playback.finish();
  const operator = await Operator.signIn(hub.url, '1002');
  for (const call of [ended, live]) {
    const callId = call.callId();
    await untilLogged(operator, callId);
    expect([world.tasksOf(callId).length, world.callRecordsOf(callId).length]).toEqual([1, 1]);
    expect(await operator.call(callId)).toMatchObject({ answeredBy: '1002', result: 'answered' });
  }
});

test('when Redis loses everything, calls that end meanwhile and afterwards are logged', async () => {
  const operator = await Operator.signIn(hub.url, '1002');
  await redis.stop();
  const meanwhile = world.playCall('01-queue-answered', { from: '09010000003' });
  meanwhile.playback.finish();
  await until('the ledger has the call', async () => (await operator.call(meanwhile.callId())).endedAt !== null);
  await redis.startAgain();
  const afterwards = world.playCall('01-queue-answered', { from: '09010000004' });
  afterwards.playback.finish();
  for (const call of [meanwhile, afterwards]) {
    await untilLogged(operator, call.callId());
    expect([world.tasksOf(call.callId()).length, world.callRecordsOf(call.callId()).length]).toEqual([1, 1]);
  }
});
