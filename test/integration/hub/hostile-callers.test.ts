/** A caller id is whatever a stranger's telephone exchange sends. */
import path from 'node:path';
import { asPacketBytes } from '../../../infra/sandbox/asterisk/ami-packet-text.ts';
import { callsOf, selectCalls } from '../../../infra/sandbox/asterisk/recorded-calls.ts';
import { loadRecording, type Recording } from '../../../infra/sandbox/asterisk/recording.ts';
import { Operator, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(30_000);

let world: SandboxWorld;
let hub: RunningHub;
let operator: Operator;

beforeAll(async () => {
  world = await startSandboxWorld();
  hub = await startHubHere(world.environment);
  await untilListening(hub.url);
  operator = await Operator.signIn(hub.url, '1002');
  operator.watch();
});

afterAll(async () => {
  operator.leave();
  await hub.stop();
  await world.close();
});

/** The first call of a recording, with this in place of the caller's number, and as the caller's name too. */
function recordingFrom(callerId: string): { readonly recording: Recording; readonly firstChannel: string } {
  const whole = loadRecording(path.resolve('infra/sandbox/asterisk/recordings/01-queue-answered.ami.gz'));
  const [call] = callsOf(whole);
  if (call === undefined) throw new Error('the recording is empty');
  const { name, packets } = selectCalls(whole, [call.id]);
  const bytes = asPacketBytes(callerId);
  const spoilt = packets.map(({ at, text }) => ({
    at,
    text: text
      .replaceAll(`CallerIDNum: ${call.callerNumber}\r\n`, `CallerIDNum: ${bytes}\r\n`)
      .replaceAll(`ConnectedLineNum: ${call.callerNumber}\r\n`, `ConnectedLineNum: ${bytes}\r\n`)
      .replaceAll('CallerIDName: <unknown>\r\n', `CallerIDName: ${bytes}\r\n`),
  }));
  return { recording: { name, packets: spoilt }, firstChannel: call.id };
}

const WITHHELD = '非通知';

test.each<[string, string, { readonly shown: string; readonly withheld: boolean }]>([
  ['nothing', '', { shown: WITHHELD, withheld: true }],
  ['what Asterisk says when it knows nothing', '<unknown>', { shown: WITHHELD, withheld: true }],
  ['a withheld number', 'anonymous', { shown: WITHHELD, withheld: true }],
  ['a withheld number in Japanese', '非通知設定', { shown: WITHHELD, withheld: true }],
  ['200 digits', '9'.repeat(200), { shown: '9999', withheld: false }],
  ['200 letters', 'あ'.repeat(200), { shown: 'ああああ', withheld: false }],
  ['quotes', `O'Brien "the" \`boss\`; \\'`, { shown: `O'Brien`, withheld: false }],
  [
    'line breaks as Asterisk writes them',
    String.raw`0312\r\n\r\nEvent: Hangup\r\nUniqueid: 1`,
    { shown: '0312', withheld: false },
  ],
  ['SQL', `'; DROP TABLE calls; --`, { shown: 'DROP TABLE', withheld: false }],
  ['SOQL and a kintone query', `0') OR Name LIKE '%' or "電話番号" like "0`, { shown: 'OR Name', withheld: false }],
  ['HTML', `<img src=x onerror="alert(1)">`, { shown: '<img', withheld: false }],
  ['a template', '{{ notes }}{% raw %}', { shown: '{{ notes }}', withheld: false }],
  ['control characters', '\u0000\u0007\u001b[31m03\u202e12', { shown: '03', withheld: false }],
  ['broken UTF-16', '090\ud800\udfff\ud800', { shown: '090', withheld: false }],
])('a caller who sends %s rings, is logged once in both CRMs, and harms nothing', async (_, callerId, { shown, withheld }) => {
  const { recording, firstChannel } = recordingFrom(callerId);
  const playback = world.pbx.play(recording, { pace: 'byHand' });
  for (let phone = 0; phone < 4; phone += 1) playback.advanceTo({ Event: 'DialState', DialStatus: 'RINGING' });
  const callId = `main-${playback.freshOf(firstChannel)}`;
  const pop = await until('the phone rings', () => operator.seen(callId));
  expect(pop.customer).toMatchObject({ withheld });
  expect((pop.customer?.display ?? '').length).toBeLessThanOrEqual(64);
  playback.finish();
  await until('both CRMs have the call', async () => {
    const row = await operator.ledgerRow(callId);
    return row?.entries.length === 2 && row.entries.every(({ state }) => state === 'logged');
  });
  expect(world.tasksOf(callId)).toEqual([
    expect.objectContaining({ Subject: expect.stringContaining(shown), CallDisposition: '応答', CallType: 'Inbound' }),
  ]);
  expect(world.callRecordsOf(callId)).toEqual([
    expect.objectContaining({ 件名: expect.stringContaining(shown), 結果: '応答', 担当内線: '1002' }),
  ]);
  expect(await operator.call(callId)).toMatchObject({ customer: { withheld }, result: 'answered', answeredBy: '1002' });
  expect((await operator.ledger()).summary.owed).toBe(0);
});
