import { startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeEach(async () => {
  org = await startOrg();
});
afterEach(() => org.close());

const BASE = '/services/data/v67.0';
const post = (object: string, referenceId: string, body: object) => ({
  method: 'POST',
  url: `${BASE}/sobjects/${object}`,
  referenceId,
  body,
});
const named = async (name: string) => org.query(`SELECT Id FROM Account WHERE Name = '${name}'`);
const task = (fields: object) => ({ attributes: { type: 'Task' }, ...fields });

interface Parts {
  readonly compositeResponse: readonly {
    readonly httpStatusCode: number;
    readonly referenceId: string;
    readonly body: unknown;
  }[];
}
const statuses = (body: unknown) => (body as Parts).compositeResponse.map(({ httpStatusCode }) => httpStatusCode);

describe('a composite', () => {
  test('lets later parts use what earlier ones answered, in urls and bodies', async () => {
    const { body } = await org.call('POST', '/composite', {
      compositeRequest: [
        post('Account', 'company', { Name: 'Acme' }),
        post('Contact', 'person', { LastName: 'Coyote', AccountId: '@{company.id}' }),
        {
          method: 'GET',
          url: `${BASE}/query?q=SELECT+Id,Name+FROM+Contact+WHERE+AccountId='@{company.id}'`,
          referenceId: 'found',
        },
        {
          method: 'PATCH',
          url: `${BASE}/sobjects/Contact/@{found.records[0].Id}`,
          referenceId: 'title',
          body: { Title: '@{found.records[0].Name}!' },
        },
      ],
    });
    expect(statuses(body)).toEqual([201, 201, 200, 204]);
    expect(await org.query("SELECT Title FROM Contact WHERE Account.Name = 'Acme'")).toMatchObject([{ Title: 'Coyote!' }]);
  });

  test('halts what depends on a part that failed, and nothing else', async () => {
    const { body } = await org.call('POST', '/composite', {
      compositeRequest: [
        post('Account', 'company', {}),
        post('Contact', 'person', { LastName: 'Coyote', AccountId: '@{company.id}' }),
        post('Account', 'other', { Name: 'Other' }),
      ],
    });
    expect(statuses(body)).toEqual([400, 400, 201]);
    expect((body as Parts).compositeResponse[1]?.body).toEqual([
      { errorCode: 'PROCESSING_HALTED', message: 'Invalid reference specified. No value for company.id found in company' },
    ]);
  });

  test('that is all or none takes everything back; only the guilty part says why', async () => {
    const { status, body } = await org.call('POST', '/composite', {
      allOrNone: true,
      compositeRequest: [
        post('Account', 'a', { Name: 'Gone' }),
        post('Account', 'b', {}),
        post('Account', 'c', { Name: 'Gone' }),
      ],
    });
    expect(status).toBe(200);
    expect((body as Parts).compositeResponse.map((part) => (part.body as { errorCode: string }[])[0]?.errorCode)).toEqual([
      'PROCESSING_HALTED',
      'REQUIRED_FIELD_MISSING',
      'PROCESSING_HALTED',
    ]);
    expect(await named('Gone')).toEqual([]);
  });

  test.each([
    ['26 parts', Array.from({ length: 26 }, (_, index) => post('Account', `r${index}`, { Name: 'x' })), 'LIMIT_EXCEEDED'],
    [
      'six queries',
      Array.from({ length: 6 }, (_, index) => ({ method: 'GET', url: `${BASE}/query?q=x`, referenceId: `r${index}` })),
      'LIMIT_EXCEEDED',
    ],
    ['the same reference twice', [post('Account', 'r', { Name: 'x' }), post('Account', 'r', { Name: 'y' })], 'INVALID_INPUT'],
    ['a reference that is no name', [post('Account', 'a-b', { Name: 'x' })], 'INVALID_INPUT'],
    ['nothing', [], 'JSON_PARSER_ERROR'],
  ])('of %s is refused as a whole', async (_what, compositeRequest, errorCode) => {
    expect(await org.call('POST', '/composite', { compositeRequest })).toMatchObject({ status: 400, body: [{ errorCode }] });
    expect(await named('x')).toEqual([]);
  });

  test('does not hold another one, nor bulk jobs, nor what is no address', async () => {
    const urls = [`${BASE}/composite`, `${BASE}/jobs/ingest`, '//[', `http://example.com${BASE}/limits`];
    const compositeRequest = urls.map((url, index) => ({ method: 'POST', url, referenceId: `r${index}`, body: {} }));
    expect(statuses((await org.call('POST', '/composite', { compositeRequest })).body)).toEqual([400, 400, 404, 404]);
  });
});

test('each graph is a transaction of its own', async () => {
  const { body } = await org.call('POST', '/composite/graph', {
    graphs: [
      {
        graphId: 'good',
        compositeRequest: [post('Account', 'a', { Name: 'Kept' }), post('Contact', 'c', { LastName: 'x', AccountId: '@{a.id}' })],
      },
      {
        graphId: 'bad',
        compositeRequest: [post('Account', 'a', { Name: 'Gone' }), post('Contact', 'c', { AccountId: '@{a.id}' })],
      },
    ],
  });
  expect(body).toMatchObject({
    graphs: [
      {
        graphId: 'good',
        isSuccessful: true,
        graphResponse: { compositeResponse: [{ httpStatusCode: 201 }, { httpStatusCode: 201 }] },
      },
      {
        graphId: 'bad',
        isSuccessful: false,
        graphResponse: {
          compositeResponse: [
            { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
            { httpStatusCode: 400, body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }] },
          ],
        },
      },
    ],
  });
  expect(await named('Kept')).toHaveLength(1);
  expect(await named('Gone')).toEqual([]);
  const graph = (graphId: string) => ({ graphId, compositeRequest: [post('Account', 'a', { Name: 'x' })] });
  expect((await org.call('POST', '/composite/graph', { graphs: [graph('1'), graph('1')] })).status).toBe(400);
  const { graphId: _graphId, ...nameless } = graph('1');
  expect((await org.call('POST', '/composite/graph', { graphs: [nameless] })).status).toBe(400);
  const query = { method: 'GET', url: `${BASE}/query?q=SELECT+Id+FROM+Account`, referenceId: 'q' };
  expect((await org.call('POST', '/composite/graph', { graphs: [{ graphId: '1', compositeRequest: [query] }] })).status).toBe(
    400,
  );
  const many = Array.from({ length: 76 }, (_, index) => graph(`g${index}`));
  expect((await org.call('POST', '/composite/graph', { graphs: many })).status).toBe(400);
});

