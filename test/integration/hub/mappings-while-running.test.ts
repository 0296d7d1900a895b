/** Mapping files are edited while calls come in. */
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Operator, readinessOf, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(30_000);

let world: SandboxWorld;
let hub: RunningHub;
let operator: Operator;
let folder: string;

beforeEach(async () => {
  world = await startSandboxWorld();
  folder = path.join(world.folder, 'mappings');
  cpSync('mappings', folder, { recursive: true });
  hub = await startHubHere({ ...world.environment, MAPPINGS_DIR: folder });
  await untilListening(hub.url);
  operator = await Operator.signIn(hub.url, '1002');
});

afterEach(async () => {
  await hub.stop();
  await world.close();
});

/** As an editor saves: the new text beside the old one, then in its place. */
function edit(change: (text: string) => string): void {
  const file = path.join(folder, 'salesforce.yaml');
  writeFileSync(`${file}.new`, change(readFileSync(file, 'utf8')));
  renameSync(`${file}.new`, file);
}

async function untilSalesforceIs(ok: boolean, detail: RegExp): Promise<void> {
  await until(`the readiness says ${detail}`, async () => {
    const told = (await readinessOf(hub.url)).dependencies.find(({ name }) => name === 'salesforce');
    return told?.ok === ok && detail.test(told.detail);
  });
}

async function logACall(): Promise<string> {
  const call = world.playCall('01-queue-answered');
  call.playback.finish();
  await until('both CRMs have the call', async () => {
    const row = await operator.ledgerRow(call.callId());
    return row?.entries.length === 2 && row.entries.every(({ state }) => state === 'logged');
  });
  return call.callId();
}

const isPriority = (text: string) => text.replace('Priority: { value: Normal }', 'Priority: { value: High }');

test.each<[string, (text: string) => string, RegExp]>([
  ['is no YAML any more', (text) => `${text}\n  - {{{`, /salesforce\.yaml has \d+ problem/],
  [
    'names a fact that does not exist',
    (text) => isPriority(text).replace('from: talkSeconds', 'from: talkSecond'),
    /salesforce\.yaml has 1 problem/,
  ],
  ['is empty', () => '', /salesforce\.yaml has \d+ problem/],
])(
  'while a mapping file %s, calls are logged by the last good version; when it is good again, by the new one',
  async (_, spoil, told) => {
    await untilSalesforceIs(true, /Nothing is held/);
    const good = readFileSync(path.join(folder, 'salesforce.yaml'), 'utf8');
    edit(spoil);
    await untilSalesforceIs(false, told);
    const first = await logACall();
    expect(world.tasksOf(first)).toEqual([
      expect.objectContaining({ Priority: 'Normal', CallDurationInSeconds: expect.any(Number) }),
    ]);

    edit(() => isPriority(good));
    await untilSalesforceIs(true, /Nothing is held/);
    const second = await logACall();
    expect(world.tasksOf(second)).toEqual([expect.objectContaining({ Priority: 'High' })]);
    expect(world.tasksOf(first)).toHaveLength(1);
  },
);

test('a field that the mapping names and the org does not have is told in the readiness, and keeps no call from being logged', async () => {
  edit((text) => text.replace('CallObject: { from: call.id }', 'CallObjekt__c: { from: call.id }'));
  await untilSalesforceIs(false, /Task has no field "CallObjekt__c".*Did you mean "CallObject"/);
  const callId = await logACall();
  expect(world.tasksOf(callId)).toEqual([expect.objectContaining({ CallDisposition: '応答' })]);
  edit((text) => text.replace('CallObjekt__c: { from: call.id }', 'CallObject: { from: call.id }'));
  await untilSalesforceIs(true, /Nothing is held/);
});
