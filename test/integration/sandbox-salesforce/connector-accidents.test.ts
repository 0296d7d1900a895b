import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector, RecordWrite } from '../../../connectors/connector.ts';
import { ConnectorError, RateLimited, Rejected, Unauthorized, Unreachable } from '../../../connectors/connector.ts';
import { salesforceConnector } from '../../../connectors/salesforce/salesforce-connector.ts';
import { findObject } from '../../../infra/sandbox/salesforce/schema.ts';
import { until } from '../../support/until.ts';
import { privateKeyPem, startOrg, type TestOrg } from './org.ts';

/** What only Salesforce does; everything else is in the contract suite. */

const never = new AbortController().signal;
let org: TestOrg;
let connector: Connector;
let clock = 0;

beforeEach(async () => {
  clock = Date.parse('2026-11-20T00:00:00Z');
  org = await startOrg({ now: () => clock });
  connector = openConnector();
});
afterEach(async () => {
  await connector.close();
  await org.close();
});

function openConnector(): Connector {
  const settings = {
    SALESFORCE_LOGIN_URL: org.url,
    SALESFORCE_CLIENT_ID: org.clientId,
    SALESFORCE_USERNAME: org.username,
    SALESFORCE_PRIVATE_KEY: privateKeyPem,
  };
  return salesforceConnector.open(settings, { now: () => clock, log: () => {} });
}

const log = (key: string, fields: RecordWrite['fields'] = { Subject: `Call ${key}` }): RecordWrite => ({
  object: 'Task',
  key: { field: 'Toritsugi_Call_Id__c', value: key },
  fields,
  owners: {},
});
const many = (count: number) => Array.from({ length: count }, (_, index) => log(`k-${index}`));
const failureOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
  const reason = await work.then(() => null).catch((error: unknown) => error);
  if (!(reason instanceof ConnectorError)) throw new Error('expected a ConnectorError', { cause: reason });
  return reason;
};
const countOf = (path: string) => org.requests().filter((request) => request.path.includes(path)).length;

test('twins left by two writes at the same moment become one again: the oldest stays and is updated', async () => {
  const [first] = await connector.write([log('k')], never);
  org.addFault({ kind: 'raceUpsert', times: 1 });
  await connector.write([log('k')], never);
  expect(await org.query('SELECT Id FROM Task')).toHaveLength(2);
  const results = await connector.write([log('other'), log('k', { Subject: 'merged' })], never);
  expect(results).toEqual([
    { ok: true, id: expect.any(String), created: true },
    { ok: true, id: first?.ok === true ? first.id : '', created: false },
  ]);
  expect(await org.query("SELECT Subject FROM Task WHERE Toritsugi_Call_Id__c = 'k'")).toMatchObject([{ Subject: 'merged' }]);
});

test('a locked row is tried again later, a validation rule and a failing trigger are refusals in the org’s own words', async () => {
  org.addFault({ kind: 'lockRow', times: 1 });
  org.addFault({ kind: 'refuseField', field: 'Subject', times: 1 });
  org.addFault({ kind: 'triggerFails', times: 1 });
  const results = await connector.write([log('a'), log('b'), log('c'), log('d')], never);
  const errors = results.map((result) => (result.ok ? null : result.error));
  expect(errors[0]).toBeInstanceOf(Unreachable);
  expect(errors[1]).toBeInstanceOf(Rejected);
  expect(errors[1]?.message).toContain('入力規則により保存できません');
  expect(errors[1] instanceof Rejected ? errors[1].fields[0]?.field : null).toBe('Subject');
  expect(errors[2]).toBeInstanceOf(Rejected);
  expect(errors[3]).toBeNull();
});

