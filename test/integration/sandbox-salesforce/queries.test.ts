import { startOrg, type TestOrg } from './org.ts';

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
afterAll(() => org.close());

const names = async (rest: string) => (await org.query(`SELECT Name FROM ${rest}`)).map((row) => row.Name);
const refusal = async (soql: string) => {
  const { status, body } = await org.call('GET', `/query?q=${encodeURIComponent(soql)}`);
  expect(status).toBe(400);
  return (body as { errorCode: string; message: string }[])[0] ?? { errorCode: '', message: '' };
};

test('related records are nested, and an empty reference is null', async () => {
  const [yamada] = await org.query("SELECT Id, Name, Account.Name FROM Contact WHERE LastName = '山田'");
  expect(yamada).toMatchObject({
    attributes: { type: 'Contact', url: `/services/data/v67.0/sobjects/Contact/${yamada?.Id}` },
    Name: '山田 太郎',
    Account: { attributes: { type: 'Account' }, Name: '株式会社山田製作所' },
  });
  expect(await org.query("SELECT Account.Name FROM Contact WHERE LastName = '鈴木'")).toMatchObject([{ Account: null }]);
});

test.each([
  ["Contact WHERE LastName = '高橋' ORDER BY FirstName", ['高橋 一郎', '高橋 花子']],
  ["Contact WHERE Phone = '090-1234-5678'", ['山田 太郎']],
  ["Contact WHERE Phone IN ('090-1234-5678', '06-6789-0123') ORDER BY Id", ['山田 太郎', '佐々木 美咲']],
  ["Contact WHERE LastName LIKE '山%' ORDER BY Name DESC", ['山田 太郎', '山崎 優']],
  ["Contact WHERE LastName = '山田' OR (LastName = '高橋' AND FirstName = '花子') ORDER BY Id", ['山田 太郎', '高橋 花子']],
  ["Contact WHERE Account.Name = '高橋家' AND NOT FirstName = '花子'", ['高橋 一郎']],
  ["Contact WHERE LastName = 'SMITH'", ['Jane Smith']],
  ["Lead WHERE LastName = 'O\\'Brien'", ["Pat O'Brien"]],
  ["Lead WHERE Company = 'O\\'Brien & Co' AND IsConverted = false AND CreatedDate > 2020-01-01T00:00:00Z", ["Pat O'Brien"]],
  ["Account WHERE Phone = null AND Name LIKE '高橋%'", ['高橋家']],
  ["Account WHERE Phone != null AND Name LIKE '株式会社%' ORDER BY Name LIMIT 1", ['株式会社テスト']],
  ["Account WHERE Name LIKE '株式会社%' ORDER BY Name LIMIT 1 OFFSET 1", ['株式会社山田製作所']],
  ["Contact WHERE LastName = '\\' OR Name != \\''", []],
  ["Contact WHERE Name LIKE '100\\%'", []],
])('%s finds %j', async (rest, expected) => {
  expect(await names(rest)).toEqual(expected);
});

test('nulls come first unless asked to come last', async () => {
  const phones = async (order: string) => (await org.query(`SELECT Phone FROM Lead ORDER BY ${order}`)).map((row) => row.Phone);
  expect((await phones('Phone'))[0]).toBeNull();
  expect((await phones('Phone NULLS LAST')).at(-1)).toBeNull();
});

test('COUNT() tells the number without rows', async () => {
  const { body } = await org.call('GET', `/query?q=${encodeURIComponent('SELECT COUNT() FROM Lead')}`);
  expect(body).toEqual({ totalSize: 3, done: true, records: [] });
});

