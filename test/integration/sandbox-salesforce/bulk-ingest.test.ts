import { until } from '../../support/until.ts';
import { startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(() => org.close());

interface JobInfo {
  readonly id: string;
  readonly state: string;
  readonly contentUrl?: string;
  readonly numberRecordsProcessed?: number;
  readonly numberRecordsFailed?: number;
  readonly errorMessage?: string;
}

const info = async (id: string) => (await org.call('GET', `/jobs/ingest/${id}`)).body as JobInfo;
const open = async (job: object) => (await org.call('POST', '/jobs/ingest', job)).body as JobInfo;
const csvText = async (path: string) => (await org.send('GET', path)).text;
const upload = (id: string, csv: string) => org.send('PUT', `/jobs/ingest/${id}/batches`, csv, 'text/csv');
const setState = (id: string, state: string) => org.call('PATCH', `/jobs/ingest/${id}`, { state });

async function finish(id: string): Promise<JobInfo> {
  let job = await info(id);
  await until('the job is over', async () => {
    job = await info(id);
    return !['UploadComplete', 'InProgress'].includes(job.state);
  });
  return job;
}

/** Opens, uploads, closes and waits. */
async function load(job: object, csv: string): Promise<JobInfo> {
  const { id } = await open(job);
  expect((await upload(id, csv)).status).toBe(201);
  expect((await setState(id, 'UploadComplete')).body).toMatchObject({ state: 'UploadComplete' });
  return finish(id);
}

const TASKS = { object: 'Task', operation: 'insert' };

test('a job is opened, filled, closed, and ends with a result for every line', async () => {
  const opened = await open({ ...TASKS, contentType: 'CSV', lineEnding: 'LF' });
  expect(opened).toMatchObject({
    state: 'Open',
    contentUrl: `services/data/v67.0/jobs/ingest/${opened.id}/batches`,
    object: 'Task',
    columnDelimiter: 'COMMA',
    apiVersion: 67,
  });
  expect(opened.id).toMatch(/^750.{15}$/);
  await upload(opened.id, 'Subject,CallDurationInSeconds,IsReminderSet\n"said ""hi"",\nthen left",42,true\n,12x,\n"",7,\n');
  await setState(opened.id, 'UploadComplete');
  expect(await finish(opened.id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 3, numberRecordsFailed: 1 });
  const successful = await csvText(`/jobs/ingest/${opened.id}/successfulResults`);
  expect(successful).toMatch(
    /^"sf__Id","sf__Created","Subject","CallDurationInSeconds","IsReminderSet"\n"00T.{15}","true","said ""hi"",\nthen left","42","true"\n/,
  );
  expect(await csvText(`/jobs/ingest/${opened.id}/failedResults/`)).toBe(
    '"sf__Id","sf__Error","Subject","CallDurationInSeconds","IsReminderSet"\n' +
      '"","INVALID_TYPE_ON_FIELD_IN_RECORD:Call Duration: value not of required type: 12x:CallDurationInSeconds --","","12x",""\n',
  );
  expect(await csvText(`/jobs/ingest/${opened.id}/unprocessedrecords`)).toBe(
    '"Subject","CallDurationInSeconds","IsReminderSet"\n',
  );
  expect(await org.query('SELECT Subject, CallDurationInSeconds, IsReminderSet FROM Task ORDER BY Id')).toMatchObject([
    { Subject: 'said "hi",\nthen left', CallDurationInSeconds: 42, IsReminderSet: true },
    { Subject: null, CallDurationInSeconds: 7 },
  ]);
});

test('an upsert creates and updates by key, an empty cell is left alone and #N/A empties', async () => {
  const job = { object: 'Task', operation: 'upsert', externalIdFieldName: 'Toritsugi_Call_Id__c', lineEnding: 'CRLF' };
  await load(job, 'Toritsugi_Call_Id__c,Subject,Description\r\na,one,notes\r\nb,two,notes\r\n');
  const again = await load(job, 'Toritsugi_Call_Id__c,Subject,Description\r\na,,#N/A\r\n,no key,\r\n');
  expect(again).toMatchObject({ numberRecordsProcessed: 2, numberRecordsFailed: 1 });
  expect(await csvText(`/jobs/ingest/${again.id}/successfulResults`)).toMatch(/"false","a","","#N\/A"\r\n$/);
  expect(await csvText(`/jobs/ingest/${again.id}/failedResults`)).toContain(
    'MISSING_ARGUMENT:Toritsugi_Call_Id__c not specified:--',
  );
  expect(await org.query("SELECT Subject, Description FROM Task WHERE Toritsugi_Call_Id__c = 'a'")).toMatchObject([
    { Subject: 'one', Description: null },
  ]);
});

test('updates and deletions go by Id; a parent can be named by its key', async () => {
  await org.call('POST', '/sobjects/Account', { Name: 'Acme', Customer_Code__c: 'A-1' });
  const contacts = await org.query('SELECT Id FROM Contact ORDER BY Id LIMIT 2');
  const lines = contacts.map(({ Id }) => `${Id};A-1`).join('\n');
  const update = { object: 'Contact', operation: 'update', columnDelimiter: 'SEMICOLON' };
  expect(await load(update, `Id;Account.Customer_Code__c\n${lines}`)).toMatchObject({ numberRecordsFailed: 0 });
  expect(await org.query("SELECT Id FROM Contact WHERE Account.Name = 'Acme'")).toHaveLength(2);
  expect(await load({ object: 'Contact', operation: 'delete' }, `Id\n${contacts[0]?.Id}\n${contacts[0]?.Id}\n`)).toMatchObject({
    numberRecordsProcessed: 2,
    numberRecordsFailed: 1,
  });
  expect(await org.query("SELECT Id FROM Contact WHERE Account.Name = 'Acme'")).toHaveLength(1);
});

test.each([
  ['a CRLF file said to be LF', TASKS, 'Subject\r\na\r\n', 'ClientInputError : LineEnding is invalid on user data'],
  ['an LF file said to be CRLF', { ...TASKS, lineEnding: 'CRLF' }, 'Subject\na\n', 'LineEnding setting is CRLF'],
  ['an unknown column', TASKS, 'Subject,Nonsense__c\na,b\n', 'InvalidBatch : Field name not found : Nonsense__c'],
  ['another delimiter', TASKS, 'Subject|Status\na|b\n', 'InvalidBatch : Field name not found : Subject|Status'],
  ['lines of different lengths', TASKS, 'Subject,Status\na\n', 'InvalidBatch'],
  ['a column twice', TASKS, 'Subject,subject\na,b\n', 'InvalidBatch : Duplicate field name in header row : subject'],
  ['a quote in the middle', TASKS, 'Subject\n"a"b\n', 'Failed to parse CSV. Found unescaped quote'],
  ['an update without Id', { object: 'Task', operation: 'update' }, 'Subject\na\n', 'Field name not found : Id'],
  ['a cell of more than 32,000 characters', TASKS, `Subject\n${'x'.repeat(32_001)}\n`, '32000'],
])('%s fails as a whole and gives everything back', async (_what, job, csv, words) => {
  const failed = await load(job, csv);
  expect(failed.state).toBe('Failed');
  expect(failed.errorMessage).toContain(words);
  expect(await csvText(`/jobs/ingest/${failed.id}/unprocessedrecords`)).toBe(csv);
  expect(await org.query('SELECT Id FROM Task')).toEqual([]);
});

test.each([
  [{ object: 'Nothing', operation: 'insert' }, 'INVALIDJOB'],
  [{ object: 'Task', operation: 'explode' }, 'INVALIDJOB'],
  [{ object: 'Task', operation: 'upsert' }, 'INVALIDJOB'],
  [{ object: 'Task', operation: 'upsert', externalIdFieldName: 'Subject' }, 'INVALIDJOB'],
  [{ object: 'Task', operation: 'insert', lineEnding: 'CR' }, 'INVALIDJOB'],
  [{ object: 'Task', operation: 'insert', columnDelimiter: 'STAR' }, 'INVALIDJOB'],
  [{ object: 'User', operation: 'insert' }, 'INVALIDENTITY'],
  [{ object: 'Task', operation: 'insert', contentType: 'JSON' }, 'INVALIDJOB'],
  [{ object: 'Task', operation: 'insert', assignmentRuleId: '01Q000000000000AAA' }, 'INVALIDJOB'],
  [{ object: 'Task', operation: 'hardDelete' }, 'FEATURENOTENABLED'],
])('a job of %j is refused with %s', async (job, errorCode) => {
  expect(await org.call('POST', '/jobs/ingest', job)).toMatchObject({ status: 400, body: [{ errorCode }] });
});

test('a job goes only where its state allows', async () => {
  const { id } = await open(TASKS);
  const refused = { status: 400, body: [{ errorCode: 'INVALIDJOBSTATE' }] };
  expect(await org.call('GET', `/jobs/ingest/${id}/successfulResults`)).toMatchObject(refused);
  expect(await org.call('DELETE', `/jobs/ingest/${id}`)).toMatchObject(refused);
  expect(await setState(id, 'JobComplete')).toMatchObject(refused);
  await upload(id, 'Subject\na\n');
  expect(await upload(id, 'Subject\na\n')).toMatchObject({
    status: 400,
    text: expect.stringContaining('Found multiple contents'),
  });
  expect(await setState(id, 'Aborted')).toMatchObject({ status: 200, body: { state: 'Aborted' } });
  expect(await csvText(`/jobs/ingest/${id}/unprocessedrecords`)).toBe('Subject\na\n');
  expect(await setState(id, 'UploadComplete')).toMatchObject(refused);
  expect(await upload(id, 'Subject\na\n')).toMatchObject({ status: 400 });
  expect((await org.call('DELETE', `/jobs/ingest/${id}`)).status).toBe(204);
  expect(await org.call('GET', `/jobs/ingest/${id}`)).toMatchObject({ status: 404, body: [{ errorCode: 'NOT_FOUND' }] });
});

test('a job aborted while it works keeps what it did and gives the rest back', async () => {
  await org.close();
  const waiting: (() => void)[] = [];
  org = await startOrg({ later: (work) => void waiting.push(work) });
  const { id } = await open(TASKS);
  await upload(id, `Subject\n${Array.from({ length: 500 }, (_, index) => `s${index}`).join('\n')}\n`);
  await setState(id, 'UploadComplete');
  // It starts, and does its first two hundred.
  for (const _step of ['start', 'slice']) waiting.shift()?.();
  expect(await info(id)).toMatchObject({ state: 'InProgress', numberRecordsProcessed: 200 });
  expect((await org.call('DELETE', `/jobs/ingest/${id}`)).status).toBe(400);
  await setState(id, 'Aborted');
  waiting.shift()?.();
  expect(waiting).toEqual([]);
  const lines = async (name: string) => (await csvText(`/jobs/ingest/${id}/${name}`)).trim().split('\n').length - 1;
  expect(await lines('successfulResults')).toBe(200);
  expect(await lines('unprocessedrecords')).toBe(300);
  expect(await org.query('SELECT Id FROM Task')).toHaveLength(200);
});

test('accidents: a job that breaks down, a locked row in an otherwise good one', async () => {
  org.addFault({ kind: 'failJob', times: 1 });
  expect(await load(TASKS, 'Subject\na\n')).toMatchObject({ state: 'Failed' });
  org.addFault({ kind: 'lockRow', times: 1 });
  const job = await load(TASKS, 'Subject\na\nb\n');
  expect(job).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 1 });
  expect(await csvText(`/jobs/ingest/${job.id}/failedResults`)).toContain('UNABLE_TO_LOCK_ROW:unable to obtain exclusive access');
});

