import path from 'node:path';
import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import type { CallRecord } from '../../../src/calls/call.ts';
import { createTracker, liveCalls, track } from '../../../src/calls/tracker.ts';
import { createAriTranslator } from '../../../src/telephony/ari/ari-translator.ts';
import type { TelephonyEvent } from '../../../src/telephony/telephony-event.ts';
import { type Listening, prepareListener } from '../../support/ami-listening.ts';
import { openSandboxEars, type SandboxEars } from '../../support/sandbox-ears.ts';
import { until } from '../../support/until.ts';

const traces = path.resolve(__dirname, '../../fixtures/traces');

let releases: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of releases.reverse()) await release();
  releases = [];
});

/** A sandbox PBX, and a tracker at each of its interfaces. */
interface Judges extends SandboxEars {
  readonly byAmi: () => Promise<readonly CallRecord[]>;
  readonly byAri: () => Promise<readonly CallRecord[]>;
}

function judge(): {
  readonly hear: (event: TelephonyEvent) => void;
  readonly ended: () => readonly CallRecord[];
  readonly live: () => number;
} {
  const records: CallRecord[] = [];
  const tracker = createTracker({
    pbx: 'main',
    toE164: (raw) => (/^0\d{9,10}$/.test(raw) ? `+81${raw.slice(1)}` : null),
    isWithheld: () => false,
    isOutsideNumber: (dialled) => /^0\d{9,10}$/.test(dialled),
  });
  return {
    hear(event) {
      for (const told of track(tracker, event)) if (told.type === 'callEnded') records.push(told.call.record);
    },
    ended: () => records,
    live: () => liveCalls(tracker).length,
  };
}

async function openJudges(options: Parameters<typeof openSandboxEars>[0] = {}): Promise<Judges> {
  const ears = await openSandboxEars(options);
  releases.push(ears.close);
  const [ami, ari] = [judge(), judge()];
  const listening: Listening = prepareListener(ears.pbx, { now: ears.clock.now, onEvent: ami.hear });
  releases.push(() => listening.listener.stop());
  const ready = listening.becomes('listening');
  listening.listener.start();
  await ready;
  const translator = createAriTranslator();
  let read = 0;
  return {
    ...ears,
    /** What was told before is heard at its time. */
    async advance(ms) {
      await listening.listener.act({ name: 'Ping' });
      await ears.advance(ms);
      await listening.listener.act({ name: 'Ping' });
    },
    async byAmi() {
      await listening.listener.act({ name: 'Ping' });
      await until('every call has ended', () => ami.live() === 0);
      return ami.ended();
    },
    async byAri() {
      ears.pbx.tellEvent({ type: 'ChannelUserevent', eventname: 'that was all' });
      await ears.ari.until((event) => event.eventname === 'that was all');
      for (const event of ears.ari.events.slice(read)) {
        for (const told of translator.translate(event, Date.parse(String(event.timestamp)))) ari.hear(told);
      }
      read = ears.ari.events.length;
      expect([translator.unreadable, ari.live()]).toEqual([0, 0]);
      return ari.ended();
    },
  };
}

/** What does not differ from one call of a kind to the next. */
const facts = (call: CallRecord) => ({
  ...{ direction: call.direction, customer: call.customer?.raw ?? null, placedBy: call.placedBy, queues: call.queues },
  ...{ rang: [...call.rang].sort(), answered: call.answered, answeredBy: call.answeredBy, spokeWith: call.spokeWith },
  ...{
    result: call.result,
    hangupBy: call.hangupBy,
    transfers: call.transfers.map(({ kind, from, to, answered }) => ({ kind, from, to, answered })),
  },
  recordings: call.recordings.length,
});

async function recorded(name: string): Promise<readonly ReturnType<typeof facts>[]> {
  const judges = await openJudges();
  judges.pbx.play(loadRecording(path.join(traces, `${name}.ami.gz`)), { pace: 'byHand' }).finish();
  return (await judges.byAmi()).map(facts);
}

