import { buffer } from 'node:stream/consumers';
import jsforce from 'jsforce';
import { startOrg, type TestOrg } from './org.ts';

/** Bulk jobs through the vendor's own client. */

let org: TestOrg;
let connection: jsforce.Connection;
beforeEach(async () => {
  org = await startOrg();
  connection = new jsforce.Connection({ instanceUrl: org.url, accessToken: org.accessToken, version: '67.0' });
  connection.bulk2.pollInterval = 5;
});
afterEach(() => org.close());

test('records are loaded in one go, with a result for each', async () => {
  const input = [
    { Subject: 'a', CallDurationInSeconds: '5' },
    { Subject: 'b', CallDurationInSeconds: 'long' },
  ];
  const { successfulResults, failedResults, unprocessedRecords } = await connection.bulk2.loadAndWaitForResults({
    object: 'Task',
    operation: 'insert',
    input,
    pollInterval: 5,
  });
  expect(successfulResults).toMatchObject([{ sf__Created: 'true', Subject: 'a' }]);
  expect(failedResults).toMatchObject([{ sf__Error: expect.stringContaining('INVALID_TYPE_ON_FIELD_IN_RECORD'), Subject: 'b' }]);
  expect(unprocessedRecords).toEqual([]);
});

test('a job is driven step by step', async () => {
  const job = connection.bulk2.createJob({ object: 'Task', operation: 'upsert', externalIdFieldName: 'Toritsugi_Call_Id__c' });
  const states: string[] = [];
  for (const event of ['open', 'close', 'inProgress', 'jobComplete'] as const) job.on(event, () => states.push(event));
  await job.open();
  await job.uploadData('Toritsugi_Call_Id__c,Subject\nk-1,one\nk-2,two\n');
  await job.close();
  await job.poll(5, 10_000);
  expect(states).toEqual(expect.arrayContaining(['open', 'close', 'jobComplete']));
  expect(await job.check()).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2, numberRecordsFailed: 0 });
  expect(await job.getSuccessfulResults(true)).toContain('"sf__Id","sf__Created"');
  const again = connection.bulk2.job('ingest', { id: job.id });
  expect(await again.check()).toMatchObject({ object: 'Task', operation: 'upsert' });
  await again.delete();
  await expect(again.check()).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
});

test('updates, deletions and null values go through', async () => {
  const contacts = (await connection.query<{ Id: string }>('SELECT Id FROM Contact LIMIT 2')).records.map(({ Id }) => ({ Id }));
  const load = (operation: 'update' | 'delete', input: { Id: string; Phone?: null }[]) =>
    connection.bulk2.loadAndWaitForResults({ object: 'Contact', operation, input, pollInterval: 5 });
  expect(
    (
      await load(
        'update',
        contacts.map(({ Id }) => ({ Id, Phone: null })),
      )
    ).successfulResults,
  ).toHaveLength(2);
  expect(await org.query(`SELECT Phone FROM Contact WHERE Id = '${contacts[0]?.Id}'`)).toMatchObject([{ Phone: null }]);
  expect((await load('delete', contacts)).successfulResults).toHaveLength(2);
});

test('a job that fails says why, one that is aborted stays so', async () => {
  const load = connection.bulk2.loadAndWaitForResults({
    object: 'Task',
    operation: 'insert',
    input: 'Nonsense\na\n',
    pollInterval: 5,
  });
  await expect(load).rejects.toThrow('Field name not found : Nonsense');
  const job = connection.bulk2.createJob({ object: 'Task', operation: 'insert' });
  await job.open();
  await job.abort();
  await expect(job.poll(5, 1000)).rejects.toThrow('aborted');
});

test('a query is read as a stream, through all its parts', async () => {
  const records = await (
    await connection.bulk2.query('SELECT Id, Name, Account.Name FROM Contact', { pollInterval: 5 })
  ).toArray();
  expect(records).toHaveLength(20);
  expect(records[0]).toMatchObject({ Name: '山田 太郎', 'Account.Name': '株式会社山田製作所' });
  const csv = await buffer((await connection.bulk2.query('SELECT Id FROM Lead')).stream('csv'));
  expect(csv.toString().trim().split('\n')).toHaveLength(4);
});

test('the first Bulk API is refused as an org refuses it that has it switched off', async () => {
  const job = connection.bulk.createJob('Task', 'insert');
  await expect(job.open()).rejects.toMatchObject({ errorCode: 'FeatureNotEnabled' });
});
