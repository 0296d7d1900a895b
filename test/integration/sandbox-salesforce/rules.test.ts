import { startOrg, type TestOrg } from './org.ts';

/** What an admin of the org has laid down: who sees which field, what is a duplicate, what must be unique; and who holds a record. */

let org: TestOrg;
let clock = 0;
beforeEach(async () => {
  clock = Date.parse('2026-11-20T00:00:00Z');
  org = await startOrg({ now: () => clock });
});
afterEach(() => org.close());

const refused = (errorCode: string) => ({ status: 400, body: [expect.objectContaining({ errorCode })] });
const search = (sosl: string) => org.call('GET', `/search?q=${encodeURIComponent(sosl)}`);
const query = (soql: string) => org.call('GET', `/query?q=${encodeURIComponent(soql)}`);

describe('a hidden field', () => {
  beforeEach(() => org.restrictFields({ hidden: ['Contact.MobilePhone', 'Task.Toritsugi_Call_Id__c'] }));

  test('does not exist for the API user, wherever he looks', async () => {
    const [contact] = await org.query("SELECT Id FROM Contact WHERE LastName = '鈴木'");
    const { fields } = (await org.call('GET', '/sobjects/Contact/describe')).body as { fields: { name: string }[] };
    expect(fields.map(({ name }) => name)).not.toContain('MobilePhone');
    expect((await org.call('GET', `/sobjects/Contact/${contact?.Id}`)).body).not.toHaveProperty('MobilePhone');
    expect(await org.call('GET', `/sobjects/Contact/${contact?.Id}?fields=MobilePhone`)).toMatchObject(refused('INVALID_FIELD'));
    expect(await query('SELECT MobilePhone FROM Contact')).toMatchObject(refused('INVALID_FIELD'));
    expect(await query("SELECT Id FROM Contact WHERE MobilePhone = 'x'")).toMatchObject(refused('INVALID_FIELD'));
    expect(await query('SELECT Id FROM Contact ORDER BY MobilePhone')).toMatchObject(refused('INVALID_FIELD'));
    expect((await search('FIND {8011112222} IN PHONE FIELDS RETURNING Contact(Id)')).body).toEqual({ searchRecords: [] });
    expect(await search('FIND {8011112222} RETURNING Contact(MobilePhone)')).toMatchObject(refused('INVALID_FIELD'));
  });

  test('can neither be written nor upserted by', async () => {
    const fields = { LastName: 'x', MobilePhone: '1' };
    expect(await org.call('POST', '/sobjects/Contact', fields)).toMatchObject(refused('INVALID_FIELD'));
    expect((await org.call('PATCH', '/sobjects/Task/Toritsugi_Call_Id__c/k', {})).status).toBe(404);
  });

  test('is back when the admin gives it back', async () => {
    org.restrictFields({});
    expect((await query('SELECT MobilePhone FROM Contact')).status).toBe(200);
  });
});

test('a read-only field is described so, read, and not written', async () => {
  org.restrictFields({ readOnly: ['Contact.Phone'] });
  const { fields } = (await org.call('GET', '/sobjects/Contact/describe')).body as { fields: { name: string }[] };
  expect(fields.find(({ name }) => name === 'Phone')).toMatchObject({ createable: false, updateable: false });
  expect((await query('SELECT Phone FROM Contact')).status).toBe(200);
  expect(await org.call('POST', '/sobjects/Contact', { LastName: 'x', Phone: '1' })).toMatchObject({
    status: 400,
    body: [
      { errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', fields: ['Phone'], message: expect.stringContaining('security settings') },
    ],
  });
});

test('field access is set over HTTP, and a field there is not is named', async () => {
  const put = (body: object) =>
    fetch(`${org.url}/_sandbox/field-access`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await put({ hidden: ['contact.email'] })).status).toBe(204);
  expect(await query('SELECT Email FROM Contact')).toMatchObject(refused('INVALID_FIELD'));
  expect(await query('SELECT Email FROM Lead')).toMatchObject({ status: 200 });
  const wrong = await put({ hidden: ['Contact.Nonsense'] });
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('Contact.Nonsense')]);
});

