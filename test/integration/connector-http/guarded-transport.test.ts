import type { LookupFunction } from 'node:net';
import { openTransport, type TransportSettings } from '../../../connectors/http/guarded-transport.ts';
import { settingNames } from '../../../connectors/http/setting-names.ts';
import { type Script, type ScriptedService, startScriptedService } from './scripted-service.ts';

let service: ScriptedService;
let other: ScriptedService;
let script: Script;

beforeEach(async () => {
  script = () => ({ body: { ok: true } });
  service = await startScriptedService((request, response) => script(request, response));
  other = await startScriptedService(() => ({ body: {} }));
});
afterEach(() => Promise.all([service.close(), other.close()]));

const LIMITS = { signal: new AbortController().signal, timeoutMs: 2000, maxBytes: 10_000 };

/** A name server that says what it is told to. */
const resolvesTo =
  (...addresses: string[]): LookupFunction =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

async function send(url: string, over: Partial<TransportSettings> & { method?: string; body?: string } = {}) {
  const transport = openTransport({ names: settingNames('http'), allowsPrivate: true, ca: null, ...over });
  const headers = { authorization: 'Bearer t0ken' };
  try {
    return await transport.send({ method: over.method ?? 'GET', url: new URL(url), headers, body: over.body ?? null }, LIMITS);
  } finally {
    transport.close();
  }
}

const port = () => new URL(service.origin).port;

test('reaches a service in our own network where that is allowed', async () => {
  expect(await send(`${service.origin}/x`)).toMatchObject({ status: 200, text: '{"ok":true}' });
});

test.each(['127.0.0.1', '2130706433', '0x7f.1', 'localhost', '[::ffff:127.0.0.1]', '[::1]'])(
  'refuses %s unless that is allowed, and sends nothing',
  async (host) => {
    await expect(send(`http://${host}:${port()}/x`, { allowsPrivate: false })).rejects.toThrow(/into our own network/);
    expect(service.heard).toEqual([]);
  },
);

test.each(['169.254.169.254', '[fd00:ec2::254]', '100.100.100.200', '0.0.0.0'])('refuses %s always', async (host) => {
  await expect(send(`http://${host}:${port()}/latest/meta-data`)).rejects.toThrow(/no service may stand/);
  expect(service.heard).toEqual([]);
});

test('judges the address a name leads to, not the name', async () => {
  const crm = `http://crm.example.jp:${port()}/x`;
  await expect(send(crm, { allowsPrivate: false, lookup: resolvesTo('127.0.0.1') })).rejects.toThrow(/own network/);
  await expect(send(crm, { lookup: resolvesTo('169.254.169.254') })).rejects.toThrow(/no service may stand/);
  expect(service.heard).toEqual([]);
  expect(await send(crm, { lookup: resolvesTo('127.0.0.1') })).toMatchObject({ status: 200 });
});

test('refuses a name that leads to us and elsewhere', async () => {
  const lookup = resolvesTo('203.104.209.7', '127.0.0.1');
  await expect(send('https://crm.example.jp/', { allowsPrivate: false, lookup })).rejects.toThrow(/own network/);
});

test('sends nothing unencrypted out of our own network', async () => {
  await expect(send('http://crm.example.jp/', { lookup: resolvesTo('203.104.209.7') })).rejects.toThrow(/without https/);
});

test('follows a redirect on the same host, with the credentials', async () => {
  script = ({ url }) => (url === '/old' ? { status: 301, headers: { location: '/new' } } : { body: url });
  expect((await send(`${service.origin}/old`)).text).toBe('"/new"');
  expect(service.heard.map(({ headers }) => headers.authorization)).toEqual(['Bearer t0ken', 'Bearer t0ken']);
});

test('follows no redirect to another host', async () => {
  script = () => ({ status: 307, headers: { location: `${other.origin}/x` } });
  await expect(send(`${service.origin}/x`)).rejects.toThrow(/another host/);
  await expect(send(`${service.origin}/x`, { method: 'POST', body: '{}' })).rejects.toThrow(/another host/);
  expect(other.heard).toEqual([]);
});

test('repeats a write at a new address only when that loses nothing', async () => {
  script = ({ url }) => (url === '/a' ? { status: 302, headers: { location: '/b' } } : { body: {} });
  await expect(send(`${service.origin}/a`, { method: 'POST', body: '{}' })).rejects.toThrow(/would lose/);
  script = ({ url }) => (url === '/a' ? { status: 308, headers: { location: '/b' } } : { body: {} });
  await send(`${service.origin}/a`, { method: 'POST', body: '{"n":1}' });
  expect(service.heard.at(-1)).toMatchObject({ method: 'POST', url: '/b', body: '{"n":1}' });
});

test('gives up a circle of redirects', async () => {
  script = () => ({ status: 302, headers: { location: '/x' } });
  await expect(send(`${service.origin}/x`)).rejects.toThrow(/too often/);
});

test('reads no more than it was told, however much comes', async () => {
  script = (_request, response) => {
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(4096))) {
        // As fast as it is taken.
      }
    };
    response.on('drain', pour);
    pour();
    return null;
  };
  await expect(send(`${service.origin}/x`)).rejects.toThrow(/larger than 10000 bytes/);
});

test('takes no answer that is packed, and none that broke off', async () => {
  script = () => ({ headers: { 'content-encoding': 'gzip' }, body: 1 });
  await expect(send(`${service.origin}/x`)).rejects.toThrow(/packed as gzip/);
  script = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"items":', () => response.destroy());
    return null;
  };
  await expect(send(`${service.origin}/x`)).rejects.toThrow();
});