test('a page for people instead of an answer is waited out, and not quoted', async () => {
  for (const status of [404, 503]) {
    org.addFault({ kind: status === 404 ? 'noSuchHost' : 'htmlUnavailable', times: 1 });
    const error = await failureOf(connector.describe('Task', never));
    expect(error).toBeInstanceOf(Unreachable);
    expect(error.message).toBe(
      `Salesforce did not describe the object Task: it answered HTTP ${status}. It will be tried again.`,
    );
  }
  expect((await connector.describe('Task', never)).object).toBe('Task');
});

test('in a read-only org everything waits, and nothing is given up', async () => {
  org.addFault({ kind: 'maintenance', times: 2 });
  const results = await connector.write([log('a'), log('b')], never);
  expect(results.map((result) => (result.ok ? null : result.error.kind))).toEqual(['unreachable', 'unreachable']);
  expect(await connector.write([log('a'), log('b')], never)).toMatchObject([{ ok: true }, { ok: true }]);
});

test('a user who has left is named, and what to do about him', async () => {
  const [sato] = await org.query("SELECT Id FROM User WHERE Username = 'sato@example.com'");
  const users = findObject('User');
  if (users === undefined) throw new Error('the org has no User');
  org.store.update(users, String(sato?.Id), { IsActive: false }, org.userId);
  const [result] = await connector.write([log('k', { Subject: 'x', OwnerId: String(sato?.Id) })], never);
  const error = result?.ok === false ? result.error : null;
  expect(error).toBeInstanceOf(Rejected);
  expect(error?.message).toContain(String(sato?.Id));
  expect(error?.message).toContain("correct the agent's CRM user");
});

test('a converted lead calls no more: the contact it became does', async () => {
  const sources = ['Lead', 'Contact'].map((object) => ({ object, phones: ['Phone'], name: 'Name', fields: [] }));
  const query = { number: '+818055550000', spellings: ['080-5555-0000', '08055550000'], sources, limit: 5 };
  const found = async () => (await connector.findByPhone(query, never)).map(({ object }) => object);
  expect(await found()).toEqual(['Lead']);
  const [lead] = await org.query("SELECT Id FROM Lead WHERE Phone = '080-5555-0000'");
  const [leads, contacts] = [findObject('Lead'), findObject('Contact')];
  if (leads === undefined || contacts === undefined) throw new Error('the org has no Lead or no Contact');
  org.store.insert(contacts, { LastName: "O'Brien", Phone: '080-5555-0000' }, org.userId);
  org.store.update(leads, String(lead?.Id), { IsConverted: true }, org.userId);
  expect(await found()).toEqual(['Contact']);
});

test('a lead converted meanwhile is missing, and whoever reads it is told to choose the contact it became', async () => {
  const [lead] = await org.query('SELECT Id FROM Lead LIMIT 1');
  const leads = findObject('Lead');
  if (leads === undefined) throw new Error('the org has no Lead');
  org.store.update(leads, String(lead?.Id), { IsConverted: true }, org.userId);
  const [result] = await connector.write([log('k', { Subject: 'x', WhoId: String(lead?.Id) })], never);
  expect(result).toMatchObject({ ok: false, error: { kind: 'missing', message: expect.stringContaining('Choose the contact') } });
});

test('a connection cut in the middle of an answer harms nothing but that answer', async () => {
  await connector.describe('Task', never);
  org.addFault({ kind: 'cutMidBody', times: 1 });
  expect(await failureOf(connector.describe('Task', never))).toBeInstanceOf(Unreachable);
  expect((await connector.describe('Task', never)).object).toBe('Task');
});

test('the daily limit holds us for minutes, too many long calls for seconds, a 429 as long as it says', async () => {
  const waits: number[] = [];
  for (const kind of ['dailyLimit', 'concurrentLimit', 'tooManyRequests'] as const) {
    org.addFault({ kind, times: 1 });
    const error = await failureOf(connector.describe('Task', never));
    waits.push(error instanceof RateLimited ? error.retryAfterMs : 0);
  }
  expect(waits).toEqual([900_000, 5_000, 7_000]);
});

