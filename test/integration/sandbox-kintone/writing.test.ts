import type { AppDefinition } from '../../../infra/sandbox/kintone/app-definition.ts';
import { CALLS_APP, CUSTOMERS_APP } from '../../../infra/sandbox/kintone/default-apps.ts';
import {
  byCode,
  checkBox,
  dateTime,
  number,
  radio,
  systemFields,
  table,
  text,
  userSelect,
} from '../../../infra/sandbox/kintone/field-builders.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { type Ask, askKintone } from './ask-kintone.ts';

const LOOKUP = {
  relatedApp: { app: '1', code: '' },
  relatedKeyField: 'レコード番号',
  fieldMappings: [{ field: '会社の写し', relatedField: '会社名' }],
  lookupPickerFields: [],
  filterCond: '',
  sort: '',
};

const ODD_APP: AppDefinition = {
  id: '9',
  code: 'ODD',
  name: 'いろいろ',
  fields: byCode([
    ...systemFields(),
    text('一意', { unique: true }),
    text('既定あり', { defaultValue: 'はじめ' }),
    text('必須'),
    number('顧客番号', { lookup: LOOKUP }),
    text('会社の写し'),
    radio('選択', ['あ', 'い']),
    checkBox('複数', ['x', 'y']),
    dateTime('日時'),
    userSelect('人'),
    table('明細', [text('品名'), number('数')]),
    text('名前', { lookup: { ...LOOKUP, relatedKeyField: '顧客名', fieldMappings: [] } }),
    table('客たち', [
      number('客', { lookup: { ...LOOKUP, fieldMappings: [{ field: '客の会社', relatedField: '会社名' }] } }),
      text('客の会社'),
    ]),
  ]),
};

let sandbox: SandboxKintone;
let time = Date.parse('2026-11-23T01:02:33Z');

beforeEach(async () => {
  sandbox = await startSandboxKintone({
    port: 0,
    now: () => time,
    apps: [CUSTOMERS_APP, CALLS_APP, ODD_APP],
    records: [{ app: '1', values: { 顧客名: '山田 太郎', 会社名: '山田製作所' } }],
    tokens: [
      { token: 'view-only', app: '2', rights: ['view'] },
      { token: 'no-add', app: '2', rights: ['view', 'edit'] },
    ],
  });
});
afterEach(() => sandbox.close());

const ask = (method: string, path: string, options?: Ask) => askKintone(sandbox, method, path, options);
const post = (app: number, record: unknown) => ask('POST', 'record.json', { body: { app, record } });
const read = async (app: number, id: number) => {
  const { body } = await ask('GET', `record.json?app=${app}&id=${id}`);
  return (body as { record: Record<string, { type: string; value: unknown }> }).record;
};

