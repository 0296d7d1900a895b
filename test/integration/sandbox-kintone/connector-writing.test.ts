import type { Connector, ConnectorError, FieldValue, RecordWrite, WriteResult } from '../../../connectors/connector.ts';
import { RateLimited, Rejected, Unauthorized, Unreachable } from '../../../connectors/connector.ts';
import { kintoneConnector } from '../../../connectors/kintone/kintone-connector.ts';
import type { AppDefinition } from '../../../infra/sandbox/kintone/app-definition.ts';
import { CALLS_APP, CUSTOMERS_APP } from '../../../infra/sandbox/kintone/default-apps.ts';
import { byCode, number, systemFields, text } from '../../../infra/sandbox/kintone/field-builders.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { clientOf } from './vendor-client.ts';

/** A call log whose customer is a lookup: a customer who is gone refuses the record, and kintone does not say which. */
const LOOKUP_APP: AppDefinition = {
  id: '3',
  code: '',
  name: '通話履歴 ルックアップ',
  fields: byCode([
    ...systemFields(),
    text('通話ID', { unique: true }),
    number('顧客番号', {
      lookup: {
        relatedApp: { app: '1', code: '' },
        relatedKeyField: 'レコード番号',
        fieldMappings: [{ field: '会社名', relatedField: '会社名' }],
        lookupPickerFields: [],
        filterCond: '',
        sort: '',
      },
    }),
    text('会社名'),
  ]),
};

const never = new AbortController().signal;
let sandbox: SandboxKintone;
let connector: Connector;
let time = Date.parse('2026-11-23T01:00:00Z');

function open(tokens: readonly string[]): Connector {
  return kintoneConnector.open(
    { KINTONE_BASE_URL: sandbox.url, KINTONE_API_TOKENS: tokens.join(','), KINTONE_APPS: 'customers=1,calls=2' },
    { now: () => time, log: () => undefined },
  );
}

beforeEach(async () => {
  sandbox = await startSandboxKintone({
    port: 0,
    now: () => time,
    apps: [CUSTOMERS_APP, CALLS_APP, LOOKUP_APP],
    records: [{ app: '1', values: { 顧客名: '山田 太郎', 会社名: '山田製作所' } }],
    tokens: [{ token: 'view-only', app: '2', rights: ['view'] }],
  });
  connector = open(sandbox.apiTokens);
});
afterEach(async () => {
  await connector.close();
  await sandbox.close();
});

const log = (key: string, fields: Record<string, FieldValue> = {}, over: Partial<RecordWrite> = {}): RecordWrite => ({
  object: 'calls',
  key: { field: '通話ID', value: key },
  fields: { 件名: key, ...fields },
  owners: {},
  ...over,
});
const many = (count: number, make: (index: number) => RecordWrite) => Array.from({ length: count }, (_, index) => make(index));
const write = (batch: readonly RecordWrite[]) => connector.write(batch, never);
const errorAt = (results: readonly WriteResult[], at: number): ConnectorError | null => {
  const result = results[at];
  return result === undefined || result.ok ? null : result.error;
};
const stored = (app: string, field: string) =>
  [...(sandbox.state.apps.get(app)?.all() ?? [])].map((record) => record.values[field]);
const requests = () => sandbox.requests.entries().map((request) => `${request.method} ${request.path} ${request.status}`);
/** A person writes while the connector is between reading and writing. */
function typeInto(key: string, notes: string): void {
  const calls = sandbox.state.apps.get('2');
  const record = calls?.holderOf('通話ID', key);
  if (calls === undefined || record === undefined) throw new Error(`no call log ${key}`);
  calls.put({ ...record, revision: record.revision + 1, values: { ...record.values, メモ: notes } }, []);
}

test('writes a thousand call logs in eleven requests, the form included', async () => {
  await write(many(1000, (index) => log(`k${index}`)));
  expect(sandbox.requests.count()).toBe(11);
});