test('a job whose key is hidden from the user meanwhile fails, and nothing else does', async () => {
  const { id } = await open({ object: 'Task', operation: 'upsert', externalIdFieldName: 'Toritsugi_Call_Id__c' });
  await upload(id, 'Toritsugi_Call_Id__c,Subject\na,b\n');
  org.restrictFields({ hidden: ['Task.Toritsugi_Call_Id__c'] });
  await setState(id, 'UploadComplete');
  expect(await finish(id)).toMatchObject({ state: 'Failed', errorMessage: expect.stringContaining('Toritsugi_Call_Id__c') });
});

test.each([
  ['Subject', 'InvalidBatch : Field name not found : \ufeffSubject'],
  ['"Subject"', 'Failed to parse CSV. Found unescaped quote'],
])('a byte order mark is taken for a part of the first heading, %s', async (heading, words) => {
  const { state, errorMessage } = await load(TASKS, `\ufeff${heading}\na\n`);
  expect([state, errorMessage]).toEqual(['Failed', expect.stringContaining(words)]);
});

test('two lines for the same key are both refused when they are saved together', async () => {
  const job = await load(
    { object: 'Task', operation: 'upsert', externalIdFieldName: 'Toritsugi_Call_Id__c' },
    'Toritsugi_Call_Id__c,Subject\na,1\nA,2\nb,3\n',
  );
  expect(job).toMatchObject({ numberRecordsProcessed: 3, numberRecordsFailed: 2 });
  expect(await csvText(`/jobs/ingest/${job.id}/failedResults`)).toContain('DUPLICATE_VALUE:Duplicate external id specified: a:');
});

