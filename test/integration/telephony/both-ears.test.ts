import type { CallRecord } from '../../../src/calls/call.ts';
import { createTracker, liveCalls, track } from '../../../src/calls/tracker.ts';
import { createOwnAriClient } from '../../../src/telephony/ari/own-ari-client.ts';
import { createPackagedAriClient } from '../../../src/telephony/ari/packaged-ari-client.ts';
import { type Listening, prepareEars } from '../../support/ami-listening.ts';
import { differences, type Listened, truthOf } from '../../support/judge-calls.ts';
import { type RecordedPbx, startRecordedPbx } from '../../support/recorded-pbx.ts';
import { createReleases } from '../../support/releases.ts';
import { ariScenarios, trackerSettings } from '../../support/traces.ts';

/** In the first AMI is away for a while, in the second the PBX itself; what their recordings say then is another test's business. */
const elsewhere = ['24-ami-reconnect', '34-crash'];
const scenarios = ariScenarios().filter((scenario) => !elsewhere.includes(scenario));

const ariClients = [
  ['our own client', createOwnAriClient, scenarios],
  // In its thread every event takes its time.
  ['ari-client', createPackagedAriClient, ['01-queue-answered', '13-attended-transfer', '15-parking', '19-rush']],
] as const;

const release = createReleases();

interface Hearing extends Listening {
  readonly pbx: RecordedPbx;
  play(moments: number): Promise<void>;
  /** All calls, in order of their start; none may be going on. */
  calls(): CallRecord[];
}

async function hear(scenario: string, which: Listened, ariClient = createOwnAriClient, ariLateMs = 0): Promise<Hearing> {
  const pbx = await startRecordedPbx(scenario, ariLateMs);
  const tracker = createTracker(trackerSettings);
  const ended: CallRecord[] = [];
  const listening = prepareEars(pbx.ears(which, ariClient), {
    now: pbx.now,
    onEvent(event) {
      for (const told of track(tracker, event)) if (told.type === 'callEnded') ended.push(told.call.record);
    },
  });
  const { listener, clock } = listening;
  release(pbx.close, async () => {
    const stopped = listener.stop();
    clock.advance(5_000);
    await stopped;
  });
  listener.start();
  await listens(listening);
  return {
    ...listening,
    pbx,
    play: (moments) => pbx.play(moments, () => read(listening, pbx)),
    calls() {
      expect(liveCalls(tracker)).toEqual([]);
      return ended.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
    },
  };
}

/** All that was told has been read: by ARI it is counted, on AMI an answer comes behind it; and a turn later it is worked off. */
async function read({ listener }: Listening, pbx: RecordedPbx): Promise<void> {
  while (pbx.ariHeard < pbx.ariTold) await turn();
  if (listener.states.some(({ ear, state }) => ear === 'ami' && state === 'listening')) await listener.act({ name: 'Ping' });
  await turn();
  await turn();
}

async function listens({ listener }: Listening): Promise<void> {
  while (listener.states.some(({ state }) => state !== 'listening')) await turn();
  await turn();
}

async function back(hearing: Hearing): Promise<void> {
  while (hearing.listener.states.every(({ state }) => state === 'listening')) await turn();
  hearing.clock.advance(1_000);
  await listens(hearing);
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe.each(ariClients)('with %s', (_, ariClient, played) => {
  test.each(played)('what happened in %s is what was heard by ARI alone', async (scenario) => {
    const hearing = await hear(scenario, 'ari', ariClient);
    await hearing.play(Number.POSITIVE_INFINITY);
    expect(differences(hearing.calls(), truthOf(scenario), 'ari')).toEqual([]);
  });

  test.each(played)('what happened in %s is what was heard by both at once', async (scenario) => {
    const hearing = await hear(scenario, 'both', ariClient);
    await hearing.play(Number.POSITIVE_INFINITY);
    expect(differences(hearing.calls(), truthOf(scenario), 'both')).toEqual([]);
  });
});

test.each(scenarios)('what happened in %s is what was heard by AMI alone', async (scenario) => {
  const hearing = await hear(scenario, 'ami');
  await hearing.play(Number.POSITIVE_INFINITY);
  expect(differences(hearing.calls(), truthOf(scenario), 'ami')).toEqual([]);
});

describe('connections lost in the middle', () => {
  const some = [
    '01-queue-answered',
    '12-blind-transfer',
    '13-attended-transfer',
    '15-parking',
    '10-click-to-call',
    '28-local-members',
  ];

  test.each(some)('of ARI alone, %s is as it was: the snapshot makes up for it', async (scenario) => {
    const hearing = await hear(scenario, 'ari');
    await hearing.play(Math.floor(hearing.pbx.moments / 2));
    hearing.pbx.ari.cut();
    await back(hearing);
    await hearing.play(Number.POSITIVE_INFINITY);
    expect(differences(hearing.calls(), truthOf(scenario), 'ari')).toEqual([]);
  });

  test.each(some)('of either ear while the other listens on, nothing of %s is missed', async (scenario) => {
    const hearing = await hear(scenario, 'both', createOwnAriClient, 40);
    const third = Math.floor(hearing.pbx.moments / 3);
    for (const cut of [() => hearing.pbx.ari.cut(), () => hearing.pbx.cutAmi()]) {
      await hearing.play(third);
      cut();
      while (hearing.listener.states.every(({ state }) => state === 'listening')) await turn();
      await hearing.play(20);
      hearing.clock.advance(1_000);
      await listens(hearing);
    }
    await hearing.play(Number.POSITIVE_INFINITY);
    expect(differences(hearing.calls(), truthOf(scenario), 'both')).toEqual([]);
  });

  test.each(some)('of both at once, %s is as it was', async (scenario) => {
    const hearing = await hear(scenario, 'both', createOwnAriClient, -40);
    await hearing.play(Math.floor(hearing.pbx.moments / 2));
    hearing.pbx.ari.cut();
    hearing.pbx.cutAmi();
    while (hearing.listener.states.some(({ state }) => state === 'listening')) await turn();
    hearing.clock.advance(1_000);
    await listens(hearing);
    await hearing.play(Number.POSITIVE_INFINITY);
    expect(differences(hearing.calls(), truthOf(scenario), 'both')).toEqual([]);
  });

  test('a call that ends unheard is closed once when ARI is back', async () => {
    const hearing = await hear('04-ring-group', 'ari');
    await hearing.play(Math.floor(hearing.pbx.moments / 2));
    hearing.pbx.ari.cut();
    hearing.pbx.miss(hearing.pbx.moments);
    await back(hearing);
    const calls = hearing.calls();
    expect(calls.map(({ id }) => id)).toEqual([...new Set(calls.map(({ id }) => id))]);
    expect(calls.every(({ endedAt }) => endedAt !== null)).toBe(true);
  });
});