test('reads before it writes only where a field is somebody else’s', async () => {
  await write([log('a', { メモ: 'x' }, { owners: { メモ: 'append' } })]);
  await write([log('a')]);
  expect(requests()).toEqual([
    'GET app/form/fields.json 200',
    'GET records.json 200',
    'PUT records.json 200',
    'PUT records.json 200',
  ]);
});

test('writes nothing where nothing is left to write', async () => {
  const theirs = log('a', {}, { fields: { メモ: 'x' }, owners: { メモ: 'theirs' } });
  await write([theirs]);
  const before = sandbox.requests.count();
  expect(await write([theirs])).toEqual([{ ok: true, id: '1', created: false }]);
  expect(sandbox.requests.count() - before).toBe(1);
});

test('never loses what a person typed between our reading and our writing', async () => {
  const append = log('a', { メモ: 'ours' }, { owners: { メモ: 'append' } });
  await write([append]);
  const state = sandbox.state.apps.get('2');
  if (state === undefined) throw new Error('no app');
  const holderOf = state.holderOf.bind(state);
  let isFirst = true;
  jest.spyOn(state, 'holderOf').mockImplementation((field, value) => {
    jest.restoreAllMocks();
    if (isFirst) typeInto('a', 'typed meanwhile');
    isFirst = false;
    return holderOf(field, value);
  });
  expect(await write([log('a', { メモ: 'more' }, { owners: { メモ: 'append' } })])).toEqual([
    { ok: true, id: '1', created: false },
  ]);
  expect(stored('2', 'メモ')).toEqual(['typed meanwhile\nmore']);
  expect(requests().filter((request) => request.endsWith('409'))).toHaveLength(1);
});

test('finds the bad row among a hundred when kintone does not say which it is, and it costs only itself', async () => {
  const row = (index: number): RecordWrite => ({
    object: '3',
    key: { field: '通話ID', value: `k${index}` },
    fields: { 顧客番号: index === 57 ? 999 : 1 },
    owners: {},
  });
  const results = await write(many(100, row));
  expect(results.filter((result) => result.ok)).toHaveLength(99);
  const error = errorAt(results, 57);
  expect(error).toBeInstanceOf(Rejected);
  expect(error?.message).toContain('GAIA_LO04');
  expect(new Set(stored('3', '会社名'))).toEqual(new Set(['山田製作所']));
  expect(sandbox.requests.count()).toBeLessThan(20);
});

test('refuses several bad rows at once without trying each', async () => {
  const results = await write(many(100, (index) => log(`k${index}`, index % 10 === 0 ? { 通話秒数: 'many' } : {})));
  expect(results.filter((result) => !result.ok)).toHaveLength(10);
  expect(errorAt(results, 10)).toBeInstanceOf(Rejected);
  expect(sandbox.requests.count()).toBe(3);
});

test('refuses a field that the app does not have, where kintone would lose it without a word', async () => {
  const results = await write([log('a', { 無い: 'x' }), log('b')]);
  const error = errorAt(results, 0);
  expect(error instanceof Rejected ? error.fields : []).toMatchObject([{ field: '無い', code: 'UNKNOWN_FIELD' }]);
  expect(stored('2', '通話ID')).toEqual(['b']);
});

test('looks at the form again before it refuses a field that may be new', async () => {
  await write([log('a')]);
  time += 60_000;
  const before = sandbox.requests.count();
  await write([log('b', { 無い: 'x' })]);
  expect(sandbox.requests.count() - before).toBe(1);
  expect(requests().at(-1)).toBe('GET app/form/fields.json 200');
});

test('sees within two minutes that a field was given another code, before more is lost to it', async () => {
  await write([log('a', { メモ: 'x' })]);
  const admin = clientOf(sandbox);
  await admin.app.updateFormFields({ app: 2, properties: { メモ: { type: 'MULTI_LINE_TEXT', code: '備忘' } } });
  await admin.app.deployApp({ apps: [{ app: 2 }] });
  time += 2 * 60_000;
  const [result] = await write([log('b', { メモ: 'y' })]);
  const refused = result?.ok === false ? result.error : null;
  expect(refused).toBeInstanceOf(Rejected);
  expect(refused instanceof Rejected ? refused.fields : []).toMatchObject([{ field: 'メモ', code: 'UNKNOWN_FIELD' }]);
  expect(stored('2', '備忘')).toEqual(['x']);
});

