import { KintoneAllRecordsError, KintoneRestAPIClient } from '@kintone/rest-api-client';
import type { AppDefinition } from '../../../infra/sandbox/kintone/app-definition.ts';
import { CUSTOMERS_APP } from '../../../infra/sandbox/kintone/default-apps.ts';
import { byCode, number, systemFields, table, text, userSelect } from '../../../infra/sandbox/kintone/field-builders.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { clientOf, refusalOf, tokenClientOf } from './vendor-client.ts';

const one = (type: string, code: string | null) => ({ entity: { type, code }, includeSubs: false });

const CASES: AppDefinition = {
  id: '4',
  code: 'CASE',
  name: '案件',
  fields: byCode([
    ...systemFields(),
    text('案件名'),
    text('番号', { unique: true }),
    number('金額'),
    userSelect('係'),
    { type: 'FILE', code: '資料', label: '資料', required: false, thumbnailSize: '150' },
    { type: 'CALC', code: '税込', label: '税込', required: false, expression: 'ROUND(金額 * 1.1)', format: 'NUMBER' },
    { type: 'CALC', code: '合計', label: '合計', required: false, expression: 'SUM(小計)', format: 'NUMBER' },
    table('明細', [
      text('品名'),
      number('単価'),
      number('数量'),
      { type: 'CALC', code: '小計', label: '小計', required: false, expression: '単価 * 数量', format: 'NUMBER' },
    ]),
  ]),
  process: {
    enable: true,
    states: {
      未処理: { name: '未処理', index: '0', assignee: { type: 'ONE', entities: [] } },
      処理中: { name: '処理中', index: '1', assignee: { type: 'ONE', entities: [one('GROUP', 'everyone')] } },
      確認: { name: '確認', index: '2', assignee: { type: 'ALL', entities: [one('USER', 'toritsugi'), one('USER', 'sato')] } },
      完了: { name: '完了', index: '3', assignee: { type: 'ONE', entities: [] } },
    },
    actions: [
      { name: '始める', from: '未処理', to: '処理中', filterCond: '' },
      { name: '見せる', from: '処理中', to: '確認', filterCond: '金額 > 0' },
      { name: '終える', from: '確認', to: '完了', filterCond: '' },
    ],
  },
};

let sandbox: SandboxKintone;
let client: KintoneRestAPIClient;
let time = Date.parse('2026-11-23T01:02:33Z');

beforeEach(async () => {
  time = Date.parse('2026-11-23T01:02:33Z');
  sandbox = await startSandboxKintone({
    port: 0,
    now: () => time,
    apps: [CUSTOMERS_APP, CASES],
    accounts: [{ username: 'sato', password: 'p', language: 'en' }],
  });
  client = clientOf(sandbox);
});
afterEach(() => sandbox.close());

const app = 4;
const fieldOf = async (id: string | number, field: string) => (await client.record.getRecord({ app, id })).record[field]?.value;
const addOne = async (record: Readonly<Record<string, { readonly value: unknown }>> = {}) =>
  (await client.record.addRecord({ app, record })).id;

