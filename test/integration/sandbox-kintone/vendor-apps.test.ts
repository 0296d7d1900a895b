import { KintoneRestAPIClient } from '@kintone/rest-api-client';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { clientOf, refusalOf, tokenClientOf } from './vendor-client.ts';

const DEPLOY_MS = 1000;
const CUSTOMERS = '1';
const CALLS = '2';
const FOLLOW_UPS = '3';

let sandbox: SandboxKintone;
let client: KintoneRestAPIClient;
let colleague: KintoneRestAPIClient;
let time = Date.parse('2026-11-23T01:00:00Z');

beforeEach(async () => {
  time = Date.parse('2026-11-23T01:00:00Z');
  const accounts = [{ username: 'sato', password: 'p' }];
  const tokens = [{ token: 'records-only', app: CALLS, rights: ['view', 'add', 'edit'] as const }];
  sandbox = await startSandboxKintone({ port: 0, now: () => time, deployMs: DEPLOY_MS, accounts, tokens });
  client = clientOf(sandbox);
  colleague = new KintoneRestAPIClient({ baseUrl: sandbox.url, auth: { username: 'sato', password: 'p' } });
});
afterEach(() => sandbox.close());

const statusOf = async (app: string) => (await client.app.getDeployStatus({ apps: [app] })).apps[0]?.status;
async function deploy(...apps: readonly string[]): Promise<string | undefined> {
  await client.app.deployApp({ apps: apps.map((app) => ({ app })) });
  time += DEPLOY_MS;
  return statusOf(apps[0] ?? '');
}
const text = (code: string, more: object = {}) => ({ [code]: { type: 'SINGLE_LINE_TEXT', code, label: code, ...more } });
/** A lookup of customers that fills these fields from those. */
const copying = (fields: Readonly<Record<string, string>>) => ({
  ...{ relatedApp: { app: '1' }, relatedKeyField: '顧客名' },
  fieldMappings: Object.entries(fields).map(([field, relatedField]) => ({ field, relatedField })),
});
const addFields = (app: string, properties: object) => client.app.addFormFields({ app, properties: properties as never });

