/** Graphs, actions, notifications, scripts and notes of an app, set and read by the vendor's own client. */
import type { KintoneRestAPIClient } from '@kintone/rest-api-client';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { clientOf, refusalOf, tokenClientOf } from './vendor-client.ts';

const CALLS = 2;
let sandbox: SandboxKintone;
let client: KintoneRestAPIClient;

beforeEach(async () => {
  const tokens = [{ token: 'records-only', app: '2', rights: ['view', 'add', 'edit'] as const }];
  sandbox = await startSandboxKintone({ port: 0, deployMs: 0, tokens });
  client = clientOf(sandbox);
});
afterEach(() => sandbox.close());

const app = CALLS;
const deploy = () => client.app.deployApp({ apps: [{ app }] });
const SUZUKI = { type: 'USER', code: 'suzuki' } as const;
const graph = {
  ...{ chartType: 'BAR' as const, chartMode: 'STACKED' as const, index: 0 },
  groups: [{ code: '開始日時', per: 'DAY' as const }],
};

describe('graphs', () => {
  test('are kept under their names and numbers, and take effect when they are deployed', async () => {
    const made = await client.app.updateReports({
      app,
      reports: {
        日別: { ...graph, name: '日別', sorts: [{ by: 'GROUP1', order: 'ASC' }] },
        結果: {
          ...{ chartType: 'PIE', name: '結果別', index: 1, groups: [{ code: '結果' }] },
          periodicReport: { active: 'false', period: { every: 'MONTH', dayOfMonth: 'END_OF_MONTH', time: '23:30' } },
        },
      },
    });
    expect(made).toEqual({ reports: { 日別: { id: '1' }, 結果別: { id: '2' } }, revision: '2' });
    expect((await client.app.getReports({ app })).reports).toEqual({});
    await deploy();
    const { reports } = await client.app.getReports({ app });
    expect(reports.日別).toEqual({
      ...{ chartType: 'BAR', chartMode: 'STACKED', id: '1', name: '日別', index: '0', filterCond: '' },
      groups: [{ code: '開始日時', per: 'DAY' }],
      aggregations: [{ type: 'COUNT' }],
      sorts: [{ by: 'GROUP1', order: 'ASC' }],
      periodicReport: null,
    });
    expect(reports.結果別).toMatchObject({ periodicReport: { active: false, period: { every: 'MONTH', time: '23:30' } } });
    const again = await client.app.updateReports({
      app,
      reports: { 結果別: { ...graph, name: '結果別' }, 新: { ...graph, name: '新' } },
    });
    expect(again.reports).toEqual({ 結果別: { id: '2' }, 新: { id: '3' } });
  });

  test.each<[string, object, string]>([
    ['no way to draw bars', { chartMode: undefined }, 'CB_VA01'],
    ['a kind there is not', { chartType: 'DONUT' }, 'CB_VA01'],
    ['no groups', { groups: [] }, 'CB_VA01'],
    ['four groups', { groups: Array.from({ length: 4 }, () => ({ code: '結果' })) }, 'CB_VA01'],
    ['days that are not said how to group', { groups: [{ code: '開始日時' }] }, 'CB_VA01'],
    ['a field there is not', { groups: [{ code: '無い' }] }, 'GAIA_FC01'],
    ['the sum of a field there is not', { aggregations: [{ type: 'SUM', code: '無い' }] }, 'GAIA_FC01'],
    ['a filter that is none', { filterCond: '結果 = "x"' }, 'GAIA_IQ03'],
    ['an hour there is not', { periodicReport: { period: { every: 'DAY', time: '24:00' } } }, 'CB_VA01'],
  ])('are refused with %s', async (_what, change, code) => {
    const reports = { 図: { ...graph, name: '図', ...change } } as never;
    expect(await refusalOf(client.app.updateReports({ app, reports }))).toMatchObject({ status: 400, code });
  });
});