describe('many records', () => {
  const rows = (count: number, from = 0) =>
    Array.from({ length: count }, (_, at) => ({ 番号: { value: `n${from + at}` }, 金額: { value: String(from + at) } }));

  test('are added, read in three ways, changed and deleted, two thousand a request', async () => {
    const { records } = await client.record.addAllRecords({ app, records: rows(2150) });
    expect([records.length, records.at(-1)]).toEqual([2150, { id: '2150', revision: '1' }]);
    const byId = await client.record.getAllRecordsWithId({ app, fields: ['番号'], condition: '金額 >= 100' });
    const byOffset = await client.record.getAllRecordsWithOffset({ app, condition: '金額 >= 100', orderBy: '$id asc' });
    const byCursor = await client.record.getAllRecordsWithCursor({ app, query: '金額 >= 100 order by $id asc' });
    const numbers = (all: readonly Record<string, { value: unknown }>[]) => all.map((record) => record.番号?.value);
    expect(byId).toHaveLength(2050);
    expect(numbers(byOffset as never)).toEqual(numbers(byId as never));
    expect(numbers(byCursor as never)).toEqual(numbers(byId as never));
    expect(await client.record.getAllRecords({ app, condition: '金額 < 3', orderBy: '番号 desc' })).toHaveLength(3);
    const updates = rows(2150, 1).map(({ 番号, 金額 }) => ({
      updateKey: { field: '番号', value: 番号.value },
      record: { 金額: { value: `-${金額.value}` } },
    }));
    const written = await client.record.updateAllRecords({ app, upsert: true, records: updates });
    expect(written.records.at(0)).toMatchObject({ id: '2', revision: '2', operation: 'UPDATE' });
    expect(written.records.at(-1)).toMatchObject({ id: '2151', revision: '1', operation: 'INSERT' });
    await client.record.deleteAllRecords({ app, records: written.records.map(({ id, revision }) => ({ id, revision })) });
    expect((await client.record.getRecords({ app, totalCount: true })).totalCount).toBe('1');
  });

  test('stay as they were behind the row that is refused', async () => {
    const records = [...rows(2000), { 番号: { value: 'n5' } }];
    const failure = await client.record.addAllRecords({ app, records }).catch((error: unknown) => error);
    if (!(failure instanceof KintoneAllRecordsError)) throw new Error('not refused', { cause: failure });
    const { processedRecordsResult, unprocessedRecords, errorIndex } = failure;
    expect([processedRecordsResult.records?.length, unprocessedRecords, errorIndex]).toEqual([
      2000,
      [{ 番号: { value: 'n5' } }],
      2000,
    ]);
  });

  test('are refused beyond the ten thousandth by offset', async () => {
    expect(await refusalOf(client.record.getRecords({ app, query: 'limit 1 offset 10001' }))).toEqual({
      status: 400,
      code: 'GAIA_QU02',
    });
  });

  test('are written by key, whether they are there or not', async () => {
    const write = (revision?: number) =>
      client.record.upsertRecord({
        app,
        updateKey: { field: '番号', value: 'k' },
        record: { 金額: { value: '1' } },
        ...(revision === undefined ? {} : { revision }),
      });
    expect([await write(), await write()]).toEqual([
      { id: '1', revision: '1' },
      { id: '1', revision: '2' },
    ]);
    expect(await refusalOf(write(1))).toEqual({ status: 409, code: 'GAIA_CO02' });
    expect(await client.record.updateRecord({ app, id: 1, record: { 案件名: { value: 'x' } }, revision: 2 })).toEqual({
      revision: '3',
    });
    const byKey = { updateKey: { field: '番号', value: 'k' }, record: { 金額: { value: '2' } } };
    expect(await client.record.updateRecord({ app, ...byKey })).toEqual({ revision: '4' });
  });

  test('an id that is not there is passed over when the row may be new', async () => {
    const { records } = await client.record.updateRecords({ app, upsert: true, records: [{ id: 77, record: {} }] });
    expect(records).toEqual([{ id: '1', revision: '1', operation: 'INSERT' }]);
    expect(await refusalOf(client.record.updateRecords({ app, records: [{ id: 77, record: {} }] }))).toMatchObject({
      code: 'GAIA_RE01',
    });
  });

  test('are deleted only in the revision that is told', async () => {
    await addOne();
    expect(await refusalOf(client.record.deleteRecords({ app, ids: [1], revisions: [9] }))).toMatchObject({ code: 'GAIA_CO02' });
    expect(await client.record.deleteRecords({ app, ids: [1], revisions: [1] })).toEqual({});
  });

  test('are read by a cursor that can be given back', async () => {
    await client.record.addAllRecords({ app, records: rows(3) });
    const { id, totalCount } = await client.record.createCursor({ app, size: 2 });
    expect([totalCount, (await client.record.getRecordsByCursor({ id })).next]).toEqual(['3', true]);
    expect(await client.record.deleteCursor({ id })).toEqual({});
    expect(await refusalOf(client.record.getRecordsByCursor({ id }))).toEqual({ status: 404, code: 'GAIA_CN01' });
  });
});