const clickToCall = (exten = '09011110001') => ({
  ...{ Channel: 'PJSIP/1002', Context: 'click-to-call', Exten: exten, Priority: '1', Async: 'true' },
  ...{ CallerID: `"CRM" <${exten}>`, Variable: ['__CTC_AGENT=1002', '__CRM_CALL_ID=c-1'], Timeout: '6000' },
});

/** The newest channel at a device. */
function lastAt(judges: Judges, device: string): string {
  const id = judges.pbx.calls.channelsOf(device).at(-1);
  if (id === undefined) throw new Error(`No channel at ${device}.`);
  return id;
}

test('a click-to-call is seen as the recorded one is', async () => {
  const judges = await openJudges();
  await judges.act('Originate', clickToCall());
  await judges.advance(3_000);
  await judges.advance(3_000);
  await judges.advance(5_000);
  judges.pbx.calls.hangUp(lastAt(judges, 'PJSIP/trunk-out'));
  const wanted = await recorded('10-click-to-call');
  expect(wanted).toHaveLength(1);
  expect((await judges.byAmi()).map(facts)).toEqual(wanted);
  expect((await judges.byAri()).map(facts)).toEqual(wanted);
  const [call] = await judges.byAmi();
  expect([call?.waitSeconds, call?.talkSeconds]).toEqual([3, 5]);
});

test('click-to-calls that fail are seen as the recorded ones are', async () => {
  const judges = await openJudges({ phones: { '1002': 'noAnswer' } });
  await judges.act('Originate', clickToCall());
  await judges.advance(6_000);
  judges.pbx.setPhone('1002', 'busy');
  await judges.act('Originate', clickToCall());
  await judges.advance(1_000);
  judges.pbx.setPhone('1002', { answersAfterMs: 1_000 });
  await judges.act('Originate', clickToCall('09011110003'));
  await judges.advance(1_000);
  await judges.advance(10_000);
  const wanted = await recorded('11-click-to-call-fail');
  expect(wanted).toHaveLength(3);
  expect((await judges.byAmi()).map(facts)).toEqual(wanted);
  expect((await judges.byAri()).map(facts)).toEqual(wanted);
});

test('a call that an agent dials is seen as the recorded one is', async () => {
  const judges = await openJudges();
  const call = judges.pbx.calls.fromPhone('1003', '09011110001');
  await judges.advance(3_000);
  await judges.advance(5_000);
  judges.pbx.calls.hangUp(call);
  const wanted = await recorded('08-outbound-answered');
  expect((await judges.byAmi()).map(facts)).toEqual(wanted);
  expect((await judges.byAri()).map(facts)).toEqual(wanted);
});

test('callers of a queue are seen as the recorded ones are', async () => {
  const judges = await openJudges({ phones: { '1001': 'noAnswer', '1003': 'noAnswer', '1004': 'noAnswer' } });
  const caller = judges.pbx.calls.fromOutside({ from: '09012345678', to: '0312345679' });
  await judges.advance(3_000);
  await judges.advance(6_000);
  judges.pbx.calls.hangUp(caller);
  judges.pbx.setPhone('1002', 'noAnswer');
  judges.pbx.setPhone('1001', { answersAfterMs: 1_500 });
  judges.pbx.calls.fromOutside({ from: '0667890123', to: '0312345679' });
  await judges.advance(1_500);
  await judges.advance(6_000);
  judges.pbx.calls.hangUp(lastAt(judges, 'PJSIP/1001'));
  const wanted = await recorded('01-queue-answered');
  expect(wanted).toHaveLength(2);
  const alike = wanted.map((call) => ({ ...call, answeredBy: expect.any(String), spokeWith: [expect.any(String)] }));
  expect((await judges.byAmi()).map(facts)).toEqual(alike);
  const [first, second] = await judges.byAri();
  expect([first?.queue, first?.answeredBy, second?.answeredBy, second?.hangupBy]).toEqual(['sales', '1002', '1001', 'agent']);
});