test.each([
  ['SELECT Foo FROM Contact', 'INVALID_FIELD', "No such column 'Foo' on entity 'Contact'"],
  ['SELECT Id FROM Foo', 'INVALID_TYPE', "sObject type 'Foo' is not supported"],
  ['SELECT Foo.Name FROM Contact', 'INVALID_FIELD', "Didn't understand relationship 'Foo' in field path"],
  ['SELECT Id FROM Contact WHERE', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
  ['SELECT Id FORM Contact', 'MALFORMED_QUERY', "unexpected token: 'FORM'"],
  ["SELECT Id FROM Contact WHERE Name = 'a", 'MALFORMED_QUERY', ''],
  ["SELECT Id FROM Contact WHERE Name = 'a\\x'", 'MALFORMED_QUERY', 'Illegal escape'],
  ["SELECT Id FROM Contact WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", 'MALFORMED_QUERY', 'OR'],
  ['SELECT Id FROM Contact WHERE Name = 5', 'INVALID_FIELD', 'enclosed in quotes'],
  ["SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01'", 'INVALID_FIELD', 'dateTime'],
  ["SELECT Id FROM Contact WHERE Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: abc'],
  ["SELECT Id FROM Task WHERE Description = 'a'", 'INVALID_FIELD', 'can not be filtered'],
  ['SELECT Id FROM Contact OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset'],
  ['DELETE FROM Contact', 'MALFORMED_QUERY', 'DELETE'],
])('%s is refused with %s', async (soql, errorCode, words) => {
  const error = await refusal(soql);
  expect(error.errorCode).toBe(errorCode);
  expect(error.message).toContain(words);
});

test('a large result comes in pages, whose place is told', async () => {
  const small = await startOrg({ pageRows: 7 });
  const first = (await small.call('GET', `/query?q=${encodeURIComponent('SELECT Id FROM Contact ORDER BY Id')}`)).body as {
    nextRecordsUrl: string;
    done: boolean;
    totalSize: number;
    records: { Id: string }[];
  };
  expect(first).toMatchObject({ done: false, totalSize: 20 });
  expect(first.nextRecordsUrl).toMatch(/^\/services\/data\/v67\.0\/query\/01g.*-7$/);
  const ids = [...first.records];
  let next: string | undefined = first.nextRecordsUrl;
  while (next !== undefined) {
    const { body } = await small.call('GET', next.replace('/services/data/v67.0', ''));
    const page = body as { nextRecordsUrl?: string; records: { Id: string }[] };
    ids.push(...page.records);
    next = page.nextRecordsUrl;
  }
  expect(new Set(ids.map(({ Id }) => Id)).size).toBe(20);
  expect(await small.call('GET', '/query/01gnonsense-5')).toMatchObject({
    status: 400,
    body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }],
  });
  await small.close();
});

test('what hangs behind a reference to several objects is a Name; owners of leads, cases and tasks are such, those of accounts are users', async () => {
  const [lead] = await org.query('SELECT Owner.Name, Owner.Type FROM Lead LIMIT 1');
  expect(lead).toMatchObject({
    Owner: { attributes: { type: 'Name', url: expect.stringContaining('/sobjects/User/005') }, Type: 'User' },
  });
  const [account] = await org.query('SELECT Owner.Username FROM Account LIMIT 1');
  expect(account).toMatchObject({ Owner: { attributes: { type: 'User' }, Username: org.username } });
  for (const object of ['Lead', 'Case', 'Task']) {
    const { fields } = (await org.call('GET', `/sobjects/${object}/describe`)).body as { fields: { name: string }[] };
    expect(fields.find(({ name }) => name === 'OwnerId')).toMatchObject({ referenceTo: ['Group', 'User'], namePointing: true });
  }
});

test('a locator is good for two days', async () => {
  let clock = Date.parse('2026-11-20T00:00:00Z');
  const patient = await startOrg({ now: () => clock, pageRows: 5, sessionLifetimeMs: Number.MAX_SAFE_INTEGER });
  const { body } = await patient.call('GET', '/query?q=SELECT+Id+FROM+Contact');
  const path = (body as { nextRecordsUrl: string }).nextRecordsUrl.replace('/services/data/v67.0', '');
  clock += 47 * 3_600_000;
  expect((await patient.call('GET', path)).status).toBe(200);
  clock += 2 * 3_600_000;
  expect(await patient.call('GET', path)).toMatchObject({ status: 400, body: [{ errorCode: 'INVALID_QUERY_LOCATOR' }] });
  await patient.close();
});