describe('comments', () => {
  test('are written with names, read in pages of ten and taken back by their writer', async () => {
    const record = await addOne();
    for (let at = 1; at <= 12; at += 1) await client.record.addRecordComment({ app, record, comment: { text: `no. ${at}` } });
    const mentions = [
      { code: 'sato', type: 'USER' as const },
      { code: 'sales', type: 'ORGANIZATION' as const },
    ];
    expect(await client.record.addRecordComment({ app, record, comment: { text: '見て', mentions } })).toEqual({ id: '13' });
    const newest = await client.record.getRecordComments({ app, record });
    expect([newest.comments.length, newest.older, newest.newer]).toEqual([10, true, false]);
    expect(newest.comments[0]).toEqual({
      id: '13',
      text: '佐藤 昇 \n営業部 \n見て',
      createdAt: '2026-11-23T01:02:33Z',
      creator: { code: 'toritsugi', name: '取次' },
      mentions,
    });
    const oldest = await client.record.getRecordComments({ app, record, order: 'asc', offset: 10, limit: 2 });
    expect([oldest.comments.map(({ id }) => id), oldest.older, oldest.newer]).toEqual([['11', '12'], true, true]);
    await client.record.deleteRecordComment({ app, record, comment: 12 });
    expect(await refusalOf(client.record.deleteRecordComment({ app, record, comment: 12 }))).toEqual({
      status: 400,
      code: 'GAIA_RE02',
    });
    const others = tokenClientOf(sandbox).record.deleteRecordComment({ app, record, comment: 11 });
    expect(await refusalOf(others)).toEqual({ status: 403, code: 'CB_NO02' });
    expect((await client.record.getRecord({ app, id: record })).record.$revision?.value).toBe('1');
  });

  test.each([
    ['eleven at a time', { limit: 11 }],
    ['an order there is not', { order: 'up' as 'asc' }],
  ])('are not read %s', async (_what, options) => {
    const record = await addOne();
    expect(await refusalOf(client.record.getRecordComments({ app, record, ...options }))).toEqual({
      status: 400,
      code: 'CB_VA01',
    });
  });

  test('mention only people there are', async () => {
    const record = await addOne();
    const comment = { text: 'x', mentions: [{ code: 'nobody', type: 'USER' as const }] };
    expect(await refusalOf(client.record.addRecordComment({ app, record, comment }))).toMatchObject({ code: 'GAIA_IL26' });
  });
});

