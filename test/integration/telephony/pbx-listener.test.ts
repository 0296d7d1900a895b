import path from 'node:path';
import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import type { SandboxAsterisk } from '../../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import { createAsteriskManagerAmiClient } from '../../../src/telephony/ami/asterisk-manager-ami-client.ts';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import type { TelephonyEvent } from '../../../src/telephony/telephony-event.ts';
import { hubUser, startTestPbx } from '../../support/ami-connection.ts';
import { type Listening, type ListeningOptions, prepareListener } from '../../support/ami-listening.ts';
import { startAmiPeer } from '../../support/ami-peer.ts';
import { createReleases } from '../../support/releases.ts';

const recordings = path.resolve(__dirname, '../../../infra/sandbox/asterisk/recordings');
const ringGroup = loadRecording(path.join(recordings, '04-ring-group.ami.gz'));
const queueAnswered = loadRecording(path.join(recordings, '01-queue-answered.ami.gz'));

const release = createReleases();

async function startPbx(options: Parameters<typeof startTestPbx>[0] = {}): Promise<SandboxAsterisk> {
  const pbx = await startTestPbx(options);
  release(pbx.close);
  return pbx;
}

function prepare(pbx: { readonly port: number }, options: ListeningOptions = {}): Listening {
  const listening = prepareListener(pbx, options);
  release(async () => {
    const stopped = listening.listener.stop();
    listening.clock.advance(5_000);
    await stopped;
  });
  return listening;
}

async function listenTo(pbx: SandboxAsterisk, options: ListeningOptions = {}): Promise<Listening> {
  const listening = prepare(pbx, options);
  const ready = listening.becomes('listening');
  listening.listener.start();
  await ready;
  return listening;
}

const snapshots = (events: readonly TelephonyEvent[]) => events.flatMap((event) => (event.type === 'snapshotTaken' ? event : []));

describe('listening', () => {
  test.each([
    ['our own client', createOwnAmiClient],
    ['asterisk-manager', createAsteriskManagerAmiClient],
  ])('hears a whole call in order with %s', async (_, clientFactory) => {
    const pbx = await startPbx();
    const { hears, events } = await listenTo(pbx, { clientFactory });
    pbx.play(ringGroup, { pace: 'byHand' }).finish();
    await hears('channelHungUp', (event) => event.type === 'channelHungUp' && event.cause === 16);
    const types = events.map(({ type }) => type);
    expect(types.indexOf('snapshotTaken')).toBeLessThan(types.indexOf('channelCreated'));
    expect(types.indexOf('channelCreated')).toBeLessThan(types.indexOf('dialBegun'));
    expect(types.indexOf('dialBegun')).toBeLessThan(types.indexOf('bridgeEntered'));
  });

  test('says that it listens, in words and without a remedy', async () => {
    const pbx = await startPbx();
    const { listener, states, lines } = await listenTo(pbx);
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'listening']);
    expect(listener.states[0]).toMatchObject({ pbx: 'main', detail: `Listening to 127.0.0.1:${pbx.port}.`, remedy: null });
    expect(lines.filter(({ level }) => level !== 'debug')).toHaveLength(1);
  });

  test('begins with what is going on already', async () => {
    const pbx = await startPbx();
    const playback = pbx.play(queueAnswered, { pace: 'byHand' });
    playback.advanceTo({ Event: 'BridgeEnter' });
    playback.advanceTo({ Event: 'BridgeEnter' });
    const { hears } = await listenTo(pbx);
    const snapshot = await hears('snapshotTaken');
    const customer = playback.freshOf('1795377385.0');
    const channels = snapshot.type === 'snapshotTaken' ? snapshot.channels : [];
    expect(channels.find(({ channel }) => channel.id === customer)).toMatchObject({
      queue: 'sales',
      bridgeId: playback.freshOf('f45f907b-6526-4f7d-8331-727860f7a230'),
    });
    await expect(hears('didLearned')).resolves.toMatchObject({ channelId: customer, number: '0312345679' });
  });

  test('sends actions while connected, and says why not otherwise', async () => {
    const pbx = await startPbx();
    const { listener } = prepare(pbx);
    await expect(listener.act({ name: 'Ping' })).rejects.toThrow(/not connected/);
    const listening = await listenTo(pbx);
    expect((await listening.listener.act({ name: 'Ping' })).ok).toBe(true);
  });

  test('goes on when an event cannot be worked off', async () => {
    const pbx = await startPbx();
    let thrown = 0;
    const listening = await listenTo(pbx, {
      onEvent: () => {
        thrown += 1;
        throw new Error('a fault of ours');
      },
    });
    const before = thrown;
    pbx.play(ringGroup, { pace: 'byHand' }).finish();
    await listening.listener.act({ name: 'Ping' });
    await listening.listener.stop();
    expect(thrown).toBeGreaterThan(before + 5);
    expect(listening.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(listening.states.at(-1)?.state).toBe('stopped');
  });
});

