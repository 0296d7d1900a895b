import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseFaults } from '../../../infra/sandbox/kintone/faults.ts';
import {
  type SandboxKintone,
  type SandboxKintoneOptions,
  startSandboxKintone,
} from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { readSeed } from '../../../infra/sandbox/kintone/seed.ts';
import { askKintone } from './ask-kintone.ts';

let sandbox: SandboxKintone;

async function start(options: Partial<SandboxKintoneOptions> = {}): Promise<SandboxKintone> {
  sandbox = await startSandboxKintone({ port: 0, ...options });
  return sandbox;
}
afterEach(() => sandbox.close());

const page = async (address: string) => {
  const response = await fetch(`${sandbox.url}${address}`, { redirect: 'manual' });
  return { status: response.status, text: await response.text() };
};

describe('accidents on request', () => {
  test.each([
    ['error500', 500, 'CB_SE01'],
    ['error520', 520, 'CB_WS01'],
    ['tooManyRequests', 429, 'GAIA_TO04'],
    ['unauthorized', 401, 'CB_WA01'],
    ['forbidden', 403, 'CB_NO02'],
  ] as const)('%s strikes as often as it was asked to, then all is well', async (kind, status, code) => {
    await start({ faults: [{ kind, times: 1 }] });
    const struck = await askKintone(sandbox, 'GET', 'records.json?app=1');
    expect(struck).toMatchObject({ status, body: { code } });
    expect(struck.headers.get('X-Cybozu-Error')).toBe(code);
    expect((await askKintone(sandbox, 'GET', 'records.json?app=1')).status).toBe(200);
  });

  test('maintenance answers with text, and a broken gateway with a page', async () => {
    await start({ faults: parseFaults('maintenance503:1,notJson:1,addressRefused:1') });
    expect(await askKintone(sandbox, 'GET', 'records.json?app=1')).toMatchObject({ status: 503, body: 'Service Unavailable' });
    expect(await askKintone(sandbox, 'GET', 'records.json?app=1')).toMatchObject({ status: 200, body: 'Service Unavailable' });
    const stranger = await askKintone(sandbox, 'GET', 'records.json?app=1');
    expect(stranger).toMatchObject({ status: 403, body: expect.stringContaining('403 Forbidden') });
  });

  test('a write may be done and its answer lost', async () => {
    await start({ faults: parseFaults('commitThenCut:1@POST') });
    const body = { app: 2, record: { 通話ID: { value: 'a' } } };
    await expect(askKintone(sandbox, 'POST', 'record.json', { body })).rejects.toThrow();
    expect((await askKintone(sandbox, 'GET', 'records.json?app=2&totalCount=true')).body).toMatchObject({ totalCount: '1' });
  });

  test('a request may never be answered, and the sandbox still closes', async () => {
    await start({ faults: [{ kind: 'stall' }] });
    const giveUp = new AbortController();
    const asked = fetch(`${sandbox.url}/k/v1/records.json?app=1`, { signal: giveUp.signal });
    giveUp.abort();
    await expect(asked).rejects.toThrow();
  });

  test('one field may be refused', async () => {
    await start({ faults: parseFaults('refuseField=メモ') });
    const write = (record: object) => askKintone(sandbox, 'POST', 'record.json', { body: { app: 2, record } });
    expect((await write({ メモ: { value: 'x' } })).body).toMatchObject({ code: 'CB_VA01', errors: { 'record.メモ.value': {} } });
    expect((await write({ 件名: { value: 'x' } })).status).toBe(200);
  });

  test('more requests at once than the domain allows are refused at the door', async () => {
    await start({ concurrencyLimit: 2, latencyMs: 20 });
    const replies = await Promise.all(Array.from({ length: 5 }, () => askKintone(sandbox, 'GET', 'records.json?app=1')));
    expect(replies.filter((reply) => reply.status === 429).length).toBeGreaterThan(0);
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(2);
  });

  test('can be ordered, listed and taken back over HTTP', async () => {
    await start();
    const order = (body: unknown) =>
      fetch(`${sandbox.url}/sandbox/faults`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await order({ kind: 'error500', times: 2, method: 'PUT' })).status).toBe(200);
    expect((await order({ kind: 'earthquake' })).status).toBe(400);
    expect((await order({ kind: 'error500', times: 0 })).status).toBe(400);
    expect(sandbox.faults.list()).toEqual([{ kind: 'error500', times: 2, method: 'PUT' }]);
    await fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
    expect(sandbox.faults.list()).toEqual([]);
  });

  test.each(['earthquake', 'error500:x', 'error500@', ':3'])('are refused when they are written like %s', async (text) => {
    await start();
    expect(() => parseFaults(text)).toThrow('Unknown fault');
  });
});

