/** Nobody listens for a while, or the hub is not even alive: what Asterisk wrote down meanwhile ends up in ledger and CRMs, once. */
import { appendFileSync } from 'node:fs';
import type { CallRecord } from '../../../src/calls/call.ts';
import { Operator, untilKnown, untilListening } from '../../support/operator.ts';
import { type HubProcess, startHubProcess } from '../../support/running-hub.ts';
import { type PlayedCall, type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';
import { createWritingPbx, type WritingPbx } from '../../support/writing-pbx.ts';

jest.setTimeout(90_000);

let world: SandboxWorld;
let pbx: WritingPbx;
let hub: HubProcess;
let operator: Operator;

beforeEach(async () => {
  world = await startSandboxWorld();
  pbx = createWritingPbx(world.folder);
});

afterEach(async () => {
  await hub.kill();
  await world.close();
});

async function startHub(further: Readonly<Record<string, string>> = {}): Promise<void> {
  const files = { CEL_FILE: pbx.celFile, QUEUE_LOG_FILE: pbx.queueLogFile, FILL_IN_SECONDS: '1' };
  hub = await startHubProcess({ ...world.environment, ...files, ...further });
  await untilListening(hub.url);
  operator = await Operator.signIn(hub.url, '1002');
}

interface OwnCall extends PlayedCall {
  readonly from: string;
  readonly startedAt: number;
}

function begin(from: string): OwnCall {
  return { ...world.playCall('14-hold-unhold', { from }), from, startedAt: Date.now() };
}

function talk({ playback }: OwnCall): void {
  playback.advanceTo({ Event: 'BridgeEnter' });
  playback.advanceTo({ Event: 'BridgeEnter' });
}

/** It ends, and Asterisk has it on disk. */
function end(call: OwnCall): OwnCall {
  call.playback.finish();
  pbx.writeDown({ playback: call.playback, scenario: '14-hold-unhold', from: call.from, startedAt: call.startedAt });
  return call;
}

async function untilLogged(calls: readonly OwnCall[]): Promise<ReadonlyMap<string, CallRecord>> {
  const ids = calls.map((call) => call.callId()).sort();
  return until('every call is logged in both CRMs', async () => {
    const { rows } = await operator.ledger();
    const logged = rows.filter(({ entries }) => entries.length === 2 && entries.every(({ state }) => state === 'logged'));
    if (logged.length < ids.length) return null;
    return new Map(logged.map(({ call }) => [call.id as string, call]));
  });
}

async function expectOnce(calls: readonly OwnCall[]): Promise<void> {
  const ids = calls.map((call) => call.callId()).sort();
  const { rows } = await operator.ledger();
  expect(rows.map(({ call }) => call.id as string).sort()).toEqual(ids);
  for (const id of ids) expect([id, world.tasksOf(id).length, world.callRecordsOf(id).length]).toEqual([id, 1, 1]);
}

test('calls that begin, end or pass while the hub is dead are in ledger and CRMs once, and those that were heard stay as they were', async () => {
  await startHub();
  await untilKnown(operator, '09012345678');
  const heard = end(begin('09010000001'));
  await untilLogged([heard]);
  const cutOff = begin('09010000002');
  talk(cutOff);
  await until('the conversation is in the ledger', async () => (await operator.call(cutOff.callId())).answered);
  await hub.kill();
  end(cutOff);
  const unheard = end(begin('09012345678'));
  await startHub();
  const records = await until('both are filled in', async () => {
    const logged = await untilLogged([heard, cutOff, unheard]);
    return logged.get(cutOff.callId())?.filledIn && logged.get(unheard.callId())?.matches.length === 2 ? logged : null;
  });

  expect(records.get(heard.callId())).toMatchObject({ filledIn: false, answeredBy: '1002', hangupBy: 'customer' });
  expect(records.get(cutOff.callId())).toMatchObject({ filledIn: true, answeredBy: '1002', hangupBy: 'customer' });
  expect(records.get(unheard.callId())).toMatchObject({
    ...{ filledIn: true, direction: 'inbound', queue: 'sales', did: '0312345679', result: 'answered' },
    ...{ answeredBy: '1002', spokeWith: ['1002'], hangupBy: 'customer' },
  });
  expect(records.get(unheard.callId())?.rang).toHaveLength(4);
  await expectOnce([heard, cutOff, unheard]);
  await until('the CRMs know whose call it was', () => world.tasksOf(unheard.callId())[0]?.WhoId === world.contact('山田 太郎'));

  // And once more: what is in the ledger is not filled in again.
  await hub.kill();
  await startHub();
  const last = end(begin('09010000003'));
  await untilLogged([heard, cutOff, unheard, last]);
  await expectOnce([heard, cutOff, unheard, last]);
});

test('a call that is still going on is left to those who listen to it', async () => {
  await startHub();
  const call = begin('09010000004');
  talk(call);
  await until('the conversation is in the ledger', async () => (await operator.call(call.callId())).answered);
  // What Asterisk writes of it, as far as it has come, is no call that is over.
  pbx.writeDown({ playback: call.playback, scenario: '14-hold-unhold', from: call.from, startedAt: Date.now() - 5_000 });
  const other = end(begin('09010000005'));
  await untilLogged([other]);
  expect(await operator.call(call.callId())).toMatchObject({ endedAt: null, filledIn: false });
  call.playback.finish();
  const records = await untilLogged([call, other]);
  expect(records.get(call.callId())).toMatchObject({ filledIn: false, holdSeconds: expect.any(Number) });
  await expectOnce([call, other]);
});

test('a file with rubbish in it, or none at all, is told of and keeps nothing else from working', async () => {
  await startHub({ CDR_FILE: `${world.folder}/no-such-file.csv` });
  await until('the hub says what is missing', () => /no-such-file\.csv is not there/.test(hub.logged()));
  const heard = end(begin('09010000006'));
  await untilLogged([heard]);
  await hub.kill();
  appendFileSync(pbx.celFile, Buffer.from([0, 255, 34, 10, 34, 44, 10, 10]));
  appendFileSync(pbx.celFile, '"=HYPERLINK(""http://x"")","\';DROP TABLE calls;--"\n');
  const unheard = end(begin('09010000007'));
  await startHub();
  await untilLogged([heard, unheard]);
  await expectOnce([heard, unheard]);
});
