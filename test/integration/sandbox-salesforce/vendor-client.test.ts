import { createPrivateKey } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import jsforce from 'jsforce';
import { privateKeyPem, startOrg, type TestOrg } from './org.ts';

/** The vendor's own client, used in every ordinary way its guide shows, must not notice that this is no real org. */

let org: TestOrg;
let connection: jsforce.Connection;
beforeEach(async () => {
  org = await startOrg({ pageRows: 8 });
  connection = new jsforce.Connection({ instanceUrl: org.url, accessToken: org.accessToken, version: '67.0' });
});
afterEach(() => org.close());

const oauth2 = () => ({ loginUrl: org.url, clientId: org.clientId, clientSecret: org.clientSecret });

describe('signing in and out', () => {
  const fresh = () => new jsforce.Connection({ loginUrl: org.url, version: '67.0', oauth2: oauth2() });

  test('with client credentials', async () => {
    const client = fresh();
    expect((await client.authorize({ grant_type: 'client_credentials' })).id).toBe(org.userId);
    expect(client.accessToken).toMatch(/^00D/);
  });

  test('with a signed assertion', async () => {
    const claims = { iss: org.clientId, sub: org.username, aud: org.url, exp: Math.floor(Date.now() / 1000) + 180 };
    const assertion = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(createPrivateKey(privateKeyPem));
    const client = fresh();
    await client.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    expect(await client.identity()).toMatchObject({ username: org.username, organization_id: expect.stringMatching(/^00D/) });
  });

  test('out again: the token is dead', async () => {
    const client = fresh();
    await client.authorize({ grant_type: 'client_credentials' });
    const accessToken = String(client.accessToken);
    await client.logout();
    const later = new jsforce.Connection({ instanceUrl: org.url, accessToken, version: '67.0' });
    await expect(later.limits()).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' });
  });

  test('a session that has ended is renewed once and the call goes through', async () => {
    let renewals = 0;
    const client = new jsforce.Connection({
      instanceUrl: org.url,
      accessToken: 'over',
      version: '67.0',
      refreshFn: async (_connection, callback) => {
        renewals += 1;
        callback(null, org.accessToken);
      },
    });
    expect(await client.identity()).toMatchObject({ user_id: org.userId });
    expect(renewals).toBe(1);
  });

  test('with a password is refused the way new orgs refuse it', async () => {
    await expect(fresh().loginBySoap('a', 'b')).rejects.toThrow('SOAP API login() is disabled by default in this org.');
  });
});

