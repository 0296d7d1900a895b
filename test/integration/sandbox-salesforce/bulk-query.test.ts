import { answerDelayMs, atOnce, jobDelayMs } from '../../../infra/sandbox/salesforce/pace.ts';
import { until } from '../../support/until.ts';
import { startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg({ bulkPageRows: 8, now: () => Date.parse('2026-11-20T00:00:00Z') });
});
afterEach(() => org.close());

const create = (query: string, more: object = {}) => org.call('POST', '/jobs/query', { operation: 'query', query, ...more });
const state = async (id: string) => ((await org.call('GET', `/jobs/query/${id}`)).body as { state: string }).state;

async function complete(query: string, more: object = {}): Promise<string> {
  const { body } = await create(query, more);
  const { id } = body as { id: string };
  expect(body).toMatchObject({ state: 'UploadComplete', operation: 'operation' in more ? 'queryAll' : 'query' });
  await until('the job is complete', async () => (await state(id)) === 'JobComplete');
  return id;
}

const results = (id: string, params = '') => org.send('GET', `/jobs/query/${id}/results${params}`);

test('results come in parts, each with its heading; the last one says that nothing follows', async () => {
  const id = await complete('SELECT Id, Name FROM Contact ORDER BY Id');
  const ids = new Set<string>();
  let locator: string | null = '';
  const sizes: unknown[] = [];
  while (locator !== 'null') {
    const { text, headers, status } = await results(id, locator === '' ? '' : `?locator=${locator}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/csv/);
    const [heading, ...lines] = text.trim().split('\n');
    expect(heading).toBe('"Id","Name"');
    for (const line of lines) ids.add(line.slice(1, 19));
    sizes.push(headers.get('sforce-numberofrecords'));
    locator = headers.get('sforce-locator');
  }
  expect(ids.size).toBe(20);
  expect(sizes).toEqual(['8', '8', '4']);
  expect((await org.call('GET', `/jobs/query/${id}`)).body).toMatchObject({ numberRecordsProcessed: 20, jobType: 'V2Query' });
});

test('a client may ask for smaller parts, and for the same part twice', async () => {
  const id = await complete('SELECT Id FROM Contact');
  const part = await results(id, '?maxRecords=3');
  expect(part.headers.get('sforce-numberofrecords')).toBe('3');
  const next = `?maxRecords=3&locator=${part.headers.get('sforce-locator')}`;
  expect((await results(id, next)).text).toBe((await results(id, next)).text);
  expect((await results(id, next)).text).not.toBe(part.text);
  expect((await results(id, '?locator=bm9uc2Vuc2U')).status).toBe(400);
  expect((await results(id, '?maxRecords=0')).status).toBe(400);
});

test('cells: nothing for null, Z behind instants, related fields, quotes doubled, the delimiter and line ending asked for', async () => {
  await org.call('POST', '/sobjects/Contact', { LastName: 'say "hi"', Phone: '1' });
  const id = await complete("SELECT LastName, Account.Name, SystemModstamp, IsDeleted FROM Contact WHERE Phone = '1'", {
    columnDelimiter: 'PIPE',
    lineEnding: 'CRLF',
  });
  expect((await results(id)).text).toBe(
    '"LastName"|"Account.Name"|"SystemModstamp"|"IsDeleted"\r\n"say ""hi"""|""|"2026-11-20T00:00:00.000Z"|"false"\r\n',
  );
});

test('queryAll reads the recycle bin, too', async () => {
  const [contact] = await org.query('SELECT Id FROM Contact LIMIT 1');
  await org.call('DELETE', `/sobjects/Contact/${contact?.Id}`);
  const deleted = 'SELECT Id FROM Contact WHERE IsDeleted = true';
  expect((await results(await complete(deleted))).headers.get('sforce-numberofrecords')).toBe('0');
  expect((await results(await complete(deleted, { operation: 'queryAll' }))).headers.get('sforce-numberofrecords')).toBe('1');
});

test.each([
  ['SELECT Foo FROM Contact', "No such column 'Foo'"],
  ['SELECT Id FORM Contact', 'unexpected token'],
  ['SELECT COUNT(Id) FROM Contact', 'not supported in Bulk V2 Query'],
  ['SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'not supported in Bulk V2 Query'],
  ['SELECT Id FROM Contact OFFSET 5', 'OFFSET is not supported'],
])('%s is refused when the job is made', async (query, words) => {
  const { status, body } = await create(query);
  expect(status).toBe(400);
  expect(body).toMatchObject([{ errorCode: 'API_ERROR', message: expect.stringContaining(words) }]);
});

test('a job goes only where its state allows, and can be deleted when it is over', async () => {
  const id = await complete('SELECT Id FROM Lead');
  expect(await org.call('PATCH', `/jobs/query/${id}`, { state: 'Aborted' })).toMatchObject({ status: 400 });
  expect((await org.call('DELETE', `/jobs/query/${id}`)).status).toBe(204);
  expect((await results(id)).status).toBe(404);
  org.addFault({ kind: 'failJob', times: 1 });
  const { id: failing } = (await create('SELECT Id FROM Lead')).body as { id: string };
  await until('the job has failed', async () => (await state(failing)) === 'Failed');
  expect(await org.call('GET', `/jobs/query/${failing}/results`)).toMatchObject({
    status: 400,
    body: [{ errorCode: 'INVALIDJOBSTATE' }],
  });
  expect((await org.call('GET', '/limits')).body).toMatchObject({ DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 9_998 } });
});

test('at a pace, a job takes its time for its rows, and may be broken off meanwhile', async () => {
  await org.close();
  const slow = { answerMs: 0, bytesPerSecond: 1_000_000, jobRowsPerSecond: 0.001 };
  org = await startOrg({ pace: slow });
  const { body } = await create('SELECT Id FROM Contact');
  const { id } = body as { id: string };
  await until('the job is worked on', async () => (await state(id)) === 'InProgress');
  expect((await results(id)).status).toBe(400);
  expect((await org.call('PATCH', `/jobs/query/${id}`, { state: 'Aborted' })).body).toMatchObject({ state: 'Aborted' });
});

test('answers and tables take their time by what is sent; an org without a pace takes none', () => {
  const pace = { answerMs: 100, bytesPerSecond: 1_000, jobRowsPerSecond: 200 };
  expect(answerDelayMs({ done: true }, pace)).toBe(100);
  expect(answerDelayMs('"東"', pace)).toBe(105);
  expect(jobDelayMs(1_000, pace)).toBe(5_000);
  expect([answerDelayMs('"Id"', atOnce), jobDelayMs(1_000, atOnce)]).toEqual([0, 0]);
});
