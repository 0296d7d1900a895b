import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { privateKeyPem, startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
let clock = 0;
beforeEach(async () => {
  clock = Date.parse('2026-11-20T00:00:00Z');
  org = await startOrg({ now: () => clock });
});
afterEach(() => org.close());

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

async function token(form: Record<string, string>): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string;
  readonly exp?: number;
}

function assertion(claims: Claims = {}, key = createPrivateKey(privateKeyPem)): Promise<string> {
  return new SignJWT({ iss: org.clientId, sub: org.username, aud: org.url, exp: clock / 1000 + 180, ...claims })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(key);
}

test('a signed assertion is worth a token that works', async () => {
  const { status, body } = await token({ grant_type: JWT_GRANT, assertion: await assertion() });
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', instance_url: org.url });
  expect(body).not.toHaveProperty('expires_in');
  expect(body).not.toHaveProperty('refresh_token');
  expect(body.access_token).toMatch(/^00D.{12}!AQ/);
  const answer = await org.call('GET', '/limits', undefined, { authorization: `Bearer ${body.access_token}` });
  expect(answer.status).toBe(200);
});

test.each([['https://login.salesforce.com'], ['https://test.salesforce.com/']])('the audience %s is accepted', async (aud) => {
  expect((await token({ grant_type: JWT_GRANT, assertion: await assertion({ aud }) })).status).toBe(200);
});

test('an expiry in the far future is accepted, as the vendor’s command line sends it', async () => {
  expect(
    (await token({ grant_type: JWT_GRANT, assertion: await assertion({ aud: `${org.url}/`, exp: clock + 180_000 }) })).status,
  ).toBe(200);
});

test.each<[string, Claims, string, string]>([
  ['that has expired', { exp: 1 }, 'invalid_grant', 'expired'],
  ['for somebody else', { aud: 'https://example.com' }, 'invalid_grant', 'audience'],
  ['of an unknown app', { iss: 'nobody' }, 'invalid_client_id', 'client identifier invalid'],
  ['for an unknown user', { sub: 'nobody@example.com' }, 'invalid_grant', "user hasn't approved this consumer"],
])('an assertion %s is refused', async (_what, claims, error, description) => {
  const { status, body } = await token({ grant_type: JWT_GRANT, assertion: await assertion(claims) });
  expect(status).toBe(400);
  expect(body.error).toBe(error);
  expect(body.error_description).toContain(description);
});

test('an assertion signed with another key is refused', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(await token({ grant_type: JWT_GRANT, assertion: await assertion({}, privateKey) })).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  });
});

test('rubbish instead of an assertion is refused', async () => {
  for (const rubbish of ['', 'a.b.c', 'x'.repeat(500)]) {
    expect((await token({ grant_type: JWT_GRANT, assertion: rubbish })).status).toBe(400);
  }
});

test('client credentials are worth a token; wrong ones are not', async () => {
  const form = { grant_type: 'client_credentials', client_id: org.clientId, client_secret: org.clientSecret };
  expect(await token(form)).toMatchObject({ status: 200, body: { issued_at: String(clock) } });
  expect(await token({ ...form, client_secret: 'wrong' })).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
  expect(await token({ ...form, client_id: 'wrong' })).toMatchObject({ status: 400, body: { error: 'invalid_client_id' } });
  expect(await token({ grant_type: 'password' })).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
});

test('a token dies after two hours without use, and lives on while it is used', async () => {
  clock += 7_000_000;
  expect((await org.call('GET', '/limits')).status).toBe(200);
  clock += 7_000_000;
  expect((await org.call('GET', '/limits')).status).toBe(200);
  clock += 7_300_000;
  const { status, body } = await org.call('GET', '/limits');
  expect(status).toBe(401);
  expect(body).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
});

test('a revoked token is refused, and so is none at all', async () => {
  await fetch(`${org.url}/services/oauth2/revoke`, { method: 'POST', body: new URLSearchParams({ token: org.accessToken }) });
  expect((await org.call('GET', '/limits')).status).toBe(401);
  expect((await fetch(`${org.url}/services/data/v67.0/limits`)).status).toBe(401);
  expect((await org.call('GET', '/limits', undefined, { authorization: 'Basic abc' })).body).toMatchObject([
    { errorCode: 'INVALID_AUTH_HEADER' },
  ]);
});

test('who is signed in can be asked', async () => {
  const response = await fetch(`${org.url}/services/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${org.accessToken}` },
  });
  expect(await response.json()).toMatchObject({ user_id: org.userId, preferred_username: org.username });
});

test('a token can be looked at, and revoked from the address bar', async () => {
  const look = async (form: Record<string, string>) => {
    const response = await fetch(`${org.url}/services/oauth2/introspect`, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, body: await response.json() };
  };
  const client = { client_id: org.clientId, client_secret: org.clientSecret };
  expect(await look({ token: org.accessToken, ...client })).toMatchObject({
    body: { active: true, username: org.username, sub: expect.stringMatching(`^${org.url}/id/00D.{15}/${org.userId}$`) },
  });
  expect(await look({ token: 'nonsense', ...client })).toEqual({ status: 200, body: { active: false } });
  expect(await look({ token: org.accessToken, ...client, client_secret: 'x' })).toMatchObject({ status: 400 });
  await fetch(`${org.url}/services/oauth2/revoke?token=${encodeURIComponent(org.accessToken)}`);
  expect(await look({ token: org.accessToken, ...client })).toMatchObject({ body: { active: false } });
});

test('a header that is no escape, and a form without end, are refused in the shape of OAuth', async () => {
  const ask = async (body: URLSearchParams, headers: Record<string, string> = {}) => {
    const response = await fetch(`${org.url}/services/oauth2/token`, { method: 'POST', body, headers });
    return { status: response.status, body: await response.json() };
  };
  const authorization = `Basic ${Buffer.from('%zz:%zz').toString('base64')}`;
  expect(await ask(new URLSearchParams({ grant_type: 'client_credentials' }), { authorization })).toMatchObject({
    status: 400,
    body: { error: 'invalid_client_id' },
  });
  expect(await ask(new URLSearchParams({ grant_type: 'x'.repeat(200_000) }))).toMatchObject({
    status: 400,
    body: { error: 'invalid_request' },
  });
});

test('client credentials may come in the header', async () => {
  const authorization = `Basic ${Buffer.from(`${org.clientId}:${org.clientSecret}`).toString('base64')}`;
  const response = await fetch(`${org.url}/services/oauth2/token`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  expect(response.status).toBe(200);
});