describe('the process', () => {
  const act = (id: string, action: string, assignee?: string) =>
    client.record.updateRecordStatus({ app, id, action, ...(assignee === undefined ? {} : { assignee }) });

  test('moves a record from state to state, two revisions a step', async () => {
    const id = await addOne({ 金額: { value: '5' } });
    expect([await fieldOf(id, 'ステータス'), await fieldOf(id, '作業者')]).toEqual(['未処理', []]);
    expect(await refusalOf(act(id, '始める'))).toEqual({ status: 400, code: 'GAIA_SA01' });
    expect(await act(id, '始める', 'toritsugi')).toEqual({ revision: '3' });
    expect(await refusalOf(act(id, '始める', 'toritsugi'))).toEqual({ status: 400, code: 'GAIA_IL03' });
    expect(await act(id, '見せる')).toEqual({ revision: '5' });
    const assignees = await fieldOf(id, '作業者');
    expect(assignees).toEqual([
      { code: 'toritsugi', name: '取次' },
      { code: 'sato', name: '佐藤 昇' },
    ]);
    await act(id, '終える');
    expect(await fieldOf(id, 'ステータス')).toBe('確認');
    expect(await refusalOf(act(id, '終える'))).toEqual({ status: 400, code: 'GAIA_NT01' });
    const colleague = new KintoneRestAPIClient({ baseUrl: sandbox.url, auth: { username: 'sato', password: 'p' } });
    await colleague.record.updateRecordStatus({ app, id, action: '終える' });
    expect(await fieldOf(id, 'ステータス')).toBe('完了');
    expect(await client.record.getRecords({ app, query: 'ステータス in ("完了")', fields: ['$id'] })).toMatchObject({
      records: [{ $id: { value: id } }],
    });
  });

  test('takes an action only where its condition holds', async () => {
    const id = await addOne({ 金額: { value: '0' } });
    await act(id, '始める', 'toritsugi');
    expect(await refusalOf(act(id, '見せる'))).toMatchObject({ code: 'GAIA_IL03' });
  });

  test('moves several records or none', async () => {
    const ids = [await addOne(), await addOne()];
    const rows = ids.map((id) => ({ id, action: '始める', assignee: 'sato' }));
    const broken = [...rows, { id: ids[0] ?? '', action: '終える' }];
    expect(await refusalOf(client.record.updateRecordsStatus({ app, records: broken }))).toMatchObject({ code: 'GAIA_IL03' });
    expect(await fieldOf(ids[0] ?? '', 'ステータス')).toBe('未処理');
    expect(await client.record.updateRecordsStatus({ app, records: rows })).toEqual({
      records: ids.map((id) => ({ id, revision: '3' })),
    });
  });

  test('gives a record to others', async () => {
    const id = await addOne();
    const give = (assignees: string[]) => client.record.updateRecordAssignees({ app, id, assignees });
    expect(await refusalOf(give(['nobody']))).toEqual({ status: 520, code: 'GAIA_IL26' });
    expect(await refusalOf(give(['sato', 'suzuki']))).toEqual({ status: 400, code: 'GAIA_TO02' });
    await act(id, '始める', 'toritsugi');
    expect(await give(['sato', 'suzuki'])).toEqual({ revision: '4' });
    expect(await fieldOf(id, '作業者')).toMatchObject([{ code: 'sato' }, { code: 'suzuki' }]);
  });

  test('is not there where nobody set it up', async () => {
    const { id } = await client.record.addRecord({ app: 1, record: { 顧客名: { value: 'x' } } });
    const moving = client.record.updateRecordStatus({ app: 1, id, action: 'x' });
    expect(await refusalOf(moving)).toEqual({ status: 400, code: 'GAIA_ST02' });
    expect((await client.record.getRecord({ app: 1, id })).record.ステータス).toBeUndefined();
    const asking = client.record.getRecords({ app: 1, query: 'ステータス in ("x")' });
    expect(await refusalOf(asking)).toMatchObject({ code: 'GAIA_ST02' });
  });
});

describe('files', () => {
  const upload = (name: string, data: string) => client.file.uploadFile({ file: { name, data } });
  const attach = (id: string, ...keys: readonly string[]) =>
    client.record.updateRecord({ app, id, record: { 資料: { value: keys.map((fileKey) => ({ fileKey })) } } });

  test('go up, into a record, and come down under another key', async () => {
    const { fileKey } = await upload('見積書.txt', '本文');
    const id = await addOne({ 資料: { value: [{ fileKey }] } });
    const [file] = (await fieldOf(id, '資料')) as { fileKey: string; name: string; contentType: string; size: string }[];
    expect(file).toEqual({ fileKey: expect.any(String), name: '見積書.txt', contentType: 'text/plain', size: '6' });
    expect(Buffer.from(await client.file.downloadFile({ fileKey: file?.fileKey ?? '' })).toString('utf8')).toBe('本文');
    expect(await refusalOf(client.file.downloadFile({ fileKey }))).toMatchObject({ status: 404 });
    expect(await refusalOf(attach(id, fileKey))).toEqual({ status: 404, code: 'GAIA_BL01' });
    const second = (await upload('b.bin', 'x')).fileKey;
    await attach(id, file?.fileKey ?? '', second);
    expect(await fieldOf(id, '資料')).toMatchObject([{ name: '見積書.txt' }, { name: 'b.bin' }]);
    await attach(id);
    expect(await fieldOf(id, '資料')).toEqual([]);
  });

  test('stay free when the record is refused, and are gone after three days', async () => {
    const { fileKey } = await upload('a.txt', 'a');
    const refused = client.record.addRecord({ app, record: { 資料: { value: [{ fileKey }] }, 金額: { value: 'x' } } });
    expect(await refusalOf(refused)).toMatchObject({ code: 'CB_VA01' });
    time += 3 * 86_400_000;
    const id = await addOne({ 資料: { value: [{ fileKey }] } });
    const old = (await upload('b.txt', 'b')).fileKey;
    time += 3 * 86_400_000 + 1;
    expect(await refusalOf(attach(id, old))).toMatchObject({ code: 'GAIA_BL01' });
  });
});