describe('coming back', () => {
  test('after a cut connection it returns within a second and takes a snapshot again', async () => {
    const pbx = await startPbx();
    const { becomes, events, clock, hears } = await listenTo(pbx);
    const [away, back] = [becomes('unreachable'), becomes('listening')];
    pbx.faults.cut();
    expect((await away).detail).toMatch(/closed the connection/);
    expect(clock.waiting()[0]).toBeLessThan(1_000);
    clock.advance(1_000);
    await back;
    await hears('snapshotTaken', () => snapshots(events).length === 2);
    const types = events.map(({ type }) => type);
    expect(types.indexOf('connectionLost')).toBeGreaterThan(types.indexOf('snapshotTaken'));
    expect(types.indexOf('connectionLost')).toBeLessThan(types.lastIndexOf('snapshotTaken'));
  });

  test('the snapshot after a gap shows who hung up meanwhile', async () => {
    const pbx = await startPbx();
    const { becomes, events, clock, hears } = await listenTo(pbx);
    const playback = pbx.play(ringGroup, { pace: 'byHand' });
    playback.advanceTo({ Event: 'BridgeEnter' });
    await hears('bridgeEntered');
    const [away, back] = [becomes('unreachable'), becomes('listening')];
    pbx.faults.cut();
    await away;
    playback.finish();
    clock.advance(1_000);
    await back;
    await hears('snapshotTaken', () => snapshots(events).length === 2);
    expect(snapshots(events).at(-1)?.channels).toEqual([]);
    expect(events.some((event) => event.type === 'channelHungUp' && event.channelId === playback.freshOf('1795377411.27'))).toBe(
      false,
    );
  });

  test('notices a PBX that fell silent without hanging up', async () => {
    const pbx = await startPbx();
    const { becomes, clock } = await listenTo(pbx);
    const away = becomes('unreachable');
    pbx.faults.stall(true);
    clock.advance(15_000);
    clock.advance(10_000);
    expect((await away).detail).toMatch(/No answer to the AMI action Ping/);
    const back = becomes('listening');
    pbx.faults.stall(false);
    clock.advance(1_000);
    await back;
  });

  test('keeps asking a quiet PBX and stays', async () => {
    const pbx = await startPbx();
    const { clock, listener } = await listenTo(pbx);
    const pings = () => pbx.actions().filter((action) => action.name === 'Ping').length;
    for (let turn = 1; turn <= 3; turn += 1) {
      clock.advance(15_000);
      await listener.act({ name: 'CoreSettings' });
      expect(pings()).toBe(turn);
    }
    expect(listener.states[0]?.state).toBe('listening');
  });

  test('waits longer each time, up to half a minute, for ever, and writes one warning', async () => {
    const pbx = await startPbx();
    await pbx.faults.accept(false);
    const { listener, clock, lines, states, becomes } = prepare(pbx);
    const away = becomes('unreachable');
    listener.start();
    expect((await away).remedy).toMatch(/Check host and port/);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const [wait = 0] = clock.waiting();
      waits.push(wait);
      clock.advance(wait);
      // The refusal comes from the network: a connection of our own to the same closed port has ours behind it.
      await nextTry(() => clock.waiting().length === 1 && clock.waiting()[0] !== 10_000);
    }
    expect(waits[0]).toBeLessThan(1_000);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeLessThanOrEqual(30_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(15_000);
    expect(lines.filter(({ level }) => level !== 'debug')).toHaveLength(1);
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'unreachable']);
    const back = becomes('listening');
    await pbx.faults.accept(true);
    clock.advance(30_000);
    await back;
    expect(lines.filter(({ level }) => level !== 'debug').map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  test('knocks slowly where it is refused, and comes in when the secret is right', async () => {
    const pbx = await startPbx();
    pbx.faults.refuseLogins(true);
    const { listener, clock, becomes, lines } = prepare(pbx);
    const refused = becomes('refused');
    listener.start();
    expect(await refused).toMatchObject({
      detail: expect.stringContaining('refused the log-in of "hub"'),
      remedy: expect.stringContaining('manager.conf'),
    });
    expect(clock.waiting()[0]).toBeGreaterThanOrEqual(7_500);
    expect(JSON.stringify(lines)).not.toContain(hubUser.secret);
    const back = becomes('listening');
    pbx.faults.refuseLogins(false);
    clock.advance(15_000);
    await back;
  });

  test('a restarted PBX is told with the time of its start', async () => {
    const clock = Date.UTC(2026, 10, 24);
    const pbx = await startPbx({ now: () => clock });
    const listening = await listenTo(pbx);
    const back = listening.becomes('unreachable');
    pbx.faults.restart();
    await back;
    const listens = listening.becomes('listening');
    listening.clock.advance(1_000);
    await listens;
    await listening.hears('pbxBooted', () => listening.events.filter(({ type }) => type === 'pbxBooted').length === 2);
  });

  test('a PBX that is still starting is looked at again when it has booted', async () => {
    const pbx = await startPbx();
    const { clock, events, hears } = await listenTo(pbx);
    await hears('snapshotTaken');
    clock.advance(2_000);
    pbx.tell([
      ['Event', 'FullyBooted'],
      ['Privilege', 'system,all'],
      ['Uptime', '1'],
      ['LastReload', '1'],
    ]);
    await hears('snapshotTaken', () => snapshots(events).length === 2);
  });
});

describe('what a peer can do to it', () => {
  test('a user without the right to list channels is listened with, and the admin is told what lacks', async () => {
    const pbx = await startPbx({ users: [{ ...hubUser, write: [] }] });
    const { listener, lines } = await listenTo(pbx);
    expect(listener.states[0]).toMatchObject({
      detail: expect.stringContaining('may not do CoreShowChannels'),
      remedy: expect.stringContaining('manager.conf'),
    });
    expect(lines.map(({ level }) => level)).toContain('warn');
  });

  test('garbage in the stream costs the connection at most, never the hub', async () => {
    const pbx = await startPbx();
    const { becomes, clock } = await listenTo(pbx);
    const [away, back] = [becomes('unreachable'), becomes('listening')];
    pbx.faults.garbage(`${'x'.repeat(200_000)}\r\n`);
    expect((await away).detail).toMatch(/line longer than/);
    clock.advance(1_000);
    await back;
  });

  test('an HTTP server at the port is named as what it is not', async () => {
    const peer = await startAmiPeer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    release(peer.close);
    const { listener, becomes } = prepare(peer);
    const away = becomes('unreachable');
    listener.start();
    expect((await away).detail).toMatch(/does not speak AMI/);
  });

  test('more than the queue holds costs the connection, and the next snapshot sets it right', async () => {
    const pbx = await startPbx();
    const { becomes, clock, hears, events } = await listenTo(pbx, { queueLimit: 50 });
    const [away, back] = [becomes('unreachable'), becomes('listening')];
    pbx.play(queueAnswered, { pace: 'byHand' }).finish();
    expect((await away).detail).toMatch(/faster than its events can be worked off/);
    clock.advance(1_000);
    await back;
    await hears('snapshotTaken', () => snapshots(events).length === 2);
  });

  test('stopping ends it for good', async () => {
    const pbx = await startPbx();
    const { listener, clock, states } = await listenTo(pbx);
    await listener.stop();
    await listener.stop();
    pbx.faults.cut();
    clock.advance(120_000);
    expect(clock.waiting()).toEqual([]);
    expect(pbx.listeners()).toBe(0);
    expect(states.at(-1)).toMatchObject({ state: 'stopped', remedy: null });
  });

  test('never shows the secret in a state or a line of the log', async () => {
    const pbx = await startPbx();
    const listening = prepare(pbx, {
      settings: { secret: 'a wrong secret' },
    });
    const refused = listening.becomes('refused');
    listening.listener.start();
    await refused;
    expect(JSON.stringify([listening.lines, listening.states])).not.toContain('a wrong secret');
  });
});

/** Turns of the event loop until it is so. */
async function nextTry(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
