import { gzipSync } from 'node:zlib';
import { startOrg, type TestOrg } from './org.ts';

/** How a request may be written, and what of it the service does not take. */

let org: TestOrg;
let contact = '';
beforeAll(async () => {
  org = await startOrg();
  const [row] = await org.query("SELECT Id FROM Contact WHERE LastName = '山田'");
  contact = String(row?.Id);
});
afterAll(() => org.close());

async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${org.url}/services/data${path}`, {
    method,
    headers: { authorization: `Bearer ${org.accessToken}`, ...headers },
  });
  return { status: response.status, text: await response.text() };
}

test('a client that knows GET and POST only names the method in the address', async () => {
  const path = `/sobjects/Contact/${contact}?_HttpMethod=PATCH`;
  expect((await org.call('POST', path, { Title: 'by post' })).status).toBe(204);
  expect(await org.query(`SELECT Title FROM Contact WHERE Id = '${contact}'`)).toMatchObject([{ Title: 'by post' }]);
  expect((await org.call('POST', `/sobjects/Contact/${contact}?_HttpMethod=EXPLODE`, {})).status).toBe(405);
});

test('what can be read can be asked for without its content', async () => {
  expect(await ask('/v67.0/sobjects/Contact/describe', {}, 'HEAD')).toEqual({ status: 200, text: '' });
  expect((await ask('/v67.0/sobjects/Nothing/describe', {}, 'HEAD')).status).toBe(404);
  expect((await ask('/v67.0/limits', {}, 'OPTIONS')).status).toBe(405);
});

test.each([
  ['an address of more than 16,384 bytes', 'x'.repeat(16_400), {}, 414],
  ['one far longer', 'x'.repeat(60_000), {}, 414],
  ['one that is too long only together with the headers', 'x'.repeat(9000), { 'x-long': 'y'.repeat(8000) }, 431],
])('%s is refused', async (_what, text, headers, status) => {
  expect((await ask(`/v67.0/query?q=${text}`, headers)).status).toBe(status);
});

test('somebody who takes XML only gets no JSON', async () => {
  expect((await ask('/v67.0/limits', { accept: 'application/xml' })).status).toBe(406);
  expect((await ask('/v67.0/limits', { accept: 'application/xml, application/json;q=0.5' })).status).toBe(200);
});

test.each<[string, string | undefined, string]>([
  ['none', undefined, 'The HTTP entity body is required, but this request has no entity body.'],
  ['one that breaks off', '{"Subject":', 'Unexpected end-of-input at [line:1, column:12]'],
  ['one with a slip', '{\n "Subject": "x",}', "Unexpected character ('}' (code 125)) at [line:2, column:17]"],
  ['a word that is none', '{"IsReminderSet": tru}', 'Unexpected character in the request body'],
])('a body that is needed: %s', async (_what, body, message) => {
  expect(await org.call('POST', '/sobjects/Task', body)).toMatchObject({
    status: 400,
    body: [{ errorCode: 'JSON_PARSER_ERROR', message: expect.stringContaining(message) }],
  });
});

test('a body may come compressed', async () => {
  const response = await fetch(`${org.url}/services/data/v67.0/sobjects/Task`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${org.accessToken}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    },
    body: gzipSync('{"Subject":"small"}'),
  });
  expect(response.status).toBe(201);
});

test('a long answer comes compressed for whoever takes it so, a short one as it is', async () => {
  const encoding = async (path: string, accepted: string) => {
    const response = await fetch(`${org.url}/services/data/v67.0${path}`, {
      headers: { authorization: `Bearer ${org.accessToken}`, 'accept-encoding': accepted },
    });
    return [response.headers.get('content-encoding'), (await response.json()) !== null];
  };
  expect(await encoding('/sobjects/Task/describe', 'gzip, deflate')).toEqual(['gzip', true]);
  expect(await encoding('/sobjects/Task/describe', 'identity')).toEqual([null, true]);
  expect(await encoding('/recent', 'gzip')).toEqual([null, true]);
});

test('every version that is served is listed, with the release it came with', async () => {
  const versions = JSON.parse((await ask('')).text) as { version: string; label: string }[];
  expect(versions).toHaveLength(38);
  expect(versions[0]).toEqual({ label: "Summer '14", url: '/services/data/v31.0', version: '31.0' });
  for (const [version, label] of [
    ['50.0', "Winter '21"],
    ['51.0', "Spring '21"],
    ['68.0', "Winter '27"],
  ]) {
    expect(versions.find((each) => each.version === version)?.label).toBe(label);
  }
});

test('old versions answer as they did: a search with its bare rows, an upsert that changed a record with nothing', async () => {
  const search = '/search?q=FIND+%7B9012345678%7D+IN+PHONE+FIELDS+RETURNING+Contact(Id)';
  expect(JSON.parse((await ask(`/v36.0${search}`)).text)).toMatchObject([{ Id: contact }]);
  expect(JSON.parse((await ask(`/v37.0${search}`)).text)).toMatchObject({ searchRecords: [{ Id: contact }] });
  const upsert = async (version: string) => {
    const response = await fetch(`${org.url}/services/data/${version}/sobjects/Task/Toritsugi_Call_Id__c/old`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${org.accessToken}`, 'content-type': 'application/json' },
      body: '{"Subject":"x"}',
    });
    return [response.status, await response.text()];
  };
  expect(await upsert('v45.0')).toEqual([201, expect.not.stringContaining('created')]);
  expect(await upsert('v45.0')).toEqual([204, '']);
  expect(await upsert('v46.0')).toEqual([200, expect.stringContaining('"created":false')]);
});