describe('a new app', () => {
  test('is seen by nobody before it is deployed, and takes records afterwards', async () => {
    const { app } = await client.app.addApp({ name: '案件' });
    await addFields(app, { ...text('案件名', { required: true }), ...text('番号', { unique: true }) });
    expect(await refusalOf(client.app.getApp({ id: app }))).toEqual({ status: 404, code: 'GAIA_AP01' });
    expect(await refusalOf(client.record.getRecords({ app }))).toMatchObject({ code: 'GAIA_AP01' });
    await client.app.deployApp({ apps: [{ app }] });
    expect(await statusOf(app)).toBe('PROCESSING');
    time += DEPLOY_MS;
    expect(await statusOf(app)).toBe('SUCCESS');
    expect(await client.app.getApp({ id: app })).toMatchObject({ appId: app, name: '案件', creator: { code: 'toritsugi' } });
    expect((await client.app.getApps({})).apps.map(({ appId }) => appId)).toEqual([CUSTOMERS, CALLS, FOLLOW_UPS, app]);
    expect(await client.record.addRecord({ app, record: { 案件名: { value: 'x' } } })).toEqual({ id: '1', revision: '1' });
  });

  test('is made by people, not by API tokens', async () => {
    expect(await refusalOf(tokenClientOf(sandbox).app.addApp({ name: 'x' }))).toEqual({ status: 403, code: 'GAIA_NO01' });
    expect(await refusalOf(client.app.addApp({ name: 'x'.repeat(65) }))).toMatchObject({ code: 'CB_VA01' });
  });

  test('takes every kind of field, and completes what is left out', async () => {
    const { app } = await client.app.addApp({ name: 'すべて' });
    const options = { あ: { label: 'あ', index: '0' }, い: { label: 'い', index: 1 } };
    const kind = (type: string, code: string, more: object = {}) => ({ [code]: { type, code, label: code, ...more } });
    await addFields(app, {
      ...text('文字'),
      ...kind('MULTI_LINE_TEXT', '複数行'),
      ...kind('RICH_TEXT', '書式'),
      ...kind('NUMBER', '数', { maxValue: '10', unit: '円' }),
      ...kind('CALC', '計算', { expression: '数 * 2' }),
      ...kind('RADIO_BUTTON', '択一', { options }),
      ...kind('DROP_DOWN', '選択', { options }),
      ...kind('CHECK_BOX', '印', { options }),
      ...kind('MULTI_SELECT', '複数', { options, defaultValue: ['い'] }),
      ...kind('DATE', '日', { defaultNowValue: true }),
      ...kind('TIME', '時', { defaultNowValue: true }),
      ...kind('DATETIME', '日時', { defaultNowValue: true }),
      ...kind('LINK', '電話', { protocol: 'CALL' }),
      ...kind('FILE', '添付'),
      ...kind('USER_SELECT', '人', { defaultValue: [{ code: 'sato', type: 'USER' }] }),
      ...kind('ORGANIZATION_SELECT', '組織'),
      ...kind('GROUP_SELECT', 'グループ'),
      ...kind('SUBTABLE', '表', { fields: kind('NUMBER', '表の数') }),
      ...kind('GROUP', '囲み'),
      ...kind('REFERENCE_TABLE', '関連', {
        referenceTable: {
          relatedApp: { app: CUSTOMERS },
          condition: { field: '電話', relatedField: '電話番号' },
          displayFields: ['顧客名'],
        },
      }),
    });
    expect(await deploy(app)).toBe('SUCCESS');
    const { properties } = await client.app.getFormFields({ app });
    expect(properties).toMatchObject({
      数: { required: false, unique: false, maxValue: '10', minValue: '', unit: '円', unitPosition: 'BEFORE', defaultValue: '' },
      択一: { required: true, defaultValue: 'あ', align: 'HORIZONTAL', options: { い: { label: 'い', index: '1' } } },
      電話: { protocol: 'CALL', unique: false },
      表: { fields: { 表の数: { type: 'NUMBER', digit: false } } },
      ステータス: { type: 'STATUS', enabled: false },
      レコード番号: { type: 'RECORD_NUMBER' },
    });
    const record = {
      書式: { value: '<b>x</b>' },
      数: { value: '3' },
      印: { value: ['あ'] },
      組織: { value: [{ code: 'sales' }] },
      グループ: { value: [{ code: 'everyone' }] },
      表: { value: [{ value: { 表の数: { value: 'x' } } }] },
    };
    const { id } = await client.record.addRecord({ app, record });
    expect((await client.record.getRecord({ app, id })).record).toEqual({
      $id: { type: '__ID__', value: '1' },
      $revision: { type: '__REVISION__', value: '1' },
      レコード番号: { type: 'RECORD_NUMBER', value: '1' },
      作成者: { type: 'CREATOR', value: { code: 'toritsugi', name: '取次' } },
      更新者: { type: 'MODIFIER', value: { code: 'toritsugi', name: '取次' } },
      作成日時: { type: 'CREATED_TIME', value: '2026-11-23T01:00:00Z' },
      更新日時: { type: 'UPDATED_TIME', value: '2026-11-23T01:00:00Z' },
      文字: { type: 'SINGLE_LINE_TEXT', value: '' },
      複数行: { type: 'MULTI_LINE_TEXT', value: '' },
      書式: { type: 'RICH_TEXT', value: '<b>x</b>' },
      数: { type: 'NUMBER', value: '3' },
      計算: { type: 'CALC', value: '6' },
      択一: { type: 'RADIO_BUTTON', value: 'あ' },
      選択: { type: 'DROP_DOWN', value: null },
      印: { type: 'CHECK_BOX', value: ['あ'] },
      複数: { type: 'MULTI_SELECT', value: ['い'] },
      日: { type: 'DATE', value: '2026-11-23' },
      時: { type: 'TIME', value: '10:00' },
      日時: { type: 'DATETIME', value: '2026-11-23T01:00:00Z' },
      電話: { type: 'LINK', value: '' },
      添付: { type: 'FILE', value: [] },
      人: { type: 'USER_SELECT', value: [{ code: 'sato', name: '佐藤 昇' }] },
      組織: { type: 'ORGANIZATION_SELECT', value: [{ code: 'sales', name: '営業部' }] },
      グループ: { type: 'GROUP_SELECT', value: [{ code: 'everyone', name: 'Everyone' }] },
      表: { type: 'SUBTABLE', value: [{ id: '1', value: { 表の数: { type: 'NUMBER', value: '' } } }] },
    });
  });
});

