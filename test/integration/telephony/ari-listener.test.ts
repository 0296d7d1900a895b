import { amiDefaults } from '../../../src/telephony/ami/ami-client.ts';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import { type AriSettings, AriUnreachable, ariDefaults } from '../../../src/telephony/ari/ari-client.ts';
import { createOwnAriClient } from '../../../src/telephony/ari/own-ari-client.ts';
import { createPackagedAriClient } from '../../../src/telephony/ari/packaged-ari-client.ts';
import type { PbxEars, PbxListenerOptions } from '../../../src/telephony/pbx-listener.ts';
import { hubUser, startTestPbx } from '../../support/ami-connection.ts';
import { type Listening, prepareEars } from '../../support/ami-listening.ts';
import { type AriPeer, type AriPeerOptions, ariUser, startAriPeer } from '../../support/ari-peer.ts';
import { createReleases } from '../../support/releases.ts';

const ariClients = [
  ['our own client', createOwnAriClient],
  ['ari-client', createPackagedAriClient],
] as const;

const release = createReleases();

async function startPeer(options: AriPeerOptions = {}): Promise<AriPeer> {
  const peer = await startAriPeer(options);
  release(peer.close);
  return peer;
}

function prepare(ears: PbxEars, options: Partial<PbxListenerOptions> = {}): Listening {
  const listening = prepareEars(ears, options);
  release(async () => {
    const stopped = listening.listener.stop();
    listening.clock.advance(5_000);
    await stopped;
  });
  return listening;
}

type AriEar = NonNullable<PbxEars['ari']>;

function byAri(peer: AriPeer, clientFactory = createOwnAriClient, more: Partial<AriSettings> = {}): AriEar {
  return { clientFactory, settings: { ...ariDefaults, ...ariUser, url: peer.url, app: 'toritsugi', ...more } };
}

async function listenTo(ari: AriEar, options: Partial<PbxListenerOptions> = {}): Promise<Listening> {
  const listening = prepare({ ami: null, ari }, options);
  const ready = listening.becomes('listening');
  listening.listener.start();
  await ready;
  return listening;
}

