import { startOrg, type TestOrg } from './org.ts';

/**
 * The requests the vendor's command line (sf 2.150) makes, as it makes them: it stores the address it was given with a slash at the
 * end, so its paths begin with two; it falls back to versions 50 and 51; it sends numbers as text.
 */

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg({ contacts: 3000 });
});
afterEach(() => org.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(method: string, path: string, body?: string): Promise<Answer> {
  const response = await fetch(`${org.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${org.accessToken}`,
      'content-type': 'application/json',
      'user-agent': 'sfdx toolbelt:',
      'sforce-call-options': 'client=sfdx toolbelt:',
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

const query = (soql: string, more = '') => ask('GET', `//services/data/v68.0/query?q=${encodeURIComponent(soql)}${more}`);
const rowsOf = ({ body }: Answer) => body.records as readonly Record<string, unknown>[];

test('org login access-token: who is it, and what kind of org', async () => {
  const { body: user } = await ask('GET', '/services/oauth2/userinfo');
  expect(user).toMatchObject({
    user_id: org.userId,
    organization_id: expect.stringMatching(/^00D/),
    preferred_username: org.username,
  });
  expect(await ask('GET', `/services/data/v51.0/sobjects/User/${user.user_id}`)).toMatchObject({
    status: 200,
    body: { Username: org.username },
  });
  expect(await ask('GET', '/services/data/v51.0/query?q=SELECT%20Id%20FROM%20ScratchOrgInfo%20limit%201')).toMatchObject({
    status: 400,
    body: [{ errorCode: 'INVALID_TYPE' }],
  });
  const versions = (await ask('GET', '//services/data')).body as unknown as { version: string }[];
  expect(versions.map(({ version }) => version)).toEqual(expect.arrayContaining(['50.0', '51.0', '67.0', '68.0']));
  expect(
    rowsOf(
      await query(
        'SELECT Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix, OrganizationType FROM Organization',
      ),
    ),
  ).toMatchObject([{ IsSandbox: true, TrialExpirationDate: null, NamespacePrefix: null }]);
});

test('data query: the rows page by page, then their columns', async () => {
  const soql = 'SELECT Id, Name, Account.Name FROM Contact';
  const first = await query(soql);
  expect(first.body).toMatchObject({ totalSize: 3020, done: false });
  const second = await ask('GET', `/${String(first.body.nextRecordsUrl)}`);
  expect(second.body).toMatchObject({ done: true });
  expect(rowsOf(first).length + rowsOf(second).length).toBe(3020);
  expect((await query(soql, '&columns=true')).body.columnMetadata).toMatchObject([
    { columnName: 'Id', aggregate: false, joinColumns: [] },
    { columnName: 'Name' },
    { columnName: 'Account', joinColumns: [{ columnName: 'Name' }] },
  ]);
});

test('data create, get, update, upsert and delete record', async () => {
  const created = await ask('POST', '//services/data/v68.0/sobjects/Task', '{"Subject":"x","CallDurationInSeconds":"5"}');
  expect(created.status).toBe(201);
  const path = `//services/data/v68.0/sobjects/Task/${String(created.body.id)}`;
  expect(rowsOf(await query("SELECT id FROM Task WHERE Subject = 'x'"))).toMatchObject([{ Id: created.body.id }]);
  expect((await ask('PATCH', path, '{"Subject":"y"}')).status).toBe(204);
  expect((await ask('GET', path)).body).toMatchObject({ Subject: 'y', CallDurationInSeconds: 5 });
  expect((await ask('PATCH', '//services/data/v68.0/sobjects/Task/Toritsugi_Call_Id__c/k', '{"Subject":"z"}')).status).toBe(201);
  expect((await ask('DELETE', path)).status).toBe(204);
});

test('sobject list, sobject describe, org list limits', async () => {
  const { sobjects } = (await ask('GET', '//services/data/v68.0/sobjects')).body as {
    sobjects: { name: string; custom: boolean }[];
  };
  expect(sobjects.map(({ name }) => name)).toContain('Lead');
  expect((await ask('GET', '//services/data/v68.0/sobjects/Lead/describe')).body).toMatchObject({
    name: 'Lead',
    keyPrefix: '00Q',
    recordTypeInfos: [{ master: true }],
  });
  expect((await ask('GET', '//services/data/v68.0/limits')).body).toMatchObject({
    DailyApiRequests: { Max: 15_000 },
    DailyBulkV2QueryJobs: { Max: 10_000 },
  });
});

test('org list sobject record-counts', async () => {
  expect((await ask('GET', '//services/data/v68.0/limits/recordCount?sObjects=Contact,Lead')).body).toEqual({
    sObjects: [
      { count: 3020, name: 'Contact' },
      { count: 3, name: 'Lead' },
    ],
  });
});

test('data import bulk sends its file in pieces of unknown length', async () => {
  const create = '{"object":"Account","operation":"insert","lineEnding":"LF","columnDelimiter":"COMMA"}';
  const { body: job } = await ask('POST', '/services/data/v68.0/jobs/ingest', create);
  const pieces = new ReadableStream({
    start(controller) {
      for (const piece of ['Name,Phone\n', '"Bulk, One",', '03-1111-0001\n']) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  const response = await fetch(`${org.url}/${String(job.contentUrl)}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${org.accessToken}`, 'content-type': 'text/csv' },
    body: pieces,
    duplex: 'half',
  });
  expect(response.status).toBe(201);
  const closed = await ask('PATCH', `/services/data/v68.0/jobs/ingest/${String(job.id)}`, '{"state":"UploadComplete"}');
  expect(closed.body).toMatchObject({ state: 'UploadComplete', apiVersion: 68 });
});
