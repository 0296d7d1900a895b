/** One hub hears two PBXs; the calls of each are its own, whatever happens to the other. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Playback } from '../../../infra/sandbox/asterisk/player.ts';
import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import { type SandboxAsterisk, startSandboxAsterisk } from '../../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import { afterRealTime } from '../../../src/telephony/after.ts';
import { Operator, readinessOf } from '../../support/operator.ts';
import { type HubProcess, startHubProcess } from '../../support/running-hub.ts';
import { amiUser, type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

const queueCalls = loadRecording(path.resolve('infra/sandbox/asterisk/recordings/01-queue-answered.ami.gz'));
const firstCall = '1795377385.0';

let world: SandboxWorld;
let osaka: SandboxAsterisk;
let hub: HubProcess;

beforeEach(async () => {
  world = await startSandboxWorld();
  osaka = await startSandboxAsterisk({
    ...{ port: 0, host: '127.0.0.1', users: [amiUser], now: Date.now, newId: randomUUID, after: afterRealTime },
  });
  hub = await startHubProcess(environment());
});

afterEach(async () => {
  await hub.kill();
  await osaka.close();
  await world.close();
});

function environment(): Readonly<Record<string, string>> {
  return { ...world.environment, PBXS: 'main,osaka', OSAKA_AMI_PORT: String(osaka.port) };
}

/** Both PBXs begin to count at the same moment, so their channels have the same ids. */
function play(pbx: SandboxAsterisk, caller: string): Playback {
  return pbx.play(queueCalls, { pace: 'byHand', calls: [firstCall], numbers: { '09012345678': caller } });
}

async function healthOf(pbx: string): Promise<boolean | undefined> {
  return (await readinessOf(hub.url)).dependencies.find(({ kind, name }) => kind === 'pbx' && name === pbx)?.ok;
}

async function untilBothAreHeard(): Promise<void> {
  await until('both PBXs are heard', async () => (await healthOf('main')) === true && (await healthOf('osaka')) === true);
}

async function expectLoggedOnce(callId: string, number: string): Promise<void> {
  const operator = await Operator.signIn(hub.url, '1002');
  await until(`both CRMs have ${callId}`, async () => {
    const row = await operator.ledgerRow(callId);
    return row?.entries.length === 2 && row.entries.every(({ state }) => state === 'logged');
  });
  expect([world.tasksOf(callId).length, world.callRecordsOf(callId).length]).toEqual([1, 1]);
  expect(await operator.call(callId)).toMatchObject({ result: 'answered', customer: { number } });
}

test('calls of two PBXs are kept apart, even when their channels have the same ids', async () => {
  await untilBothAreHeard();
  const [here, there] = [play(world.pbx, '09010000001'), play(osaka, '09010000002')];
  here.advanceTo({ Event: 'AgentConnect' });
  there.finish();
  await expectLoggedOnce(`osaka-${there.freshOf(firstCall)}`, '+819010000002');
  here.finish();
  await expectLoggedOnce(`main-${here.freshOf(firstCall)}`, '+819010000001');
});

test('a PBX that is away shows its own state and takes nothing from the other, also over a restart of the hub', async () => {
  await untilBothAreHeard();
  const [here, there] = [play(world.pbx, '09010000003'), play(osaka, '09010000004')];
  here.advanceTo({ Event: 'AgentConnect' });
  there.advanceTo({ Event: 'AgentConnect' });
  await osaka.faults.accept(false);
  osaka.faults.cut();
  await until('osaka is shown as away', async () => (await healthOf('osaka')) === false);
  expect(await healthOf('main')).toBe(true);
  await hub.kill();
  hub = await startHubProcess(environment());
  await until('main is heard again', async () => (await healthOf('main')) === true);
  here.finish();
  await expectLoggedOnce(`main-${here.freshOf(firstCall)}`, '+819010000003');
  await osaka.faults.accept(true);
  await untilBothAreHeard();
  there.finish();
  await expectLoggedOnce(`osaka-${there.freshOf(firstCall)}`, '+819010000004');
});
