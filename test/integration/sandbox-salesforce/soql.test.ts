import { startOrg, type TestOrg } from './org.ts';

/** Sunday, 22 November 2026, 08:30 in Tokyo; still the 21st in UTC. */
const NOW = Date.parse('2026-11-21T23:30:00Z');
let org: TestOrg;
let clock = NOW;

beforeAll(async () => {
  org = await startOrg({ now: () => clock, sessionLifetimeMs: 7 * 86_400_000 });
  const [yamada] = await org.query("SELECT Id, AccountId FROM Contact WHERE LastName = '山田'");
  const [lead] = await org.query("SELECT Id FROM Lead WHERE LastName = '藤田'");
  const task = async (fields: object) => org.call('POST', '/sobjects/Task', fields);
  await task({
    Subject: 'a',
    WhoId: yamada?.Id,
    WhatId: yamada?.AccountId,
    CallDurationInSeconds: 30,
    ActivityDate: '2026-11-22',
  });
  await task({ Subject: 'b', WhoId: lead?.Id, CallDurationInSeconds: 90, ActivityDate: '2026-11-21', Status: 'Completed' });
  await task({ Subject: 'c', CallDurationInSeconds: null, ActivityDate: '2026-10-31', Priority: 'High' });
  await task({ Subject: 'd', CallDurationInSeconds: 60, ActivityDate: '2025-11-22' });
});
afterAll(() => org.close());

const subjects = async (rest: string) =>
  (await org.query(`SELECT Subject FROM Task ${rest} ${rest.includes('ORDER BY') ? '' : 'ORDER BY Id'}`))
    .map((row) => row.Subject)
    .join('');
const answer = (soql: string) => org.call('GET', `/query?q=${encodeURIComponent(soql)}`);
const records = async (soql: string) => ((await answer(soql)).body as { records: object[] }).records;
const refusal = async (soql: string) => {
  const { status, body } = await answer(soql);
  expect(status).toBe(400);
  return (body as { errorCode: string; message: string }[])[0] ?? { errorCode: '', message: '' };
};

test.each([
  ['ActivityDate = TODAY', 'a'],
  ['ActivityDate = YESTERDAY', 'b'],
  ['ActivityDate < TODAY', 'bcd'],
  ['ActivityDate <= TODAY', 'abcd'],
  ['ActivityDate > YESTERDAY', 'a'],
  ['ActivityDate >= YESTERDAY', 'ab'],
  ['ActivityDate != TODAY', 'bcd'],
  ['ActivityDate = THIS_WEEK', 'a'],
  ['ActivityDate = LAST_WEEK', 'b'],
  ['ActivityDate = THIS_MONTH', 'ab'],
  ['ActivityDate = LAST_MONTH', 'c'],
  ['ActivityDate = THIS_QUARTER', 'abc'],
  ['ActivityDate = THIS_YEAR', 'abc'],
  ['ActivityDate = LAST_YEAR', 'd'],
  ['ActivityDate = LAST_N_DAYS:22', 'abc'],
  ['ActivityDate = LAST_90_DAYS', 'abc'],
  ['ActivityDate = LAST_N_MONTHS:1', 'c'],
  ['ActivityDate = N_DAYS_AGO:1', 'b'],
  ['ActivityDate = N_YEARS_AGO:1', 'd'],
  ['ActivityDate = NEXT_N_DAYS:5', ''],
  ['ActivityDate IN (TODAY, N_YEARS_AGO:1)', 'ad'],
  ['CreatedDate = TODAY', 'abcd'],
  ['CreatedDate = YESTERDAY', ''],
  ['CreatedDate > 2026-11-22T08:29:59+09:00', 'abcd'],
  ['CALENDAR_YEAR(ActivityDate) = 2025', 'd'],
  ['DAY_IN_MONTH(CreatedDate) = 21', 'abcd'],
  ['DAY_IN_MONTH(convertTimezone(CreatedDate)) = 22', 'abcd'],
])('days are those of the org’s time zone: %s', async (where, expected) => {
  expect(await subjects(`WHERE ${where}`)).toBe(expected);
});

