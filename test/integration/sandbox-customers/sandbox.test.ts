import { type SandboxCustomers, startSandboxCustomers } from '../../../infra/sandbox/customers/sandbox-customers.ts';

let now: number;
let sandbox: SandboxCustomers;

beforeEach(async () => {
  now = Date.parse('2026-11-23T01:00:00Z');
  sandbox = await startSandboxCustomers({ port: 0, now: () => now });
});
afterEach(() => sandbox.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${sandbox.url}/api/v1${path}`, {
    method,
    headers: { 'X-Api-Key': sandbox.apiKey, 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

const idsOf = ({ body }: Answer) => (body.items as { id: number }[]).map((item) => item.id);

test('lets nobody in without credentials, and says how to sign in', async () => {
  const answer = await ask('GET', '/customers', undefined, { 'X-Api-Key': 'wrong' });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toContain('Bearer');
});

test('grants a token for client credentials that expires after an hour', async () => {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
  });
  const granted = await (await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: form })).json();
  const signedIn = { 'X-Api-Key': '', Authorization: `Bearer ${(granted as { access_token: string }).access_token}` };
  expect((await ask('GET', '/me', undefined, signedIn)).status).toBe(200);
  now += 3_600_000;
  expect((await ask('GET', '/me', undefined, signedIn)).status).toBe(401);
  form.set('client_secret', 'wrong');
  const refused = await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: form });
  expect([refused.status, await refused.json()]).toEqual([401, { error: 'invalid_client' }]);
});

test('finds a number only as it is written', async () => {
  expect(idsOf(await ask('GET', '/customers?phone=03-1234-5678&phone=nothing'))).toEqual([1]);
  expect(idsOf(await ask('GET', '/customers?phone=0312345678'))).toEqual([]);
});

test.each(['limit=10000', 'limit=x', 'colour=red', 'page=1&offset=2', 'updated_since=yesterday', 'cursor=%%%'])(
  'refuses the parameter %s',
  async (query) => {
    expect((await ask('GET', `/customers?${query}`)).status).toBe(400);
  },
);

test('gives a list page by page, by cursor, link, page and offset alike', async () => {
  const first = await ask('GET', '/customers?limit=4');
  expect([idsOf(first), first.body.total]).toEqual([[1, 2, 3, 4], 6]);
  expect(idsOf(await ask('GET', `/customers?limit=4&cursor=${String(first.body.next_cursor)}`))).toEqual([5, 6]);
  const link = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  expect(idsOf(await ask('GET', link.replace(/^.*\/api\/v1/, '')))).toEqual([5, 6]);
  for (const way of ['page=2', 'offset=4', 'after_id=4']) {
    expect(idsOf(await ask('GET', `/customers?limit=4&${way}`))).toEqual([5, 6]);
  }
});

test('tells what changed and what was deleted since an instant', async () => {
  now += 60_000;
  const since = new Date(now).toISOString();
  await ask('PATCH', '/customers/2', { phone: '06-0000-0000' });
  expect((await ask('DELETE', '/customers/3')).status).toBe(204);
  expect(idsOf(await ask('GET', `/customers?updated_since=${since}`))).toEqual([2]);
  expect(idsOf(await ask('GET', `/customers?updated_since=${since}&include_deleted=true`))).toEqual([2, 3]);
  expect(idsOf(await ask('GET', `/customers/deleted?since=${since}`))).toEqual([3]);
  expect((await ask('GET', '/customers/3')).status).toBe(410);
});

test('refuses a record with every problem by field', async () => {
  const { status, body } = await ask('POST', '/customers', { name: '', rank: 'Z', phone: 3, colour: 'red' });
  expect(status).toBe(422);
  const { fields } = body.error as { fields: { field: string; code: string }[] };
  expect(fields.map(({ field, code }) => `${field} ${code}`).toSorted()).toEqual([
    'colour unknown',
    'name blank',
    'phone not_a_string',
    'rank not_in_list',
  ]);
});

test('keeps a reference unique, and changes only what is sent when it is put again', async () => {
  expect((await ask('PUT', '/calls/by-reference/a%2Fb', { title: 'first', seconds: 3 })).status).toBe(201);
  const again = await ask('PUT', '/calls/by-reference/a%2Fb', { title: 'second' });
  expect([again.status, again.body.title, again.body.seconds]).toEqual([200, 'second', 3]);
  expect((await ask('POST', '/calls', { reference: 'a/b' })).status).toBe(409);
});

test('refuses a change that was made from an outdated reading', async () => {
  const before = (await ask('GET', '/customers/1')).headers.get('etag') ?? '';
  await ask('PATCH', '/customers/1', { rank: 'B' });
  expect((await ask('PATCH', '/customers/1', { rank: 'C' }, { 'If-Match': before })).status).toBe(412);
});

test('answers each item of a batch by itself', async () => {
  const { body } = await ask('POST', '/calls/batch', { items: [{ reference: 'r-1' }, { seconds: -1 }, { reference: 'r-1' }] });
  expect((body.results as { status: number }[]).map(({ status }) => status)).toEqual([201, 422, 200]);
});

test('does the work before it cuts the connection', async () => {
  sandbox.faults.add({ kind: 'commitThenCut', times: 1, on: 'POST' });
  await expect(ask('POST', '/calls', { reference: 'r-1' })).rejects.toThrow();
  expect(sandbox.store('calls').holder('reference', 'r-1')).not.toBeNull();
});

test('shows people the records, escaped', async () => {
  await ask('PATCH', '/customers/1', { name: '<b>山田</b>' });
  const page = await (await fetch(`${sandbox.url}/customers/1`)).text();
  expect(page).toContain('&lt;b&gt;山田&lt;/b&gt;');
  expect((await fetch(`${sandbox.url}/customers/99`)).status).toBe(404);
});