describe('searching by telephone number', () => {
  const search = async (sosl: string) => org.call('GET', `/search?q=${encodeURIComponent(sosl)}`);
  const found = async (sosl: string) =>
    ((await search(sosl)).body as { searchRecords: { Name: string }[] }).searchRecords.map(({ Name }) => Name);

  test.each([
    ['FIND {9012345678} IN PHONE FIELDS RETURNING Contact(Id, Name)', ['山田 太郎']],
    ['FIND {08011112222 OR 8011112222} IN PHONE FIELDS RETURNING Contact(Id, Name), Lead(Id, Name)', ['鈴木 次郎']],
    ['FIND {"+81 90 8888 9999"} IN PHONE FIELDS RETURNING Contact(Name)', ['渡辺 直子']],
    ['FIND {9033334444} IN PHONE FIELDS RETURNING Contact(Name ORDER BY Name LIMIT 1)', ['高橋 一郎']],
    ["FIND {9033334444} IN PHONE FIELDS RETURNING Contact(Name WHERE FirstName = '花子')", ['高橋 花子']],
    ['FIND {8055550000} IN PHONE FIELDS RETURNING Account(Name), Lead(Name) LIMIT 5', ["Pat O'Brien"]],
    ['FIND {345678} IN PHONE FIELDS RETURNING Contact(Name)', []],
    ['FIND {山田 AND 太郎} IN NAME FIELDS RETURNING Contact(Name)', ['山田 太郎']],
    ['FIND {山田 AND 次郎} IN NAME FIELDS RETURNING Contact(Name)', []],
    ['FIND {9033334444 AND NOT 花子} RETURNING Contact(Name)', ['高橋 一郎']],
    ['FIND {"山田 太郎" OR 9033334444 AND 花子} RETURNING Contact(Name ORDER BY Id)', ['山田 太郎', '高橋 花子']],
  ])('%s finds %j', async (sosl, expected) => {
    expect(await found(sosl)).toEqual(expected);
  });

  test.each([
    ['FIND {0312345678} RETURNING Foo(Id)', 'INVALID_TYPE'],
    ['FIND {0312345678} RETURNING Contact(Foo)', 'INVALID_FIELD'],
    ['FIND {1} IN PHONE FIELDS RETURNING Contact(Id)', 'MALFORMED_SEARCH'],
    ['FIND {NOT 花子} RETURNING Contact(Id)', 'MALFORMED_SEARCH'],
    ['FIND {0312345678} IN PHONE RETURNING Contact(Id)', 'MALFORMED_SEARCH'],
    ['FIND {0312345678} RETURNING User(Id)', 'INVALID_TYPE'],
    ['FIND {+81312345678} IN PHONE FIELDS RETURNING Contact(Id)', 'MALFORMED_SEARCH'],
    ['FIND 0312345678 RETURNING Contact(Id)', 'MALFORMED_SEARCH'],
    ['', 'MALFORMED_SEARCH'],
  ])('%j is refused with %s', async (sosl, errorCode) => {
    expect(await search(sosl)).toMatchObject({ status: 400, body: [{ errorCode }] });
  });

  test('without RETURNING everything that can be searched is, and its ids are told', async () => {
    const { body } = await search('FIND {8055550000} IN PHONE FIELDS');
    expect(body).toEqual({ searchRecords: [{ attributes: expect.objectContaining({ type: 'Lead' }), Id: expect.any(String) }] });
  });

  test('a fresh record is found only when the index has caught up', async () => {
    let clock = Date.parse('2026-11-20T00:00:00Z');
    const lagging = await startOrg({ now: () => clock, searchLagMs: 30_000 });
    const ask = async () =>
      (
        (await lagging.call('GET', `/search?q=${encodeURIComponent('FIND {9012345678} IN PHONE FIELDS RETURNING Contact(Id)')}`))
          .body as { searchRecords: unknown[] }
      ).searchRecords.length;
    expect(await ask()).toBe(0);
    clock += 31_000;
    expect(await ask()).toBe(1);
    await lagging.close();
  });
});
