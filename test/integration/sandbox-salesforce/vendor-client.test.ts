import jsforce from 'jsforce';
import { startOrg, type TestOrg } from './org.ts';

/** The vendor's own client, used the ordinary way, must not notice that this is no real org. */

let org: TestOrg;
let connection: jsforce.Connection;
beforeAll(async () => {
  org = await startOrg({ pageRows: 8 });
  connection = new jsforce.Connection({ instanceUrl: org.url, accessToken: org.accessToken, version: '67.0' });
});
afterAll(() => org.close());

test('signs in with client credentials', async () => {
  const fresh = new jsforce.Connection({
    loginUrl: org.url,
    version: '67.0',
    oauth2: { loginUrl: org.url, clientId: org.clientId, clientSecret: org.clientSecret },
  });
  const user = await fresh.authorize({ grant_type: 'client_credentials' });
  expect(user.id).toBe(org.userId);
  expect(fresh.accessToken).toMatch(/^00D/);
});

test('queries page by page, searches and describes', async () => {
  const all = await connection.query('SELECT Id, Name, Account.Name FROM Contact ORDER BY Id', { autoFetch: true });
  expect(all.records).toHaveLength(20);
  expect((await connection.search('FIND {9012345678} IN PHONE FIELDS RETURNING Contact(Id, Name)')).searchRecords).toMatchObject([
    { Name: '山田 太郎' },
  ]);
  expect((await connection.describe('Task')).fields.find(({ name }) => name === 'Toritsugi_Call_Id__c')).toMatchObject({
    externalId: true,
    idLookup: true,
    length: 80,
  });
  expect((await connection.describeGlobal()).sobjects.map(({ name }) => name)).toContain('Task');
  expect(connection.limitInfo.apiUsage?.limit).toBe(15_000);
});

test('creates, upserts, reads and destroys', async () => {
  const created = await connection.sobject('Task').create([{ Subject: 'a' }, { Subject: 'b' }]);
  expect(created).toMatchObject([{ success: true }, { success: true }]);
  expect(
    await connection
      .sobject('Task')
      .upsert({ Toritsugi_Call_Id__c: 'k/1', Subject: 'c' }, 'Toritsugi_Call_Id__c')
      .catch((error: Error) => error.name),
  ).toBe('NOT_FOUND');
  const upsert = () => connection.sobject('Task').upsert({ Toritsugi_Call_Id__c: 'k-1', Subject: 'c' }, 'Toritsugi_Call_Id__c');
  expect(await upsert()).toMatchObject({ success: true, created: true });
  expect(await upsert()).toMatchObject({ success: true, created: false });
  const ids = created.flatMap((result) => (result.success ? [result.id] : []));
  expect(await connection.sobject('Task').retrieve(ids)).toMatchObject([{ Subject: 'a' }, { Subject: 'b' }]);
  expect(await connection.sobject('Task').destroy(ids)).toMatchObject([{ success: true }, { success: true }]);
  await expect(connection.sobject('Task').retrieve(ids[0] ?? '')).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
});
