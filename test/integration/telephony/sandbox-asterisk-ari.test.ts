import path from 'node:path';
import { loadRecording } from '../../../infra/sandbox/asterisk/recording.ts';
import type { SandboxAsterisk } from '../../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import { createHandClock } from '../../support/ami-clock.ts';
import { startTestPbx } from '../../support/ami-connection.ts';
import { type AriListening, ariUser, askAri, listenToAri, ofType } from '../../support/ari-listening.ts';

const recordings = path.resolve(__dirname, '../../../infra/sandbox/asterisk/recordings');
const load = (name: string) => loadRecording(path.join(recordings, `${name}.ami.gz`));
const queueAnswered = load('01-queue-answered');

let releases: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of releases.reverse()) await release();
  releases = [];
});

async function startPbx(options: Parameters<typeof startTestPbx>[0] = {}): Promise<SandboxAsterisk> {
  const users = [ariUser, { name: 'reader', password: 'looks only', readOnly: true }];
  const pbx = await startTestPbx({ ari: { port: 0, users }, ...options });
  releases.push(pbx.close);
  return pbx;
}

async function listen(pbx: SandboxAsterisk, query?: string): Promise<AriListening> {
  const listening = await listenToAri(pbx.ariUrl, query);
  releases.push(listening.close);
  return listening;
}

const message = (text: string) => ({ message: text });

describe('who may ask', () => {
  test.each<[string, string, string | null, string, number, unknown]>([
    ['nobody', 'GET', null, '/channels', 401, message('Authentication required')],
    ['a wrong password', 'GET', 'hub:wrong', '/channels', 401, message('Authentication required')],
    [
      'a key beside a wrong password',
      'GET',
      'hub:wrong',
      '/channels?api_key=hub:correct%20horse',
      401,
      message('Authentication required'),
    ],
    ['a key alone', 'GET', null, '/channels?api_key=hub:correct%20horse', 200, []],
    ['one who only reads', 'GET', 'reader:looks only', '/channels', 200, []],
    ['one who only reads, writing', 'DELETE', 'reader:looks only', '/channels/1', 403, message('Write access denied')],
  ])('%s', async (_, method, as, where, status, body) => {
    const pbx = await startPbx();
    expect(await askAri(pbx.ariUrl, method, where, { as })).toEqual({ status, body });
  });
});

test.each<[string, string, number, unknown]>([
  ['GET', '/channels/gone', 404, message('Channel not found')],
  ['GET', '/bridges/gone', 404, message('Bridge not found')],
  ['GET', '/applications/gone', 404, message('Application not found')],
  ['GET', '/endpoints/PJSIP/gone', 404, message('Endpoint not found')],
  ['GET', '/endpoints/SIP', 404, message('No Endpoints found - invalid tech SIP')],
  ['GET', '/nothing', 404, message('Resource not found')],
  ['GET', '/channels/', 404, message('ARI URLs do not end with a slash. Try /ari/channels')],
  ['PATCH', '/channels', 405, message('Invalid method')],
  ['POST', '/applications/gone/subscription', 404, message('Application not found')],
])('%s %s is answered in the words of Asterisk', async (method, where, status, body) => {
  const pbx = await startPbx();
  expect(await askAri(pbx.ariUrl, method, where)).toEqual({ status, body });
});

test('a body that is no JSON, and one that is too long, are refused', async () => {
  const pbx = await startPbx();
  expect(await askAri(pbx.ariUrl, 'PUT', '/applications/x/eventFilter', { json: '{bad' })).toEqual({
    status: 400,
    body: message('Error parsing request body'),
  });
  expect((await askAri(pbx.ariUrl, 'PUT', '/applications/x/eventFilter', { json: { a: 'x'.repeat(5_000) } })).status).toBe(413);
});