describe('a record', () => {
  test('is answered with its id and revision as strings, and comes back wrapped', async () => {
    expect((await post(9, { 一意: { value: 'k' } })).body).toEqual({ id: '1', revision: '1' });
    expect(await read(9, 1)).toMatchObject({
      $id: { type: '__ID__', value: '1' },
      $revision: { type: '__REVISION__', value: '1' },
      レコード番号: { type: 'RECORD_NUMBER', value: 'ODD-1' },
      作成者: { type: 'CREATOR', value: { code: 'Administrator', name: 'Administrator' } },
      一意: { type: 'SINGLE_LINE_TEXT', value: 'k' },
    });
  });

  test('keeps its times to the minute', async () => {
    await post(9, { 日時: { value: '2026-11-23T10:20:59+09:00' } });
    expect(await read(9, 1)).toMatchObject({
      更新日時: { value: '2026-11-23T01:02:00Z' },
      日時: { value: '2026-11-23T01:20:00Z' },
    });
  });

  test('gets defaults only for fields that were not sent, and only when it is new', async () => {
    await post(9, {});
    await post(9, { 既定あり: { value: '' } });
    expect([(await read(9, 1)).既定あり?.value, (await read(9, 2)).既定あり?.value]).toEqual(['はじめ', '']);
    await ask('PUT', 'record.json', { body: { app: 9, id: 2, record: { 一意: { value: 'z' } } } });
    expect((await read(9, 2)).既定あり?.value).toBe('');
  });

  test('ignores a field code that the app does not have, without a word', async () => {
    expect((await post(9, { 無い: { value: 'x' } })).status).toBe(200);
  });

  test.each([
    [' 42 ', '42'],
    ['1.5e1', '15'],
    [7, '7'],
    ['', ''],
    ['-0.50', '-0.5'],
  ])('stores the number %j as %j', async (sent, stored) => {
    await post(2, { 通話秒数: { value: sent } });
    expect((await read(2, 1)).通話秒数).toEqual({ type: 'NUMBER', value: stored });
  });

  test.each([
    [{ 通話秒数: { value: '1,000' } }, 'record[通話秒数].value'],
    [{ 方向: { value: '横' } }, 'record.方向.value'],
    [{ 件名: { value: 'x'.repeat(256) } }, 'record.件名.value'],
    [{ 件名: { value: 'a\nb' } }, 'record.件名.value'],
    [{ 開始日時: { value: '昨日' } }, 'record.開始日時.value'],
    [{ 開始日時: { value: '2026-02-30T00:00:00Z' } }, 'record.開始日時.value'],
    [{ 担当者: { value: [{ code: 'nobody' }] } }, 'record.担当者.values.value'],
  ])('is refused for %j', async (record, path) => {
    const { status, body } = await post(2, record);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'CB_VA01', errors: { [path]: { messages: [expect.any(String)] } } });
  });

  test('names every person chosen by name and login name', async () => {
    await post(9, { 人: { value: [{ code: 'sato' }] }, 複数: { value: ['y'] } });
    expect(await read(9, 1)).toMatchObject({
      人: { type: 'USER_SELECT', value: [{ code: 'sato', name: '佐藤 昇' }] },
      複数: { type: 'CHECK_BOX', value: ['y'] },
      選択: { type: 'RADIO_BUTTON', value: 'あ' },
    });
  });

  test('lets no value stand twice in a field that prohibits it; an empty one is no value', async () => {
    await post(9, { 一意: { value: 'k' } });
    expect((await post(9, { 一意: { value: 'k' } })).body).toMatchObject({
      code: 'CB_VA01',
      errors: { 'record.一意.value': { messages: ['値がほかのレコードと重複しています。'] } },
    });
    expect((await post(9, { 一意: { value: '' } })).status).toBe(200);
    expect((await post(9, { 一意: { value: '' } })).status).toBe(200);
  });

  test('is checked as a whole when it is changed, also in fields that were not sent', async () => {
    const customers = sandbox.state.apps.get('1');
    const stored = customers?.get(1);
    if (customers === undefined || stored === undefined) throw new Error('no customer');
    customers.put({ ...stored, values: { ...stored.values, 顧客名: '' } }, []);
    const { body } = await ask('PUT', 'record.json', { body: { app: 1, id: 1, record: { 備考: { value: 'x' } } } });
    expect(body).toMatchObject({ code: 'CB_VA01', errors: { 'record.顧客名.value': { messages: ['必須です。'] } } });
  });
});