describe('the fields of a form', () => {
  test('are changed, and what was stored stays', async () => {
    const properties = { 件名: { label: '題', maxLength: '10' } } as never;
    expect(await client.app.updateFormFields({ app: CALLS, properties, revision: 1 })).toEqual({ revision: '2' });
    expect((await client.app.getFormFields({ app: CALLS })).properties.件名).toMatchObject({ label: '件名', maxLength: '255' });
    expect((await client.app.getFormFields({ app: CALLS, preview: true })).properties.件名).toMatchObject({ label: '題' });
    const { id } = await client.record.addRecord({ app: CALLS, record: { 件名: { value: 'longer than that' } } });
    await deploy(CALLS);
    expect(await client.app.getFormFields({ app: CALLS })).toMatchObject({
      properties: { 件名: { maxLength: '10' } },
      revision: '2',
    });
    expect((await client.record.getRecord({ app: CALLS, id })).record.件名?.value).toBe('longer than that');
    const writing = client.record.updateRecord({ app: CALLS, id, record: { 件名: { value: 'x'.repeat(11) } } });
    expect(await refusalOf(writing)).toMatchObject({ code: 'CB_VA01' });
  });

  test('are removed with their values, and never while another app looks them up', async () => {
    expect(await client.app.deleteFormFields({ app: CUSTOMERS, fields: ['会社名', '連絡先名'] })).toEqual({ revision: '2' });
    await deploy(CUSTOMERS);
    const { properties } = await client.app.getFormFields({ app: CUSTOMERS });
    expect([Object.keys(properties).includes('会社名'), Object.keys(Reflect.get(properties.連絡先 ?? {}, 'fields'))]).toEqual([
      false,
      ['連絡先電話番号'],
    ]);
    expect((await client.record.getRecord({ app: CUSTOMERS, id: 1 })).record.会社名).toBeUndefined();
    const mapping = {
      relatedApp: { app: CUSTOMERS },
      relatedKeyField: '顧客名',
      fieldMappings: [{ field: '写し', relatedField: '部署' }],
    };
    await addFields(CALLS, { ...text('客', { lookup: mapping }), ...text('写し') });
    expect(await refusalOf(client.app.deleteFormFields({ app: CUSTOMERS, fields: ['部署'] }))).toEqual({
      status: 400,
      code: 'GAIA_LO02',
    });
  });

  test.each<[string, object, string]>([
    ['a kind there is not', { x: { type: 'NONSENSE', code: 'x', label: 'x' } }, 'CB_VA01'],
    ['a code that begins with a digit', text('1番'), 'CB_VA01'],
    ['a code that is taken', text('件名'), 'CB_VA01'],
    ['no label', { x: { type: 'NUMBER', code: 'x' } }, 'CB_VA01'],
    ['a choice without choices', { x: { type: 'DROP_DOWN', code: 'x', label: 'x' } }, 'CB_VA01'],
    [
      'a choice of another name',
      { x: { type: 'DROP_DOWN', code: 'x', label: 'x', options: { A: { label: 'B', index: 0 } } } },
      'CB_VA01',
    ],
    [
      'a table in a table',
      { x: { type: 'SUBTABLE', code: 'x', label: 'x', fields: { y: { type: 'SUBTABLE', label: 'y', fields: {} } } } },
      'CB_VA01',
    ],
    ['a format there is not', { x: { type: 'CALC', code: 'x', label: 'x', expression: '1', format: 'CURRENCY' } }, 'CB_VA01'],
    [
      'a lookup that copies nowhere',
      text('x', {
        lookup: { relatedApp: { app: '1' }, relatedKeyField: '顧客名', fieldMappings: [{ field: '無い', relatedField: '部署' }] },
      }),
      'GAIA_FC01',
    ],
    ['a lookup in an app there is not', text('x', { lookup: { relatedApp: { app: '77' }, relatedKeyField: 'y' } }), 'GAIA_AP01'],
    ['a lookup by the id', text('x', { lookup: { relatedApp: { app: '1' }, relatedKeyField: '$id' } }), 'CB_VA01'],
    ['a lookup by a choice', text('x', { lookup: { relatedApp: { app: '1' }, relatedKeyField: '顧客ランク' } }), 'CB_VA01'],
    ['a number copied into a text', text('x', { lookup: copying({ 件名: '累計購入額' }) }), 'CB_VA01'],
    ['a table copied', text('x', { lookup: copying({ 件名: '連絡先' }) }), 'CB_VA01'],
    ['a lookup that copies into itself', text('x', { lookup: copying({ x: '部署' }) }), 'CB_VA01'],
    [
      'two lookups into one field',
      { ...text('x', { lookup: copying({ 件名: '部署' }) }), ...text('y', { lookup: copying({ 件名: '会社名' }) }) },
      'CB_VA01',
    ],
  ])('are refused with %s', async (_what, properties, code) => {
    expect(await refusalOf(addFields(CALLS, properties))).toMatchObject({ code });
    expect((await client.app.getFormFields({ app: CALLS, preview: true })).revision).toBe('1');
  });

  test.each<[string, object, string]>([
    ['a formula with a field there is not', { x: { type: 'CALC', code: 'x', label: 'x', expression: '無い + 1' } }, 'GAIA_IL01'],
    [
      'a formula with a function there is not',
      { x: { type: 'CALC', code: 'x', label: 'x', expression: 'FOO(通話秒数)' } },
      'GAIA_IL01',
    ],
    ['a formula that ends in the middle', { x: { type: 'CALC', code: 'x', label: 'x', expression: '通話秒数 +' } }, 'GAIA_IL01'],
    ['a formula with wide signs', { x: { type: 'CALC', code: 'x', label: 'x', expression: '通話秒数 ＋ 1' } }, 'GAIA_IL01'],
    ['a formula that reads itself', { x: { type: 'CALC', code: 'x', label: 'x', expression: 'x + 1' } }, 'GAIA_IL01'],
    ['a formula of long texts', { x: { type: 'CALC', code: 'x', label: 'x', expression: 'メモ + 1' } }, 'GAIA_IL01'],
  ])('are not deployed with %s', async (_what, properties, code) => {
    await addFields(CALLS, properties);
    expect(await refusalOf(client.app.deployApp({ apps: [{ app: CALLS }] }))).toEqual({ status: 400, code });
    await client.app.deployApp({ apps: [{ app: CALLS }], revert: true });
    time += DEPLOY_MS;
    expect(await statusOf(CALLS)).toBe('SUCCESS');
  });

  test('keep their kind, and choices are renamed where they are', async () => {
    const change = (properties: object) =>
      refusalOf(client.app.updateFormFields({ app: CALLS, properties: properties as never }));
    expect(await change({ 件名: { type: 'NUMBER' } })).toMatchObject({ code: 'CB_VA01' });
    expect(await change({ 件名: { code: '1題' } })).toMatchObject({ code: 'CB_VA01' });
    expect(await change({ 件名: { code: 'メモ' } })).toMatchObject({ code: 'CB_VA01' });
    expect(await change({ ステータス: { code: '状態' } })).toMatchObject({ code: 'CB_VA01' });
    expect(await change({ 無い: { label: 'x' } })).toEqual({ status: 400, code: 'GAIA_FC01' });
  });

  test('are given other codes: values, layout, views and the lookups of other apps follow', async () => {
    const { id } = await client.record.addRecord({
      app: CUSTOMERS,
      record: { 顧客名: { value: '山田' }, FAX: { value: '03-99' } },
    });
    await client.app.updateFormFields({ app: CUSTOMERS, properties: { FAX: { type: 'SINGLE_LINE_TEXT', unique: true } } });
    expect(await deploy(CUSTOMERS)).toBe('SUCCESS');
    await client.app.addFormFields({
      app: CALLS,
      properties: {
        客: text('客', {
          lookup: {
            relatedApp: { app: '1' },
            relatedKeyField: 'FAX',
            fieldMappings: [{ field: '件名', relatedField: '会社名' }],
          },
        }).客,
      } as never,
    });
    expect(await deploy(CALLS)).toBe('SUCCESS');
    const view = { type: 'LIST' as const, index: 0, fields: ['FAX'], filterCond: 'FAX != "FAX"', sort: 'FAX asc' };
    await client.app.updateViews({ app: CUSTOMERS, views: { 全部: { ...view, name: '全部' } } });
    await client.app.updateFormFields({
      app: CUSTOMERS,
      properties: {
        FAX: { type: 'SINGLE_LINE_TEXT', code: '写し' },
        レコード番号: { type: 'RECORD_NUMBER', code: '番号' },
      } as never,
    });
    await client.app.updateFormFields({ app: CUSTOMERS, properties: { 写し: { type: 'SINGLE_LINE_TEXT', code: '電送' } } });
    expect((await client.record.getRecord({ app: CUSTOMERS, id })).record.FAX?.value).toBe('03-99');
    expect(await deploy(CUSTOMERS)).toBe('SUCCESS');
    const { record } = await client.record.getRecord({ app: CUSTOMERS, id });
    expect([record.電送?.value, record.FAX, record.番号]).toEqual(['03-99', undefined, { type: 'RECORD_NUMBER', value: id }]);
    const { layout } = await client.app.getFormLayout({ app: CUSTOMERS });
    expect(JSON.stringify(layout)).toContain('"電送"');
    expect((await client.app.getViews({ app: CUSTOMERS })).views.全部).toMatchObject({
      ...{ fields: ['電送'], filterCond: '電送 != "FAX"', sort: '電送 asc' },
    });
    const { properties } = await client.app.getFormFields({ app: CALLS });
    expect(properties.客).toMatchObject({ lookup: { relatedKeyField: '電送' } });
    expect(await client.record.addRecord({ app: CALLS, record: { 客: { value: '03-99' } } })).toMatchObject({ revision: '1' });
  });

  test('have their choices renamed, in what is stored, too', async () => {
    const { id } = await client.record.addRecord({ app: CALLS, record: { 方向: { value: '着信' } } });
    const { options = {} } = (await client.app.getFormFields({ app: CALLS })).properties.方向 as { options?: object };
    const renamed = { ...options, 着信: { label: '受信', index: '0' } };
    await client.app.updateFormFields({ app: CALLS, properties: { 方向: { type: 'DROP_DOWN', options: renamed } } as never });
    const again = { ...renamed, 着信: undefined, 受信: { label: '受けた', index: '0' } };
    await client.app.updateFormFields({ app: CALLS, properties: { 方向: { type: 'DROP_DOWN', options: again } } as never });
    expect(await deploy(CALLS)).toBe('SUCCESS');
    expect((await client.record.getRecord({ app: CALLS, id })).record.方向?.value).toBe('受けた');
    expect((await client.record.getRecords({ app: CALLS, query: '方向 in ("受けた")' })).records).toHaveLength(1);
  });

  test('that are removed and made anew are empty, and so is a new column in the rows of a table', async () => {
    const rows = [{ value: { 連絡先名: { value: '妻' }, 連絡先電話番号: { value: '03' } } }];
    const record = { 顧客名: { value: '山田' }, FAX: { value: '03-1' }, 連絡先: { value: rows } };
    const { id } = await client.record.addRecord({ app: CUSTOMERS, record });
    await client.app.deleteFormFields({ app: CUSTOMERS, fields: ['FAX', '連絡先電話番号'] });
    await client.app.addFormFields({ app: CUSTOMERS, properties: { FAX: { type: 'NUMBER', code: 'FAX', label: 'FAX' } } });
    const cell = { type: 'NUMBER', code: '年齢', label: '年齢' };
    await client.app.updateFormFields({
      app: CUSTOMERS,
      properties: { 連絡先: { type: 'SUBTABLE', fields: { 年齢: cell } } } as never,
    });
    expect(await deploy(CUSTOMERS)).toBe('SUCCESS');
    const { record: read } = await client.record.getRecord({ app: CUSTOMERS, id });
    expect(read.FAX).toEqual({ type: 'NUMBER', value: '' });
    expect(read.連絡先?.value).toEqual([
      {
        id: expect.any(String),
        value: { 連絡先名: { type: 'SINGLE_LINE_TEXT', value: '妻' }, 年齢: { type: 'NUMBER', value: '' } },
      },
    ]);
  });

  test('prohibit no duplicates that are there already: the deployment fails, and those beside it are cancelled', async () => {
    for (const 件名 of ['x', 'x']) await client.record.addRecord({ app: CALLS, record: { 件名: { value: 件名 } } });
    await client.app.updateFormFields({ app: CALLS, properties: { 件名: { unique: true } } as never });
    await client.app.updateFormFields({ app: CUSTOMERS, properties: { FAX: { label: 'ファクス' } } as never });
    await deploy(CALLS, CUSTOMERS);
    expect([await statusOf(CALLS), await statusOf(CUSTOMERS)]).toEqual(['FAIL', 'CANCEL']);
    expect((await client.app.getFormFields({ app: CUSTOMERS })).properties.FAX?.label).toBe('FAX');
  });

  test('are given up by a deployment that reverts', async () => {
    await client.app.deleteFormFields({ app: CALLS, fields: ['件名'] });
    await client.app.deployApp({ apps: [{ app: CALLS }], revert: true });
    time += DEPLOY_MS;
    expect(await statusOf(CALLS)).toBe('SUCCESS');
    expect(await client.app.getFormFields({ app: CALLS, preview: true })).toMatchObject({
      properties: { 件名: {} },
      revision: '1',
    });
  });
});