describe('queries', () => {
  test('page by page, by locator, all at once, up to a limit', async () => {
    const first = await connection.query<{ Id: string }>('SELECT Id FROM Contact ORDER BY Id');
    expect(first).toMatchObject({ done: false, totalSize: 20 });
    const second = await connection.queryMore<{ Id: string }>(first.nextRecordsUrl ?? '');
    expect(second.records[0]?.Id).not.toBe(first.records[0]?.Id);
    const read = (maxFetch: number) => connection.query('SELECT Id, Account.Name FROM Contact', { autoFetch: true, maxFetch });
    expect((await read(1000)).records).toHaveLength(20);
    expect((await read(10)).records).toHaveLength(10);
  });

  test('by events and as a stream', async () => {
    const ids: unknown[] = [];
    const query = connection.query('SELECT Id FROM Contact').on('record', (record: { Id?: string }) => ids.push(record.Id));
    await query.run({ autoFetch: true });
    expect(new Set(ids).size).toBe(20);
    const csv = await buffer(connection.query('SELECT Id, Name FROM Contact').stream('csv'));
    expect(csv.toString().trim().split('\n')).toHaveLength(21);
  });

  test('put together from conditions, fields, order and children', async () => {
    const contact = connection.sobject('Contact');
    const found = await contact
      .find({ LastName: { $like: '山%' }, CreatedDate: { $gte: jsforce.SfDate.YESTERDAY } }, 'Id, Name, Account.Name')
      .sort({ Name: -1 })
      .limit(5)
      .skip(0)
      .execute();
    expect(found.map(({ Name }) => Name)).toEqual(['山田 太郎', '山崎 優']);
    const either = await contact
      .find({ $or: [{ Phone: '090-1234-5678' }, { LastName: { $in: ['高橋', "O'Brien"] } }] })
      .sort({ Id: 1 });
    expect(either).toHaveLength(3);
    expect(await contact.findOne({ LastName: '山田' }, ['Name'])).toMatchObject({ Name: '山田 太郎' });
    expect(await contact.count({ LastName: { $ne: '山田' } })).toBe(19);
    const [wide] = await contact.select('*, Account.*').where("LastName = '山田'").execute();
    expect(wide).toMatchObject({ Phone: '090-1234-5678', Account: { Industry: 'Manufacturing' } });
    const [parent] = await connection
      .sobject('Account')
      .find({ Name: '高橋家' }, 'Id, Name')
      .include('Contacts')
      .select('Id, FirstName')
      .where({ LastName: '高橋' })
      .sort({ FirstName: 1 })
      .end()
      .execute();
    expect(parent).toMatchObject({ Contacts: { totalSize: 2 } });
  });

  test('that change or delete what they find', async () => {
    const leads = () => connection.sobject('Lead').find({ Rating: 'Hot' });
    expect(await leads().update({ Title: 'VIP' })).toMatchObject([{ success: true }]);
    expect(await connection.sobject('Lead').findOne({ Title: 'VIP' }, 'Title')).toMatchObject({ Title: 'VIP' });
    expect(await leads().destroy()).toMatchObject([{ success: true }]);
    expect(await connection.query('SELECT Id FROM Lead WHERE IsDeleted = true', { scanAll: true })).toMatchObject({
      totalSize: 1,
    });
  });

  test('explained, counted, grouped, refused', async () => {
    const { plans } = await connection.query("SELECT Id FROM Contact WHERE Phone = '1'").explain();
    expect(plans[0]).toMatchObject({ sobjectType: 'Contact', leadingOperationType: 'Index' });
    expect((await connection.query('SELECT COUNT() FROM Lead')).totalSize).toBe(3);
    expect((await connection.query('SELECT Status, COUNT(Id) n FROM Lead GROUP BY Status')).records).toMatchObject([{ n: 3 }]);
    await expect(connection.query('SELECT Foo FROM Lead')).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' });
  });

  test('of the search index', async () => {
    const { searchRecords } = await connection.search('FIND {9012345678} IN PHONE FIELDS RETURNING Contact(Id, Name)');
    expect(searchRecords).toMatchObject([{ attributes: { type: 'Contact' }, Name: '山田 太郎' }]);
  });
});

describe('records', () => {
  const idsOf = (results: readonly { success: boolean; id?: string | undefined }[]) => results.map(({ id }) => String(id));

  test('are created, read, changed and destroyed, one or many', async () => {
    const task = connection.sobject('Task');
    const one = await task.create({ Subject: 'one' });
    expect(await task.retrieve(String(one.id))).toMatchObject({ Subject: 'one' });
    expect(await task.update({ Id: String(one.id), Subject: 'changed' })).toMatchObject({ id: one.id, success: true });
    const many = await task.create([{ Subject: 'a' }, { Subject: 'b' }]);
    const [a = '', b = ''] = idsOf(many);
    expect(
      await task.update([
        { Id: a, Subject: 'A' },
        { Id: b, Subject: 'x'.repeat(256) },
      ]),
    ).toMatchObject([{ success: true }, { success: false, errors: [{ statusCode: 'STRING_TOO_LONG' }] }]);
    expect(await task.retrieve([a, b], { fields: ['Subject'] })).toMatchObject([{ Subject: 'A' }, { Subject: 'b' }]);
    expect(await task.destroy([a, b])).toMatchObject([{ success: true }, { success: true }]);
    expect(await task.destroy(String(one.id))).toMatchObject({ success: true });
    await expect(task.retrieve(String(one.id))).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' });
  });

  test('are referred to by their id', async () => {
    const { id } = await connection.sobject('Task').create({ Subject: 'one' });
    const record = connection.sobject('Task').record(String(id));
    expect(await record.update({ Subject: 'two' })).toMatchObject({ success: true });
    expect(await record.retrieve()).toMatchObject({ Subject: 'two' });
    expect(await record.destroy()).toMatchObject({ success: true });
  });

  test('are upserted by key, one or many; a slash in a key breaks the path', async () => {
    const upsert = (key: string) =>
      connection.sobject('Task').upsert({ Toritsugi_Call_Id__c: key, Subject: 'c' }, 'Toritsugi_Call_Id__c');
    expect(await upsert('k-1')).toMatchObject({ success: true, created: true });
    expect(await upsert('k-1')).toMatchObject({ success: true, created: false, id: expect.stringMatching(/^00T/) });
    await expect(upsert('k/1')).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
    const records = ['k-1', 'k-2'].map((key) => ({ Toritsugi_Call_Id__c: key, Subject: 'd' }));
    expect(await connection.sobject('Task').upsert(records, 'Toritsugi_Call_Id__c')).toMatchObject([
      { created: false },
      { created: true },
    ]);
    org.addFault({ kind: 'raceUpsert', times: 1 });
    await upsert('k-1');
    await expect(upsert('k-1')).rejects.toMatchObject({ name: 'MULTIPLE_CHOICES' });
  });

  test('more than a collection holds go in several; all or none takes the others back', async () => {
    const tasks = Array.from({ length: 450 }, (_, index) => ({ Subject: `s${index}` }));
    expect(await connection.sobject('Task').create(tasks, { allowRecursive: true })).toHaveLength(450);
    const refused = await connection.sobject('Account').create([{ Name: 'good' }, {}], { allOrNone: true });
    expect(refused).toMatchObject([{ success: false }, { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] }]);
    expect(await connection.sobject('Account').count({ Name: 'good' })).toBe(0);
  });

  test('changed and deleted lately are listed', async () => {
    await connection.sobject('Lead').find({ LastName: '藤田' }).destroy();
    const start = new Date(Date.now() - 600_000);
    const end = new Date(Date.now() + 600_000);
    expect((await connection.sobject('Lead').deleted(start, end)).deletedRecords).toMatchObject([
      { id: expect.stringMatching(/^00Q/) },
    ]);
    expect((await connection.sobject('Lead').updated(start, end)).ids).toHaveLength(2);
    expect(await connection.sobject('Lead').recent()).toEqual([]);
    expect(await connection.recent()).toEqual([]);
  });
});

