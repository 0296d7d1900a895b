/** Requests that are nearly right: what the service does not take, the sandbox does not take either. */
import type { AppDefinition } from '../../../infra/sandbox/kintone/app-definition.ts';
import {
  byCode,
  checkBox,
  link,
  number,
  phoneLink,
  systemFields,
  table,
  text,
  userSelect,
} from '../../../infra/sandbox/kintone/field-builders.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { type Ask, askKintone } from './ask-kintone.ts';

const APP: AppDefinition = {
  id: '1',
  code: '',
  name: '際',
  fields: byCode([
    ...systemFields(),
    ...[text('文'), text('鍵', { unique: true }), text('短い', { maxLength: 4 }), number('数'), checkBox('印', ['x', 'y'])],
    ...[
      userSelect('人'),
      { type: 'FILE', code: '添付', label: '添付', required: false } as const,
      table('表', [text('行の文')]),
      link('ウェブ', 'WEB'),
      link('郵便', 'MAIL'),
      phoneLink('電話'),
    ],
  ]),
};

let sandbox: SandboxKintone;
beforeAll(async () => {
  const records = [{ app: '1', values: { 鍵: 'a' } }];
  sandbox = await startSandboxKintone({ port: 0, apps: [APP], records });
});
afterAll(() => sandbox.close());

const ask = (method: string, path: string, options?: Ask) => askKintone(sandbox, method, path, options);
const JSON_TYPE = { 'Content-Type': 'application/json' };
const codeOf = (body: unknown): unknown => (body as { code?: unknown }).code;

describe('a body', () => {
  test.each<[string, string, Ask]>([
    ['that is said to be JSON and is not there', 'GET', { headers: JSON_TYPE }],
    ['that is said to be JSON and is not there', 'POST', { headers: JSON_TYPE }],
    ['that breaks off', 'POST', { body: '{"app":1,' }],
    ['with a comma too many', 'POST', { body: '{"app":1,}' }],
    ['that is a list', 'POST', { body: [1] }],
    ['that is nothing', 'POST', { body: 'null' }],
  ])('%s is no JSON of the service: %s', async (_what, method, options) => {
    expect(await ask(method, 'record.json?app=1&id=1', options)).toMatchObject({ status: 400, body: { code: 'CB_IJ01' } });
  });

  test.each<[string, unknown]>([
    ['a value that is not wrapped', { 文: 'x' }],
    ['a wrapping without a value', { 文: {} }],
    ['an object for a text', { 文: { value: { a: 1 } } }],
    ['a list for a text', { 文: { value: ['x'] } }],
    ['an object for a number', { 数: { value: {} } }],
    ['a text for choices', { 印: { value: 'x' } }],
    ['a text for people', { 人: { value: 'sato' } }],
    ['names for people', { 人: { value: ['sato'] } }],
    ['a text for files', { 添付: { value: 'key' } }],
    ['keys for files', { 添付: { value: ['key'] } }],
    ['an object for a table', { 表: { value: {} } }],
    ['texts for rows', { 表: { value: ['x'] } }],
    ['a row without wrappings', { 表: { value: [{ value: { 行の文: 'x' } }] } }],
    ['a list for a record', []],
  ])('with %s has another shape than the field', async (_what, record) => {
    expect(await ask('POST', 'record.json', { body: { app: 1, record } })).toMatchObject({
      status: 400,
      body: { code: 'CB_IJ01' },
    });
  });

  test('of the GET method may say what an address says, too', async () => {
    const reply = await ask('POST', 'records.json', {
      body: { app: '1', fields: ['$id'], query: '鍵 = "a"', totalCount: 'true' },
      headers: { 'X-HTTP-Method-Override': 'GET' },
    });
    expect(reply.body).toMatchObject({ records: [{ $id: { value: '1' } }], totalCount: '1' });
    const lower = { body: { app: '1' }, headers: { 'X-HTTP-Method-Override': 'get' } };
    expect(codeOf((await ask('POST', 'records.json', lower)).body)).toBe('CB_VA01');
  });
});