test('a description is not sent again while nothing has changed', async () => {
  const { headers } = await org.call('GET', '/sobjects/Task/describe');
  const ask = () =>
    org.send('GET', '/sobjects/Task/describe', undefined, '', { 'if-modified-since': headers.get('last-modified') ?? '' });
  expect((await ask()).status).toBe(304);
  clock += 60_000;
  org.restrictFields({ hidden: ['Task.CallObject'] });
  expect((await ask()).status).toBe(200);
});

test('a unique value belongs to one record only', async () => {
  const create = (code: string) => org.call('POST', '/sobjects/Account', { Name: 'x', Customer_Code__c: code });
  const { id } = (await create('A-1')).body as { id: string };
  expect(await create('a-1')).toMatchObject({
    status: 400,
    body: [
      {
        errorCode: 'DUPLICATE_VALUE',
        message: `duplicate value found: Customer_Code__c duplicates value on record with id: ${id}`,
      },
    ],
  });
  expect((await org.call('PATCH', `/sobjects/Account/${id}`, { Customer_Code__c: 'A-1' })).status).toBe(204);
  await org.call('DELETE', `/sobjects/Account/${id}`);
  expect((await create('A-1')).status).toBe(201);
});

test('a parent is named by its key, and must be there', async () => {
  await org.call('POST', '/sobjects/Account', { Name: 'Acme', Customer_Code__c: 'A-1' });
  const create = (Account: unknown) => org.call('POST', '/sobjects/Contact', { LastName: 'x', Account });
  expect((await create({ Customer_Code__c: 'A-1' })).status).toBe(201);
  expect(await org.query("SELECT Account.Name FROM Contact WHERE LastName = 'x'")).toMatchObject([{ Account: { Name: 'Acme' } }]);
  expect(await create({ Customer_Code__c: 'B-2' })).toMatchObject({
    status: 400,
    body: [{ message: 'Foreign key external ID: B-2 not found for field Customer_Code__c in entity Account' }],
  });
  expect(await create({ Name: 'Acme' })).toMatchObject(refused('INVALID_FIELD'));
  expect(await create('Acme')).toMatchObject(refused('JSON_PARSER_ERROR'));
});

test('numbers keep to their type and size', async () => {
  const create = (fields: object) =>
    org.call('POST', '/sobjects/Opportunity', { Name: 'x', StageName: 'Closed Won', CloseDate: '2026-11-20', ...fields });
  expect((await create({ Amount: 1200.5 })).status).toBe(201);
  expect(await org.query('SELECT Amount, IsWon, IsClosed FROM Opportunity')).toMatchObject([
    { Amount: 1200.5, IsWon: true, IsClosed: true },
  ]);
  expect(await create({ Amount: 'a lot' })).toMatchObject(refused('JSON_PARSER_ERROR'));
  expect(await create({ Amount: 1e17 })).toMatchObject(refused('NUMBER_OUTSIDE_VALID_RANGE'));
  expect(await create({ CloseDate: '2026-02-30' })).toMatchObject(refused('JSON_PARSER_ERROR'));
  expect(await create({ StageName: null })).toMatchObject(refused('REQUIRED_FIELD_MISSING'));
});