describe('actions', () => {
  const copy = { srcType: 'FIELD', srcField: '通話ID', destField: '顧客名' } as const;

  test('lead to another app, and keep what is not sent again', async () => {
    const action = { index: '0', destApp: { app: 1 }, mappings: [copy, { srcType: 'RECORD_URL', destField: '会社名' } as const] };
    expect(await client.app.updateAppActions({ app, actions: { 顧客にする: { ...action, entities: [SUZUKI] } } })).toEqual({
      actions: { 顧客にする: { id: '1' } },
      revision: '2',
    });
    await client.app.updateAppActions({ app, actions: { 顧客にする: { name: '顧客を作る', index: 1 } } });
    await deploy();
    expect((await client.app.getAppActions({ app })).actions).toEqual({
      顧客を作る: {
        ...{ id: '1', name: '顧客を作る', index: '1', destApp: { app: '1', code: '' }, filterCond: '', entities: [SUZUKI] },
        mappings: action.mappings,
      },
    });
  });

  test.each<[string, object, string]>([
    ['no app', { destApp: undefined }, 'CB_VA01'],
    ['an app there is not', { destApp: { app: 77 } }, 'GAIA_AP01'],
    ['nothing to copy', { mappings: undefined }, 'CB_VA01'],
    ['a field this app has not', { mappings: [{ ...copy, srcField: '無い' }] }, 'GAIA_FC01'],
    ['a field that app has not', { mappings: [{ ...copy, destField: '無い' }] }, 'GAIA_FC01'],
    ['people there are not', { entities: [{ type: 'USER', code: 'nobody' }] }, 'GAIA_IL26'],
  ])('are refused with %s', async (_what, change, code) => {
    const actions = { x: { index: 0, destApp: { app: 1 }, mappings: [copy], ...change } } as never;
    expect(await refusalOf(client.app.updateAppActions({ app, actions }))).toMatchObject({ code });
  });
});

describe('notifications', () => {
  const none = { includeSubs: false, recordAdded: false, recordEdited: false, commentAdded: false, statusChanged: false };

  test('of an app are for people, and for whoever a field names', async () => {
    const notifications = [{ entity: SUZUKI, recordAdded: true }, { entity: { type: 'FIELD_ENTITY', code: '作成者' } as const }];
    await client.app.updateGeneralNotifications({ app, notifications, notifyToCommenter: false });
    await deploy();
    expect(await client.app.getGeneralNotifications({ app })).toEqual({
      notifications: [
        { entity: SUZUKI, ...none, recordAdded: true, fileImported: false },
        { entity: { type: 'FIELD_ENTITY', code: '作成者' }, ...none, fileImported: false },
      ],
      notifyToCommenter: false,
      revision: '2',
    });
    const unnamed = [{ entity: { type: 'FIELD_ENTITY', code: '通話ID' } as const }];
    expect(await refusalOf(client.app.updateGeneralNotifications({ app, notifications: unnamed }))).toMatchObject({
      code: 'GAIA_FC01',
    });
  });

  test('of records have a condition and whom to tell', async () => {
    const targets = [{ entity: SUZUKI }];
    await client.app.updatePerRecordNotifications({
      app,
      notifications: [{ filterCond: '結果 in ("応答")', title: '応答', targets }],
    });
    const { notifications } = await client.app.getPerRecordNotifications({ app, preview: true });
    expect(notifications).toEqual([
      { filterCond: '結果 in ("応答")', title: '応答', targets: [{ entity: SUZUKI, includeSubs: false }] },
    ]);
    for (const wrong of [{ filterCond: '', targets: [] }, { targets }, { filterCond: '無い in ("x")', targets }]) {
      const refused = client.app.updatePerRecordNotifications({ app, notifications: [wrong as never] });
      expect(await refusalOf(refused)).toMatchObject({ status: 400 });
    }
  });

  test('that remind come some time after a day', async () => {
    const targets = [{ entity: SUZUKI }];
    const timing = { code: '開始日時', daysLater: 1, time: '09:30' };
    await client.app.updateReminderNotifications({ app, notifications: [{ timing, targets }], timezone: 'Asia/Shanghai' });
    const { notifications, timezone } = await client.app.getReminderNotifications({ app, preview: true });
    expect(timezone).toBe('Asia/Shanghai');
    expect(notifications).toEqual([
      {
        timing: { code: '開始日時', daysLater: '1', time: '09:30' },
        ...{ filterCond: '', title: '', targets: [{ entity: SUZUKI, includeSubs: false }] },
      },
    ]);
    const wrong = { timing: { ...timing, code: '通話ID' }, targets };
    expect(await refusalOf(client.app.updateReminderNotifications({ app, notifications: [wrong] }))).toMatchObject({
      code: 'GAIA_FC01',
    });
    expect(await refusalOf(client.app.updateReminderNotifications({ app, timezone: 'Mars/Sea' }))).toMatchObject({
      code: 'CB_VA01',
    });
  });
});