test.each([7000, 9000, 60_000])('an address of %i characters is read up to 8 KB', async (length) => {
  const { status, body } = await ask('GET', `records.json?app=1&query=${'a'.repeat(length)}`);
  expect(length < 8192 ? [status, codeOf(body)] : [status, body]).toEqual(
    length < 8192 ? [400, 'CB_VA01'] : [414, expect.stringContaining('414 Request-URI Too Large')],
  );
});

describe('a row to be changed', () => {
  test.each<[string, object, string]>([
    ['a number below one', { id: -1 }, 'record.id'],
    ['what is no whole number', { id: '1e0' }, 'record.id'],
    ['what is no number', { id: true }, 'record.id'],
    ['nothing', {}, 'record.id'],
    ['id and key at once', { id: 1, updateKey: { field: '鍵', value: 'a' } }, 'record.updateKey'],
    ['an empty key', { updateKey: { field: '鍵', value: '' } }, 'record.updateKey.value'],
    ['a revision in words', { id: 1, revision: 'latest' }, 'record.revision'],
  ])('is not named by %s', async (_what, named, path) => {
    const { body } = await ask('PUT', 'record.json', { body: { app: 1, ...named, record: {} } });
    expect(body).toMatchObject({ code: 'CB_VA01', errors: { [path]: { messages: [expect.any(String)] } } });
  });

  test('is named by number or text, and its revision not compared where it is -1', async () => {
    for (const [id, revision] of [
      [1, -1],
      ['1', '-1'],
    ]) {
      expect((await ask('PUT', 'record.json', { body: { app: '1', id, revision, record: {} } })).status).toBe(200);
    }
  });
});

test('a text is as long as its UTF-16 units are many', async () => {
  const post = (value: string) => ask('POST', 'record.json', { body: { app: 1, record: { 短い: { value } } } });
  expect((await post('😀😀')).status).toBe(200);
  expect((await post('😀😀x')).body).toMatchObject({
    errors: { 'record.短い.value': { messages: ['5文字より短くなければなりません。'] } },
  });
});

test('what is missing is told in the browser’s language, as the service was seen to word it', async () => {
  const answers = ['ja', 'en', 'zh'].map(async (language) => {
    const { body } = await ask('GET', 'record.json?app=1', { headers: { 'Accept-Language': language } });
    const { message, errors } = body as { message: string; errors: { id: { messages: string[] } } };
    return [message, ...errors.id.messages];
  });
  expect(await Promise.all(answers)).toEqual([
    ['入力内容が正しくありません。', '必須です。'],
    ['Missing or invalid input.', 'Required field.'],
    ['输入有误。', '此为必填项。'],
  ]);
});

test.each([
  ['ウェブ', 'https://example.com/', 200],
  ['ウェブ', 'example.com', 400],
  ['郵便', 'yamada@example.com', 200],
  ['郵便', 'yamada', 400],
  ['郵便', '', 200],
  ['電話', '03 (1234) 5678 内線 9', 200],
])('a link in %s may be %p: %i', async (code, value, status) => {
  const { body, status: told } = await ask('POST', 'record.json', { body: { app: 1, record: { [code]: { value } } } });
  expect([told, codeOf(body)]).toEqual([status, status === 200 ? undefined : 'CB_VA01']);
});

test('a text that prohibits duplicates is 64 characters long at most', async () => {
  const post = (value: string) => ask('POST', 'record.json', { body: { app: 1, record: { 鍵: { value } } } });
  expect((await post('x'.repeat(64))).status).toBe(200);
  expect((await post('x'.repeat(65))).body).toMatchObject({
    errors: { 'record.鍵.value': { messages: ['65文字より短くなければなりません。'] } },
  });
});

test('one API token that nobody knows spoils the others', async () => {
  const [own = ''] = sandbox.apiTokens;
  expect((await ask('GET', 'record.json?app=1&id=1', { token: `${own},nobody` })).body).toMatchObject({ code: 'GAIA_IA02' });
});

test('a part of a bulkRequest names its method in capitals', async () => {
  const requests = [{ method: 'post', api: '/k/v1/record.json', payload: { app: 1, record: {} } }];
  const { body } = await ask('POST', 'bulkRequest.json', { body: { requests } });
  expect(body).toMatchObject({ results: [{ code: 'CB_NO01' }] });
});