describe('the org', () => {
  test('describes its objects; the client keeps what it was told', async () => {
    const task = await connection.describe('Task');
    expect(task.fields.find(({ name }) => name === 'Toritsugi_Call_Id__c')).toMatchObject({
      externalId: true,
      idLookup: true,
      length: 80,
    });
    expect(task.fields.find(({ name }) => name === 'WhoId')).toMatchObject({
      referenceTo: ['Contact', 'Lead'],
      relationshipName: 'Who',
    });
    const account = await connection.sobject('Account').describe();
    expect(account.childRelationships.map(({ relationshipName }) => relationshipName)).toEqual(
      expect.arrayContaining(['Contacts', 'Opportunities', 'Tasks', 'ChildAccounts']),
    );
    expect((await connection.describeGlobal()).sobjects.map(({ name }) => name)).toContain('Opportunity');
    const asked = org.requestCount();
    expect((await connection.describe$('Task')).name).toBe('Task');
    expect(org.requestCount() - asked).toBe(0);
  });

  test('tells who we are and what is left of the day', async () => {
    expect(await connection.identity()).toMatchObject({ user_id: org.userId, username: org.username, asserted_user: true });
    expect((await connection.limits()).DailyApiRequests).toMatchObject({ Max: 15_000 });
    expect(connection.limitInfo.apiUsage).toMatchObject({ limit: 15_000 });
  });

  test('answers plain requests, from the version or from the root on', async () => {
    expect(await connection.request('/sobjects')).toMatchObject({ maxBatchSize: 200 });
    expect(await connection.requestGet('/services/data/v67.0/limits')).toHaveProperty('DailyApiRequests');
    const created = await connection.requestPost<{ id: string }>('/sobjects/Task', { Subject: 'plain' });
    await connection.requestPatch(`/sobjects/Task/${created.id}`, { Subject: 'changed' });
    await connection.requestDelete(`/sobjects/Task/${created.id}`);
    expect(await connection.sobject('Task').count()).toBe(0);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['tooling', async () => connection.tooling.query('SELECT Id FROM ApexClass')],
    ['Apex REST', () => connection.apex.get('/mine')],
    ['reports', () => connection.analytics.reports()],
    ['layouts', () => connection.sobject('Task').layouts()],
    ['tabs', () => connection.tabs()],
    ['quick actions', () => connection.quickActions()],
  ])('refuses what it leaves out as an org that has it not: %s', async (_what, ask) => {
    await expect(ask()).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });
});
