import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { NOTICE_TYPES } from '../../../infra/sandbox/kintone/notices.ts';
import { clientOf } from './vendor-client.ts';

let sandbox: SandboxKintone;
let receiver: Server;
let url: string;
let heard: Record<string, unknown>[] = [];
let time = Date.parse('2026-11-23T01:00:00Z');

beforeEach(async () => {
  heard = [];
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (some: Buffer) => {
      body += some.toString('utf8');
    });
    request.on('end', () => {
      heard.push(JSON.parse(body) as Record<string, unknown>);
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const webhooks = [{ app: '1', url, types: NOTICE_TYPES }];
  sandbox = await startSandboxKintone({ port: 0, now: () => time, webhooks });
});
afterEach(async () => {
  await sandbox.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const told = async () => {
  await sandbox.webhooks.settled();
  return heard;
};
const byRoute = async (method: string, path: string, body?: unknown) => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test('tells of a record that is added and changed, as the record is then read', async () => {
  const client = clientOf(sandbox);
  const { id } = await client.record.addRecord({ app: 1, record: { 顧客名: { value: '新 しい' } } });
  await client.record.updateRecord({ app: 1, id, record: { 備考: { value: 'x' } } });
  const [added, changed] = await told();
  expect(added).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: 'ADD_RECORD',
    app: { id: '1', name: '顧客' },
    record: { ...(await client.record.getRecord({ app: 1, id })).record, 備考: expect.anything(), $revision: expect.anything() },
    recordTitle: '新 しい',
    url: `${sandbox.url}/k/1/show#record=${id}`,
  });
  expect(changed).toMatchObject({ type: 'UPDATE_RECORD', record: { 備考: { value: 'x' }, $revision: { value: '2' } } });
});

test('tells of comments, and of a record that a person takes away', async () => {
  await clientOf(sandbox).record.addRecordComment({ app: 1, record: 2, comment: { text: 'よろしく' } });
  expect((await byRoute('DELETE', 'apps/1/records/2?user=sato')).status).toBe(200);
  const [comment, deleted] = await told();
  expect(comment).toMatchObject({
    type: 'ADD_RECORD_COMMENT',
    recordId: '2',
    comment: { id: '1', text: 'よろしく', creator: { code: 'toritsugi' } },
    url: `${sandbox.url}/k/1/show#record=2&comment=1`,
  });
  expect(deleted).toEqual({
    id: expect.any(String),
    type: 'DELETE_RECORD',
    app: { id: '1', name: '顧客' },
    recordId: '2',
    deletedBy: { code: 'sato', name: '佐藤 昇' },
    deletedAt: '2026-11-23T01:00:00Z',
  });
  expect((await byRoute('DELETE', 'apps/1/records/2')).status).toBe(404);
});

test('tells of a record that is moved in its process', async () => {
  const client = clientOf(sandbox);
  const states = { 未対応: { index: 0 }, 対応済み: { index: 1, assignee: { type: 'ONE', entities: [] } } };
  const actions = [{ name: '済ませる', from: '未対応', to: '対応済み' }];
  await client.app.updateProcessManagement({ app: 1, enable: true, states: states as never, actions });
  await client.app.deployApp({ apps: [{ app: 1 }] });
  time += 1000;
  await client.record.updateRecordStatus({ app: 1, id: 3, action: '済ませる' });
  expect(await told()).toMatchObject([{ type: 'UPDATE_STATUS', record: { ステータス: { type: 'STATUS', value: '対応済み' } } }]);
});

test('tells of what is deleted in the test’s own hand', async () => {
  sandbox.deleteByHand('1', 4);
  expect(await told()).toMatchObject([{ type: 'DELETE_RECORD', recordId: '4', deletedBy: { code: 'toritsugi' } }]);
});

test('tells nothing of what is written by the hundred, refused, or in another app', async () => {
  const client = clientOf(sandbox);
  await client.record.addRecords({ app: 1, records: [{ 顧客名: { value: 'a' } }] });
  await client.record.updateRecords({ app: 1, records: [{ id: 1, record: {} }] });
  await client.record.deleteRecords({ app: 1, ids: [1] });
  await client.bulkRequest({
    requests: [{ method: 'POST', endpointName: 'record', payload: { app: 1, record: { 顧客名: { value: 'b' } } } }],
  });
  await client.record.addRecord({ app: 1, record: {} }).catch(() => undefined);
  await client.record.addRecord({ app: 2, record: {} });
  await sandbox.webhooks.settled();
  expect(sandbox.webhooks.sent()).toEqual([]);
});

test('drops what is beyond sixty a minute, and asks nobody a second time', async () => {
  const client = clientOf(sandbox);
  for (let at = 0; at < 61; at += 1) await client.record.updateRecord({ app: 1, id: 1, record: {} });
  await told();
  expect(sandbox.webhooks.sent().filter(({ status }) => status === 'dropped')).toHaveLength(1);
  time += 60_001;
  await new Promise((resolve) => {
    receiver.close(resolve);
    receiver.closeAllConnections();
  });
  await client.record.updateRecord({ app: 1, id: 1, record: {} });
  await told();
  expect(sandbox.webhooks.sent().at(-1)).toEqual({ url, type: 'UPDATE_RECORD', status: null });
});

describe('a webhook', () => {
  test('is added and taken away from outside', async () => {
    expect((await byRoute('POST', 'webhooks', { app: 2, url, types: ['ADD_RECORD'] })).status).toBe(200);
    await clientOf(sandbox).record.addRecord({ app: 2, record: {} });
    expect(await told()).toMatchObject([{ type: 'ADD_RECORD', app: { id: '2' } }]);
    await byRoute('DELETE', 'webhooks');
    expect((await byRoute('GET', 'webhooks')).body).toMatchObject({ webhooks: [], sent: [{ url, status: 200 }] });
  });

  test.each<[string, object]>([
    ['to another machine', { app: 1, url: 'https://example.com/hook' }],
    ['to no address', { app: 1, url: 'hook' }],
    ['of a type there is not', { app: 1, url: 'http://localhost:1/', types: ['LOOK'] }],
    ['of no app', { url: 'http://localhost:1/' }],
  ])('%s is refused', async (_what, webhook) => {
    expect((await byRoute('POST', 'webhooks', webhook)).status).toBe(400);
  });

  test('is one of ten of its app at most', async () => {
    for (let count = 1; count < 10; count += 1) await byRoute('POST', 'webhooks', { app: 1, url });
    expect((await byRoute('POST', 'webhooks', { app: 1, url })).status).toBe(400);
  });
});
