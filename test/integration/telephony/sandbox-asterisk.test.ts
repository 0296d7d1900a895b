import path from 'node:path';
import { headerOf } from '../../../infra/sandbox/asterisk/ami-packet-text.ts';
import { callsOf, selectCalls } from '../../../infra/sandbox/asterisk/recorded-calls.ts';
import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import type { SandboxAsterisk } from '../../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import { createHandClock } from '../../support/ami-clock.ts';
import { type AmiConnection, named, openAmiConnection, startTestPbx } from '../../support/ami-connection.ts';
import { startAmiPeer } from '../../support/ami-peer.ts';
import { createReleases } from '../../support/releases.ts';

const recordings = path.resolve(__dirname, '../../../infra/sandbox/asterisk/recordings');
const load = (name: string) => loadRecording(path.join(recordings, `${name}.ami.gz`));
const queueAnswered = load('01-queue-answered');
const blindTransfer = load('12-blind-transfer');

const release = createReleases();

async function startPbx(options: Parameters<typeof startTestPbx>[0] = {}): Promise<SandboxAsterisk> {
  const pbx = await startTestPbx(options);
  release(pbx.close);
  return pbx;
}

async function logIn(pbx: SandboxAsterisk): Promise<AmiConnection> {
  const connection = openAmiConnection(createOwnAmiClient, { port: pbx.port });
  release(connection.client.close);
  await connection.client.connect();
  return connection;
}

const channels = async ({ client }: AmiConnection) => (await client.act({ name: 'CoreShowChannels' })).events;

describe('playing', () => {
  test('two copies of one recording share no channel, bridge or recording file', async () => {
    const pbx = await startPbx();
    const connection = await logIn(pbx);
    const [one, two] = [0, 1].map(() => pbx.play(queueAnswered, { pace: 'byHand' }));
    one?.advanceTo({ Event: 'BridgeEnter' });
    two?.finish();
    one?.finish();
    await connection.client.act({ name: 'Ping' });
    const hangups = connection.messages.filter(named('Hangup')).map((message) => message.get('Uniqueid'));
    expect(hangups).toHaveLength(20);
    expect(new Set(hangups).size).toBe(20);
    const names = connection.messages.filter(named('Newchannel')).map((message) => message.get('Channel'));
    expect(new Set(names).size).toBe(20);
    const bridges = connection.messages.filter(named('BridgeCreate')).map((message) => message.get('BridgeUniqueid'));
    expect(new Set(bridges).size).toBe(4);
    const files = connection.messages.filter(named('Cdr')).map((message) => message.get('RecordingFile'));
    expect(new Set(files).size).toBe(4);
  });

  test('nothing recorded of an id is left anywhere in a copy', async () => {
    const pbx = await startPbx();
    const connection = await logIn(pbx);
    pbx.play(blindTransfer, { pace: 'byHand' }).finish();
    await connection.client.act({ name: 'Ping' });
    const text = JSON.stringify(connection.messages.map((message) => [...message.entries()]));
    const recordedIds = new Set(blindTransfer.packets.flatMap(({ text: packet }) => headerOf(packet, 'Uniqueid') ?? []));
    expect(recordedIds.size).toBeGreaterThan(10);
    for (const id of recordedIds) expect(text).not.toContain(`"${id}"`);
    expect(text).not.toContain('2026-11-23 04:5');
  });

  test('a copy can have another caller, wherever the number stands', async () => {
    const pbx = await startPbx();
    const connection = await logIn(pbx);
    const [first] = callsOf(queueAnswered);
    if (first === undefined) throw new Error('the recording has no call');
    pbx.play(queueAnswered, { pace: 'byHand', calls: [first.id], numbers: { [first.callerNumber]: '0667890123' } }).finish();
    await connection.client.act({ name: 'Ping' });
    const text = JSON.stringify(connection.messages.map((message) => [...message.entries()]));
    expect(text).not.toContain(first.callerNumber);
    expect(connection.messages.find(named('Newchannel'))?.get('CallerIDNum')).toBe('0667890123');
  });

  test('single calls can be chosen, and end as they began: with nothing left over', async () => {
    expect(callsOf(blindTransfer).map((call) => call.callerNumber)).toEqual(['09077778888', '09077779999', '09077770000']);
    const pbx = await startPbx();
    const connection = await logIn(pbx);
    for (const call of callsOf(blindTransfer)) pbx.play(blindTransfer, { pace: 'byHand', calls: [call.id] }).finish();
    expect(await channels(connection)).toEqual([]);
    expect(() => selectCalls(blindTransfer, ['1.1'])).toThrow(/has no call 1\.1/);
  });

  test('by the clock it keeps the recorded pace, with long silences cut short', async () => {
    const clock = createHandClock();
    const pbx = await startPbx({ now: clock.now, after: clock.after });
    const playback = pbx.play(queueAnswered, { pace: { speed: 2, maxGapMs: 2_000 } });
    const length = (queueAnswered.packets.at(-1)?.at ?? 0) - (queueAnswered.packets[0]?.at ?? 0);
    expect(playback.ended).toBe(false);
    expect(clock.waiting()[0]).toBeLessThanOrEqual(1_000);
    clock.advance(500);
    expect(playback.ended).toBe(false);
    clock.advance(length / 2);
    expect(playback.ended).toBe(true);
  });

  test('by hand it goes on by recorded time or to what is wanted, and says when that does not come', async () => {
    const pbx = await startPbx();
    const connection = await logIn(pbx);
    const playback = pbx.play(queueAnswered, { pace: 'byHand' });
    playback.advanceTo({ Event: 'QueueCallerJoin' });
    playback.advanceMs(2_000);
    await connection.client.act({ name: 'Ping' });
    expect(connection.messages.filter(named('AgentCalled'))).toHaveLength(4);
    expect(connection.messages.filter(named('AgentConnect'))).toHaveLength(0);
    expect(() => playback.advanceTo({ Event: 'ParkedCall' })).toThrow(/no further packet/);
    playback.finish();
    expect(() => playback.advanceTo({ Event: 'Newchannel' })).toThrow(/no further packet/);
  });
});