test('does not ask row by row when the key’s field is gone', async () => {
  await write([log('a')]);
  const admin = clientOf(sandbox);
  await admin.app.updateFormFields({ app: 2, properties: { 通話ID: { type: 'SINGLE_LINE_TEXT', code: '番号' } } });
  await admin.app.deployApp({ apps: [{ app: 2 }] });
  time += 60_000;
  const before = sandbox.requests.count();
  const results = await write(many(100, (index) => log(`k${index}`)));
  expect(sandbox.requests.count() - before).toBe(1);
  for (const at of [0, 99]) {
    expect(errorAt(results, at)).toBeInstanceOf(Rejected);
    expect(errorAt(results, at)?.message).toContain('通話ID');
  }
});

test('says of the rows that were written that they are, when kintone goes away in the middle of a batch', async () => {
  await write([log('warm')]);
  let puts = 0;
  const add = sandbox.requests.add.bind(sandbox.requests);
  jest.spyOn(sandbox.requests, 'add').mockImplementation((request, method, args, answer) => {
    add(request, method, args, answer);
    puts += method === 'PUT' ? 1 : 0;
    if (puts === 2) sandbox.faults.add({ kind: 'tooManyRequests' });
  });
  const results = await write(many(450, (index) => log(`k${index}`)));
  expect(results.filter((result) => result.ok)).toHaveLength(200);
  expect(errorAt(results, 200)).toBeInstanceOf(RateLimited);
  expect(errorAt(results, 449)).toBeInstanceOf(RateLimited);
  // Whoever asks to be left alone is left alone: the fourth and fifth hundred are not even sent.
  expect(requests().filter((request) => request === 'PUT records.json 429')).toHaveLength(1);
});

test('throws when nothing can be said of any record', async () => {
  sandbox.faults.add({ kind: 'maintenance503' });
  await expect(write(many(3, (index) => log(`k${index}`)))).rejects.toThrow(Unreachable);
});

test('does not try row by row when the token may not write at all', async () => {
  await connector.close();
  connector = open(['view-only']);
  await expect(write(many(100, (index) => log(`k${index}`)))).rejects.toThrow(Unauthorized);
  expect(sandbox.requests.count()).toBe(2);
});

test('sends what kintone takes: wrapped values, users by login name, no seconds’ fractions', async () => {
  await write([log('a', { 開始日時: '2026-11-23T01:02:03.456Z', 通話秒数: 33.5, 担当者: 'sato', 結果: '応答', 方向: null })]);
  expect(sandbox.requests.entries().at(-1)?.args).toEqual({
    app: '2',
    upsert: true,
    records: [
      {
        updateKey: { field: '通話ID', value: 'a' },
        record: {
          件名: { value: 'a' },
          開始日時: { value: '2026-11-23T01:02:03Z' },
          通話秒数: { value: '33.5' },
          担当者: { value: [{ code: 'sato' }] },
          結果: { value: '応答' },
          方向: { value: null },
        },
      },
    ],
  });
});

test('signs in with a password where there is no token', async () => {
  const signedIn = kintoneConnector.open(
    {
      KINTONE_BASE_URL: sandbox.url,
      KINTONE_USERNAME: sandbox.username,
      KINTONE_PASSWORD: sandbox.password,
      KINTONE_APPS: 'calls=2',
    },
    { now: () => time, log: () => undefined },
  );
  expect(await signedIn.write([log('a')], never)).toEqual([{ ok: true, id: '1', created: true }]);
  expect(await signedIn.check(never)).toMatchObject({ ok: true });
  await signedIn.close();
});