describe('a lookup', () => {
  test('copies from its source, ignores what is sent for the copy, and clears it', async () => {
    await post(9, { 顧客番号: { value: '1' }, 会社の写し: { value: '違う' } });
    expect((await read(9, 1)).会社の写し?.value).toBe('山田製作所');
    await ask('PUT', 'record.json', { body: { app: 9, id: 1, record: { 顧客番号: { value: '' } } } });
    expect((await read(9, 1)).会社の写し?.value).toBe('');
  });

  test('copies within the row of a table', async () => {
    const rows = ['1', ''].map((value) => ({ value: { 客: { value }, 客の会社: { value: '違う' } } }));
    await post(9, { 客たち: { value: rows } });
    expect((await read(9, 1)).客たち?.value).toMatchObject([
      { value: { 客の会社: { value: '山田製作所' } } },
      { value: { 客の会社: { value: '' } } },
    ]);
  });

  test('keeps its copies when the key is not sent, whatever became of the source', async () => {
    await post(9, { 顧客番号: { value: '1' } });
    await ask('PUT', 'record.json', { body: { app: 1, id: 1, record: { 会社名: { value: '改名' } } } });
    await ask('PUT', 'record.json', { body: { app: 9, id: 1, record: { 必須: { value: 'x' } } } });
    expect((await read(9, 1)).会社の写し?.value).toBe('山田製作所');
    await ask('PUT', 'record.json', { body: { app: 9, id: 1, record: { 顧客番号: { value: '1' } } } });
    expect((await read(9, 1)).会社の写し?.value).toBe('改名');
  });

  test('refuses every key where the source lets values stand twice, for nobody knows which is meant', async () => {
    expect(await post(9, { 名前: { value: '山田 太郎' } })).toMatchObject({ status: 400, body: { code: 'GAIA_LO03' } });
    expect((await post(9, { 名前: { value: '' } })).status).toBe(200);
  });

  test('refuses a key that its source does not have, and one whose app the token does not open', async () => {
    const missing = await post(9, { 顧客番号: { value: '77' } });
    expect(missing.body).toMatchObject({ code: 'GAIA_LO04' });
    expect(missing.body).not.toHaveProperty('errors');
    const body = { app: 9, record: { 顧客番号: { value: '1' } } };
    expect((await ask('POST', 'record.json', { body, token: 'sandbox-token-of-app-9' })).body).toMatchObject({
      code: 'GAIA_LO04',
    });
  });
});

describe('a table', () => {
  const row = (value: Record<string, unknown>, id?: string) => ({
    ...(id === undefined ? {} : { id }),
    value: Object.fromEntries(Object.entries(value).map(([code, cell]) => [code, { value: cell }])),
  });
  const rows = async () => {
    const cells = (await read(9, 1)).明細?.value as { id: string; value: Record<string, { value: unknown }> }[];
    return cells.map((each) => [each.id, each.value.品名?.value, each.value.数?.value]);
  };

  test('keeps the rows that are sent, merges those it knows, and drops the others', async () => {
    await post(9, { 明細: { value: [row({ 品名: 'a', 数: '1' }), row({ 品名: 'b', 数: '2' })] } });
    expect(await rows()).toEqual([
      ['1', 'a', '1'],
      ['2', 'b', '2'],
    ]);
    const body = { app: 9, id: 1, record: { 明細: { value: [row({ 数: '5' }, '2'), row({ 品名: 'c', 数: '1,000' }, '99')] } } };
    expect((await ask('PUT', 'record.json', { body })).status).toBe(200);
    expect(await rows()).toEqual([
      ['2', 'b', '5'],
      ['3', 'c', ''],
    ]);
  });
});

