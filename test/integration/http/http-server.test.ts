import request from 'supertest';
import { callRecord, knownMatch } from '../../support/desk-calls.ts';
import { DeskHub } from '../../support/desk-hub.ts';

let hub: DeskHub;

beforeEach(async () => {
  hub = await new DeskHub().start();
});

afterEach(() => hub.stop());

async function signIn(extension: string | null = '1001'): Promise<string> {
  const answer = await request(hub.url).post('/api/v1/session').send({ extension });
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

test('an operator signs in with an extension, is known afterwards and signs out', async () => {
  const answer = await request(hub.url).post('/api/v1/session').send({ extension: '1002' });
  expect(answer.body).toMatchObject({ extension: '1002', name: '鈴木 蓮' });
  const cookie = answer.headers['set-cookie']?.[0] ?? '';
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  const whoAmI = await request(hub.url).get('/api/v1/session').set('Cookie', cookie);
  expect(whoAmI.body.extension).toBe('1002');
  expect((await request(hub.url).delete('/api/v1/session').set('Cookie', cookie)).status).toBe(204);
});

test('a forged cookie and an unknown extension are refused', async () => {
  const cookie = await signIn();
  const forged = cookie.replace(/=./, '=X');
  expect((await request(hub.url).get('/api/v1/session').set('Cookie', forged)).status).toBe(401);
  expect((await request(hub.url).post('/api/v1/session').send({ extension: '9999' })).status).toBe(403);
});

test('a request from a foreign page that would change something is refused', async () => {
  const cookie = await signIn();
  const send = (origin: string) =>
    request(hub.url).post('/api/v1/owed/retry').set('Cookie', cookie).set('Origin', origin).send({});
  expect((await send('https://evil.example')).body).toMatchObject({ status: 403, type: 'urn:toritsugi:problem:cross-site' });
  expect((await send('null')).status).toBe(403);
  expect((await send(hub.url)).status).toBe(200);
});

test.each([
  ['an unknown address', '/api/v1/nothing', 404],
  ['an unknown call', '/api/v1/calls/main-1.1', 404],
  ['an id with forbidden letters', '/api/v1/calls/a%20b', 400],
  ['a limit that is too large', '/api/v1/calls?limit=100000', 400],
  ['a path that cannot be decoded', '/api/v1/calls/%E0%A4%A', 400],
])('%s gets a problem body', async (_what, path, status) => {
  const answer = await request(hub.url)
    .get(path)
    .set('Cookie', await signIn());
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/application\/problem\+json/);
  expect(JSON.parse(answer.text)).toMatchObject({ status, title: expect.any(String), type: expect.stringMatching(/^urn:/) });
});

test('malformed and oversized bodies get a problem body', async () => {
  const post = (body: string) => request(hub.url).post('/api/v1/session').set('Content-Type', 'application/json').send(body);
  expect(JSON.parse((await post('{"extension":')).text).type).toBe('urn:toritsugi:problem:malformed-json');
  expect(JSON.parse((await post(`{"extension":"${'x'.repeat(300_000)}"}`)).text).status).toBe(413);
});

test('says every mistake of a request at once', async () => {
  const answer = await request(hub.url)
    .put('/api/v1/calls/main-1.1/draft')
    .set('Cookie', await signIn())
    .send({ notes: 7, revision: -1 });
  expect(JSON.parse(answer.text).errors.map((each: { path: string }) => each.path)).toEqual(['notes', 'revision']);
});

test('nothing of the calls is told to someone who is not signed in', async () => {
  for (const path of ['calls', 'callers/0312345678', 'owed', 'desk', 'outcomes']) {
    expect((await request(hub.url).get(`/api/v1/${path}`)).status).toBe(401);
  }
});

test('the OpenAPI document names every route and its parameters', async () => {
  const { body } = await request(hub.url).get('/api/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(['/api/v1/session', '/api/v1/calls/{id}/outcome', '/api/v1/owed', '/api/v1/callers/{number}']),
  );
  const call = body.paths['/api/v1/calls/{id}'].get;
  expect(call.parameters).toEqual([expect.objectContaining({ name: 'id', in: 'path', required: true })]);
  expect(call.responses[200].content['application/json'].schema.required).toContain('talkByAgent');
  const ids = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((path) =>
    Object.values(path).map((operation) => operation.operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('calls and callers are read back by id and by a number written any way', async () => {
  const cookie = await signIn(null);
  hub.records.set(callRecord().id, callRecord({ endedAt: '2026-11-23T01:03:00.000Z' }));
  hub.matches.set('+819012345678', knownMatch());
  const call = await request(hub.url).get('/api/v1/calls/main-1763838000.12').set('Cookie', cookie);
  expect(call.body).toMatchObject({ id: 'main-1763838000.12', queue: 'sales' });
  const caller = await request(hub.url).get('/api/v1/callers/090-1234-5678').set('Cookie', cookie);
  expect(caller.body).toMatchObject({ number: '+819012345678', display: '090-1234-5678', match: { kind: 'known' } });
});

test('readiness names each dependency and fails only for what is indispensable', async () => {
  expect((await request(hub.url).get('/readyz')).status).toBe(200);
  hub.dependencies = hub.dependencies.map((each) => (each.name === 'kintone' ? { ...each, ok: false, detail: '401' } : each));
  expect((await request(hub.url).get('/readyz')).status).toBe(200);
  hub.dependencies = hub.dependencies.map((each) => (each.name === 'main' ? { ...each, ok: false, detail: 'refused' } : each));
  const answer = await request(hub.url).get('/readyz');
  expect(answer.status).toBe(503);
  expect(answer.body.dependencies).toContainEqual(expect.objectContaining({ name: 'main', ok: false, detail: 'refused' }));
  expect((await request(hub.url).get('/healthz')).body).toEqual({ status: 'ok' });
  expect((await request(hub.url).get('/metrics')).status).toBe(200);
});

test('answers carry a content security policy and never send a browser to https on their own', async () => {
  const { headers } = await request(hub.url).get('/healthz');
  expect(headers['content-security-policy']).toMatch(/default-src 'self'/);
  expect(headers['content-security-policy']).not.toMatch(/upgrade-insecure-requests/);
  expect(headers['strict-transport-security']).toBeUndefined();
  expect(headers['x-powered-by']).toBeUndefined();
});

test('an outcome for a call long past goes straight into the ledger', async () => {
  hub.records.set(callRecord().id, callRecord({ endedAt: '2026-11-23T01:03:00.000Z' }));
  const put = (outcome: string) =>
    request(hub.url).put('/api/v1/calls/main-1763838000.12/outcome').set('Cookie', cookie).send({ outcome, notes: '電話で確認' });
  const cookie = await signIn();
  expect((await put('nonsense')).status).toBe(400);
  expect((await put('won')).status).toBe(200);
  expect(hub.saved).toEqual([
    { callId: 'main-1763838000.12', outcome: { code: 'won', label: '成約' }, notes: '電話で確認', by: '1001' },
  ]);
});