describe('a revision that is not the latest', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['of fields', () => client.app.addFormFields({ app: CALLS, properties: text('x') as never, revision: 7 })],
    ['of settings', () => client.app.updateAppSettings({ app: CALLS, name: 'x', revision: 7 })],
    ['of views', () => client.app.updateViews({ app: CALLS, views: {}, revision: 7 })],
    ['of the process', () => client.app.updateProcessManagement({ app: CALLS, enable: false, revision: 7 })],
    ['of rights', () => client.app.updateAppAcl({ app: CALLS, rights: [], revision: 7 })],
    ['of a deployment', () => client.app.deployApp({ apps: [{ app: CALLS, revision: 7 }] })],
  ])('%s is refused', async (_what, call) => {
    expect(await refusalOf(call())).toEqual({ status: 409, code: 'GAIA_CO03' });
  });
});

describe('the layout', () => {
  test('follows the fields, and is put in another order', async () => {
    await addFields(CALLS, { ...text('新しい'), 囲み: { type: 'GROUP', code: '囲み', label: '囲み' } });
    const { layout } = await client.app.getFormLayout({ app: CALLS, preview: true });
    expect(layout.at(-2)).toEqual({
      type: 'ROW',
      fields: [{ type: 'SINGLE_LINE_TEXT', code: '新しい', size: { width: '193' } }],
    });
    const label = { type: 'ROW', fields: [{ type: 'LABEL', label: '通話', size: { width: '100' } }, { type: 'HR' }] };
    const grouped = { type: 'GROUP', code: '囲み', layout: layout.slice(-2, -1) };
    await client.app.updateFormLayout({ app: CALLS, layout: [label, grouped, ...layout.slice(0, -2)] as never });
    await deploy(CALLS);
    expect((await client.app.getFormLayout({ app: CALLS })).layout.slice(0, 2)).toEqual([label, grouped]);
    await client.app.deleteFormFields({ app: CALLS, fields: ['新しい'] });
    expect((await client.app.getFormLayout({ app: CALLS, preview: true })).layout[1]).toEqual({
      type: 'GROUP',
      code: '囲み',
      layout: [],
    });
  });

  test('holds every field once, and none that is not there', async () => {
    const { layout } = await client.app.getFormLayout({ app: CALLS });
    const put = (parts: readonly unknown[]) => refusalOf(client.app.updateFormLayout({ app: CALLS, layout: parts as never }));
    expect(await put(layout.slice(1))).toEqual({ status: 400, code: 'GAIA_FN11' });
    expect(await put([...layout, layout[0]])).toMatchObject({ code: 'GAIA_FN11' });
    const stranger = { type: 'ROW', fields: [{ type: 'NUMBER', code: '無い' }] };
    expect(await put([...layout, stranger])).toMatchObject({ code: 'GAIA_FC01' });
    expect(await put([{ type: 'COLUMN' }])).toMatchObject({ code: 'CB_VA01' });
  });
});