test('when the service fails half way, what was written is told and the rest is not tried', async () => {
  await connector.write([log('warm')], never);
  org.addFault({ kind: 'serverError', after: 1, times: 1, on: 'PATCH' });
  const before = org.requestCount();
  const results = await connector.write(many(600), never);
  expect(results.filter((result) => result.ok)).toHaveLength(200);
  expect(results.slice(200).every((result) => !result.ok && result.error instanceof Unreachable)).toBe(true);
  expect(org.requestCount() - before).toBe(2);
});

test('a record that could spoil the whole request never travels with the others', async () => {
  const results = await connector.write(
    [log('a'), log('b', { Subject: 5 }), log('c', { Nonsense__c: 'x' }), log('d', { IsReminderSet: null })],
    never,
  );
  expect(results.map((result) => result.ok)).toEqual([true, false, false, false]);
  const fields = results.flatMap((result) =>
    !result.ok && result.error instanceof Rejected ? result.error.fields.map((each) => each.field) : [],
  );
  expect(fields).toEqual(['Subject', 'Nonsense__c', 'IsReminderSet']);
  expect(countOf('/composite/')).toBe(1);
});

test('what may be set only on create is written once and left alone afterwards', async () => {
  for (const subject of ['first', 'second']) {
    expect(await connector.write([log('k', { Subject: subject, TaskSubtype: 'Call' })], never)).toMatchObject([{ ok: true }]);
  }
  expect(await org.query('SELECT Subject, TaskSubtype FROM Task')).toMatchObject([{ Subject: 'second', TaskSubtype: 'Call' }]);
});

test('a contact deleted meanwhile is missing, which can be mended, and not a refusal', async () => {
  const [contact] = await org.query("SELECT Id FROM Contact WHERE LastName = '中村'");
  await org.call('DELETE', `/sobjects/Contact/${contact?.Id}`);
  const [result] = await connector.write([log('k', { Subject: 'x', WhoId: String(contact?.Id) })], never);
  expect(result?.ok === false ? result.error.kind : null).toBe('missing');
});

test('a key that is no external id is refused before anything is sent', async () => {
  const [result] = await connector.write([{ ...log('k'), key: { field: 'Subject', value: 'k' } }], never);
  expect(result?.ok === false ? result.error : null).toBeInstanceOf(Rejected);
  expect(countOf('/composite/')).toBe(0);
});