test('callers who give up in a queue are seen as the recorded ones are', async () => {
  const judges = await openJudges({
    phones: Object.fromEntries(['1001', '1002', '1003', '1004'].map((one) => [one, 'noAnswer'])),
  });
  const caller = judges.pbx.calls.fromOutside({ from: '08011112222', to: '0312345679' });
  await judges.advance(6_000);
  judges.pbx.calls.hangUp(caller);
  const [wanted] = await recorded('02-queue-abandoned');
  expect((await judges.byAmi()).map(facts)).toEqual([wanted]);
  expect((await judges.byAri()).map(facts)).toEqual([wanted]);
});

test.each<[string, 'blind' | 'attended']>([
  ['BlindTransfer', 'blind'],
  ['Atxfer', 'attended'],
])('%s is seen as a transfer', async (action, kind) => {
  const judges = await openJudges();
  await judges.act('Originate', clickToCall());
  await judges.advance(3_000);
  await judges.advance(3_000);
  await judges.act(action, { Channel: lastAt(judges, 'PJSIP/1002'), Context: 'from-internal', Exten: '1003' });
  await judges.advance(3_000);
  await judges.advance(2_000);
  if (kind === 'attended') judges.pbx.calls.hangUp(lastAt(judges, 'PJSIP/1002'));
  await judges.advance(4_000);
  judges.pbx.calls.hangUp(lastAt(judges, 'PJSIP/trunk-out'));
  const calls = await judges.byAmi();
  expect(calls.map(facts)).toEqual([
    expect.objectContaining({
      ...{
        direction: 'outbound',
        customer: '09011110001',
        spokeWith: ['1002', '1003'],
        result: 'answered',
        hangupBy: 'customer',
      },
      transfers: [{ kind, from: '1002', to: '1003', answered: true }],
    }),
  ]);
  expect((await judges.byAri()).map((call) => call.spokeWith)).toEqual([['1002', '1003']]);
});

test('a parked call that a colleague takes is seen as one call', async () => {
  const judges = await openJudges();
  await judges.act('Originate', clickToCall());
  await judges.advance(3_000);
  await judges.advance(3_000);
  await judges.act('Park', { Channel: lastAt(judges, 'PJSIP/trunk-out'), TimeoutChannel: lastAt(judges, 'PJSIP/1002') });
  await judges.advance(4_000);
  judges.pbx.calls.fromPhone('1004', '701');
  await judges.advance(5_000);
  judges.pbx.calls.hangUp(lastAt(judges, 'PJSIP/1004'));
  const calls = await judges.byAmi();
  expect(calls.map((call) => [call.direction, call.spokeWith, call.transfers.map(({ kind, to }) => [kind, to])])).toEqual([
    ['outbound', ['1002', '1004'], [['park', '1004']]],
  ]);
});

test('time on hold is seen', async () => {
  const judges = await openJudges();
  await judges.act('Originate', clickToCall());
  await judges.advance(3_000);
  await judges.advance(3_000);
  await judges.advance(2_000);
  judges.pbx.calls.hold(lastAt(judges, 'PJSIP/1002'));
  await judges.advance(4_000);
  judges.pbx.calls.unhold(lastAt(judges, 'PJSIP/1002'));
  await judges.advance(2_000);
  judges.pbx.calls.hangUp(lastAt(judges, 'PJSIP/1002'));
  for (const [call] of [await judges.byAmi(), await judges.byAri()]) {
    expect([call?.holdSeconds, call?.talkSeconds, call?.hangupBy]).toEqual([4, 8, 'agent']);
  }
});

test('a click-to-call whose first leg is a Local channel is seen as the recorded one is', async () => {
  const judges = await openJudges();
  await judges.act('Originate', { ...clickToCall(), Channel: 'Local/1002@agent-local' });
  await judges.advance(3_000);
  await judges.advance(3_000);
  await judges.advance(5_000);
  judges.pbx.calls.hangUp(lastAt(judges, 'PJSIP/1002'));
  const wanted = await recorded('29-click-to-call-local');
  const alike = wanted.map((call) => ({
    ...call,
    customer: '09011110001',
    rang: ['1002'],
    answeredBy: call.answeredBy,
    spokeWith: ['1002'],
  }));
  expect((await judges.byAmi()).map(facts)).toEqual(alike.map((call) => ({ ...call, placedBy: '1002', hangupBy: 'agent' })));
});