describe('views', () => {
  const list = (index: number, more: object = {}) => ({ type: 'LIST' as const, index, fields: ['件名'], ...more });

  test('keep their ids by name, and those that are not sent are gone', async () => {
    const put = (views: object) => client.app.updateViews({ app: CALLS, views: views as never });
    expect((await put({ 甲: list(0), 乙: list(1, { filterCond: '通話秒数 > 0', sort: '開始日時 desc' }) })).views).toEqual({
      甲: { id: '1' },
      乙: { id: '2' },
    });
    const calendar = { type: 'CALENDAR', index: 1, date: '開始日時', title: '件名' };
    expect((await put({ 乙: list(0), 丙: calendar })).views).toEqual({ 乙: { id: '2' }, 丙: { id: '3' } });
    await deploy(CALLS);
    expect((await client.app.getViews({ app: CALLS })).views).toMatchObject({
      乙: { id: '2', name: '乙', index: '0', filterCond: '' },
      丙: { id: '3', type: 'CALENDAR' },
    });
  });

  test.each<[string, object, string]>([
    ['a field there is not', { fields: ['無い'] }, 'GAIA_FC01'],
    ['a condition on one', { filterCond: '無い = "x"' }, 'GAIA_IQ11'],
    ['an operator the field does not know', { filterCond: 'メモ = "x"' }, 'GAIA_IQ03'],
    ['an order that is none', { sort: '件名 sideways' }, 'CB_VA01'],
  ])('are refused with %s', async (_what, more, code) => {
    expect(await refusalOf(client.app.updateViews({ app: CALLS, views: { 甲: list(0, more) } }))).toMatchObject({ code });
  });
});

