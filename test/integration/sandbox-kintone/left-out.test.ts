import { KintoneRestAPIClient } from '@kintone/rest-api-client';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { askKintone } from './ask-kintone.ts';
import { clientOf, refusalOf, tokenClientOf } from './vendor-client.ts';

let sandbox: SandboxKintone;
beforeAll(async () => {
  sandbox = await startSandboxKintone({ port: 0 });
});
afterAll(() => sandbox.close());

type Call = (client: KintoneRestAPIClient) => Promise<unknown>;
const app = 1;

/** Every call of the vendor's client that the sandbox leaves out. */
const LEFT_OUT: Readonly<Record<string, Call>> = {
  'app.updateFieldAcl': (client) => client.app.updateFieldAcl({ app, rights: [] }),
  'app.updateRecordAcl': (client) => client.app.updateRecordAcl({ app, rights: [] }),
  'app.move': (client) => client.app.move({ app, space: 1 }),
  'space.getSpace': (client) => client.space.getSpace({ id: 1 }),
  'space.updateSpace': (client) => client.space.updateSpace({ id: 1 }),
  'space.deleteSpace': (client) => client.space.deleteSpace({ id: 1 }),
  'space.updateSpaceBody': (client) => client.space.updateSpaceBody({ id: 1, body: '' }),
  'space.getSpaceMembers': (client) => client.space.getSpaceMembers({ id: 1 }),
  'space.updateSpaceMembers': (client) => client.space.updateSpaceMembers({ id: 1, members: [] }),
  'space.addThread': (client) => client.space.addThread({ space: 1, name: 'x' }),
  'space.updateThread': (client) => client.space.updateThread({ id: 1, name: 'x' }),
  'space.addThreadComment': (client) => client.space.addThreadComment({ space: 1, thread: 1, comment: { text: 'x' } }),
  'space.addGuests': (client) => client.space.addGuests({ guests: [] }),
  'space.deleteGuests': (client) => client.space.deleteGuests({ guests: [] }),
  'space.updateSpaceGuests': (client) => client.space.updateSpaceGuests({ id: 1, guests: [] }),
  'space.addSpaceFromTemplate': (client) => client.space.addSpaceFromTemplate({ id: 1, name: 'x', members: [] }),
  'space.getStatistics': (client) => client.space.getStatistics({}),
  'plugin.getPlugins': (client) => client.plugin.getPlugins({}),
  'plugin.getRequiredPlugins': (client) => client.plugin.getRequiredPlugins({}),
  'plugin.getApps': (client) => client.plugin.getApps({ id: 'x' }),
  'plugin.installPlugin': (client) => client.plugin.installPlugin({ fileKey: 'x' }),
  'plugin.updatePlugin': (client) => client.plugin.updatePlugin({ id: 'x', fileKey: 'x' }),
  'plugin.uninstallPlugin': (client) => client.plugin.uninstallPlugin({ id: 'x' }),
  search: (client) => client.search({ keyword: 'x' } as never),
};

/** What the tests of records and apps call. */
const ANSWERED = [
  ...['getRecord', 'addRecord', 'updateRecord', 'upsertRecord', 'getRecords', 'addRecords', 'updateRecords', 'deleteRecords'],
  ...['createCursor', 'getRecordsByCursor', 'deleteCursor', 'getAllRecords', 'getAllRecordsWithId', 'getAllRecordsWithOffset'],
  ...['getAllRecordsWithCursor', 'addAllRecords', 'updateAllRecords', 'deleteAllRecords', 'addRecordComment'],
  ...['deleteRecordComment', 'getRecordComments', 'updateRecordAssignees', 'updateRecordStatus', 'updateRecordsStatus'],
]
  .map((name) => `record.${name}`)
  .concat(
    [
      ...['getFormFields', 'addFormFields', 'updateFormFields', 'deleteFormFields', 'getFormLayout', 'updateFormLayout'],
      ...['getViews', 'updateViews', 'getApp', 'getApps', 'addApp', 'getAppSettings', 'updateAppSettings'],
      ...['getProcessManagement', 'updateProcessManagement', 'getDeployStatus', 'deployApp', 'getAppAcl', 'updateAppAcl'],
      ...['evaluateRecordsAcl', 'getRecordAcl', 'getFieldAcl', 'getStatistics', 'getReports', 'updateReports', 'getAppActions'],
      ...['updateAppActions', 'getGeneralNotifications', 'updateGeneralNotifications', 'getPerRecordNotifications'],
      ...['updatePerRecordNotifications', 'getReminderNotifications', 'updateReminderNotifications', 'getAppCustomize'],
      ...['updateAppCustomize', 'getPlugins', 'addPlugins', 'getAdminNotes', 'updateAdminNotes'],
    ].map((name) => `app.${name}`),
    ['file.uploadFile', 'file.downloadFile'],
  );