test('the parts of a batch may be of an older version, those of a composite may not', async () => {
  const url = (version: string) => `${version}/limits`;
  const batch = { batchRequests: ['v50.0', 'v33.0', 'v68.0'].map((version) => ({ method: 'GET', url: url(version) })) };
  expect((await org.call('POST', '/composite/batch', batch)).body).toMatchObject({
    results: [{ statusCode: 200 }, { statusCode: 404 }, { statusCode: 404 }],
  });
  const part = { method: 'GET', url: '/services/data/v50.0/limits', referenceId: 'a' };
  expect((await org.call('POST', '/composite', { compositeRequest: [part] })).body).toMatchObject({
    compositeResponse: [{ httpStatusCode: 404 }],
  });
});

test('records are read by their ids, in the address or in a body', async () => {
  const path = '/composite/sobjects/Contact';
  expect((await org.call('GET', `${path}?ids=${contact},0035gZZZZZZZZZZ&fields=name`)).body).toMatchObject([
    { Name: '山田 太郎' },
    null,
  ]);
  expect((await org.call('GET', `${path}?ids=${contact}`)).status).toBe(400);
  const many = Array.from({ length: 2001 }, () => contact);
  const read = (ids: readonly string[], fields: readonly string[]) => org.call('POST', path, { ids, fields });
  expect(await read(many, ['Id'])).toMatchObject({ status: 400, body: [{ errorCode: 'EXCEEDED_ID_LIMIT' }] });
  expect((await read(many.slice(1), ['Id'])).body).toHaveLength(2000);
  expect(await read(['abc'], ['Id'])).toMatchObject({ status: 400, body: [{ errorCode: 'MALFORMED_ID' }] });
  expect(await read([], ['Nonsense'])).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_FIELD' }] });
});

test.each(['GET', 'PATCH', 'DELETE'])('%s of what is no id is taken for the name of a key field', async (method) => {
  expect(await org.call(method, '/sobjects/Contact/abc', method === 'PATCH' ? {} : undefined)).toMatchObject({
    status: 404,
    body: [{ errorCode: 'NOT_FOUND', message: 'Provided external ID field does not exist or is not accessible: abc' }],
  });
});

test('a deleted record is told from one that never was', async () => {
  const { body } = await org.call('POST', '/sobjects/Task', { Subject: 'gone' });
  const path = `/sobjects/Task/${(body as { id: string }).id}`;
  await org.call('DELETE', path);
  expect(await org.call('GET', path)).toMatchObject({ status: 404, body: [{ errorCode: 'ENTITY_IS_DELETED' }] });
  expect(await org.call('GET', '/sobjects/Task/00T5gZZZZZZZZZZ')).toMatchObject({
    status: 404,
    body: [{ errorCode: 'NOT_FOUND' }],
  });
});

test('an upsert that may only update creates nothing', async () => {
  const path = '/sobjects/Task/Toritsugi_Call_Id__c/only';
  expect(await org.call('PATCH', `${path}?updateOnly=true`, {})).toMatchObject({
    status: 404,
    body: [{ errorCode: 'NOT_FOUND' }],
  });
  expect((await org.call('PATCH', path, {})).status).toBe(201);
  expect((await org.call('PATCH', `${path}?updateOnly=true`, {})).status).toBe(200);
});

test('what the org does not keep lists of says so', async () => {
  const window = 'start=2026-11-20T00%3A01%3A00%2B00%3A00&end=2026-11-20T00%3A02%3A00%2B00%3A00';
  expect((await org.call('GET', `/sobjects/Organization/updated?${window}`)).status).toBe(400);
});