describe('the settings', () => {
  test('of an app are changed one by one', async () => {
    expect(await client.app.updateAppSettings({ app: CALLS, name: '電話', theme: 'RED', enableComments: false })).toEqual({
      revision: '2',
    });
    expect((await client.app.getAppSettings({ app: CALLS })).name).toBe('通話履歴');
    await client.app.updateAppSettings({
      app: CALLS,
      titleField: { selectionMode: 'MANUAL', code: '通話ID' },
      firstMonthOfFiscalYear: '1',
    });
    await deploy(CALLS);
    expect(await client.app.getAppSettings({ app: CALLS })).toMatchObject({
      name: '電話',
      theme: 'RED',
      icon: { type: 'PRESET', key: 'APP72' },
      titleField: { selectionMode: 'MANUAL', code: '通話ID' },
      firstMonthOfFiscalYear: '1',
      revision: '3',
    });
    const { id } = await client.record.addRecord({ app: CALLS });
    const commenting = client.record.addRecordComment({ app: CALLS, record: id, comment: { text: 'x' } });
    expect(await refusalOf(commenting)).toMatchObject({ code: 'CB_NO02' });
  });

  test.each<[string, object]>([
    ['a theme there is not', { theme: 'PINK' }],
    ['an icon of one’s own', { icon: { type: 'FILE', file: { fileKey: 'x' } } }],
    ['a month there is not', { firstMonthOfFiscalYear: '13' }],
    ['a rounding there is not', { numberPrecision: { digits: 16, decimalPlaces: 2, roundingMode: 'CEILING' } }],
    ['more digits than there are', { numberPrecision: { digits: 31, decimalPlaces: 2, roundingMode: 'UP' } }],
    ['a name that is too long', { name: 'x'.repeat(65) }],
  ])('are refused with %s', async (_what, change) => {
    expect(await refusalOf(client.app.updateAppSettings({ app: CALLS, ...change } as never))).toMatchObject({ code: 'CB_VA01' });
  });

  test('are not for those who do not manage the app', async () => {
    const records = tokenClientOf(sandbox, 'records-only');
    expect(await refusalOf(records.app.updateAppSettings({ app: CALLS, name: 'x' }))).toEqual({ status: 403, code: 'GAIA_NO01' });
    expect(await refusalOf(records.app.getFormFields({ app: CALLS, preview: true }))).toMatchObject({ code: 'GAIA_NO01' });
    expect(await tokenClientOf(sandbox).app.updateAppSettings({ app: CALLS, name: 'x' })).toEqual({ revision: '2' });
  });
});

