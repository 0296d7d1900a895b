import { to18 } from '../../../infra/sandbox/salesforce/record-ids.ts';
import { findObject } from '../../../infra/sandbox/salesforce/schema.ts';
import { startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
let clock = 0;
beforeEach(async () => {
  clock = Date.parse('2026-11-20T00:00:00Z');
  org = await startOrg({ now: () => clock });
});
afterEach(() => org.close());

const idOf = (body: unknown) => (body as { id: string }).id;
const task = (fields: object) => ({ attributes: { type: 'Task' }, ...fields });
const KEY = '/sobjects/Task/Toritsugi_Call_Id__c';

test('a record is created, read, changed and deleted', async () => {
  const created = await org.call('POST', '/sobjects/Task', { Subject: 'Call', Status: 'Completed', CallDurationInSeconds: 5 });
  expect(created).toMatchObject({ status: 201, body: { success: true, errors: [] } });
  const path = `/sobjects/Task/${idOf(created.body)}`;
  expect(idOf(created.body)).toMatch(/^00T[A-Za-z0-9]{15}$/);
  expect(created.headers.get('location')).toBe(`/services/data/v67.0${path}`);
  expect((await org.call('GET', path)).body).toMatchObject({
    attributes: { type: 'Task' },
    Priority: 'Normal',
    IsClosed: true,
    OwnerId: org.userId,
    SystemModstamp: '2026-11-20T00:00:00.000+0000',
  });
  clock += 5_000;
  expect(await org.call('PATCH', path, { Subject: 'Changed', Description: '' })).toMatchObject({ status: 204, body: null });
  expect((await org.call('GET', `${path}?fields=Subject,SystemModstamp`)).body).toMatchObject({
    Subject: 'Changed',
    SystemModstamp: '2026-11-20T00:00:05.000+0000',
  });
  // The 15-character form names the same record.
  expect((await org.call('GET', path.slice(0, -3))).status).toBe(200);
  expect((await org.call('DELETE', path)).status).toBe(204);
  expect((await org.call('GET', path)).status).toBe(404);
  expect(await org.call('PATCH', path, { Subject: 'x' })).toMatchObject({
    status: 404,
    body: [{ message: 'entity is deleted', errorCode: 'ENTITY_IS_DELETED', fields: [] }],
  });
});

test('an upsert creates with 201, updates with 200 and cannot choose between twins with 300', async () => {
  expect(await org.call('PATCH', `${KEY}/main-1.1`, { Subject: 'a' })).toMatchObject({
    status: 201,
    body: { created: true, success: true },
  });
  expect(await org.call('PATCH', `${KEY}/MAIN-1.1`, { Subject: 'b' })).toMatchObject({ status: 200, body: { created: false } });
  expect(await org.query('SELECT Subject, Toritsugi_Call_Id__c FROM Task')).toMatchObject([
    { Subject: 'b', Toritsugi_Call_Id__c: 'main-1.1' },
  ]);
  org.addFault({ kind: 'raceUpsert', times: 1 });
  expect(await org.call('PATCH', `${KEY}/main-1.1`, { Subject: 'twin' })).toMatchObject({ status: 201 });
  const { status, body } = await org.call('PATCH', `${KEY}/main-1.1`, { Subject: 'c' });
  expect(status).toBe(300);
  expect(body).toEqual([expect.stringMatching(/^\/services\/data\/v67\.0\/sobjects\/Task\/00T/), expect.any(String)]);
  const collection = await org.call('PATCH', '/composite/sobjects/Task/Toritsugi_Call_Id__c', {
    records: [task({ Toritsugi_Call_Id__c: 'main-1.1' })],
  });
  expect(collection.body).toMatchObject([{ success: false, errors: [{ statusCode: 'DUPLICATE_EXTERNAL_ID' }] }]);
});

test('people can be upserted by their e-mail address', async () => {
  const path = '/sobjects/Lead/Email/Somebody%40example.com';
  const lead = { LastName: 'x', Company: 'y' };
  expect((await org.call('PATCH', path, lead)).status).toBe(201);
  expect(await org.call('PATCH', path.toLowerCase().replace('lead', 'Lead'), { Title: 'z' })).toMatchObject({
    status: 200,
    body: { created: false },
  });
  expect((await org.call('GET', path)).body).toMatchObject({ Email: 'Somebody@example.com', Title: 'z' });
  expect((await org.call('PATCH', '/sobjects/Lead/Email/nobody', lead)).status).toBe(400);
});

test.each<[string, object, string, readonly string[]]>([
  ['Contact', { FirstName: 'x' }, 'REQUIRED_FIELD_MISSING', ['LastName']],
  ['Contact', { LastName: null }, 'REQUIRED_FIELD_MISSING', ['LastName']],
  ['Contact', { LastName: '   ' }, 'REQUIRED_FIELD_MISSING', ['LastName']],
  ['Contact', { LastName: 'x', Phone: '0'.repeat(41) }, 'STRING_TOO_LONG', ['Phone']],
  ['Contact', { LastName: 'x', Email: 'nobody' }, 'INVALID_EMAIL_ADDRESS', ['Email']],
  ['Contact', { LastName: 'x', Name: 'y' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['Name']],
  ['Contact', { LastName: 'x', AccountId: 'abc' }, 'MALFORMED_ID', ['AccountId']],
  ['Task', { CallType: 'Sideways' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', ['CallType']],
  ['Task', { CallDurationInSeconds: 123_456_789 }, 'NUMBER_OUTSIDE_VALID_RANGE', ['CallDurationInSeconds']],
  ['Task', { ActivityDate: '9999-12-31' }, 'NUMBER_OUTSIDE_VALID_RANGE', ['ActivityDate']],
  ['Task', { ReminderDateTime: '1699-12-31T23:59:59Z' }, 'NUMBER_OUTSIDE_VALID_RANGE', ['ReminderDateTime']],
  ['Task', { Id: to18('00T5g0000000001') }, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['Id']],
  ['Task', { WhoId: to18('0015g0000000001') }, 'MALFORMED_ID', ['WhoId']],
])('a %s with %j is refused with %s', async (object, fields, errorCode, blamed) => {
  const { status, body } = await org.call('POST', `/sobjects/${object}`, fields);
  expect(status).toBe(400);
  expect(body).toMatchObject([{ errorCode, fields: blamed }]);
});

test.each<[object, string]>([
  [{ Foo__c: 'x' }, 'INVALID_FIELD'],
  [{ Subject: 5 }, 'JSON_PARSER_ERROR'],
  [{ CallDurationInSeconds: '5s' }, 'JSON_PARSER_ERROR'],
  [{ CallDurationInSeconds: '' }, 'JSON_PARSER_ERROR'],
  [{ IsReminderSet: 'yes' }, 'JSON_PARSER_ERROR'],
  [{ CallDurationInSeconds: 5.5 }, 'JSON_PARSER_ERROR'],
  [{ ActivityDate: '2026/11/22' }, 'JSON_PARSER_ERROR'],
  [{ ActivityDate: '2026-11-22T10:00:00Z' }, 'JSON_PARSER_ERROR'],
  [{ ReminderDateTime: '2026-11-22' }, 'JSON_PARSER_ERROR'],
  [{ ReminderDateTime: '2026-11-22T10:00:00' }, 'JSON_PARSER_ERROR'],
  [{ ReminderDateTime: '2026-11-22T25:00:00Z' }, 'JSON_PARSER_ERROR'],
  [{ IsReminderSet: null }, 'JSON_PARSER_ERROR'],
])('a task with %j cannot be read, and takes its whole collection with it', async (fields, errorCode) => {
  expect(await org.call('POST', '/sobjects/Task', fields)).toMatchObject({ status: 400, body: [{ errorCode }] });
  const collection = await org.call('POST', '/composite/sobjects', { records: [task({ Subject: 'good' }), task(fields)] });
  expect(collection).toMatchObject({ status: 400, body: [{ errorCode }] });
  expect(await org.query('SELECT Id FROM Task')).toEqual([]);
});

test('a text that spells a number or a truth value is taken for it, as the vendor’s command line sends them', async () => {
  await org.call('POST', '/sobjects/Task', { CallDurationInSeconds: '5', IsReminderSet: 'true' });
  expect(await org.query('SELECT CallDurationInSeconds, IsReminderSet FROM Task')).toMatchObject([
    { CallDurationInSeconds: 5, IsReminderSet: true },
  ]);
});

test('an instant is stored to the second and in UTC, whatever offset it came with', async () => {
  for (const sent of ['2026-11-22T10:00:00.987+0900', '2026-11-22T10:00:00+09:00', '2026-11-22T01:00Z']) {
    const { body } = await org.call('POST', '/sobjects/Task', { ReminderDateTime: sent });
    expect((await org.call('GET', `/sobjects/Task/${idOf(body)}`)).body).toMatchObject({
      ReminderDateTime: '2026-11-22T01:00:00.000+0000',
    });
  }
});

test.each([
  [1200.555, 1200.56],
  [1.005, 1.01],
  [-1.005, -1.01],
  [1e-9, 0],
  [-0.001, 0],
  [0.1 + 0.2, 0.3],
  [12, 12],
])('an amount of %d is kept as %d: what the field has no room for is rounded away', async (sent, kept) => {
  const fields = { Name: 'x', StageName: 'Prospecting', CloseDate: '2026-11-20', Amount: sent };
  await org.call('POST', '/sobjects/Opportunity', fields);
  expect(await org.query('SELECT Amount FROM Opportunity')).toMatchObject([{ Amount: kept }]);
});

test('nothing can be given to a user who has left', async () => {
  const [user] = await org.query("SELECT Id FROM User WHERE Username = 'sato@example.com'");
  const id = String(user?.Id);
  const users = findObject('User');
  if (users === undefined) throw new Error('the org has no User');
  expect((await org.call('POST', '/sobjects/Task', { OwnerId: id })).status).toBe(201);
  org.store.update(users, id, { IsActive: false }, org.userId);
  const refusal = {
    status: 400,
    body: [{ errorCode: 'INACTIVE_OWNER_OR_USER', message: `operation performed with inactive user [${id}] as owner of task` }],
  };
  expect(await org.call('POST', '/sobjects/Task', { OwnerId: id })).toMatchObject(refusal);
  const [task] = await org.query(`SELECT Id FROM Task WHERE OwnerId = '${id}'`);
  // What he owns already can be changed as long as it stays his.
  expect((await org.call('PATCH', `/sobjects/Task/${task?.Id}`, { Subject: 'x' })).status).toBe(204);
});

test('a customer with a case is not deleted before the case is', async () => {
  const [account] = await org.query("SELECT Id FROM Account WHERE Name = '高橋家'");
  const { body } = await org.call('POST', '/sobjects/Case', { AccountId: account?.Id, Subject: 'broken' });
  const remove = () => org.call('DELETE', `/sobjects/Account/${account?.Id}`);
  expect(await remove()).toMatchObject({
    status: 400,
    body: [{ errorCode: 'DELETE_FAILED', message: expect.stringContaining(idOf(body)) }],
  });
  await org.call('DELETE', `/sobjects/Case/${idOf(body)}`);
  expect((await remove()).status).toBe(204);
});

test('a task may point only at records that exist, and for a lead at nothing else', async () => {
  const [lead] = await org.query('SELECT Id FROM Lead LIMIT 1');
  const [account] = await org.query('SELECT Id FROM Account LIMIT 1');
  const refusal = async (fields: object) =>
    ((await org.call('POST', '/sobjects/Task', fields)).body as { errorCode: string }[])[0]?.errorCode;
  expect(await refusal({ WhoId: to18('0035gZZZZZZZZZZ') })).toBe('INVALID_CROSS_REFERENCE_KEY');
  expect(await refusal({ WhoId: lead?.Id, WhatId: account?.Id })).toBe('FIELD_INTEGRITY_EXCEPTION');
  await org.call('DELETE', `/sobjects/Lead/${lead?.Id}`);
  expect(await refusal({ WhoId: lead?.Id })).toBe('ENTITY_IS_DELETED');
});

test('a key belongs into the path, not into the body; blanks around it do not count', async () => {
  expect((await org.call('PATCH', `${KEY}/%20b%20`, {})).status).toBe(201);
  expect((await org.call('PATCH', `${KEY}/b`, {})).status).toBe(200);
  expect((await org.call('PATCH', `${KEY}/%20`, {})).status).toBe(404);
  expect(await org.call('PATCH', `${KEY}/a`, { Toritsugi_Call_Id__c: 'a' })).toMatchObject({
    status: 400,
    body: [{ errorCode: 'INVALID_FIELD' }],
  });
  expect((await org.call('PATCH', '/sobjects/Task/Subject/a', {})).status).toBe(404);
});

test('what may be set only on create is refused later', async () => {
  await org.call('PATCH', `${KEY}/a`, { TaskSubtype: 'Call' });
  expect(await org.call('PATCH', `${KEY}/a`, { TaskSubtype: 'Task' })).toMatchObject({
    body: [{ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' }],
  });
});

describe('collections', () => {
  test('answer row by row, each refusal for itself', async () => {
    const { status, body } = await org.call('PATCH', '/composite/sobjects/Task/Toritsugi_Call_Id__c', {
      allOrNone: false,
      records: [
        task({ Toritsugi_Call_Id__c: 'a', Subject: 'one' }),
        task({ Toritsugi_Call_Id__c: 'b', Subject: 'x'.repeat(256) }),
        task({ Subject: 'no key' }),
        task({ Toritsugi_Call_Id__c: 'c' }),
        task({ Toritsugi_Call_Id__c: 'C' }),
      ],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { success: true, created: true, errors: [] },
      { success: false, errors: [{ statusCode: 'STRING_TOO_LONG', fields: ['Subject'] }] },
      { success: false, errors: [{ statusCode: 'MISSING_ARGUMENT' }] },
      { success: false, errors: [{ statusCode: 'DUPLICATE_VALUE' }] },
      { success: false, errors: [{ statusCode: 'DUPLICATE_VALUE' }] },
    ]);
  });

  test('hold at most 200 records', async () => {
    const records = Array.from({ length: 201 }, () => task({ Subject: 'x' }));
    expect(await org.call('POST', '/composite/sobjects', { records })).toMatchObject({
      status: 400,
      body: [{ errorCode: 'EXCEEDED_ID_LIMIT' }],
    });
  });

  test('create, update and delete', async () => {
    const created = (await org.call('POST', '/composite/sobjects', { records: [task({ Subject: 'a' }), task({ Subject: 'b' })] }))
      .body as { id: string }[];
    const ids = created.map(({ id }) => id);
    await org.call('PATCH', '/composite/sobjects', { records: [task({ Id: ids[0], Subject: 'changed' })] });
    expect(await org.query('SELECT Subject FROM Task ORDER BY Id')).toMatchObject([{ Subject: 'changed' }, { Subject: 'b' }]);
    expect((await org.call('DELETE', `/composite/sobjects?ids=${ids.join(',')}`)).body).toMatchObject([
      { success: true },
      { success: true },
    ]);
    expect(await org.query('SELECT Id FROM Task')).toEqual([]);
  });
});

test('deleted records are told by queryAll and by the list of deletions', async () => {
  const [contact] = await org.query("SELECT Id FROM Contact WHERE LastName = '中村'");
  clock += 60_000;
  await org.call('DELETE', `/sobjects/Contact/${contact?.Id}`);
  const all = await org.call('GET', `/queryAll?q=${encodeURIComponent('SELECT Id FROM Contact WHERE IsDeleted = true')}`);
  expect(all.body).toMatchObject({ totalSize: 1, records: [{ Id: contact?.Id }] });
  const window = 'start=2026-11-20T00%3A01%3A00%2B00%3A00&end=2026-11-20T00%3A02%3A00%2B00%3A00';
  expect((await org.call('GET', `/sobjects/Contact/deleted/?${window}`)).body).toMatchObject({
    deletedRecords: [{ id: contact?.Id }],
  });
  expect((await org.call('GET', `/sobjects/Contact/updated/?${window}`)).body).toMatchObject({ ids: [] });
  const farAhead = window.replace('end=2026-11-20T00', 'end=2026-12-20T00');
  // What has not happened yet is not covered: a client that goes on from there would miss it.
  expect((await org.call('GET', `/sobjects/Contact/deleted/?${farAhead}`)).body).toMatchObject({
    latestDateCovered: '2026-11-20T00:01:00.000+0000',
  });
  expect((await org.call('GET', '/sobjects/Contact/updated/?start=x&end=y')).status).toBe(400);
});

test('a composite is one call, and its parts fail for themselves', async () => {
  const { status, body } = await org.call('POST', '/composite', {
    compositeRequest: [
      { method: 'POST', url: '/services/data/v67.0/sobjects/Task', referenceId: 'new', body: { Subject: 'a' } },
      { method: 'GET', url: '/services/data/v67.0/sobjects/Nothing/describe', referenceId: 'bad' },
    ],
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    compositeResponse: [
      { httpStatusCode: 201, referenceId: 'new' },
      { httpStatusCode: 404, referenceId: 'bad' },
    ],
  });
});