test('what is uploaded is CSV and nothing else', async () => {
  const { id } = await open(TASKS);
  for (const type of ['application/json', 'text/plain']) {
    expect((await org.send('PUT', `/jobs/ingest/${id}/batches`, '{}', type)).status).toBe(415);
  }
  expect((await upload(id, 'Subject\na\n')).status).toBe(201);
});

test('an instant without an offset is refused: nobody knows which one is meant', async () => {
  const job = await load(TASKS, 'ReminderDateTime\n2026-11-22T10:00:00.000Z\n2026-11-22T10:00:00\n2026-11-22\n');
  expect(job).toMatchObject({ numberRecordsProcessed: 3, numberRecordsFailed: 2 });
});

test('a job is found by the short form of its id, too; and the first Bulk API tells how it stands', async () => {
  const { id } = await load(TASKS, 'Subject\na\n');
  expect(await info(id.slice(0, 15))).toMatchObject({ id });
  const status = async (session: string, job = id) => {
    const response = await fetch(`${org.url}/services/async/67.0/job/${job}`, { headers: { 'x-sfdc-session': session } });
    return [response.status, await response.text()];
  };
  expect(await status(org.accessToken)).toEqual([
    200,
    expect.stringMatching(/<jobInfo .*<state>JobComplete<\/state>.*<numberRecordsProcessed>1</),
  ]);
  expect(await status('nonsense')).toEqual([400, expect.stringContaining('InvalidSessionId')]);
  expect(await status(org.accessToken, '7505gZZZZZZZZZZ')).toEqual([400, expect.stringContaining('InvalidJob')]);
});

test('the jobs are listed, the latest first', async () => {
  const first = await open(TASKS);
  const second = await open(TASKS);
  const { body } = await org.call('GET', '/jobs/ingest');
  expect(body).toMatchObject({ done: true, nextRecordsUrl: null, records: [{ id: second.id }, { id: first.id }] });
});
