/** The requests that the vendor's command-line tool (`@kintone/cli` 1.19.2) was seen to make, replayed without it. */
import type { AppDefinition } from '../../../infra/sandbox/kintone/app-definition.ts';
import {
  byCode,
  checkBox,
  number,
  systemFields,
  table,
  text,
  userSelect,
} from '../../../infra/sandbox/kintone/field-builders.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { askKintone } from './ask-kintone.ts';

const file = (code: string) => ({ type: 'FILE' as const, code, label: code, required: false });

const CASES: AppDefinition = {
  id: '7',
  code: 'CASE',
  name: '案件',
  fields: byCode([
    ...systemFields(),
    text('番号', { unique: true }),
    text('件名'),
    number('金額'),
    checkBox('印', ['x', 'y']),
    userSelect('係'),
    file('資料'),
    table('明細', [text('品名'), number('数量'), file('図')]),
  ]),
};

let sandbox: SandboxKintone;
beforeEach(async () => {
  sandbox = await startSandboxKintone({ port: 0, apps: [CASES] });
});
afterEach(() => sandbox.close());

const ask = async (method: string, path: string, body?: unknown) => {
  const reply = await askKintone(sandbox, method, path, body === undefined ? {} : { body });
  expect(reply.status).toBe(200);
  return reply.body as Readonly<Record<string, unknown>>;
};
const bulk = (method: string, payload: object) =>
  ask('POST', 'bulkRequest.json', { requests: [{ api: '/k/v1/records.json', method, payload: { app: '7', ...payload } }] });

async function upload(name: string, content: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([content], { type: 'text/plain' }), name);
  const headers = { 'X-Cybozu-API-Token': sandbox.apiTokens.join(',') };
  const response = await fetch(`${sandbox.url}/k/v1/file.json`, { method: 'POST', headers, body: form });
  return ((await response.json()) as { fileKey: string }).fileKey;
}

const SEEK = encodeURIComponent('$id > 0 order by $id asc limit 500');

test('import: the form, then a bulkRequest of new records, tables and files with them', async () => {
  expect(await ask('GET', 'app/form/fields.json?app=7')).toMatchObject({
    properties: { 明細: { fields: { 図: { type: 'FILE' } } } },
  });
  const [estimate, drawing] = [await upload('見積.txt', '見積'), await upload('図.txt', '図')];
  const rows = [
    { id: '', value: { 品名: { value: 'ねじ' }, 数量: { value: '10' }, 図: { value: [{ fileKey: drawing }] } } },
    { id: '', value: { 品名: { value: '板' }, 数量: { value: '2' }, 図: { value: [] } } },
  ];
  const records = [
    { 番号: { value: 'n1' }, 印: { value: ['x', 'y'] }, 係: { value: [{ code: 'sato' }] }, 金額: { value: '' } },
    { 番号: { value: 'n2' }, 資料: { value: [{ fileKey: estimate }] }, 明細: { value: rows } },
  ];
  expect(await bulk('POST', { records })).toEqual({ results: [{ ids: ['1', '2'], revisions: ['1', '1'] }] });
});

test('import by a key: the app for its code, then rows that are new or known', async () => {
  await bulk('POST', { records: [{ 番号: { value: 'n1' } }] });
  expect(await ask('GET', 'app.json?id=7')).toMatchObject({ appId: '7', code: 'CASE' });
  const byKey = (key: string) => ({ updateKey: { field: '番号', value: key }, record: { 件名: { value: '改' } } });
  expect(await bulk('PUT', { upsert: true, records: [byKey('n1'), byKey('n9')] })).toEqual({
    results: [
      {
        records: [
          { id: '1', revision: '2', operation: 'UPDATE' },
          { id: '2', revision: '1', operation: 'INSERT' },
        ],
      },
    ],
  });
  expect(await bulk('PUT', { upsert: true, records: [{ id: '2', record: { 件名: { value: '番号で' } } }] })).toMatchObject({
    results: [{ records: [{ id: '2', operation: 'UPDATE' }] }],
  });
});

test('export: form, layout, records by seek or by cursor, and their files', async () => {
  const estimate = await upload('見積.txt', '見積');
  await bulk('POST', {
    records: [{ 番号: { value: 'n1' }, 資料: { value: [{ fileKey: estimate }] } }, { 番号: { value: 'n2' } }],
  });
  expect(await ask('GET', 'app/form/layout.json?app=7')).toMatchObject({ layout: expect.arrayContaining([expect.anything()]) });
  const { records } = await ask('GET', `records.json?app=7&query=${SEEK}`);
  expect(records).toMatchObject([{ レコード番号: { value: 'CASE-1' }, 資料: { value: [{ name: '見積.txt' }] } }, {}]);
  const [first] = records as { 資料: { value: { fileKey: string }[] } }[];
  const headers = { 'X-Cybozu-API-Token': sandbox.apiTokens.join(',') };
  const key = first?.資料.value[0]?.fileKey ?? '';
  const download = await fetch(`${sandbox.url}/k/v1/file.json?fileKey=${key}`, { headers });
  expect([await download.text(), download.headers.get('Content-Type')]).toEqual(['見積', 'text/plain;charset=utf-8']);
  const { id } = await ask('POST', 'records/cursor.json', { app: '7', query: 'order by 番号 desc' });
  expect(await ask('GET', `records/cursor.json?id=${id}`)).toMatchObject({
    records: [{ 番号: { value: 'n2' } }, { 番号: { value: 'n1' } }],
    next: false,
  });
});

test('delete: the ids, then a bulkRequest without revisions', async () => {
  await bulk('POST', { records: [{ 番号: { value: 'n1' } }, { 番号: { value: 'n2' } }] });
  expect(await ask('GET', `records.json?app=7&query=${SEEK}&fields%5B0%5D=%24id`)).toMatchObject({
    records: [{ $id: { value: '1' } }, { $id: { value: '2' } }],
  });
  expect(await bulk('DELETE', { ids: [1, 2], revisions: [null, null] })).toEqual({ results: [{}] });
});

test.each<[string, object, number, string]>([
  ['a row number twice in a table', { 明細: { value: [{ id: '1' }, { id: '1' }] } }, 520, 'GAIA_SI01'],
  ['a row number that is none', { 明細: { value: [{ id: 'x' }] } }, 400, 'CB_IJ01'],
  ['a number that is none', { 金額: { value: 'x' } }, 400, 'CB_VA01'],
])('%s is refused in the words the tool shows', async (_what, record, status, code) => {
  const requests = [{ api: '/k/v1/records.json', method: 'POST', payload: { app: '7', records: [record] } }];
  const reply = await askKintone(sandbox, 'POST', 'bulkRequest.json', { body: { requests } });
  expect(reply).toMatchObject({ status, body: { results: [{ code }] } });
});
