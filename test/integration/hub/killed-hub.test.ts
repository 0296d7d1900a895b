/** The hub is a process of its own on a SQLite file, and dies without a word (SIGKILL) at every stage of a call. */
import type { CallRecord } from '../../../src/calls/call.ts';
import { Operator, untilListening } from '../../support/operator.ts';
import { type HubProcess, startHubProcess } from '../../support/running-hub.ts';
import { type PlayedCall, type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

let world: SandboxWorld;
let hub: HubProcess;
let operator: Operator;
let played: PlayedCall[] = [];

beforeEach(async () => {
  world = await startSandboxWorld();
  played = [];
  await startHub();
});

afterEach(async () => {
  await hub.kill();
  await world.close();
});

async function startHub(): Promise<void> {
  hub = await startHubProcess(world.environment);
  await untilListening(hub.url);
  operator = await Operator.signIn(hub.url, '1002');
}

/** Kills the hub, lets `meanwhile` happen while nobody listens, and starts it again. */
async function killHub(meanwhile: () => void = () => {}): Promise<void> {
  await hub.kill();
  meanwhile();
  await startHub();
}

/** Every way a call can have come by the time of the death, in order, as the steps of the PBX that lead there from the one before. */
const stages: Readonly<Record<string, (call: PlayedCall) => void>> = {
  started: ({ playback }) => playback.advanceTo({ Event: 'Newchannel' }),
  queued: ({ playback }) => playback.advanceTo({ Event: 'QueueCallerJoin' }),
  ringing({ playback }) {
    for (let phone = 0; phone < 4; phone += 1) playback.advanceTo({ Event: 'DialState', DialStatus: 'RINGING' });
  },
  pickedUp: ({ playback }) => playback.advanceTo({ Event: 'DialEnd', DialStatus: 'ANSWER' }),
  talking({ playback }) {
    playback.advanceTo({ Event: 'BridgeEnter' });
    playback.advanceTo({ Event: 'BridgeEnter' });
  },
  held: ({ playback }) => playback.advanceTo({ Event: 'Hold' }),
  retrieved: ({ playback }) => playback.advanceTo({ Event: 'Unhold' }),
  hangingUp: ({ playback }) => playback.advanceTo({ Event: 'HangupRequest' }),
  apart({ playback }) {
    playback.advanceTo({ Event: 'BridgeLeave' });
    playback.advanceTo({ Event: 'BridgeLeave' });
  },
};
const stageNames = Object.keys(stages);

/** A call that has come as far as `stage`, from a number of its own. */
function callAt(stage: string): PlayedCall {
  const call = world.playCall('14-hold-unhold', { from: `0901000${String(played.length).padStart(4, '0')}` });
  played.push(call);
  for (const name of stageNames.slice(0, stageNames.indexOf(stage) + 1)) stages[name]?.(call);
  return call;
}

function goOneStageOn(calls: ReadonlyMap<string, PlayedCall>): void {
  for (const [stage, call] of calls) {
    const next = stageNames[stageNames.indexOf(stage) + 1];
    if (next !== undefined) stages[next]?.(call);
  }
}

function callAtEveryStage(): ReadonlyMap<string, PlayedCall> {
  return new Map(stageNames.map((stage) => [stage, callAt(stage)]));
}

/** What was played so far is in the ledger: events come in order, and so does this last one. */
async function untilHeard(): Promise<void> {
  const last = callAt('started');
  await until('the ledger has all that was played', async () => operator.call(last.callId()));
}

function finishAll(): void {
  for (const { playback } of played) playback.finish();
}

/** Every call that was played is once in the ledger and once in each CRM, as the ledger has it, and nothing is owed. */
async function expectOneLogOfEach(): Promise<ReadonlyMap<string, CallRecord>> {
  const ids = played.map((call) => call.callId());
  const rows = await until('every call is logged in both CRMs', async () => {
    const ledger = await operator.ledger();
    const logged = ledger.rows.filter(({ entries }) => entries.length === 2 && entries.every(({ state }) => state === 'logged'));
    return logged.length === ids.length ? logged : null;
  });
  const records = new Map(rows.map(({ call }) => [call.id as string, call]));
  expect([...records.keys()].sort()).toEqual([...ids].sort());
  for (const id of ids) expect({ id, ...inCrms(id) }).toEqual({ id, ...promised(records.get(id)) });
  const { summary } = await operator.ledger();
  expect(summary.owed).toBe(0);
  for (const { counts } of summary.connectors) expect(counts).toMatchObject({ waiting: 0, needsPerson: 0, refused: 0 });
  return records;
}

function inCrms(id: string) {
  return {
    salesforce: world.tasksOf(id).map((task) => [task.CallType, task.CallDisposition, task.CallDurationInSeconds]),
    kintone: world
      .callRecordsOf(id)
      .map((record) => [record.方向, record.結果, record.担当内線, record.通話秒数, record.待ち秒数, record.保留秒数]),
  };
}

const RESULTS: Readonly<Record<string, string>> = {
  answered: '応答',
  abandoned: '放棄',
  noAnswer: '不応答',
  failed: '失敗',
};

function promised(call: CallRecord | undefined) {
  const result = RESULTS[call?.result ?? ''];
  const [talk, wait, hold] = [call?.talkSeconds ?? -1, call?.waitSeconds ?? -1, call?.holdSeconds ?? -1].map(Math.round);
  return {
    salesforce: [['Inbound', call?.outcome?.label ?? result, talk]],
    kintone: [['着信', result, call?.answeredBy ?? '', String(talk), String(wait), String(hold)]],
  };
}

const answeredByHanako = { result: 'answered', answered: true, answeredBy: '1002', spokeWith: ['1002'] };

describe('a hub that is killed', () => {
  test('in the middle of calls goes on with every one of them as if nothing had happened', async () => {
    const calls = callAtEveryStage();
    await untilHeard();
    const before = new Map(
      await Promise.all([...calls].map(async ([stage, call]) => [stage, await operator.call(call.callId())] as const)),
    );
    await killHub();
    finishAll();
    const after = await expectOneLogOfEach();
    for (const [stage, call] of calls) {
      const [was, is] = [before.get(stage), after.get(call.callId())];
      expect({ stage, ...is }).toMatchObject({
        stage,
        ...answeredByHanako,
        queue: 'sales',
        did: was?.did,
        startedAt: was?.startedAt,
      });
      expect(is?.rang).toHaveLength(4);
      expect(is?.customer).toEqual(was?.customer);
      if (was?.answered) expect(is?.answeredAt).toBe(was.answeredAt);
    }
  });

  test('before it has worked off what it heard, while the calls go on without it, loses none', async () => {
    const calls = callAtEveryStage();
    await killHub(() => goOneStageOn(calls));
    finishAll();
    const after = await expectOneLogOfEach();
    for (const [stage, call] of calls) {
      // Nobody heard these two before they had parted: only the PBX's own records can tell.
      if (stage === 'apart' || stage === 'hangingUp') continue;
      expect({ stage, ...after.get(call.callId()) }).toMatchObject({ stage, ...answeredByHanako, queue: 'sales' });
    }
  });

  test('while calls end and others begin closes the ones and picks up the others', async () => {
    const ended = callAtEveryStage();
    await untilHeard();
    let begun: ReadonlyMap<string, PlayedCall> = new Map();
    await killHub(() => {
      finishAll();
      begun = callAtEveryStage();
    });
    finishAll();
    const after = await expectOneLogOfEach();
    for (const [stage, call] of ended) {
      const wasTalking = stageNames.indexOf(stage) >= stageNames.indexOf('talking');
      expect({ stage, ...after.get(call.callId()) }).toMatchObject({
        stage,
        ...(wasTalking ? answeredByHanako : { answered: false }),
      });
    }
    for (const [stage, call] of begun) {
      if (stage === 'apart') continue;
      expect({ stage, ...after.get(call.callId()) }).toMatchObject({ stage, ...answeredByHanako });
    }
  });

  test.each<[string, () => void, (callId: string) => boolean]>([
    [
      'after the hang-up, before either CRM has heard of the call',
      () => {
        world.salesforce.addFault({ kind: 'stall', on: 'PATCH ' });
        world.kintone.faults.add({ kind: 'stall', method: 'PUT' });
      },
      () => wasAsked('salesforce') && wasAsked('kintone'),
    ],
    [
      'when kintone has the record, and Salesforce has it too but has not said so',
      () => world.salesforce.addFault({ kind: 'commitThenStall', on: 'PATCH ' }),
      (callId) => world.tasksOf(callId).length === 1 && world.callRecordsOf(callId).length === 1,
    ],
    [
      'when Salesforce has the record and kintone has not',
      () => world.kintone.faults.add({ kind: 'stall', method: 'PUT' }),
      (callId) => world.tasksOf(callId).length === 1 && wasAsked('kintone'),
    ],
    [
      'when kintone has the record but its answer was lost, and Salesforce has not',
      () => {
        world.salesforce.addFault({ kind: 'stall', on: 'PATCH ' });
        world.kintone.faults.add({ kind: 'commitThenCut', method: 'PUT' });
      },
      (callId) => wasAsked('salesforce') && world.callRecordsOf(callId).length === 1,
    ],
  ])('%s leaves one log in each', async (_, prepare, isDue) => {
    const call = callAt('talking');
    const callId = await untilTalking(call);
    await operator.chooseOutcome(callId, 'recall', '木曜に再度');
    prepare();
    call.playback.finish();
    await until('the moment to die has come', () => isDue(callId));
    await killHub(heal);
    const after = await expectOneLogOfEach();
    expect(after.get(callId)).toMatchObject({ ...answeredByHanako, outcome: { code: 'recall' }, notes: '木曜に再度' });
    expectOutcome(callId, { outcome: '再コール', notes: '木曜に再度' });
  });

  test('right after the outcome was saved still has it', async () => {
    const call = callAt('talking');
    const callId = await untilTalking(call);
    await operator.chooseOutcome(callId, 'won', '契約書を送る');
    await killHub();
    expect(await operator.pop(callId)).toMatchObject({ stage: 'talking', draft: { outcome: 'won', notes: '契約書を送る' } });
    call.playback.finish();
    await expectOneLogOfEach();
    expectOutcome(callId, { outcome: '成約', notes: '契約書を送る' });
  });

  test('right after the outcome of a logged call was changed changes the log it wrote, and writes no other', async () => {
    const call = callAt('talking');
    const callId = await untilTalking(call);
    await operator.chooseOutcome(callId, 'won', '');
    call.playback.finish();
    await expectOneLogOfEach();
    const firstId = world.tasksOf(callId)[0]?.Id;
    world.salesforce.addFault({ kind: 'commitThenStall', on: 'PATCH ' });
    world.kintone.faults.add({ kind: 'stall', method: 'PUT' });
    await operator.chooseOutcome(callId, 'complaint', '折り返す');
    await killHub(heal);
    await expectOneLogOfEach();
    expectOutcome(callId, { outcome: 'クレーム', notes: '折り返す' });
    expect(world.tasksOf(callId)[0]?.Id).toBe(firstId);
  });
});

async function untilTalking(call: PlayedCall): Promise<string> {
  await until('the operator sees the conversation', async () => (await operator.pop(call.callId()))?.stage === 'talking');
  return call.callId();
}

function wasAsked(connector: 'salesforce' | 'kintone'): boolean {
  if (connector === 'salesforce') return world.salesforce.requests().some(({ method }) => method === 'PATCH');
  return world.kintone.requests.entries().some(({ method }) => method === 'PUT');
}

function heal(): void {
  world.salesforce.clearFaults();
  world.kintone.faults.clear();
}

function expectOutcome(callId: string, { outcome, notes }: { readonly outcome: string; readonly notes: string }): void {
  expect(world.tasksOf(callId)).toEqual([
    expect.objectContaining({ CallDisposition: outcome, Description: expect.stringContaining(notes) }),
  ]);
  expect(world.callRecordsOf(callId)).toEqual([expect.objectContaining({ 対応結果: outcome, メモ: notes })]);
}
