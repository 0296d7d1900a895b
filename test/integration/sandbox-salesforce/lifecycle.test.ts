import jsforce from 'jsforce';
import { startOrg, type TestOrg } from './org.ts';

/** Merging, converting, undeleting: clients do it through the SOAP API. */

let org: TestOrg;
let connection: jsforce.Connection;
beforeEach(async () => {
  org = await startOrg();
  connection = new jsforce.Connection({ instanceUrl: org.url, accessToken: org.accessToken, version: '67.0' });
});
afterEach(() => org.close());

/** The client's types know neither fields of a master record nor that optional values may be left out. */
const merge = (request: object) => connection.soap.merge(request as { masterRecord: { type: string } });
const convertLead = (conversion: object) => connection.soap.convertLead(conversion as { leadId: string });
const idOf = async (soql: string) => String((await org.query(soql))[0]?.Id);
const everything = async (soql: string) =>
  ((await org.call('GET', `/queryAll?q=${encodeURIComponent(soql)}`)).body as { records: readonly Record<string, unknown>[] })
    .records;

test('a merged record lies in the recycle bin and names its master; what belonged to it moves over', async () => {
  const ichiro = await idOf("SELECT Id FROM Contact WHERE FirstName = '一郎'");
  const hanako = await idOf("SELECT Id FROM Contact WHERE FirstName = '花子'");
  await org.call('POST', '/sobjects/Task', { Subject: 'call', WhoId: hanako });
  const result = await merge({
    masterRecord: { type: 'Contact', Id: ichiro, Title: '世帯主', fieldsToNull: ['HomePhone'] },
    recordToMergeIds: [hanako],
  });
  expect(result).toMatchObject({
    id: ichiro,
    success: true,
    mergedRecordIds: [hanako],
    updatedRelatedIds: [expect.stringMatching(/^00T/)],
  });
  expect(await org.query('SELECT WhoId FROM Task')).toMatchObject([{ WhoId: ichiro }]);
  expect(await org.query(`SELECT Title, HomePhone FROM Contact WHERE Id = '${ichiro}'`)).toMatchObject([
    { Title: '世帯主', HomePhone: null },
  ]);
  expect(await org.query(`SELECT Id FROM Contact WHERE Id = '${hanako}'`)).toEqual([]);
  expect(await everything('SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = true')).toMatchObject([
    { Id: hanako, MasterRecordId: ichiro },
  ]);
});

test.each<[string, () => Promise<object>, string]>([
  ['tasks', async () => ({ masterRecord: { type: 'Task', Id: 'x' }, recordToMergeIds: ['y'] }), 'INVALID_OPERATION'],
  ['a record with nobody', async () => ({ masterRecord: { type: 'Lead', Id: 'x' }, recordToMergeIds: [] }), 'INVALID_OPERATION'],
  [
    'a record with itself',
    async () => {
      const id = await idOf('SELECT Id FROM Lead LIMIT 1');
      return { masterRecord: { type: 'Lead', Id: id }, recordToMergeIds: [id] };
    },
    'INVALID_OPERATION',
  ],
])('merging %s is refused', async (_what, request, statusCode) => {
  const result = await merge(await request());
  expect(result).toMatchObject({ success: false, errors: [{ statusCode }] });
});