test.each([
  ["WhoId IN (SELECT Id FROM Contact WHERE Account.Name LIKE '%山田%')", 'a'],
  ["WhoId NOT IN (SELECT Id FROM Contact) AND Subject != 'c'", 'bd'],
  ['WhatId IN (SELECT AccountId FROM Contact)', 'a'],
  ["Who.Type = 'Lead'", 'b'],
  ["Who.Name = '山田 太郎'", 'a'],
  ["Who.Phone LIKE '03%'", 'b'],
  ["What.Type = 'Account'", 'a'],
  ["Account.Phone = '03-6200-1000'", 'a'],
  ["NOT (Subject = 'a' OR Subject = 'b')", 'cd'],
  ["(NOT Subject LIKE 'a') AND CallDurationInSeconds >= 60", 'bd'],
  ['CallDurationInSeconds = null', 'c'],
  ["Task.Subject IN ('a', 'B')", 'ab'],
  ["Subject NOT IN ('a', 'b')", 'cd'],
  ["WhoId = ''", 'cd'],
  // What is empty is like nothing, not even like anything.
  ["Who.Phone LIKE '%'", 'ab'],
  ["(NOT Who.Phone LIKE '%')", 'cd'],
])('%s finds %j', async (where, expected) => {
  expect(await subjects(`WHERE ${where}`)).toBe(expected);
});

test('orders by several fields, related fields and nulls', async () => {
  expect(await subjects('ORDER BY CallDurationInSeconds DESC NULLS LAST, Subject')).toBe('bdac');
  expect(await subjects('ORDER BY CallDurationInSeconds ASC NULLS FIRST')).toBe('cadb');
  expect(await subjects('ORDER BY Who.Name NULLS LAST, Subject DESC LIMIT 3 OFFSET 1')).toMatch(/^[ab]dc$/);
});

test('child records are nested with a count of their own, none is null', async () => {
  const [yamada, osaka, takahashi] = await records(
    "SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE FirstName != '太郎' ORDER BY LastName DESC LIMIT 1), (SELECT Id FROM Tasks) FROM Account WHERE Name IN ('株式会社山田製作所', '大阪商事株式会社', '高橋家') ORDER BY Id",
  );
  expect(yamada).toMatchObject({ Contacts: null, Tasks: { totalSize: 1, done: true } });
  expect(osaka).toMatchObject({
    Contacts: {
      totalSize: 1,
      done: true,
      records: [{ attributes: { type: 'Contact' }, LastName: '池田', Account: { Name: '大阪商事株式会社' } }],
    },
    Tasks: null,
  });
  expect(takahashi).toMatchObject({ Contacts: { totalSize: 1 } });
});

test('the children of one parent come in pages, too', async () => {
  const small = await startOrg({ pageRows: 1 });
  const soql = "SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Name = '高橋家'";
  const { body } = await small.call('GET', `/query?q=${encodeURIComponent(soql)}`);
  const { Contacts } = (body as { records: { Contacts: { done: boolean; nextRecordsUrl: string } }[] }).records[0] ?? {};
  expect(Contacts).toMatchObject({ totalSize: 2, done: false });
  expect((await small.call('GET', (Contacts?.nextRecordsUrl ?? '').replace('/services/data/v67.0', ''))).body).toMatchObject({
    done: true,
    records: [{ attributes: { type: 'Contact' } }],
  });
  await small.close();
});

test('TYPEOF answers of each record what its kind has', async () => {
  const rows = await records(
    'SELECT Subject, TYPEOF Who WHEN Contact THEN LastName, Account.Name WHEN Lead THEN Company ELSE Name END FROM Task ORDER BY Id',
  );
  expect(rows).toMatchObject([
    { Who: { attributes: { type: 'Contact' }, LastName: '山田', Account: { Name: '株式会社山田製作所' } } },
    { Who: { attributes: { type: 'Lead' }, Company: '藤田設備' } },
    { Who: null },
    { Who: null },
  ]);
});