test('scripts are uploaded or linked to, and stay until others are sent', async () => {
  const { fileKey } = await client.file.uploadFile({ file: { name: 'a.js', data: 'alert(1)' } });
  const js = [{ type: 'URL', url: 'https://js.example.com/x.js' } as const, { type: 'FILE', file: { fileKey } } as const];
  await client.app.updateAppCustomize({ app, scope: 'ADMIN', desktop: { js } });
  await deploy();
  const { scope, desktop, mobile } = await client.app.getAppCustomize({ app });
  expect([scope, mobile]).toEqual(['ADMIN', { js: [], css: [] }]);
  expect(desktop.js[1]).toEqual({
    type: 'FILE',
    file: { fileKey: expect.any(String), name: 'a.js', contentType: expect.any(String), size: '8' },
  });
  await client.app.updateAppCustomize({ app, desktop: { css: [], js: desktop.js.slice(1) } });
  expect((await client.app.getAppCustomize({ app, preview: true })).desktop.js).toEqual(desktop.js.slice(1));
  const plain = client.app.updateAppCustomize({ app, desktop: { js: [{ type: 'URL', url: 'http://js.example.com/x.js' }] } });
  expect(await refusalOf(plain)).toMatchObject({ code: 'CB_VA01' });
  const used = client.app.updateAppCustomize({ app, mobile: { js: [{ type: 'FILE', file: { fileKey } }] } });
  expect(await refusalOf(used)).toMatchObject({ code: 'GAIA_BL01' });
});

test('notes for administrators are kept', async () => {
  await client.app.updateAdminNotes({ app, content: '<b>触らない</b>', includeInTemplateAndDuplicates: true });
  await deploy();
  expect(await client.app.getAdminNotes({ app })).toEqual({
    ...{ content: '<b>触らない</b>', includeInTemplateAndDuplicates: true, revision: '2' },
  });
});

test('plug-ins there are none, and none can be added', async () => {
  expect(await client.app.getPlugins({ app })).toEqual({ plugins: [], revision: '1' });
  expect(await refusalOf(client.app.addPlugins({ app, ids: ['abcdefghijklmnopabcdefghijklmnop'] }))).toMatchObject({
    code: 'CB_VA01',
  });
});

test('rights of single records and fields there are none', async () => {
  expect(await client.app.getRecordAcl({ app })).toEqual({ rights: [], revision: '1' });
  expect(await client.app.getFieldAcl({ app, preview: true })).toEqual({ rights: [], revision: '1' });
});

test('what is for those who manage the app is told to no other token', async () => {
  const records = tokenClientOf(sandbox, 'records-only');
  expect((await records.app.getReports({ app })).reports).toEqual({});
  for (const asked of [
    () => records.app.getGeneralNotifications({ app }),
    () => records.app.getPerRecordNotifications({ app }),
    () => records.app.getReminderNotifications({ app }),
    () => records.app.getAppCustomize({ app }),
    () => records.app.getPlugins({ app }),
    () => records.app.getAdminNotes({ app }),
    () => records.app.updateReports({ app, reports: {} }),
  ]) {
    expect(await refusalOf(asked())).toEqual({ status: 403, code: 'GAIA_NO01' });
  }
});