const channel = {
  id: '1795377385.0',
  name: 'PJSIP/trunk-in-00000000',
  state: 'Ring',
  caller: { name: '', number: '0312345678' },
};
const created = { type: 'ChannelCreated', channel };
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe.each(ariClients)('listening by ARI with %s', (_, clientFactory) => {
  test('begins with what there is, and goes on with what comes', async () => {
    const peer = await startPeer();
    const { listener, states, events, hears, lines } = await listenTo(byAri(peer, clientFactory));
    peer.tell(created);
    await hears('channelCreated');
    expect(events.map(({ type }) => type)).toEqual(['pbxBooted', 'snapshotTaken', 'channelCreated']);
    expect(states.map(({ ear, state }) => [ear, state])).toEqual([
      ['ari', 'connecting'],
      ['ari', 'listening'],
    ]);
    expect(listener.states[0]).toMatchObject({ pbx: 'main', ear: 'ari', detail: `Listening to ${peer.url}.`, remedy: null });
    expect(lines.filter(({ level }) => level !== 'debug')).toHaveLength(1);
  });

  test('what happens while the lists come in is told after them', async () => {
    let letGo: () => void = () => {};
    const peer: AriPeer = await startPeer({
      answer: ({ path }) => {
        if (path !== '/bridges') return null;
        peer.tell(created);
        setImmediate(() => letGo());
        return { status: 200, body: [] };
      },
    });
    const heldBack = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { events, hears } = await listenTo(byAri(peer, clientFactory));
    await heldBack;
    await hears('channelCreated');
    expect(events.map(({ type }) => type)).toEqual(['pbxBooted', 'snapshotTaken', 'channelCreated']);
  });

  test('a wrong password is knocked with slowly, and never shown', async () => {
    const peer = await startPeer();
    const listening = prepare({ ami: null, ari: byAri(peer, clientFactory, { password: 'a wrong secret' }) });
    const refused = listening.becomes('refused');
    listening.listener.start();
    expect(await refused).toMatchObject({
      detail: expect.stringContaining('refused the log-in of "hub"'),
      remedy: expect.stringContaining('ari.conf'),
    });
    expect(listening.clock.waiting()[0]).toBeGreaterThanOrEqual(7_500);
    expect(JSON.stringify([listening.lines, listening.states])).not.toContain('a wrong secret');
  });

  test('another hub with the same application name is told of, and not fought with', async () => {
    const peer = await startPeer();
    const { becomes, clock, lines } = await listenTo(byAri(peer, clientFactory));
    const refused = becomes('refused');
    peer.tell({ type: 'ApplicationReplaced', application: 'toritsugi' });
    expect((await refused).remedy).toMatch(/application name of its own/);
    expect(clock.waiting()[0]).toBeGreaterThanOrEqual(7_500);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  test('an event socket that fell silent is noticed, and opened anew', async () => {
    const peer = await startPeer();
    const { becomes, clock, events, hears } = await listenTo(byAri(peer, clientFactory));
    const away = becomes('unreachable');
    peer.stall(true);
    clock.advance(15_000);
    clock.advance(10_000);
    expect((await away).detail).toMatch(/No answer .* ping/);
    const listens = becomes('listening');
    peer.stall(false);
    clock.advance(1_000);
    await listens;
    await hears('snapshotTaken', () => events.filter(({ type }) => type === 'snapshotTaken').length === 2);
  });

  test('keeps asking a quiet PBX and stays', async () => {
    const peer = await startPeer();
    const { clock, listener } = await listenTo(byAri(peer, clientFactory));
    for (let ping = 1; ping <= 3; ping += 1) {
      clock.advance(15_000);
      while (clock.waiting()[0] !== 15_000) await turn();
    }
    expect(listener.states[0]?.state).toBe('listening');
  });

  test('lists that are none, garbage and events of no sense cost the connection at most', async () => {
    let isSane = false;
    const peer = await startPeer({
      answer: ({ path }) => (isSane || path !== '/channels' ? null : { status: 200, body: { strange: true } }),
    });
    const listening = prepare({ ami: null, ari: byAri(peer, clientFactory) });
    const away = listening.becomes('unreachable');
    listening.listener.start();
    expect((await away).detail).toMatch(/GET \/channels was answered with what is no list/);
    isSane = true;
    const listens = listening.becomes('listening');
    listening.clock.advance(1_000);
    await listens;
    for (const event of [null, 7, [], { type: 'ChannelCreated' }, { type: 'Unheard' }, { type: 'Dial', peer: 1 }])
      peer.tell(event);
    peer.tellText('{"type":');
    peer.tell(created);
    await listening.hears('channelCreated');
    expect(listening.lines.filter(({ level }) => level === 'error')).toEqual([]);
    const lost = listening.becomes('unreachable');
    peer.garbage('\xff\xff\xff\xff');
    await lost;
  });

  test('asks for whatever is wanted while connected, and says why not otherwise', async () => {
    const peer = await startPeer();
    const { listener } = prepare({ ami: null, ari: byAri(peer, clientFactory) });
    await expect(listener.request({ method: 'GET', path: '/channels' })).rejects.toThrow(/main is not connected by ARI/);
    await expect(listener.act({ name: 'Ping' })).rejects.toThrow(/not connected by AMI/);
    const listening = await listenTo(byAri(peer, clientFactory));
    expect(await listening.listener.request({ method: 'GET', path: '/channels' })).toEqual({ status: 200, body: [] });
  });

  test('hands every event on to those who have business of their own with it', async () => {
    const peer = await startPeer();
    const raw: unknown[] = [];
    const { hears } = await listenTo({ ...byAri(peer, clientFactory), onAriEvent: (event) => void raw.push(event) });
    const start = { type: 'StasisStart', application: 'toritsugi', args: ['route'], channel };
    peer.tell(start);
    peer.tell(created);
    await hears('channelCreated');
    expect(raw).toEqual([start, created]);
  });

  test('goes on when one of those cannot take it', async () => {
    const peer = await startPeer();
    const onAriEvent = () => {
      throw new Error('a fault of ours');
    };
    const { hears, lines, listener } = await listenTo({ ...byAri(peer, clientFactory), onAriEvent });
    peer.tell(created);
    await hears('channelCreated');
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(listener.states[0]?.state).toBe('listening');
  });

  test('stopping ends it for good', async () => {
    const peer = await startPeer();
    const { listener, clock, states } = await listenTo(byAri(peer, clientFactory));
    const stopped = listener.stop();
    clock.advance(5_000);
    await Promise.all([stopped, listener.stop()]);
    peer.cut();
    clock.advance(120_000);
    expect(clock.waiting()).toEqual([]);
    await peer.hasListeners(0);
    expect(states.at(-1)).toMatchObject({ state: 'stopped', remedy: null });
  });

  test('fifty lost connections leave nothing behind', async () => {
    const peer = await startPeer();
    const listening = await listenTo(byAri(peer, clientFactory));
    async function loseAndReturn(): Promise<void> {
      const [away, back] = [listening.becomes('unreachable'), listening.becomes('listening')];
      peer.cut();
      await away;
      listening.clock.advance(listening.clock.waiting()[0] ?? 0);
      await back;
    }
    const held = () =>
      process
        .getActiveResourcesInfo()
        .filter((kind) => kind !== 'Immediate' && kind !== 'Timeout')
        .sort()
        .join();
    const listenersOf = () =>
      process
        .eventNames()
        .map((name) => `${String(name)} ${process.listenerCount(name)}`)
        .join();
    for (let turns = 0; turns < 3; turns += 1) await loseAndReturn();
    const before = [await settled(held), listenersOf(), listening.clock.waiting().length];
    for (let turns = 0; turns < 50; turns += 1) await loseAndReturn();
    expect([await settled(held), listenersOf(), listening.clock.waiting().length]).toEqual(before);
    expect(peer.listeners()).toBe(1);
    expect(listening.events.filter(({ type }) => type === 'snapshotTaken')).toHaveLength(54);
  }, 60_000);
});

/** What is being closed may take some turns; the same answer many times in a row is the last one. */
async function settled(ask: () => string): Promise<string> {
  let answer = ask();
  for (let same = 0; same < 200; same += 1) {
    await turn();
    const next = ask();
    if (next !== answer) same = 0;
    answer = next;
  }
  return answer;
}

describe('a PBX with two ears', () => {
  test('is first heard by AMI, and by ARI when the snapshot is taken', async () => {
    const [pbx, peer] = [await startTestPbx(), await startPeer()];
    release(pbx.close);
    const ami = {
      clientFactory: createOwnAmiClient,
      settings: { ...amiDefaults, host: '127.0.0.1', port: pbx.port, username: hubUser.name, secret: hubUser.secret },
    };
    const { listener, states, events, becomes } = prepare({ ami, ari: byAri(peer) });
    const amiListens = becomes('listening');
    listener.start();
    expect((await amiListens).ear).toBe('ami');
    await becomes('listening');
    expect(states.map(({ ear, state }) => `${ear} ${state}`)).toEqual([
      'ami connecting',
      'ami listening',
      'ari connecting',
      'ari listening',
    ]);
    expect(events.filter(({ type }) => type === 'snapshotTaken')).toHaveLength(1);
    expect((await listener.act({ name: 'Ping' })).ok).toBe(true);
    expect((await listener.request({ method: 'GET', path: '/bridges' })).status).toBe(200);
  });

  test('is heard by ARI when it cannot be heard by AMI, and the other way round', async () => {
    const [pbx, peer] = [await startTestPbx(), await startPeer()];
    release(pbx.close);
    await pbx.faults.accept(false);
    const ami = {
      clientFactory: createOwnAmiClient,
      settings: { ...amiDefaults, host: '127.0.0.1', port: pbx.port, username: hubUser.name, secret: hubUser.secret },
    };
    const { listener, events, becomes, clock, hears } = prepare({ ami, ari: byAri(peer) });
    const ariListens = becomes('listening');
    listener.start();
    expect((await ariListens).ear).toBe('ari');
    await hears('snapshotTaken');
    await pbx.faults.accept(true);
    const amiListens = becomes('listening');
    clock.advance(1_000);
    expect((await amiListens).ear).toBe('ami');
    const away = becomes('unreachable');
    peer.cut();
    await away;
    expect(listener.states.map(({ ear, state }) => `${ear} ${state}`)).toEqual(['ami listening', 'ari unreachable']);
    await expect(listener.request({ method: 'GET', path: '/bridges' })).rejects.toThrow(AriUnreachable);
    expect(events.filter(({ type }) => type === 'connectionLost')).toEqual([]);
  });
});