test.each([
  [
    'COUNT(Id), MAX(CallDurationInSeconds) longest, SUM(CallDurationInSeconds), AVG(CallDurationInSeconds) FROM Task',
    [{ expr0: 4, longest: 90, expr1: 180, expr2: 60 }],
  ],
  [
    'COUNT(CallDurationInSeconds), COUNT_DISTINCT(Priority), MIN(ActivityDate) FROM Task',
    [{ expr0: 3, expr1: 2, expr2: '2025-11-22' }],
  ],
  ["COUNT(Id), SUM(CallDurationInSeconds) FROM Task WHERE Subject = 'nobody'", [{ expr0: 0, expr1: null }]],
  [
    'Status, COUNT(Id) many FROM Task GROUP BY Status ORDER BY COUNT(Id) DESC',
    [
      { Status: 'Not Started', many: 3 },
      { Status: 'Completed', many: 1 },
    ],
  ],
  ['Status s FROM Task GROUP BY Status HAVING COUNT(Id) > 1', [{ s: 'Not Started' }]],
  [
    'CALENDAR_YEAR(ActivityDate) year, COUNT(Id) FROM Task GROUP BY CALENDAR_YEAR(ActivityDate) ORDER BY CALENDAR_YEAR(ActivityDate) LIMIT 1',
    [{ year: 2025, expr0: 1 }],
  ],
  [
    'Who.Type, COUNT(Id) FROM Task WHERE WhoId != null GROUP BY Who.Type ORDER BY Who.Type',
    [{ Type: 'Contact' }, { Type: 'Lead' }],
  ],
])('SELECT %s', async (rest, expected) => {
  const found = await records(`SELECT ${rest}`);
  expect(found).toMatchObject(expected.map((row) => ({ attributes: { type: 'AggregateResult' }, ...row })));
  expect(found).toHaveLength(expected.length);
});

test('subtotals: ROLLUP drops one field after the other, CUBE every choice of them', async () => {
  const rows = async (how: string) =>
    (
      await records(
        `SELECT Status, Priority, GROUPING(Status) s, GROUPING(Priority) p, COUNT(Id) n FROM Task GROUP BY ${how}(Status, Priority)`,
      )
    ).map((row) => {
      const { Status, Priority, s, p, n } = row as Record<string, unknown>;
      return [Status, Priority, s, p, n].join(' ');
    });
  const rollup = [
    'Not Started Normal 0 0 2',
    'Completed Normal 0 0 1',
    'Not Started High 0 0 1',
    'Not Started  0 1 3',
    'Completed  0 1 1',
  ];
  expect(await rows('ROLLUP')).toEqual([...rollup, '  1 1 4']);
  expect((await rows('CUBE')).sort()).toEqual([...rollup, '  1 1 4', ' Normal 1 0 3', ' High 1 0 1'].sort());
  expect(await records('SELECT Status, COUNT(Id) n FROM Task GROUP BY ROLLUP(Status) HAVING GROUPING(Status) = 1')).toMatchObject(
    [{ Status: null, n: 4 }],
  );
});

test('COUNT() minds conditions, limit and offset', async () => {
  const count = async (rest: string) =>
    ((await answer(`SELECT COUNT() FROM Task ${rest}`)).body as { totalSize: number }).totalSize;
  expect([
    await count(''),
    await count('WHERE CallDurationInSeconds > 50'),
    await count('LIMIT 3'),
    await count('OFFSET 3'),
  ]).toEqual([4, 2, 3, 1]);
});

test('FIELDS() means all, standard or custom fields', async () => {
  const [standard] = await records('SELECT FIELDS(STANDARD) FROM Task LIMIT 1');
  expect(standard).toHaveProperty('CallObject');
  expect(standard).not.toHaveProperty('Toritsugi_Call_Id__c');
  const [custom] = await records('SELECT Id, FIELDS(CUSTOM) FROM Task LIMIT 1');
  expect(Object.keys(custom ?? {})).toEqual(['attributes', 'Id', 'Toritsugi_Call_Id__c']);
  expect((await records('SELECT FIELDS(ALL) FROM Task LIMIT 1'))[0]).toHaveProperty('Toritsugi_Call_Id__c');
});

test('an alias of the object, toLabel and FOR VIEW are understood', async () => {
  expect(await records("SELECT t.Subject, toLabel(t.Status) FROM Task t WHERE t.Subject = 'a' FOR VIEW")).toMatchObject([
    { Subject: 'a', Status: 'Not Started' },
  ]);
});