test('calculated fields come from the others, whatever is sent for them', async () => {
  const rows = [
    { value: { 単価: { value: '100' }, 数量: { value: '3' }, 小計: { value: '1' } } },
    { value: { 単価: { value: '0.1' }, 数量: { value: '3' } } },
    { value: { 単価: { value: '' }, 数量: { value: '3' } } },
  ];
  const id = await addOne({ 金額: { value: '99' }, 税込: { value: '7' }, 明細: { value: rows } });
  expect([await fieldOf(id, '税込'), await fieldOf(id, '合計')]).toEqual(['109', '300.3']);
  expect(await fieldOf(id, '明細')).toMatchObject([
    { value: { 小計: { type: 'CALC', value: '300' } } },
    { value: { 小計: { value: '0.3' } } },
    { value: { 小計: { value: '0' } } },
  ]);
  await client.record.updateRecord({ app, id, record: { 金額: { value: '200' } } });
  const half = await addOne({ 明細: { value: [{ value: { 単価: { value: '0.00125' }, 数量: { value: '0.1' } } }] } });
  expect(await fieldOf(half, '合計')).toBe('0.0001');
  expect(await client.record.getRecords({ app, query: '税込 = 220 and 合計 > 300', fields: ['$id'] })).toMatchObject({
    records: [{ $id: { value: id } }],
  });
});

describe('a bulkRequest', () => {
  test('writes to several apps at once, or to none', async () => {
    await addOne({ 金額: { value: '1' } });
    const requests = [
      { method: 'POST', endpointName: 'record', payload: { app: 1, record: { 顧客名: { value: 'x' } } } },
      { method: 'PUT', endpointName: 'record/status', payload: { app, id: 1, action: '始める', assignee: 'sato' } },
      { method: 'PUT', endpointName: 'records', payload: { app, records: [{ id: 1, record: { 金額: { value: '2' } } }] } },
    ] as const;
    const send = (more: readonly { method: string; endpointName: string; payload: object }[]) =>
      client.bulkRequest({ requests: [...requests, ...more] as never });
    const conflict = { method: 'DELETE', endpointName: 'records', payload: { app, ids: [1], revisions: [1] } };
    const failure = await send([conflict]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'GAIA_CO02', bulkRequestIndex: 3 });
    expect([sandbox.state.apps.get('1')?.size(), await fieldOf(1, 'ステータス')]).toEqual([0, '未処理']);
    expect((await send([])).results).toEqual([
      { id: expect.any(String), revision: '1' },
      { revision: '3' },
      { records: [{ id: '1', revision: '4' }] },
    ]);
  });

  test('reads nothing and comments nothing', async () => {
    const requests = [{ method: 'POST', endpointName: 'record/comment', payload: { app, record: 1, comment: { text: 'x' } } }];
    expect(await refusalOf(client.bulkRequest({ requests: requests as never }))).toMatchObject({ status: 404 });
  });
});

describe('who made a record, and when,', () => {
  const old = { 作成日時: { value: '2020-01-02T03:04:00Z' }, 作成者: { value: { code: 'sato' } } };

  test('may be told by whoever manages the app', async () => {
    const id = await addOne(old);
    expect([await fieldOf(id, '作成日時'), await fieldOf(id, '作成者')]).toEqual([
      '2020-01-02T03:04:00Z',
      { code: 'sato', name: '佐藤 昇' },
    ]);
  });

  test('may not be told by others', async () => {
    await sandbox.close();
    const tokens = [{ token: 'no-admin', app: '4', rights: ['view', 'add'] as const }];
    sandbox = await startSandboxKintone({ port: 0, now: () => time, apps: [CASES], tokens });
    const adding = tokenClientOf(sandbox, 'no-admin').record.addRecord({ app, record: old });
    expect(await refusalOf(adding)).toEqual({ status: 403, code: 'CB_NO02' });
  });
});