describe('a process', () => {
  const states = { 未処理: { index: 0 }, 完了: { index: 1, assignee: { type: 'ONE', entities: [] } } };

  test('is set up and switched on', async () => {
    expect(await client.app.getProcessManagement({ app: CALLS })).toEqual({
      enable: false,
      states: null,
      actions: null,
      revision: '1',
    });
    const actions = [{ name: '終える', from: '未処理', to: '完了' }];
    await client.app.updateProcessManagement({ app: CALLS, enable: true, states: states as never, actions });
    await deploy(CALLS);
    expect(await client.app.getProcessManagement({ app: CALLS })).toMatchObject({
      enable: true,
      states: { 未処理: { name: '未処理', index: '0', assignee: { type: 'ONE', entities: [{ entity: { code: '作成者' } }] } } },
      actions: [{ name: '終える', from: '未処理', to: '完了', filterCond: '' }],
    });
    expect((await client.app.getFormFields({ app: CALLS })).properties.ステータス).toMatchObject({ enabled: true });
    const { id } = await client.record.addRecord({ app: CALLS });
    await client.record.updateRecordStatus({ app: CALLS, id, action: '終える' });
    expect((await client.record.getRecord({ app: CALLS, id })).record.ステータス?.value).toBe('完了');
  });

  test('leads to no state there is not', async () => {
    const actions = [{ name: '終える', from: '未処理', to: '無い' }];
    const setting = client.app.updateProcessManagement({ app: CALLS, enable: true, states: states as never, actions });
    expect(await refusalOf(setting)).toMatchObject({ code: 'CB_VA01' });
  });
});

