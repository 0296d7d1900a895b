import {
  type AriClient,
  AriRefused,
  type AriRequest,
  AriUnreachable,
  ariDefaults,
} from '../../../src/telephony/ari/ari-client.ts';
import { checkAri } from '../../../src/telephony/check-ari.ts';

interface Ari {
  readonly refusesLogin?: boolean;
  readonly readOnly?: boolean;
  readonly channels?: readonly unknown[];
  readonly url?: string;
}

function clientOf({ refusesLogin, readOnly, channels = [] }: Ari, requests: AriRequest[]): AriClient {
  return {
    connect: async () => {
      if (refusesLogin) throw new AriRefused('ARI refused the log-in of "toritsugi".', 'Check user and password in ari.conf.');
    },
    request: async (request) => {
      requests.push(request);
      if (readOnly && request.method !== 'GET') throw new AriRefused('Forbidden.', 'Set read_only = no.');
      if (request.path === '/asterisk/info') return { status: 200, body: { system: { version: '22.10.1' } } };
      if (request.path === '/channels') return { status: 200, body: channels };
      return { status: 404, body: { message: 'Channel not found' } };
    },
    ping: async () => {},
    close: async () => {},
  };
}

async function examine(ari: Ari, mustCommand: boolean) {
  const requests: AriRequest[] = [];
  const apps: string[] = [];
  const settings = { ...ariDefaults, url: ari.url ?? 'http://127.0.0.1:8088', username: 'toritsugi', password: 'x' };
  const world = { now: () => 0, after: () => () => {}, newId: () => 'k7' };
  const makeClient = (given: { app: string }) => {
    apps.push(given.app);
    return clientOf(ari, requests);
  };
  const findings = await checkAri(settings, { ...world, makeClient }, { mustCommand });
  return { findings, requests, apps, told: findings.map(({ verdict, name, detail }) => `${verdict} ${name.en}: ${detail.en}`) };
}

const channel = (variables: object) => ({ id: '1795641459.2', channelvars: variables });

test('an ARI user that fits is well, and the hub’s own connection is not disturbed by its name', async () => {
  const { told, apps, requests } = await examine({ channels: [channel({ 'CHANNEL(linkedid)': '1795641459.2' })] }, true);
  expect(told).toEqual([
    'fine ARI log-in: as "toritsugi" at http://127.0.0.1:8088, Asterisk 22.10.1',
    'fine ARI rights: may give orders',
    'fine ARI channelvars: channels tell which call they belong to',
  ]);
  expect(apps).toEqual(['toritsugi-doctor-k7']);
  expect(requests.filter(({ method }) => method !== 'GET').map(({ path }) => path)).toEqual(['/channels/toritsugi-doctor']);
});

test('a read-only user cannot route, and one with more rights than needed is told', async () => {
  expect((await examine({ readOnly: true }, true)).told).toContainEqual(
    expect.stringContaining('failure ARI rights: reading only'),
  );
  expect((await examine({ readOnly: true }, false)).told).toContainEqual('fine ARI rights: reading only');
  expect((await examine({}, false)).told).toContainEqual(expect.stringContaining('warning ARI rights'));
});

test('channels without their linked id are told; with no channel nothing can be said', async () => {
  expect((await examine({ channels: [channel({})] }, true)).told).toContainEqual(
    expect.stringContaining('warning ARI channelvars'),
  );
  expect((await examine({}, true)).told).toContainEqual(expect.stringContaining('unchecked ARI channelvars'));
});

test('a password in the clear over the network is told', async () => {
  expect((await examine({ url: 'http://192.0.2.20:8088' }, true)).told).toContainEqual(
    expect.stringContaining('warning ARI in the clear'),
  );
  expect((await examine({ url: 'https://192.0.2.20:8089' }, true)).told).not.toContainEqual(expect.stringContaining('clear'));
});

test('a refused log-in ends the looking around, with the remedy', async () => {
  const { findings } = await examine({ refusesLogin: true }, true);
  expect(findings).toMatchObject([{ verdict: 'failure', remedy: { en: 'Check user and password in ari.conf.' } }]);
});

test('an ARI that is gone in between is a failure, not a crash', async () => {
  const gone = { ...clientOf({}, []), request: () => Promise.reject(new AriUnreachable('The connection was lost.')) };
  const settings = { ...ariDefaults, url: 'http://127.0.0.1:8088', username: 'toritsugi', password: 'x' };
  const world = { now: () => 0, after: () => () => {}, newId: () => 'k7', makeClient: () => gone };
  expect(await checkAri(settings, world, { mustCommand: true })).toMatchObject([{ verdict: 'failure' }]);
});
