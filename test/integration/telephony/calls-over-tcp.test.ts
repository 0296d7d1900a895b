import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import type { SandboxAsterisk } from '../../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import type { CallRecord } from '../../../src/calls/call.ts';
import { createTracker, liveCalls, type Tracker, track } from '../../../src/calls/tracker.ts';
import { startTestPbx } from '../../support/ami-connection.ts';
import { type Listening, prepareListener } from '../../support/ami-listening.ts';
import { createReleases } from '../../support/releases.ts';

const traces = path.resolve(__dirname, '../../fixtures/traces');
const load = (name: string) => loadRecording(path.join(traces, `${name}.ami.gz`));

interface ExpectedCall {
  readonly direction: string;
  readonly caller_number: string | null;
  readonly called_number: string;
  readonly answered: boolean;
  readonly answered_by: string | null;
  readonly agents_rung: readonly string[];
}

interface Hearing extends Listening {
  readonly pbx: SandboxAsterisk;
  readonly tracker: Tracker;
  readonly ended: CallRecord[];
}

const release = createReleases();

/** From the socket to the calls. */
async function hearCalls(): Promise<Hearing> {
  const pbx = await startTestPbx();
  const ended: CallRecord[] = [];
  const tracker = createTracker({
    pbx: 'main',
    toE164: (raw) => (/^0\d{9,10}$/.test(raw) ? `+81${raw.slice(1)}` : null),
    isWithheld: (raw) => raw === 'anonymous' || raw === 'unavailable',
    isOutsideNumber: (dialled) => /^0\d{9,10}$/.test(dialled),
  });
  const listening = prepareListener(pbx, {
    onEvent(event) {
      for (const told of track(tracker, event)) if (told.type === 'callEnded') ended.push(told.call.record);
    },
  });
  release(pbx.close, async () => {
    await listening.listener.stop();
  });
  const ready = listening.becomes('listening');
  listening.listener.start();
  await ready;
  return { ...listening, pbx, tracker, ended };
}

/** What was sent before is worked off when the answer to a question is: the answer comes behind it. */
async function caughtUp({ listener, ended }: Hearing, calls: number): Promise<void> {
  await listener.act({ name: 'Ping' });
  while (ended.length < calls) await new Promise((resolve) => setImmediate(resolve));
}

const summary = (call: CallRecord) => [call.direction, call.customer?.raw ?? null, call.answered, [...call.rang].sort()];

test.each(['01-queue-answered', '04-ring-group', '07-ivr-queue', '12-blind-transfer', '26-utf8-names'])(
  'what really happened in %s is what the calls say that were heard over the wire',
  async (name) => {
    const hearing = await hearCalls();
    const { calls } = JSON.parse(readFileSync(path.join(traces, `${name}.expected.json`), 'utf8')) as { calls: ExpectedCall[] };
    hearing.pbx.play(load(name), { pace: 'byHand' }).finish();
    await caughtUp(hearing, calls.length);
    const expected = calls.map((call) => [call.direction, call.caller_number, call.answered, [...call.agents_rung].sort()]);
    expect(hearing.ended.map(summary).sort()).toEqual(expected.sort());
    expect(liveCalls(hearing.tracker)).toEqual([]);
  },
);

test('a call that ends while the connection is away is closed once, when it is back', async () => {
  const hearing = await hearCalls();
  const playback = hearing.pbx.play(load('04-ring-group'), { pace: 'byHand' });
  playback.advanceTo({ Event: 'BridgeEnter' });
  playback.advanceTo({ Event: 'BridgeEnter' });
  await hearing.listener.act({ name: 'Ping' });
  const [away, back] = [hearing.becomes('unreachable'), hearing.becomes('listening')];
  hearing.pbx.faults.cut();
  await away;
  playback.finish();
  hearing.clock.advance(1_000);
  await back;
  await caughtUp(hearing, 1);
  expect(hearing.ended).toHaveLength(1);
  expect(hearing.ended[0]?.answeredBy).toBe('1004');
});

test('a call that goes on while the connection is away stays one call', async () => {
  const hearing = await hearCalls();
  const playback = hearing.pbx.play(load('04-ring-group'), { pace: 'byHand' });
  playback.advanceTo({ Event: 'DialBegin' });
  await hearing.listener.act({ name: 'Ping' });
  const [away, back] = [hearing.becomes('unreachable'), hearing.becomes('listening')];
  hearing.pbx.faults.cut();
  await away;
  playback.advanceTo({ Event: 'BridgeEnter' });
  playback.advanceTo({ Event: 'BridgeEnter' });
  hearing.clock.advance(1_000);
  await back;
  playback.finish();
  await caughtUp(hearing, 1);
  expect(hearing.ended.map((call) => [call.customer?.raw, call.answered, call.answeredBy])).toEqual([
    ['09033334444', true, '1004'],
  ]);
});

test('calls that died with the PBX are closed when it has started again', async () => {
  const hearing = await hearCalls();
  const playback = hearing.pbx.play(load('01-queue-answered'), { pace: 'byHand' });
  playback.advanceTo({ Event: 'AgentConnect' });
  await hearing.listener.act({ name: 'Ping' });
  const [away, back] = [hearing.becomes('unreachable'), hearing.becomes('listening')];
  hearing.pbx.faults.restart();
  await away;
  hearing.clock.advance(1_000);
  await back;
  await caughtUp(hearing, 1);
  expect(hearing.ended).toHaveLength(1);
  expect(liveCalls(hearing.tracker)).toEqual([]);
});