describe('its lists are true of what is played', () => {
  test('channels, bridges and who is in them', async () => {
    const pbx = await startPbx();
    const connection = await logIn(pbx);
    const playback = pbx.play(queueAnswered, { pace: 'byHand' });
    playback.advanceTo({ Event: 'BridgeEnter' });
    playback.advanceTo({ Event: 'BridgeEnter' });
    const talking = (await channels(connection)).filter((channel) => channel.get('BridgeId') !== '');
    const { events: bridges } = await connection.client.act({ name: 'BridgeList' });
    expect(talking).toHaveLength(2);
    expect(bridges).toHaveLength(1);
    expect(talking.map((channel) => channel.get('BridgeId'))).toEqual([0, 1].map(() => bridges[0]?.get('BridgeUniqueid')));
    const info = await connection.client.act({
      name: 'BridgeInfo',
      headers: [['BridgeUniqueid', bridges[0]?.get('BridgeUniqueid') ?? '']],
    });
    expect(new Set(info.events.map((event) => event.get('Uniqueid')))).toEqual(
      new Set(talking.map((event) => event.get('Uniqueid'))),
    );
    expect((await connection.client.act({ name: 'BridgeInfo', headers: [['BridgeUniqueid', 'gone']] })).text).toBe(
      'Specified BridgeUniqueid not found',
    );
  });

  test('who waits in which queue, and how it went', async () => {
    const pbx = await startPbx();
    const connection = await logIn(pbx);
    const playback = pbx.play(queueAnswered, { pace: 'byHand' });
    playback.advanceTo({ Event: 'AgentCalled' });
    const sales = async () => (await connection.client.act({ name: 'QueueStatus', headers: [['Queue', 'sales']] })).events;
    const waiting = await sales();
    expect(waiting.filter(named('QueueMember'))).toHaveLength(4);
    expect(waiting.find(named('QueueMember'))?.get('Name')).toBe('田中 洋子');
    expect(waiting.find(named('QueueEntry'))?.get('CallerIDNum')).toBe('09012345678');
    expect(waiting.find(named('QueueParams'))?.get('Calls')).toBe('1');
    playback.finish();
    const after = await sales();
    expect(after.filter(named('QueueEntry'))).toHaveLength(0);
    expect(after.find(named('QueueParams'))?.get('Completed')).toBe('2');
  });

  test('nothing of it is left after a restart', async () => {
    const pbx = await startPbx();
    const playback = pbx.play(queueAnswered, { pace: 'byHand' });
    playback.advanceTo({ Event: 'BridgeEnter' });
    pbx.faults.restart();
    expect(playback.ended).toBe(true);
    const connection = await logIn(pbx);
    expect(await channels(connection)).toEqual([]);
    pbx.play(queueAnswered, { pace: 'byHand' }).advanceTo({ Event: 'Newchannel' });
    expect((await channels(connection))[0]?.get('Channel')).toBe('PJSIP/trunk-in-00000000');
  });
});

describe('its manners are those of Asterisk', () => {
  test('a refused log-in is kept waiting for a second, answered and cut off', async () => {
    const clock = createHandClock();
    const pbx = await startTestPbx({ after: clock.after, refusalDelayMs: 1_000 });
    release(pbx.close);
    const connection = openAmiConnection(createOwnAmiClient, { port: pbx.port, secret: 'wrong' });
    const refused = expect(connection.client.connect()).rejects.toThrow(/Authentication failed/);
    while (clock.waiting().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.waiting()).toEqual([1_000]);
    clock.advance(1_000);
    await refused;
  });

  test('events go only to those who may read their class', async () => {
    const pbx = await startPbx({ users: [{ name: 'hub', secret: 'correct horse', read: ['call'], write: [] }] });
    const connection = await logIn(pbx);
    pbx.play(queueAnswered, { pace: 'byHand' }).finish();
    await connection.client.act({ name: 'Ping' });
    const privileges = new Set(connection.messages.flatMap((message) => message.get('Privilege') ?? []));
    expect(privileges).toEqual(new Set(['call,all']));
  });

  test('a line that is too long and a message that has too many are refused as Asterisk does', async () => {
    const pbx = await startPbx();
    let answer = '';
    const { default: net } = await import('node:net');
    const socket = net.connect(pbx.port, '127.0.0.1');
    const answered = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        answer += chunk.toString();
        if (answer.includes('Too many lines')) resolve();
      });
    });
    socket.write(`Action: Ping\r\nA: ${'x'.repeat(2_000)}\r\n\r\n${'B: c\r\n'.repeat(129)}\r\n`);
    await answered;
    socket.destroy();
    expect(answer).toContain('Message: Failed to parse message: line too long');
  });
});

test('the test peer hears what is sent to it', async () => {
  const peer = await startAmiPeer((socket) => socket.write('Asterisk Call Manager/11.0.0\r\n'));
  release(peer.close);
  const connection = openAmiConnection(createOwnAmiClient, { port: peer.port });
  const connecting = connection.client.connect().catch(() => undefined);
  expect(await peer.heard('\r\n\r\n')).toMatch(/^Action: Challenge\r\nActionID: [0-9a-f-]{36}\r\nAuthType: MD5\r\n\r\n$/);
  await connection.client.close();
  await connecting;
});