describe('a batch', () => {
  const upsert = (records: unknown, options: Ask = {}) =>
    ask('PUT', 'records.json', { ...options, body: { app: 2, upsert: true, records } });
  const row = (key: string, record: unknown = {}) => ({ updateKey: { field: '通話ID', value: key }, record });

  test('inserts what is new and updates what is known', async () => {
    await upsert([row('a')]);
    expect((await upsert([row('a', { メモ: { value: 'x' } }), row('b')])).body).toEqual({
      records: [
        { id: '1', revision: '2', operation: 'UPDATE' },
        { id: '2', revision: '1', operation: 'INSERT' },
      ],
    });
    expect((await read(2, 2)).通話ID?.value).toBe('b');
  });

  test('is taken whole or not at all', async () => {
    const { status, body } = await upsert([
      row('a'),
      row('b', { 通話秒数: { value: 'x' } }),
      row('c', { 方向: { value: '横' } }),
    ]);
    expect(status).toBe(400);
    expect(Object.keys((body as { errors: object }).errors)).toEqual(['records[1][通話秒数].value', 'records[2].方向.value']);
    expect((await ask('GET', 'records.json?app=2&totalCount=true')).body).toEqual({ records: [], totalCount: '0' });
  });

  test('takes 100 rows and refuses 101', async () => {
    const hundred = Array.from({ length: 100 }, (_, at) => row(`k${at}`));
    expect((await upsert(hundred)).status).toBe(200);
    expect((await upsert([...hundred, row('one more')])).body).toMatchObject({ code: 'CB_VA01', errors: { records: {} } });
  });

  test('takes no row at all', async () => {
    expect((await ask('POST', 'records.json', { body: { app: 2, records: [] } })).body).toEqual({ ids: [], revisions: [] });
  });

  test('takes only a field without duplicates for the key', async () => {
    const records = [{ updateKey: { field: '件名', value: 'x' }, record: {} }];
    expect((await ask('PUT', 'records.json', { body: { app: 2, records } })).status).toBe(400);
  });

  test('finds no record to update without upsert', async () => {
    expect((await ask('PUT', 'records.json', { body: { app: 2, records: [row('nobody')] } })).body).toMatchObject({
      code: 'GAIA_RE01',
    });
  });

  test('compares revisions where one is sent', async () => {
    await upsert([row('a')]);
    const change = (revision: unknown) => ({ ...row('a', { メモ: { value: 'x' } }), revision });
    expect(await upsert([change('7')])).toMatchObject({ status: 409, body: { code: 'GAIA_CO02' } });
    expect((await upsert([change(-1)])).status).toBe(200);
    expect((await upsert([change('2')])).status).toBe(200);
  });

  test('needs the right to add besides the right to edit', async () => {
    expect(await upsert([row('a')], { token: 'view-only' })).toMatchObject({ status: 403, body: { code: 'GAIA_NO01' } });
    expect(await upsert([row('a')], { token: 'no-add' })).toMatchObject({ status: 403, body: { code: 'GAIA_NO01' } });
  });

  test('is deleted whole or not at all', async () => {
    await upsert([row('a'), row('b')]);
    expect((await ask('DELETE', 'records.json?app=2&ids[0]=1&ids[1]=77')).body).toMatchObject({ code: 'GAIA_RE01' });
    expect((await ask('DELETE', 'records.json', { body: { app: 2, ids: [1, '2'] } })).body).toEqual({});
    expect(sandbox.state.apps.get('2')?.size()).toBe(0);
  });

  test('in a bulkRequest is taken back with all the others when one is refused', async () => {
    const requests = [
      { method: 'POST', api: '/k/v1/record.json', payload: { app: 2, record: { 通話ID: { value: 'a' } } } },
      { method: 'PUT', api: '/k/v1/records.json', payload: { app: 2, records: [row('nobody')] } },
    ];
    const { status, body } = await ask('POST', 'bulkRequest.json', { body: { requests } });
    expect(status).toBe(404);
    expect(body).toEqual({ results: [{}, expect.objectContaining({ code: 'GAIA_RE01' })] });
    expect(sandbox.state.apps.get('2')?.size()).toBe(0);
    const many = Array.from({ length: 21 }, () => requests[0]);
    expect((await ask('POST', 'bulkRequest.json', { body: { requests: many } })).body).toMatchObject({ code: 'CB_VA01' });
    const reading = [{ method: 'GET', api: '/k/v1/records.json', payload: { app: 2 } }];
    expect((await ask('POST', 'bulkRequest.json', { body: { requests: reading } })).status).toBe(404);
  });
});

test('the clock of the sandbox is the one it was given', async () => {
  time += 3_600_000;
  await post(9, {});
  expect((await read(9, 1)).作成日時?.value).toBe('2026-11-23T02:02:00Z');
});