describe('the event socket', () => {
  test.each([
    ['without an application', '', /400 .*missing param: \[app\]/s],
    ['with an application whose name is too long', `app=${'a'.repeat(257)}`, /500 .*Stasis app registration failed/s],
  ])('%s is refused', async (_, query, words) => {
    const pbx = await startPbx();
    await expect(listenToAri(pbx.ariUrl, query)).rejects.toThrow(words);
    expect(pbx.ariListeners()).toBe(0);
  });

  test('an application lives as long as its socket', async () => {
    const pbx = await startPbx();
    const listening = await listen(pbx, 'app=one,two');
    const names = async () => (await askAri(pbx.ariUrl, 'GET', '/applications')).body as { name: string }[];
    expect((await names()).map(({ name }) => name)).toEqual(['one', 'two']);
    listening.close();
    await listening.closed;
    while ((await names()).length > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test('a second listener takes an application over; the first is told so and stays open, deaf', async () => {
    const pbx = await startPbx();
    const first = await listen(pbx);
    const second = await listen(pbx);
    await first.until(ofType('ApplicationReplaced', { application: 'crm-hub' }));
    pbx.play(queueAnswered, { pace: 'byHand' }).finish();
    await second.until(ofType('ChannelDestroyed'));
    expect(first.events.map(({ type }) => type)).toEqual(['ApplicationReplaced']);
    expect(first.socket.readyState).toBe(first.socket.OPEN);
    first.close();
    await first.closed;
    expect((await askAri(pbx.ariUrl, 'GET', '/applications/crm-hub')).status).toBe(200);
  });

  test('without subscribeAll an application hears only what it has subscribed to', async () => {
    const pbx = await startPbx();
    const listening = await listen(pbx, 'app=quiet');
    const playback = pbx.play(queueAnswered, { pace: 'byHand' });
    playback.advanceTo({ Event: 'Newchannel' });
    playback.advanceMs(50);
    const [channel] = (await askAri(pbx.ariUrl, 'GET', '/channels')).body as { id: string }[];
    const subscribe = (source: string) =>
      askAri(pbx.ariUrl, 'POST', `/applications/quiet/subscription?eventSource=${encodeURIComponent(source)}`);
    expect(await subscribe('channel:gone')).toEqual({ status: 422, body: message('Event source does not exist') });
    expect(await subscribe('moon:full')).toEqual({ status: 400, body: message('Invalid event source URI scheme') });
    expect(await subscribe(`channel:${channel?.id}`)).toMatchObject({ status: 200, body: { channel_ids: [channel?.id] } });
    expect(listening.events).toEqual([]);
    playback.finish();
    await listening.until(ofType('ChannelDestroyed'));
    const heard = listening.events.filter(ofType('ChannelDestroyed')).map((event) => (event.channel as { id: string }).id);
    expect(heard).toEqual([channel?.id]);
  });

  test('an event filter keeps out what is not asked for', async () => {
    const pbx = await startPbx();
    const listening = await listen(pbx);
    const filter = (json: unknown) => askAri(pbx.ariUrl, 'PUT', '/applications/crm-hub/eventFilter', { json });
    expect(await filter({ allowed: [{ tipe: 'Dial' }] })).toEqual({ status: 400, body: message('Invalid format definition') });
    expect(await filter({ allowed: [{ type: 'Dial' }, { type: 'ChannelDestroyed' }] })).toMatchObject({
      status: 200,
      body: { events_allowed: [{ type: 'Dial' }, { type: 'ChannelDestroyed' }], events_disallowed: [] },
    });
    pbx.play(queueAnswered, { pace: 'byHand' }).finish();
    pbx.tellEvent({ type: 'Dial', dialstring: 'last' });
    await listening.until(ofType('Dial', { dialstring: 'last' }));
    expect(new Set(listening.events.map(({ type }) => type))).toEqual(new Set(['Dial', 'ChannelDestroyed']));
  });

  test('one that does not read is cut off', async () => {
    const pbx = await startPbx();
    const listening = await listen(pbx);
    listening.socket.pause();
    const flood = { type: 'ChannelUserevent', userevent: 'x'.repeat(1_000_000) };
    for (let sent = 0; sent < 20; sent += 1) pbx.tellEvent(flood);
    while (pbx.ariListeners() > 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await askAri(pbx.ariUrl, 'GET', '/applications/crm-hub')).status).toBe(404);
  });
});

describe('playing', () => {
  test('both ears hear the same calls by the same fresh ids, at the time of now', async () => {
    const now = Date.UTC(2030, 0, 31, 15, 0, 0);
    const pbx = await startPbx({ now: () => now });
    const listening = await listen(pbx);
    const playback = pbx.play(queueAnswered, { pace: 'byHand' });
    const created = Array.from({ length: 10 }, () => playback.advanceTo({ Event: 'Newchannel' }));
    playback.finish();
    const uniqueids = created.map((packet) => /Uniqueid: (\S+)/.exec(packet)?.[1]);
    await listening.until(
      (event) => ofType('ChannelDestroyed')(event) && (event.channel as { id: string }).id === uniqueids.at(-1),
    );
    const channels = listening.events.filter(ofType('ChannelCreated')).map((event) => event.channel as { id: string });
    expect(channels.map(({ id }) => id).sort()).toEqual([...uniqueids].sort());
    expect(channels).toHaveLength(10);
    const text = JSON.stringify(listening.events);
    expect(text).not.toMatch(/2026-11-2/);
    expect(text).not.toContain('1795377');
    expect(Math.abs(Date.parse(String(listening.events[0]?.timestamp)) - now)).toBeLessThan(100);
  });

  test('the lists are true of what is played', async () => {
    const pbx = await startPbx();
    const listening = await listen(pbx);
    const playback = pbx.play(queueAnswered, { pace: 'byHand' });
    playback.advanceToEvent({ type: 'ChannelEnteredBridge' });
    playback.advanceToEvent({ type: 'ChannelEnteredBridge' });
    const entered = await listening.until((event) => (event.bridge as { channels?: string[] })?.channels?.length === 2);
    const bridge = entered.bridge as { id: string; channels: string[] };
    const told = await askAri(pbx.ariUrl, 'GET', `/bridges/${bridge.id}`);
    expect(told.body).toEqual({ ...bridge, channels: expect.arrayContaining(bridge.channels), creationtime: expect.any(String) });
    const channel = entered.channel as { id: string };
    expect((await askAri(pbx.ariUrl, 'GET', `/channels/${channel.id}`)).body).toEqual({
      ...channel,
      creationtime: expect.any(String),
    });
    const endpoint = await askAri(pbx.ariUrl, 'GET', '/endpoints/PJSIP/1002');
    expect(endpoint.body).toMatchObject({ state: 'online', channel_ids: [expect.any(String)] });
    playback.finish();
    expect((await askAri(pbx.ariUrl, 'GET', '/channels')).body).toEqual([]);
    expect((await askAri(pbx.ariUrl, 'GET', '/bridges')).body).toEqual([]);
  });

  test('a restart closes the sockets and leaves no channel', async () => {
    const pbx = await startPbx();
    const listening = await listen(pbx);
    pbx.play(queueAnswered, { pace: 'byHand' }).advanceTo({ Event: 'BridgeEnter' });
    pbx.faults.restart();
    await listening.closed;
    expect((await askAri(pbx.ariUrl, 'GET', '/channels')).body).toEqual([]);
  });
});

test('the package ari-client connects, asks and listens', async () => {
  const pbx = await startPbx();
  const ari = jest.requireActual<AriPackage>('ari-client');
  const quiet = jest.spyOn(console, 'log').mockReturnValue(undefined);
  const client = await ari.connect(pbx.ariUrl ?? '', ariUser.name, ariUser.password);
  quiet.mockRestore();
  releases.push(() => client.stop());
  await client.start(['crm-hub'], true);
  const heard = new Promise<string>((resolve) => {
    client.on('ChannelCreated', (event) => resolve(event.channel.id));
  });
  const playback = pbx.play(queueAnswered, { pace: 'byHand' });
  playback.advanceToEvent({ type: 'ChannelCreated' });
  const [channel] = await client.channels.list();
  expect(channel?.id).toBe(await heard);
  await expect(client.channels.get({ channelId: 'gone' })).rejects.toThrow(/Channel not found/);
});

interface AriPackage {
  connect(url: string, user: string, password: string): Promise<PackageClient>;
}

interface PackageClient {
  start(apps: string[], subscribeAll: boolean): Promise<void>;
  stop(): void;
  on(type: string, hear: (event: { channel: { id: string } }) => void): void;
  readonly channels: {
    list(): Promise<{ id: string }[]>;
    get(options: { channelId: string }): Promise<unknown>;
  };
}

describe('faults', () => {
  test('half-open: nothing is sent, answered or acknowledged, and nobody hangs up', async () => {
    const pbx = await startPbx();
    const listening = await listen(pbx);
    pbx.faults.stall(true);
    const pong = jest.fn();
    listening.socket.on('pong', pong);
    listening.socket.ping();
    const answered = jest.fn();
    void askAri(pbx.ariUrl, 'GET', '/channels').then(answered, () => {});
    while (pbx.ariRequests().length === 0) await new Promise((resolve) => setImmediate(resolve));
    pbx.play(queueAnswered, { pace: 'byHand' }).finish();
    pbx.faults.stall(false);
    listening.socket.ping();
    await new Promise((resolve) => listening.socket.once('pong', resolve));
    expect(listening.events).toEqual([]);
    expect(pong).toHaveBeenCalledTimes(1);
    expect(answered).not.toHaveBeenCalled();
  });

  test('cut, refused and not there', async () => {
    const pbx = await startPbx();
    const listening = await listen(pbx);
    pbx.faults.cut();
    await listening.closed;
    pbx.faults.refuseLogins(true);
    await expect(listenToAri(pbx.ariUrl)).rejects.toThrow(/^401 .*Authentication required/);
    pbx.faults.refuseLogins(false);
    await pbx.faults.accept(false);
    await expect(askAri(pbx.ariUrl, 'GET', '/channels')).rejects.toThrow();
    await pbx.faults.accept(true);
    expect((await askAri(pbx.ariUrl, 'GET', '/channels')).status).toBe(200);
  });

  test('slow, and with garbage between the events', async () => {
    const clock = createHandClock();
    const pbx = await startPbx({ now: clock.now, after: clock.after });
    const heard: string[] = [];
    const { default: WebSocket } = await import('ws');
    const key = `api_key=${encodeURIComponent('hub:correct horse')}`;
    const socket = new WebSocket(`${pbx.ariUrl?.replace('http', 'ws')}/ari/events?app=raw&subscribeAll=true&${key}`);
    releases.push(() => socket.terminate());
    await new Promise((resolve) => socket.once('open', resolve));
    socket.on('message', (text) => heard.push(String(text)));
    pbx.faults.slowAri(200);
    pbx.tellEvent({ type: 'ChannelUserevent', eventname: 'late' });
    pbx.faults.garbageEvent('{"type":');
    const asked = askAri(pbx.ariUrl, 'GET', '/channels');
    while (clock.waiting().length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(['{"type":']);
    clock.advance(200);
    expect((await asked).status).toBe(200);
    expect(heard[1]).toContain('"eventname":"late"');
  });
});