test('a tree is planted whole or not at all', async () => {
  const child = (referenceId: string, fields: object) => ({ attributes: { type: 'Contact', referenceId }, ...fields });
  const tree = (contacts: readonly object[]) => ({
    records: [{ attributes: { type: 'Account', referenceId: 'root' }, Name: 'Tree', Contacts: { records: contacts } }],
  });
  const planted = await org.call(
    'POST',
    '/composite/tree/Account',
    tree([child('c1', { LastName: 'a' }), child('c2', { LastName: 'b' })]),
  );
  expect(planted).toMatchObject({
    status: 201,
    body: { hasErrors: false, results: [{ referenceId: 'root' }, { referenceId: 'c1' }, { referenceId: 'c2' }] },
  });
  expect(await org.query("SELECT Id FROM Contact WHERE Account.Name = 'Tree'")).toHaveLength(2);
  const refused = await org.call('POST', '/composite/tree/Account', tree([child('c1', { LastName: 'a' }), child('c2', {})]));
  expect(refused).toMatchObject({
    status: 400,
    body: {
      hasErrors: true,
      results: [{ referenceId: 'c2', errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }] }],
    },
  });
  expect(await named('Tree')).toHaveLength(1);
  expect((await org.call('POST', '/composite/tree/Account', tree([child('root', { LastName: 'a' })]))).status).toBe(400);
});

test('a batch is many calls that know nothing of one another', async () => {
  const batchRequests = [
    { method: 'POST', url: 'v67.0/sobjects/Account', richInput: { Name: 'Batch' } },
    { method: 'GET', url: 'v67.0/sobjects/Nothing/describe' },
    { method: 'GET', url: 'v67.0/limits' },
  ];
  expect((await org.call('POST', '/composite/batch', { batchRequests })).body).toMatchObject({
    hasErrors: true,
    results: [{ statusCode: 201 }, { statusCode: 404, result: [{ errorCode: 'NOT_FOUND' }] }, { statusCode: 200 }],
  });
  expect((await org.call('POST', '/composite/batch', { batchRequests, haltOnError: true })).body).toMatchObject({
    results: [{ statusCode: 201 }, { statusCode: 404 }, { statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED' }] }],
  });
});

describe('a collection that is all or none', () => {
  test.each<[string, string, (ids: readonly unknown[]) => readonly object[]]>([
    ['POST', '/composite/sobjects', () => [task({ Subject: 'good' }), task({ Subject: 'x'.repeat(256) })]],
    ['PATCH', '/composite/sobjects', ([id]) => [task({ Id: id, Subject: 'good' }), task({ Id: id, Subject: 'x'.repeat(256) })]],
    [
      'PATCH',
      '/composite/sobjects/Task/Toritsugi_Call_Id__c',
      () => [task({ Toritsugi_Call_Id__c: 'a', Subject: 'good' }), task({ Toritsugi_Call_Id__c: 'b', Subject: 'x'.repeat(256) })],
    ],
  ])('%s %s takes the good rows back and says so', async (method, path, records) => {
    const created = await org.call('POST', '/sobjects/Task', { Subject: 'before' });
    const { id } = created.body as { id: string };
    const { status, body } = await org.call(method, path, { allOrNone: true, records: records([id]) });
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false, errors: [{ statusCode: 'STRING_TOO_LONG' }] },
    ]);
    expect(await org.query('SELECT Subject FROM Task')).toMatchObject([{ Subject: 'before' }]);
  });

  test('of deletions, too', async () => {
    const { id } = (await org.call('POST', '/sobjects/Task', { Subject: 'before' })).body as { id: string };
    const { body } = await org.call('DELETE', `/composite/sobjects?allOrNone=true&ids=${id},${id}`);
    expect(body).toMatchObject([{ success: false }, { success: false, errors: [{ statusCode: 'ENTITY_IS_DELETED' }] }]);
    expect(await org.query('SELECT Id FROM Task')).toHaveLength(1);
  });
});

test('an upsert by Id creates what has none', async () => {
  const { body } = await org.call('PATCH', '/composite/sobjects/Task/Id', { records: [task({ Subject: 'new' })] });
  expect(body).toMatchObject([{ success: true, created: true }]);
  const [{ id }] = body as [{ id: string }];
  const again = await org.call('PATCH', '/composite/sobjects/Task/Id', { records: [task({ Id: id, Subject: 'changed' })] });
  expect(again.body).toMatchObject([{ id, success: true, created: false }]);
});
