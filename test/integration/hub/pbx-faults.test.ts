/** Whatever stands where the PBX should be: the hub says so, lives on, and listens as soon as the PBX is there. */
import { once } from 'node:events';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Operator, readinessOf, untilListening } from '../../support/operator.ts';
import { type Relay, type RunningRelay, startRelay } from '../../support/relay.ts';
import { type HubProcess, startHubProcess } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

let world: SandboxWorld;
let relay: RunningRelay;
let hub: HubProcess | null = null;
let webServer: Server | null = null;

beforeEach(async () => {
  world = await startSandboxWorld();
  relay = await startRelay(world.pbx.port);
});

afterEach(async () => {
  await hub?.kill();
  hub = null;
  webServer?.closeAllConnections();
  webServer?.close();
  webServer = null;
  await relay.close();
  await world.close();
});

async function startHub(further: Readonly<Record<string, string>> = {}): Promise<HubProcess> {
  hub = await startHubProcess({ ...world.environment, AMI_PORT: String(relay.port), ...further });
  return hub;
}

/** `/readyz` says that the PBX is not heard, and why. */
async function untilReadinessSays(url: string, why: RegExp): Promise<void> {
  await until(`the readiness says ${why}`, async () => {
    const { status, dependencies } = await readinessOf(url);
    return status === 'notReady' && dependencies.some(({ kind, ok, detail }) => kind === 'pbx' && !ok && why.test(detail));
  });
}

/** The hub is the same process as before, hears the PBX, and a call comes through to both CRMs. */
async function expectACallComesThrough({ url, isRunning }: HubProcess): Promise<void> {
  await untilListening(url);
  expect(isRunning).toBe(true);
  const operator = await Operator.signIn(url, '1002');
  const call = world.playCall('01-queue-answered');
  call.playback.finish();
  await until('both CRMs have the call', async () => {
    const row = await operator.ledgerRow(call.callId());
    return row?.entries.length === 2 && row.entries.every(({ state }) => state === 'logged');
  });
  expect([world.tasksOf(call.callId()).length, world.callRecordsOf(call.callId()).length]).toEqual([1, 1]);
}

async function webServerOnAPort(): Promise<number> {
  webServer = http.createServer((_request, response) => response.end('<html>not a PBX</html>')).listen(0, '127.0.0.1');
  await once(webServer, 'listening');
  return (webServer.address() as AddressInfo).port;
}

test.each<[string, (line: Relay) => Promise<void>, (line: Relay) => Promise<void>, RegExp]>([
  ['cannot be reached', (line) => line.goDown(), (line) => line.comeBack(), /ECONNREFUSED.*Check host and port/],
  [
    'is a web server',
    async (line) => line.leadTo(await webServerOnAPort()),
    async (line) => line.leadTo(world.pbx.port),
    /Check/,
  ],
  [
    'refuses the log-in',
    async () => world.pbx.faults.refuseLogins(true),
    async () => world.pbx.faults.refuseLogins(false),
    /refused the log-in of "toritsugi".*Check user, secret/,
  ],
])('a PBX that %s at first is listened to when it is right', async (_, spoil, mend, why) => {
  await spoil(relay);
  const { url } = await startHub();
  await untilReadinessSays(url, why);
  expect((await readinessOf(url)).dependencies.find(({ kind }) => kind === 'database')).toMatchObject({ ok: true });
  await mend(relay);
  if (hub !== null) await expectACallComesThrough(hub);
});

test('a wrong AMI secret is told in the readiness and in one line of the log, without the secret', async () => {
  const running = await startHub({ AMI_SECRET: 'not-the-right-one' });
  await untilReadinessSays(running.url, /refused the log-in of "toritsugi": Authentication failed.*Check user, secret/);
  expect(running.logged()).toContain('the PBX is refused');
  expect(running.logged()).not.toContain('not-the-right-one');
  expect(running.isRunning).toBe(true);
});

test('a PBX that goes away in the middle of a call and comes back leaves one log of it', async () => {
  const running = await startHub();
  await untilListening(running.url);
  const operator = await Operator.signIn(running.url, '1002');
  const call = world.playCall('14-hold-unhold');
  call.playback.advanceTo({ Event: 'Hold' });
  await until('the operator has the customer on hold', async () => (await operator.pop(call.callId()))?.stage === 'held');
  await relay.goDown();
  await untilReadinessSays(running.url, /./);
  call.playback.advanceTo({ Event: 'Unhold' });
  await relay.comeBack();
  await untilListening(running.url);
  call.playback.finish();
  await until('both CRMs have the call', async () => {
    const row = await operator.ledgerRow(call.callId());
    return row?.entries.length === 2 && row.entries.every(({ state }) => state === 'logged');
  });
  expect(await operator.call(call.callId())).toMatchObject({ result: 'answered', answeredBy: '1002', spokeWith: ['1002'] });
  expect([world.tasksOf(call.callId()).length, world.callRecordsOf(call.callId()).length]).toEqual([1, 1]);
});