test.each([
  ['SELECT Who.Company FROM Task', 'INVALID_FIELD', "No such column 'Company' on entity 'Name'"],
  ['SELECT Id, (SELECT Id FROM Nothings) FROM Account', 'INVALID_TYPE', "Didn't understand relationship 'Nothings' in FROM part"],
  [
    'SELECT Id, (SELECT COUNT(Id) FROM Contacts) FROM Account',
    'MALFORMED_QUERY',
    'Only root queries support aggregate expressions',
  ],
  [
    'SELECT TYPEOF Account WHEN Account THEN Name END FROM Contact',
    'INVALID_TYPE_FOR_OPERATION',
    'not a polymorphic relationship',
  ],
  ['SELECT TYPEOF Who WHEN Account THEN Name END FROM Task', 'INVALID_TYPE', 'Account is not a type'],
  ['SELECT TYPEOF Who END FROM Task', 'MALFORMED_QUERY', "unexpected token: 'END'"],
  ['SELECT Status, COUNT(Id) FROM Task', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: Status'],
  ['SELECT SUM(Subject) FROM Task', 'MALFORMED_QUERY', 'does not support aggregate operator SUM'],
  ['SELECT COUNT(Id) FROM Task LIMIT 1', 'MALFORMED_QUERY', 'cannot also use LIMIT'],
  ['SELECT COUNT() FROM Task GROUP BY Status', 'MALFORMED_QUERY', 'COUNT()'],
  ['SELECT COUNT(Id) FROM Task GROUP BY Description', 'MALFORMED_QUERY', 'can not be grouped'],
  ['SELECT COUNT(Id) FROM Task GROUP BY CreatedDate', 'MALFORMED_QUERY', "field 'CreatedDate' can not be grouped"],
  ['SELECT COUNT(Id) FROM Opportunity GROUP BY Amount', 'MALFORMED_QUERY', "field 'Amount' can not be grouped"],
  ['SELECT COUNT(IsClosed) FROM Task', 'MALFORMED_QUERY', 'does not support aggregate operator COUNT'],
  ['SELECT COUNT(Id) n, MAX(CreatedDate) N FROM Task', 'MALFORMED_QUERY', 'duplicate alias: N'],
  [
    'SELECT Account.Name, Owner.Name, COUNT(Id) FROM Contact GROUP BY Account.Name, Owner.Name',
    'MALFORMED_QUERY',
    'duplicate alias: Name',
  ],
  ['SELECT FORMAT(CreatedDate) x, FORMAT(ActivityDate) X FROM Task', 'MALFORMED_QUERY', 'duplicate alias: X'],
  ['SELECT COUNT() n FROM Task', 'MALFORMED_QUERY', 'COUNT()'],
  ['SELECT Id FROM Task ORDER BY Description', 'MALFORMED_QUERY', "field 'Description' can not be sorted"],
  ['SELECT Id FROM Task WHERE Description = null', 'INVALID_FIELD', "field 'Description' can not be filtered"],
  ['SELECT Id FROM Task WHERE Subject = :subject', 'MALFORMED_QUERY', 'Bind variables only allowed in Apex code'],
  [' ', 'MALFORMED_QUERY', 'SOQL statements cannot be empty or null'],
  ['SELECT Subject s FROM Task', 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing'],
  ['SELECT Subject, Subject FROM Task', 'INVALID_FIELD', 'duplicate field selected: Subject'],
  ['SELECT FIELDS(ALL) FROM Task', 'MALFORMED_QUERY', 'must have a LIMIT of at most 200'],
  ['SELECT FIELDS(ALL) FROM Task LIMIT 201', 'MALFORMED_QUERY', 'must have a LIMIT of at most 200'],
  ['SELECT FIELDS(SOME) FROM Task', 'MALFORMED_QUERY', 'some'],
  [
    "SELECT Id FROM Task WHERE Subject = 'a' OR WhoId IN (SELECT Id FROM Contact)",
    'MALFORMED_QUERY',
    'only allowed at the top level',
  ],
  ['SELECT Id FROM Task WHERE WhoId IN (SELECT Name FROM Contact)', 'INVALID_QUERY_FILTER_OPERATOR', "cannot use: 'Name'"],
  ['SELECT Id FROM Task WHERE Subject IN (SELECT Id FROM Contact)', 'INVALID_QUERY_FILTER_OPERATOR', "cannot use: 'Subject'"],
  ['SELECT Id FROM Contact WHERE Id IN (SELECT Id FROM Contact)', 'MALFORMED_QUERY', 'should not be on the same object type'],
  ["SELECT Id FROM Task WHERE CallDurationInSeconds LIKE '3%'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on int field'],
  ["SELECT Id FROM Task WHERE Status INCLUDES ('a')", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on picklist field'],
  ['SELECT Id FROM Task WHERE Subject = TODAY', 'INVALID_FIELD', 'should not be a date literal'],
  ['SELECT Id FROM Task WHERE ActivityDate = LAST_N_DAYS', 'MALFORMED_QUERY', ''],
  ['SELECT Id FROM Task WHERE ActivityDate = 2026-02-30', 'INVALID_FIELD', 'date'],
  ['SELECT Id FROM Task ALL ROWS', 'MALFORMED_QUERY', 'ALL ROWS not allowed in this context'],
  ['SELECT Id FROM Task HAVING Id = null', 'MALFORMED_QUERY', 'HAVING'],
  ['SELECT Account.Parent.Parent.Parent.Parent.Parent.Name FROM Task', 'INVALID_FIELD', 'more than 5 relationships'],
  ['SELECT COUNT(Id) FROM Task GROUP BY ROLLUP(Status, Priority, CallType, Subject)', 'MALFORMED_QUERY', 'at most 3 fields'],
  ['SELECT Status, GROUPING(Status) FROM Task GROUP BY Status', 'MALFORMED_QUERY', 'Field must be grouped or aggregated'],
  ['SELECT GROUPING(Subject) FROM Task GROUP BY CUBE(Status)', 'MALFORMED_QUERY', 'Field must be grouped or aggregated'],
  ['SELECT Status, COUNT(Id) FROM Task GROUP BY ROLLUP(Status', 'MALFORMED_QUERY', '<EOF>'],
  ['SELECT Id FROM Task USING SCOPE team', 'MALFORMED_QUERY', "unexpected token: 'team'"],
  ['SELECT Id, (SELECT Id FROM Contacts USING SCOPE mine) FROM Account', 'MALFORMED_QUERY', "unexpected token: 'USING'"],
  [
    'SELECT Id FROM Contact WHERE Id IN (SELECT WhoId FROM Task)',
    'MALFORMED_QUERY',
    "Entity 'Task' is not supported for semi join inner selects",
  ],
  [
    'SELECT Id FROM Task WHERE WhoId IN (SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account))',
    'MALFORMED_QUERY',
    'Nesting of semi join sub-selects is not supported',
  ],
  [
    'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact) AND Id IN (SELECT AccountId FROM Case) AND (Id NOT IN (SELECT AccountId FROM Opportunity))',
    'MALFORMED_QUERY',
    'Maximum 2 semi join sub-selects are allowed',
  ],
  ['SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact LIMIT 1)', 'MALFORMED_QUERY', 'LIMIT'],
  ['SELECT Id FROM Task WITH SECURITY_ENFORCED', 'MALFORMED_QUERY', "unexpected token: 'WITH'"],
  ['SELECT FORMAT(Subject) FROM Task', 'MALFORMED_QUERY', 'field Subject does not support FORMAT'],
  ['SELECT SLEEP(Id) FROM Task', 'MALFORMED_QUERY', "unexpected token: 'sleep'"],
])('%s is refused with %s', async (soql, errorCode, words) => {
  const error = await refusal(soql);
  expect(error.errorCode).toBe(errorCode);
  expect(error.message).toContain(words);
});

test('FORMAT writes dates and numbers the way the org’s people do, under a name of its own where one is given', async () => {
  const fields = { Name: 'x', StageName: 'Prospecting', CloseDate: '2026-11-05', Amount: 1_234_567 };
  await org.call('POST', '/sobjects/Opportunity', fields);
  expect(
    await records('SELECT Amount, FORMAT(Amount) money, FORMAT(CloseDate), FORMAT(CreatedDate) made FROM Opportunity'),
  ).toMatchObject([{ Amount: 1_234_567, money: '￥1,234,567', CloseDate: '2026/11/5', made: '2026/11/22 8:30' }]);
  expect(await records('SELECT FORMAT(MAX(CloseDate)) last FROM Opportunity')).toMatchObject([{ last: '2026/11/5' }]);
  expect(await records("SELECT toLabel(Status) label, Status FROM Task WHERE Subject = 'a'")).toMatchObject([
    { label: 'Not Started', Status: 'Not Started' },
  ]);
});

test('a scope leaves what the user owns, or everything', async () => {
  const [other] = await org.query(`SELECT Id FROM User WHERE Id != '${org.userId}' AND IsActive = true LIMIT 1`);
  const { body } = await org.call('POST', '/sobjects/Task', { Subject: 'e', OwnerId: other?.Id });
  expect(await records("SELECT Id FROM Task USING SCOPE mine WHERE Subject IN ('a', 'e')")).toHaveLength(1);
  expect(await records("SELECT Id FROM Task USING SCOPE everything WHERE Subject IN ('a', 'e')")).toHaveLength(2);
  expect(await records('SELECT Subject FROM Task USING SCOPE mine')).toHaveLength(4);
  await org.call('DELETE', `/sobjects/Task/${(body as { id: string }).id}`);
});

test('a stretch of days beyond all calendars is as long as they are', async () => {
  expect(await records('SELECT Id FROM Contact WHERE CreatedDate = LAST_N_DAYS:99999999999 LIMIT 2')).toHaveLength(2);
  expect(await records('SELECT Id FROM Contact WHERE CreatedDate = NEXT_N_YEARS:99999999999')).toEqual([]);
});

test('the columns and the plan of a query can be asked for instead of its rows', async () => {
  const ask = (soql: string, how: string) => org.call('GET', `/query?${how}=${encodeURIComponent(soql)}&columns=true`);
  expect((await ask('SELECT Id, Who.Name, Account.Owner.Name, CallDurationInSeconds FROM Task', 'q')).body).toMatchObject({
    entityName: 'Task',
    idSelected: true,
    keyPrefix: '00T',
    columnMetadata: [
      { columnName: 'Id', joinColumns: [] },
      { columnName: 'Who', joinColumns: [{ columnName: 'Name', textType: true }] },
      { columnName: 'Account', joinColumns: [{ columnName: 'Owner', joinColumns: [{ columnName: 'Name' }] }] },
      { columnName: 'CallDurationInSeconds', numberType: true, apexType: 'Integer' },
    ],
  });
  expect((await ask('SELECT Status, COUNT(Id), MAX(CreatedDate) last FROM Task GROUP BY Status', 'q')).body).toMatchObject({
    groupBy: true,
    columnMetadata: [
      { columnName: 'Status', aggregate: false },
      { columnName: 'expr0', displayName: 'COUNT(Id)', aggregate: true },
      { columnName: 'last', displayName: 'MAX(CreatedDate)', aggregate: true },
    ],
  });
  expect((await ask('SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'q')).body).toMatchObject({
    columnMetadata: [{ columnName: 'Id' }, { columnName: 'Contacts', aggregate: true, joinColumns: [{ columnName: 'Id' }] }],
  });
  expect((await ask("SELECT Id FROM Contact WHERE Phone = '1'", 'explain')).body).toMatchObject({
    plans: [{ leadingOperationType: 'Index' }],
  });
  expect((await ask("SELECT Id FROM Contact WHERE Title = '1'", 'explain')).body).toMatchObject({
    plans: [{ leadingOperationType: 'TableScan', sobjectType: 'Contact' }],
  });
});

test('time goes on while the org runs', async () => {
  clock = NOW + 86_400_000;
  expect(await subjects('WHERE CreatedDate = YESTERDAY')).toBe('abcd');
  clock = NOW;
});