test('logs what was asked, without the credentials', async () => {
  await start();
  await askKintone(sandbox, 'GET', 'records.json?app=1&fields[0]=$id');
  expect(sandbox.requests.entries()).toEqual([
    {
      at: expect.any(Number),
      method: 'GET',
      path: 'records.json',
      wasOverridden: false,
      args: { app: '1', fields: ['$id'] },
      status: 200,
      code: null,
    },
  ]);
  const log = await (await fetch(`${sandbox.url}/sandbox/requests`)).text();
  for (const token of sandbox.apiTokens) expect(log).not.toContain(token);
});

describe('the pages a person sees', () => {
  test('lead from the apps to the records to a record, in Japanese with English beside it', async () => {
    await start();
    expect((await page('/')).text).toContain('<a href="/k/1/">顧客 <small lang="en">Customers</small></a>');
    const list = await page('/k/1/');
    expect(list.text).toContain('山田 太郎');
    expect(list.text).toContain('/k/1/show?record=1');
    const record = await page('/k/1/show?record=1');
    expect(record.text).toContain('<dd>09012345678</dd>');
    expect(record.text).toContain('Phone');
  });

  test('follow the address that the real kintone uses, with the record behind the #', async () => {
    await start();
    expect((await page('/k/1/show')).text).toContain("location.replace('?record='");
  });

  test('show hostile text as text', async () => {
    await start({ records: [{ app: '1', values: { 顧客名: '<script>alert("1")</script>', 会社名: `"'&` } }] });
    for (const address of ['/k/1/', '/k/1/show?record=1']) {
      const { text } = await page(address);
      expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
      expect(text).not.toContain('<script>alert');
    }
  });

  test('say so when there is nothing', async () => {
    await start();
    for (const address of ['/k/77/', '/k/1/show?record=9999', '/nowhere']) expect((await page(address)).status).toBe(404);
  });
});

describe('records to begin with', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kintone-seed-'));
    await start();
  });
  afterEach(() => rm(folder, { recursive: true }));
  const put = (name: string, content: unknown) =>
    writeFile(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

  test('come from a folder, for the default apps and for apps of one’s own', async () => {
    await put('customers.json', { app: 1, records: [{ 顧客名: '種 一郎' }] });
    await put('own.json', {
      app: 5,
      name: '案件',
      fields: [{ type: 'SINGLE_LINE_TEXT', code: '案件名' }],
      records: [{ 案件名: 'x' }],
    });
    const seed = await readSeed(folder);
    const own = await startSandboxKintone({ port: 0, ...seed });
    try {
      expect([own.state.apps.get('1')?.size(), own.state.apps.get('5')?.size()]).toEqual([1, 1]);
    } finally {
      await own.close();
    }
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'no JSON'],
    ['no app', { records: [] }, 'app'],
    ['an app without fields', { app: 5, records: [] }, 'fields'],
  ])('with %s are refused with the file’s name', async (_what, content, problem) => {
    await put('bad.json', content);
    await expect(readSeed(folder)).rejects.toThrow(/bad\.json/);
    await expect(readSeed(folder)).rejects.toThrow(problem);
  });

  test('that the app would refuse are refused with the field', async () => {
    await expect(startSandboxKintone({ port: 0, records: [{ app: '1', values: { 顧客名: '' } }] })).rejects.toThrow(
      'record.顧客名.value',
    );
  });
});

test('says which port is taken', async () => {
  await start();
  await expect(startSandboxKintone({ port: sandbox.port })).rejects.toThrow(`port ${sandbox.port}`);
});