test('a converted lead becomes a contact of an account with a deal, and stays behind, read-only', async () => {
  const leadId = await idOf("SELECT Id FROM Lead WHERE LastName = '藤田'");
  await org.call('POST', '/sobjects/Task', { Subject: 'call', WhoId: leadId });
  const convert = (convertedStatus: string) => convertLead({ leadId, convertedStatus });
  expect(await convert('Working - Contacted')).toMatchObject({ success: false, errors: [{ statusCode: 'INVALID_STATUS' }] });
  const result = await convert('Closed - Converted');
  expect(result).toMatchObject({
    success: true,
    leadId,
    accountId: expect.stringMatching(/^001/),
    opportunityId: expect.stringMatching(/^006/),
  });
  expect(await org.query('SELECT WhoId, Who.Name FROM Task')).toMatchObject([
    { WhoId: result.contactId, Who: { Name: '藤田 学' } },
  ]);
  expect(await org.query('SELECT IsConverted, ConvertedContactId, Status FROM Lead WHERE IsConverted = true')).toMatchObject([
    { ConvertedContactId: result.contactId, Status: 'Closed - Converted' },
  ]);
  expect(await org.query(`SELECT Name, Phone, Account.Name FROM Contact WHERE Id = '${result.contactId}'`)).toMatchObject([
    { Phone: '03 3456 7890', Account: { Name: '藤田設備' } },
  ]);
  const refused = { status: 400, body: [{ errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD' }] };
  expect(await org.call('PATCH', `/sobjects/Lead/${leadId}`, { Title: 'x' })).toMatchObject(refused);
  expect(await org.call('POST', '/sobjects/Task', { WhoId: leadId })).toMatchObject(refused);
  expect(await convert('Closed - Converted')).toMatchObject({
    success: false,
    errors: [{ statusCode: 'CANNOT_UPDATE_CONVERTED_LEAD' }],
  });
});

test('a lead may be converted into an account that is there already, without a deal', async () => {
  const leadId = await idOf("SELECT Id FROM Lead WHERE LastName = '藤田'");
  const accountId = await idOf("SELECT Id FROM Account WHERE Name = '高橋家'");
  const conversion = { leadId, convertedStatus: 'Closed - Converted', accountId, doNotCreateOpportunity: true };
  const result = await convertLead(conversion);
  expect(result).toMatchObject({ success: true, accountId });
  expect(result.opportunityId).toBeFalsy();
  expect(await org.query('SELECT Id FROM Opportunity')).toEqual([]);
});

test('the recycle bin is emptied, and what was in it is gone for good', async () => {
  const id = await idOf('SELECT Id FROM Lead LIMIT 1');
  expect(await connection.soap.emptyRecycleBin([id])).toMatchObject([{ success: false }]);
  await org.call('DELETE', `/sobjects/Lead/${id}`);
  expect(await connection.soap.emptyRecycleBin([id])).toMatchObject([{ success: true, id }]);
  expect(await everything(`SELECT Id FROM Lead WHERE Id = '${id}'`)).toEqual([]);
});

const soap = async (body: string, session = org.accessToken) => {
  const response = await fetch(`${org.url}/services/Soap/u/67.0`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', soapaction: '""' },
    body: `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><SessionHeader><sessionId>${session}</sessionId></SessionHeader></e:Header><e:Body>${body}</e:Body></e:Envelope>`,
  });
  return { status: response.status, text: await response.text() };
};

test('a deleted record comes back out of the recycle bin', async () => {
  const id = await idOf('SELECT Id FROM Lead LIMIT 1');
  await org.call('DELETE', `/sobjects/Lead/${id}`);
  expect(await soap(`<undelete><ids>${id}</ids></undelete>`)).toMatchObject({
    status: 200,
    text: expect.stringContaining('<success>true</success>'),
  });
  expect(await org.query(`SELECT Id FROM Lead WHERE Id = '${id}'`)).toHaveLength(1);
});

test('who one is and what time it is can be asked', async () => {
  expect(await connection.soap.getUserInfo()).toMatchObject({ userId: org.userId, userName: org.username });
  expect(String((await connection.soap.getServerTimestamp()).timestamp)).toMatch(/^20/);
});

test.each([
  ['signing in with a password', '<login><username>a</username><password>b</password></login>', 'INVALID_OPERATION'],
  ['what the sandbox leaves out', '<describeTabs/>', 'No operation available'],
  ['rubbish', '<describeTabs>', 'UNKNOWN_EXCEPTION'],
  ['an outgrown document', '<'.repeat(10), 'UNKNOWN_EXCEPTION'],
])('%s is refused with a fault', async (_what, body, words) => {
  const { status, text } = await soap(body);
  expect(status).toBe(500);
  expect(text).toContain('<soapenv:Fault>');
  expect(text).toContain(words);
});

test('a session that is over is told apart', async () => {
  expect(await soap('<getUserInfo/>', 'nobody')).toMatchObject({
    status: 500,
    text: expect.stringContaining('sf:INVALID_SESSION_ID'),
  });
});