describe('a duplicate rule', () => {
  const rule = { name: 'Same_Number', object: 'Contact', fields: ['LastName', 'Phone'], allowSave: true };
  const twin = { LastName: '山田', Phone: '090-1234-5678' };

  test('tells whom a record matches, and lets it through when the client insists', async () => {
    await org.close();
    org = await startOrg({ duplicateRules: [rule] });
    const [yamada] = await org.query("SELECT Id FROM Contact WHERE LastName = '山田'");
    const { status, body } = await org.call('POST', '/sobjects/Contact', twin);
    expect(status).toBe(400);
    expect(body).toMatchObject([
      {
        errorCode: 'DUPLICATES_DETECTED',
        duplicateResult: {
          allowSave: true,
          duplicateRule: 'Same_Number',
          matchResults: [{ matchRecords: [{ record: { Id: yamada?.Id } }] }],
        },
      },
    ]);
    expect((await org.call('POST', '/sobjects/Contact', { ...twin, Phone: '1' })).status).toBe(201);
    expect((await org.call('PATCH', `/sobjects/Contact/${yamada?.Id}`, { Title: 'x' })).status).toBe(204);
    const rows = await org.call('POST', '/composite/sobjects', { records: [{ attributes: { type: 'Contact' }, ...twin }] });
    expect(rows.body).toMatchObject([{ success: false, errors: [{ statusCode: 'DUPLICATES_DETECTED', duplicateResult: {} }] }]);
    const insisting = { 'sforce-duplicate-rule-header': 'allowSave=true' };
    expect((await org.call('POST', '/sobjects/Contact', twin, insisting)).status).toBe(201);
  });

  test('that blocks cannot be talked round', async () => {
    await org.close();
    org = await startOrg({ duplicateRules: [{ ...rule, allowSave: false }] });
    expect(await org.call('POST', '/sobjects/Contact', twin, { 'sforce-duplicate-rule-header': 'allowSave=true' })).toMatchObject(
      refused('DUPLICATES_DETECTED'),
    );
  });
});

test('a record somebody holds, and what is saved below it, has to wait', async () => {
  const [yamada, sasaki] = await org.query('SELECT Id FROM Contact ORDER BY Id LIMIT 2');
  org.addFault({ kind: 'lockRow', record: String(yamada?.Id) });
  const locked = {
    status: 400,
    body: [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: expect.stringContaining(String(yamada?.Id)) }],
  };
  expect(await org.call('POST', '/sobjects/Task', { WhoId: yamada?.Id })).toMatchObject(locked);
  expect(await org.call('PATCH', `/sobjects/Contact/${yamada?.Id}`, { Title: 'x' })).toMatchObject(locked);
  expect(await org.call('DELETE', `/sobjects/Contact/${yamada?.Id}`)).toMatchObject(locked);
  expect((await org.call('POST', '/sobjects/Task', { WhoId: sasaki?.Id })).status).toBe(201);
  org.clearFaults();
  expect((await org.call('POST', '/sobjects/Task', { WhoId: yamada?.Id })).status).toBe(201);
});

test('a guarded update does not overwrite what came in between', async () => {
  const [contact] = await org.query('SELECT Id FROM Contact LIMIT 1');
  const path = `/sobjects/Contact/${contact?.Id}`;
  const readAt = new Date(clock).toUTCString();
  clock += 60_000;
  expect((await org.call('PATCH', path, { Title: 'a' }, { 'if-unmodified-since': readAt })).status).toBe(204);
  expect(await org.call('PATCH', path, { Title: 'b' }, { 'if-unmodified-since': readAt })).toMatchObject({ status: 412 });
  expect(await org.query("SELECT Title FROM Contact WHERE Title != null AND Title IN ('a', 'b')")).toMatchObject([
    { Title: 'a' },
  ]);
});

test('an account takes its contacts and deals with it into the recycle bin', async () => {
  const [account] = await org.query("SELECT Id FROM Account WHERE Name = '高橋家'");
  await org.call('DELETE', `/sobjects/Account/${account?.Id}`);
  expect(await org.query("SELECT Id FROM Contact WHERE LastName = '高橋'")).toEqual([]);
  const { body } = await org.call('GET', `/queryAll?q=${encodeURIComponent('SELECT Id FROM Contact WHERE IsDeleted = true')}`);
  expect(body).toMatchObject({ totalSize: 2 });
});