describe('signing in', () => {
  test('happens once, however many wait for it', async () => {
    await Promise.all(Array.from({ length: 10 }, () => connector.describe('Task', never)));
    expect(countOf('/oauth2/token')).toBe(1);
    org.revokeTokens();
    await Promise.all(Array.from({ length: 10 }, () => connector.describe('Task', never)));
    expect(countOf('/oauth2/token')).toBe(2);
  });

  test('is not tried again at every request while the org refuses us', async () => {
    org.addFault({ kind: 'unauthorized' });
    for (let time = 0; time < 20; time += 1)
      expect(await failureOf(connector.describe('Task', never))).toBeInstanceOf(Unauthorized);
    expect(countOf('/oauth2/token')).toBeLessThanOrEqual(2);
    org.clearFaults();
    clock += 60_000;
    expect((await connector.describe('Task', never)).object).toBe('Task');
  });

  test('an app that is no longer approved holds us, and says who can mend it', async () => {
    await connector.describe('Task', never);
    org.addFault({ kind: 'signInRefused' });
    org.revokeTokens();
    const error = await failureOf(connector.describe('Task', never));
    expect(error).toBeInstanceOf(Unauthorized);
    expect(error.message).toContain('Let an admin approve the External Client App');
    org.clearFaults();
    expect((await connector.describe('Task', never)).object).toBe('Task');
  });

  test('an address from which the org has moved away is asked no more: the next sign-in tells the new one', async () => {
    await connector.describe('Task', never);
    org.addFault({ kind: 'moved', times: 1 });
    const error = await failureOf(connector.describe('Task', never));
    expect(error).toBeInstanceOf(Unreachable);
    expect(error.message).toContain('redirected (HTTP 302)');
    expect((await connector.describe('Task', never)).object).toBe('Task');
    expect(countOf('/oauth2/token')).toBe(2);
  });

  test('an org that answers at its old address no more is found at its new one', async () => {
    let home = org;
    const door = createServer((_request, response) => {
      const token = { access_token: home.accessToken, instance_url: home.url, token_type: 'Bearer' };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(token));
    });
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    const moving = salesforceConnector.open(
      {
        SALESFORCE_LOGIN_URL: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
        SALESFORCE_CLIENT_ID: 'x',
        SALESFORCE_CLIENT_SECRET: 'y',
      },
      { now: () => clock, log: () => {} },
    );
    await moving.describe('Task', never);
    home = await startOrg({ now: () => clock });
    await org.close();
    expect(await failureOf(moving.describe('Task', never))).toBeInstanceOf(Unreachable);
    // A connection that was open meanwhile breaks first; only a new one learns that nobody is there.
    await until('the org is found', () =>
      moving.describe('Task', never).then(
        () => true,
        () => false,
      ),
    );
    await moving.close();
    await home.close();
    door.close();
    door.closeAllConnections();
  });

  test('with a clock that is behind is told to set it', async () => {
    const settings = {
      SALESFORCE_LOGIN_URL: org.url,
      SALESFORCE_CLIENT_ID: org.clientId,
      SALESFORCE_USERNAME: org.username,
      SALESFORCE_PRIVATE_KEY: privateKeyPem,
    };
    const late = salesforceConnector.open(settings, { now: () => clock - 3_600_000, log: () => {} });
    expect((await failureOf(late.describe('Task', never))).message).toContain('Set the clock of this machine');
    await late.close();
  });

  test('says what is wrong with the credentials, and never repeats them', async () => {
    const settings = {
      SALESFORCE_LOGIN_URL: org.url,
      SALESFORCE_CLIENT_ID: org.clientId,
      SALESFORCE_CLIENT_SECRET: 'WRONG-SECRET',
    };
    const wrong = salesforceConnector.open(settings, { now: () => clock, log: () => {} });
    const error = await failureOf(wrong.describe('Task', never));
    expect(error).toBeInstanceOf(Unauthorized);
    expect(error.message).toContain('Check SALESFORCE_CLIENT_SECRET');
    const [line] = (await wrong.check(never)).checks;
    expect(line?.remedy?.ja).toBe('設定の SALESFORCE_CLIENT_SECRET を確認し、直してください。');
    expect(JSON.stringify(await wrong.check(never))).not.toContain('WRONG-SECRET');
    await wrong.close();
  });

  test('an address that is no Salesforce is told from an org that refuses us', async () => {
    const settings = { SALESFORCE_LOGIN_URL: 'http://127.0.0.1:1', SALESFORCE_CLIENT_ID: 'x', SALESFORCE_CLIENT_SECRET: 'y' };
    const nowhere = salesforceConnector.open(settings, { now: () => clock, log: () => {} });
    expect(await failureOf(nowhere.describe('Task', never))).toBeInstanceOf(Unreachable);
    await nowhere.close();
  });
});

