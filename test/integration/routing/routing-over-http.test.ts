import { Registry } from 'prom-client';
import request from 'supertest';
import type { CallId } from '../../../src/calls/call.ts';
import { createLedger, type Ledger } from '../../../src/calls/ledger-store.ts';
import { createHttpServer, type HttpServer } from '../../../src/http/http-server.ts';
import { createSessionCookies, SESSION_COOKIE } from '../../../src/http/session-cookie.ts';
import { blockedRoutes } from '../../../src/routing/blocked-routes.ts';
import { type BlockedNumbers, createBlockedNumbers } from '../../../src/routing/blocked-store.ts';
import { createRouting, routingDefaults } from '../../../src/routing/routing.ts';
import { routingRoutes } from '../../../src/routing/routing-routes.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { afterRealTime } from '../../../src/telephony/after.ts';
import { callRecord } from '../../support/call-records.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { known, nobody, record, routingAgents, rule } from '../../support/routing-facts.ts';

const TOKEN = 'a-token-of-more-than-24-characters';
const NOW = Date.parse('2026-11-25T00:00:00Z');
const numbers = { region: 'JP' };

describe.each(databaseKinds)('routing over HTTP, on $kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;
  let ledger: Ledger;
  let blocked: BlockedNumbers;
  let http: HttpServer;
  let url: string;
  let cookie: string;
  const logged: string[] = [];

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  beforeEach(async () => {
    store = await openFreshStore(databases);
    ledger = createLedger({ store, companion: async () => {}, committed: () => {} });
    blocked = createBlockedNumbers(store.db, () => NOW);
    const cookies = createSessionCookies({ secret: 's'.repeat(32), maxAgeMs: 60_000, now: () => NOW, newId: () => 'nonce' });
    cookie = `${SESSION_COOKIE}=${cookies.issue('1001').value}`;
    logged.length = 0;
    http = serve(TOKEN, cookies);
    ({ url } = await http.listen(0, '127.0.0.1'));
  });
  afterEach(async () => {
    await http.close();
    await store.close();
  });
  afterAll(() => databases.stop());

  function serve(token: string | null, cookies: ReturnType<typeof createSessionCookies>): HttpServer {
    const routing = createRouting(
      {
        resolveCaller: async ({ number }) =>
          number === '+819012345678' ? known(record({ name: '(株)山田 & "製作所"', owners: ['005AA0000000001AAA'] })) : nobody,
        earlierCalls: ledger.earlierWith,
        blocked,
        rules: () => [
          rule({ when: { did: ['+81398765432'] }, queue: 'vip', greeting: 'custom/vip' }),
          rule({ queue: 'support' }),
        ],
        agents: routingAgents,
        numbers,
        now: () => NOW,
        after: afterRealTime,
        log: (_level, message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`),
      },
      routingDefaults,
    );
    return createHttpServer({
      routes: [...routingRoutes({ routing, token }), ...blockedRoutes({ blocked, numbers, now: () => NOW })],
      cookies,
      version: '0',
      webFolder: null,
      allowedOrigins: [],
      secure: false,
      trustProxy: false,
      readiness: async () => [],
      metrics: new Registry(),
      log: (_level, message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`),
    });
  }

  const look = (query: Readonly<Record<string, string>>) =>
    request(url).get('/api/v1/routing').query(query).set('Authorization', `Bearer ${TOKEN}`);
  const yamada = { number: '090-1234-5678', did: '03-9876-5432' };

  async function spoke(...spokeWith: readonly string[]): Promise<void> {
    const call = callRecord({ id: 'main-1.1', startedAt: '2026-11-20T01:00:00.000Z', spokeWith });
    await ledger.write([{ record: call, state: null, absorbed: [] as CallId[] }]);
  }

  test('the look-up tells everything that is known of a caller', async () => {
    await spoke('1001', '1002');
    await blocked.add({ pattern: '+819012345678' as never, reason: '迷惑電話', by: '1001', until: null });
    const answer = await look(yamada);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      callerKind: 'known',
      customerName: '(株)山田 & "製作所"',
      lastAgent: { extension: '1002', at: '2026-11-20T01:00:00.000Z' },
      ownerAgent: '1001',
      blocked: { reason: '迷惑電話' },
      queue: 'vip',
      greeting: 'custom/vip',
      missing: [],
    });
  });

  test('as lines, as a hash for the dialplan, and one field alone', async () => {
    const plain = await look({ ...yamada, format: 'plain' });
    expect(plain.headers['content-type']).toMatch(/^text\/plain/);
    expect(plain.headers['cache-control']).toBe('no-store');
    expect(plain.text).toBe(
      'caller=known\nname=（株）山田 ＆ ＂製作所＂\nlastAgent=\nlastAgentAt=\nowner=1001\nblocked=\nblockedReason=\nqueue=vip\ngreeting=custom/vip\nanswered=1\n',
    );
    const { text } = await look({ ...yamada, format: 'hash' });
    expect(Object.fromEntries(text.split('&').map((pair) => pair.split('=').map(decodeURIComponent)))).toMatchObject({
      name: '（株）山田 ＆ ＂製作所＂',
      greeting: 'custom/vip',
    });
    expect((await look({ ...yamada, field: 'queue' })).text).toBe('vip');
    expect((await look({ ...yamada, field: 'lastAgent' })).text).toBe('');
  });

  test('without the right token nothing is told', async () => {
    const given: readonly (readonly [string, string])[] = [
      ['Accept', 'application/json'],
      ['Authorization', `Bearer ${TOKEN}x`],
      ['Authorization', 'Bearer '],
      ['Authorization', `Digest ${TOKEN}`],
      ['Authorization', `Basic ${Buffer.from('toritsugi:wrong').toString('base64')}`],
      ['Cookie', cookie],
    ];
    for (const [name, value] of given) {
      const answer = await request(url).get('/api/v1/routing').query(yamada).set(name, value);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(JSON.parse(answer.text)).toMatchObject({ type: 'urn:toritsugi:problem:wrong-token', status: 401 });
    }
  });

  test('the token may also come as the password of basic authentication', async () => {
    const answer = await request(url).get('/api/v1/routing').query(yamada).auth('asterisk', TOKEN);
    expect(answer.body).toMatchObject({ callerKind: 'known' });
  });

  test('without a token in the settings there is no such address', async () => {
    const cookies = createSessionCookies({ secret: 's'.repeat(32), maxAgeMs: 1, now: () => NOW, newId: () => 'x' });
    const closed = serve(null, cookies);
    const there = await closed.listen(0, '127.0.0.1');
    expect((await request(there.url).get('/api/v1/routing').query(yamada)).status).toBe(404);
    await closed.close();
  });

  test.each(['9'.repeat(200), `'; drop table calls; --`, '"\r\nX: 1', '\u0000', '', '1001', '%'])(
    'a caller id of %j is answered like any other',
    async (number) => {
      const answer = await look({ number, did: number });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ ownerAgent: null, blocked: null, queue: 'support', missing: [] });
      expect(logged).toEqual([]);
    },
  );

  test('what is wrong with a question is told', async () => {
    expect((await look({ number: '9'.repeat(1_001) })).status).toBe(400);
    expect((await look({ ...yamada, format: 'xml' })).status).toBe(400);
    expect((await look({ ...yamada, field: '__proto__' })).status).toBe(400);
  });

  test('the OpenAPI document names the addresses', async () => {
    const { body } = await request(url).get('/api/openapi.json');
    expect(Object.keys(body.paths)).toEqual(['/api/v1/routing', '/api/v1/blocked-numbers', '/api/v1/blocked-numbers/{number}']);
    expect(body.paths['/api/v1/routing'].get.parameters.map(({ name }: { name: string }) => name)).toEqual([
      'number',
      'did',
      'format',
      'field',
    ]);
  });

  describe('the block list', () => {
    const post = (body: object) => request(url).post('/api/v1/blocked-numbers').set('Cookie', cookie).send(body);
    const list = (query = {}) => request(url).get('/api/v1/blocked-numbers').query(query).set('Cookie', cookie);

    test('a number is blocked in any spelling, seen in the list and let through again', async () => {
      const said = await post({ number: '０９０-1234-5678', reason: ' 迷惑電話 ', until: '2026-12-01T09:00:00+09:00' });
      expect(said.body).toEqual({
        pattern: '+819012345678',
        reason: '迷惑電話',
        by: '1001',
        at: '2026-11-25T00:00:00.000Z',
        until: '2026-12-01T00:00:00.000Z',
      });
      expect((await look(yamada)).body).toMatchObject({ blocked: { reason: '迷惑電話' } });
      expect((await list()).body).toEqual({ blockedNumbers: [said.body], next: null });
      const remove = () => request(url).delete('/api/v1/blocked-numbers/090-1234-5678').set('Cookie', cookie);
      expect((await remove()).status).toBe(204);
      expect((await remove()).status).toBe(404);
      expect((await look(yamada)).body).toMatchObject({ blocked: null });
    });

    test('all that begin alike are blocked and let through together', async () => {
      expect((await post({ number: '090*', reason: 'x' })).body).toMatchObject({ pattern: '+8190*', until: null });
      expect((await look(yamada)).body).toMatchObject({ blocked: { reason: 'x' } });
      const path = `/api/v1/blocked-numbers/${encodeURIComponent('+8190*')}`;
      expect((await request(url).delete(path).set('Cookie', cookie)).status).toBe(204);
    });

    test('the list comes in pages', async () => {
      for (const number of ['03-1234-5671', '03-1234-5672', '03-1234-5673']) await post({ number, reason: 'x' });
      const first = (await list({ limit: 2 })).body;
      expect(first.blockedNumbers).toHaveLength(2);
      const second = (await list({ limit: 2, after: first.next })).body;
      expect(second).toMatchObject({ blockedNumbers: [{ pattern: '+81312345673' }], next: null });
    });

    test.each([
      [{ number: '1001', reason: 'x' }, /inside extension/],
      [{ number: 'anonymous', reason: 'x' }, /ROUTING_BLOCK_WITHHELD/],
      [{ number: '+81*', reason: 'x' }, /your own country/],
      [{ number: '090-1234-5678', reason: ' ' }, /reason/],
      [{ number: '090-1234-5678', reason: 'x', until: '2026-11-24T00:00:00Z' }, /over already/],
      [{ number: '090-1234-5678', reason: 'x', until: 'tomorrow' }, /until/],
      [{}, /number.*reason/],
    ])('%j is refused with a word on what to write', async (body, words) => {
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text).detail).toMatch(words);
      expect((await list()).body.blockedNumbers).toEqual([]);
    });

    test('only who is signed in may see or change it', async () => {
      const path = '/api/v1/blocked-numbers';
      expect((await request(url).get(path)).status).toBe(401);
      expect((await request(url).post(path).send({ number: '090-1234-5678', reason: 'x' })).status).toBe(401);
      expect((await request(url).delete(`${path}/1`)).status).toBe(401);
      expect((await request(url).get(path).set('Authorization', `Bearer ${TOKEN}`)).status).toBe(401);
    });
  });
});