test('every call of the vendor’s client is either answered or named here', () => {
  const client = clientOf(sandbox);
  const inside = /^(constructor|build\w+|\w+Recursive|\w+WithBulkRequest|warn\w+|did\w+)$/;
  const calls = (['record', 'app', 'file', 'space', 'plugin'] as const).flatMap((part) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(client[part]))
      .filter((name) => !inside.test(name))
      .map((name) => `${part}.${name}`),
  );
  expect(calls.filter((call) => !ANSWERED.includes(call) && LEFT_OUT[call] === undefined)).toEqual([]);
});

test.each(Object.entries(LEFT_OUT))('%s is refused as the service refuses it, never answered', async (_name, call) => {
  expect(await refusalOf(call(clientOf(sandbox)))).toEqual({ status: 403, code: 'CB_NO02' });
  expect(await refusalOf(call(tokenClientOf(sandbox)))).toEqual({ status: 403, code: 'GAIA_NO01' });
});

test('apps in guest spaces there are none', async () => {
  const { username, password } = sandbox;
  const guest = new KintoneRestAPIClient({ baseUrl: sandbox.url, auth: { username, password }, guestSpaceId: 3 });
  expect(await refusalOf(guest.record.getRecords({ app }))).toMatchObject({ code: 'GAIA_IL25' });
});

test('an app cannot be made in a space', async () => {
  expect(await refusalOf(clientOf(sandbox).app.addApp({ name: 'x', space: 1 }))).toMatchObject({ code: 'CB_NO02' });
});

describe('messages', () => {
  const message = async (headers: Readonly<Record<string, string>>) => {
    const { body } = await askKintone(sandbox, 'GET', 'record.json?app=1&id=999', { headers });
    return (body as { message: string }).message;
  };

  test.each([
    ['ja', '指定したレコード（id: 999）が見つかりません。'],
    ['en-US,en;q=0.9', 'The specified record (ID: 999) is not found.'],
    ['*', '指定したレコード（id: 999）が見つかりません。'],
    ['zh-CN,zh;q=0.9,en;q=0.8', '找不到指定的记录（id: 999）。'],
    ['fr-FR,fr;q=0.9,en;q=0.8', 'The specified record (ID: 999) is not found.'],
    ['fr', '指定したレコード（id: 999）が見つかりません。'],
  ])('follow the browser’s %s', async (language, text) => {
    expect(await message({ 'Accept-Language': language })).toBe(text);
  });

  test('follow the person’s own language first', async () => {
    const accounts = [{ username: 'anne', password: 'p', language: 'en' as const }];
    const own = await startSandboxKintone({ port: 0, accounts });
    try {
      const headers = { 'X-Cybozu-Authorization': Buffer.from('anne:p').toString('base64'), 'Accept-Language': 'ja' };
      const { body } = await askKintone(own, 'GET', 'record.json?app=1&id=999', { token: null, headers });
      expect(body).toMatchObject({ message: 'The specified record (ID: 999) is not found.' });
    } finally {
      await own.close();
    }
  });
});

describe('who asks too much', () => {
  test('is told how many requests there are at a time, and refused beyond', async () => {
    const own = await startSandboxKintone({ port: 0, concurrencyLimit: 2, latencyMs: 30 });
    try {
      const asking = Array.from({ length: 3 }, () => askKintone(own, 'GET', 'record.json?app=1&id=1'));
      const replies = await Promise.all(asking);
      const refused = replies.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(1);
      expect(refused[0]?.body).toMatchObject({ code: 'GAIA_TO04' });
      const headers = (name: string) => replies.map((reply) => reply.headers.get(name)).toSorted();
      expect(headers('X-ConcurrencyLimit-Limit')).toEqual(['2', '2', '2']);
      expect(headers('X-ConcurrencyLimit-Running')).toEqual(['1', '2', '3']);
      expect(refused[0]?.headers.get('X-Cybozu-Error')).toBe('GAIA_TO04');
    } finally {
      await own.close();
    }
  });

  test('sends one API token of an app, and nine at most', async () => {
    const ask = (...tokens: readonly string[]) => askKintone(sandbox, 'GET', 'records.json?app=1', { token: tokens.join(',') });
    const [customers = '', calls = ''] = sandbox.apiTokens;
    expect((await ask(customers, calls)).status).toBe(200);
    expect(await ask(customers, customers)).toMatchObject({ status: 400, body: { code: 'GAIA_DA03' } });
    expect(await ask(...Array.from({ length: 10 }, (_, at) => `t${at}`))).toMatchObject({ status: 400 });
  });
});

test('a search that is given up says so in a header, and brings a part only', async () => {
  sandbox.faults.add({ kind: 'searchAborted', times: 1, path: 'records.json' });
  const careful = new KintoneRestAPIClient({
    baseUrl: sandbox.url,
    auth: { apiToken: [...sandbox.apiTokens] },
    featureFlags: { enableAbortSearchError: true },
  });
  await expect(careful.record.getRecords({ app })).rejects.toMatchObject({ name: 'KintoneAbortSearchError' });
  sandbox.faults.add({ kind: 'searchAborted', times: 1, path: 'records.json' });
  expect((await clientOf(sandbox).record.getRecords({ app })).records).toHaveLength(11);
});