describe('finding callers among the demo’s customers', () => {
  const sources = [
    {
      object: 'Contact',
      phones: ['Phone', 'MobilePhone', 'HomePhone', 'OtherPhone'],
      name: 'Name',
      fields: ['Account.Name', 'Secret__c'],
    },
    { object: 'Lead', phones: ['Phone', 'MobilePhone'], name: 'Name', fields: ['Company'] },
    { object: 'Account', phones: ['Phone'], name: 'Name', fields: [] },
  ];
  const find = (number: string, ...spellings: string[]) =>
    connector.findByPhone({ number, spellings, sources, limit: 10 }, never);

  test.each([
    ['+819012345678', '09012345678', ['山田 太郎']],
    ['+818011112222', '08011112222', ['鈴木 次郎']],
    ['+819033334444', '09033334444', ['高橋 一郎', '高橋 花子']],
    ['+819088889999', '09088889999', ['渡辺 直子']],
    ['+81312340000', '0312340000', ['株式会社テスト']],
    ['+818055550000', '08055550000', ["Pat O'Brien"]],
    ['+819066667777', '09066667777', []],
  ])('%s is known as %s of %j', async (number, spelling, expected) => {
    expect((await find(number, spelling)).map(({ name }) => name)).toEqual(expected);
  });

  test('brings related fields along and leaves out what our user may not see', async () => {
    const [yamada] = await find('+819012345678', '09012345678');
    expect(yamada?.values).toEqual({ 'Account.Name': '株式会社山田製作所' });
    expect(yamada?.modifiedAt).toBe('2026-11-20T00:00:00.000Z');
  });

  test('a lead that lies in a queue brings the name of the queue along', async () => {
    await org.close();
    org = await startOrg({
      now: () => clock,
      seed: [
        { object: 'Group', ref: 'queue', fields: { Name: '受付キュー', Type: 'Queue' } },
        { object: 'Lead', fields: { LastName: '待', Company: 'x', Phone: '03-9999-0000', OwnerId: '@queue' } },
      ],
    });
    connector = openConnector();
    const source = { object: 'Lead', phones: ['Phone'], name: 'Name', fields: ['OwnerId', 'Owner.Name'] };
    const query = { number: '+81399990000', spellings: ['0399990000'], sources: [source], limit: 10 };
    const [lead] = await connector.findByPhone(query, never);
    expect(lead?.values).toEqual({ OwnerId: expect.stringMatching(/^00G/), 'Owner.Name': '受付キュー' });
  });

  test('a fresh record is found by its spelling before the search index knows it', async () => {
    await org.close();
    org = await startOrg({ now: () => clock, searchLagMs: 3_600_000 });
    connector = openConnector();
    expect((await find('+819012345678', '09012345678', '090-1234-5678')).map(({ name }) => name)).toEqual(['山田 太郎']);
  });
});

test('the check says everything in Japanese, too, and what to do', async () => {
  const inJapanese = async () =>
    (await connector.check(never)).checks.map(({ name, detail, remedy }) => ({
      name: name.ja,
      detail: detail.ja,
      remedy: remedy?.ja ?? null,
    }));
  expect(await inJapanese()).toEqual([
    { name: 'ログインと API コールの残り', detail: expect.stringContaining('15000 回のうち残り 14999 回'), remedy: null },
    { name: 'API バージョン', detail: expect.stringContaining('67.0'), remedy: null },
    { name: 'ToDo の通話記録用のキー', detail: '外部 ID Toritsugi_Call_Id__c', remedy: null },
  ]);
  org.restrictFields({ hidden: ['Task.Toritsugi_Call_Id__c'] });
  expect((await inJapanese())[2]?.remedy).toContain('infra/salesforce/README.ja.md');
  org.addFault({ kind: 'htmlUnavailable' });
  expect((await inJapanese())[0]?.remedy).toContain('status.salesforce.com');
});

test('the check looks at calls left, version and key field, and warns before the calls run out', async () => {
  expect((await connector.check(never)).checks.map(({ name, ok }) => [name.en, ok])).toEqual([
    ['sign-in and API calls left', true],
    ['API version', true],
    ['call log key on Task', true],
  ]);
  await org.close();
  org = await startOrg({ now: () => clock, dailyCalls: 30 });
  connector = openConnector();
  for (let call = 0; call < 28; call += 1) await org.call('GET', '/limits');
  expect(await connector.check(never)).toMatchObject({ ok: false, quota: { used: 29, limit: 30 } });
});