test.each<[string, object]>([
  ['everybody', { type: 'ALL', entities: [] }],
  ['a certain user', { type: 'ONE', entities: [{ entity: { type: 'USER', code: 'sato' } }] }],
  ['whoever changed the record', { type: 'ONE', entities: [{ entity: { type: 'FIELD_ENTITY', code: '更新者' } }] }],
])('the first state of a process is not for %s', async (_what, assignee) => {
  const states = { 完了: { index: 1 }, 未処理: { index: 0, assignee } };
  const setting = client.app.updateProcessManagement({ app: CALLS, enable: true, states: states as never });
  expect(await refusalOf(setting)).toMatchObject({ code: 'CB_VA01' });
});

describe('rights', () => {
  const none = { includeSubs: false, appEditable: false, recordImportable: false, recordExportable: false };
  const viewer = {
    entity: { type: 'USER' as const, code: 'sato' },
    ...none,
    recordViewable: true,
    recordAddable: false,
    recordEditable: false,
    recordDeletable: false,
  };
  const all = {
    entity: { type: 'GROUP' as const, code: 'everyone' },
    ...none,
    appEditable: true,
    recordViewable: true,
    recordAddable: true,
    recordEditable: true,
    recordDeletable: true,
  };

  test('hold for whoever signs in: the first that speaks of the person counts', async () => {
    expect(await colleague.record.addRecord({ app: CALLS })).toMatchObject({ id: '1' });
    expect(await client.app.updateAppAcl({ app: CALLS, rights: [viewer, all] })).toEqual({ revision: '2' });
    expect((await client.app.getAppAcl({ app: CALLS, preview: true })).rights).toHaveLength(2);
    await deploy(CALLS);
    expect((await client.app.getAppAcl({ app: CALLS })).rights).toEqual([viewer, all]);
    expect(await colleague.record.getRecords({ app: CALLS })).toMatchObject({ records: [{}] });
    for (const call of [
      colleague.record.addRecord({ app: CALLS }),
      colleague.record.updateRecord({ app: CALLS, id: 1 }),
      colleague.record.deleteRecords({ app: CALLS, ids: [1] }),
      colleague.app.updateAppSettings({ app: CALLS, name: 'x' }),
    ]) {
      expect(await refusalOf(call)).toEqual({ status: 403, code: 'CB_NO02' });
    }
    const evaluated = await colleague.app.evaluateRecordsAcl({ app: CALLS, ids: [1] });
    expect(evaluated.rights[0]).toMatchObject({
      id: '1',
      record: { viewable: true, editable: false, deletable: false },
      fields: { 件名: { viewable: true, editable: false } },
    });
    expect((await client.app.evaluateRecordsAcl({ app: CALLS, ids: [1] })).rights[0]?.record.deletable).toBe(true);
  });

  test('are given to people there are, and told to no token', async () => {
    const stranger = { ...viewer, entity: { type: 'USER' as const, code: 'nobody' } };
    expect(await refusalOf(client.app.updateAppAcl({ app: CALLS, rights: [stranger] }))).toMatchObject({ code: 'GAIA_IL26' });
    const asking = tokenClientOf(sandbox).app.evaluateRecordsAcl({ app: CALLS, ids: [1] });
    expect(await refusalOf(asking)).toEqual({ status: 403, code: 'GAIA_NO01' });
  });
});

test('the statistics count records and requests of the day, which begins at nine in Japan', async () => {
  for (let at = 0; at < 3; at += 1) await client.record.addRecord({ app: CALLS });
  const calls = async () => (await client.app.getStatistics({})).apps.find(({ id }) => id === CALLS);
  expect(await calls()).toMatchObject({ name: '通話履歴', recordCount: '3', dailyRequestCount: '3', status: 'ACTIVATED' });
  time = Date.parse('2026-11-23T23:59:59Z');
  const part = { method: 'POST', endpointName: 'record', payload: { app: CALLS, record: {} } } as const;
  await client.bulkRequest({ requests: [part, part] });
  await client.record.getAllRecordsWithCursor({ app: CALLS });
  expect((await calls())?.dailyRequestCount).toBe('6');
  time = Date.parse('2026-11-24T00:00:00Z');
  expect((await calls())?.dailyRequestCount).toBe('0');
});
