import type { CallerSource, ChangePage, Connector } from '../../../connectors/connector.ts';
import { kintoneConnector } from '../../../connectors/kintone/kintone-connector.ts';
import {
  type SandboxKintone,
  type SandboxKintoneOptions,
  startSandboxKintone,
} from '../../../infra/sandbox/kintone/kintone-sandbox.ts';

const never = new AbortController().signal;
const MORNING = Date.parse('2026-11-23T01:00:00Z');
const HOUR = 3_600_000;
const SOURCE: CallerSource = { object: 'customers', phones: ['電話番号', '携帯電話'], name: '顧客名', fields: ['会社名'] };

let sandbox: SandboxKintone;
let connector: Connector;
let time = MORNING;
let warnings: unknown[] = [];

async function start(options: Partial<SandboxKintoneOptions> = {}, apps = 'customers=1,calls=2'): Promise<void> {
  time = MORNING;
  warnings = [];
  sandbox = await startSandboxKintone({ port: 0, now: () => time, ...options });
  connector = kintoneConnector.open(
    { KINTONE_BASE_URL: sandbox.url, KINTONE_API_TOKENS: sandbox.apiTokens.join(','), KINTONE_APPS: apps },
    { now: () => time, log: (_level, message, fields) => warnings.push({ message, ...fields }) },
  );
}
afterEach(async () => {
  await connector.close();
  await sandbox.close();
});

const find = (spellings: readonly string[], sources: readonly CallerSource[] = [SOURCE]) =>
  connector.findByPhone({ number: '+81000000000', spellings, sources, limit: 10 }, never);
const pages = async (since: string | null, source = SOURCE): Promise<readonly ChangePage[]> => {
  const all: ChangePage[] = [];
  for await (const page of connector.readChanges(source, since, never)) all.push(page);
  return all;
};
const customers = () => {
  const records = sandbox.state.apps.get('1');
  if (records === undefined) throw new Error('no customers');
  return records;
};

describe('the look-up', () => {
  test('is one request for all fields and spellings, once the form is known', async () => {
    await start();
    expect((await find(['0667890123', '（06）6789-0123'])).map((record) => record.name)).toEqual(['佐々木 美咲']);
    expect((await find(['080-2222-3333'])).map((record) => record.name)).toEqual(['松本 恵子']);
    expect(sandbox.requests.entries().map((request) => request.path)).toEqual([
      'app/form/fields.json',
      'records.json',
      'records.json',
    ]);
  });

  test('asks with forty spellings in several fields, longer than an address may be', async () => {
    await start();
    const spellings = Array.from({ length: 39 }, (_, at) => `（０９０）－００００－${String(at).padStart(4, '0')}`);
    expect((await find([...spellings, '090-6666-7777'])).map((record) => record.name)).toEqual(['伊藤 健']);
    expect(sandbox.requests.entries().at(-1)).toMatchObject({ method: 'GET', wasOverridden: true });
  });

  test('finds a number in a table, and brings people’s names or their login names', async () => {
    const contacts = [{ value: { 連絡先名: { value: '部長' }, 連絡先電話番号: { value: '03-7777-0000' } } }];
    await start({ records: [{ app: '1', values: { 顧客名: '表の客', 連絡先: contacts, 担当者: [{ code: 'sato' }] } }] });
    const source = { ...SOURCE, phones: ['連絡先電話番号'], fields: ['連絡先名', '担当者', '担当者.code', '$id', '累計購入額'] };
    expect(await find(['03-7777-0000'], [source])).toEqual([
      {
        object: 'customers',
        id: '1',
        name: '表の客',
        phones: [{ field: '連絡先電話番号', value: '03-7777-0000' }],
        values: { 連絡先名: ['部長'], 担当者: ['佐藤 昇'], '担当者.code': ['sato'], $id: '1', 累計購入額: null },
        modifiedAt: '2026-11-23T01:00:00Z',
      },
    ]);
  });

  test('does without fields the app has not, and says so once', async () => {
    await start();
    const source = { ...SOURCE, phones: ['電話番号', '内線'], fields: ['無い'] };
    expect((await find(['090-6666-7777'], [source]))[0]?.values).toEqual({});
    await find(['090-6666-7777'], [source]);
    expect(warnings).toEqual([{ message: expect.any(String), app: '1', fields: ['内線', '無い'] }]);
  });

  test('asks every source, and answers in their order', async () => {
    await start();
    const calls: CallerSource = { object: '2', phones: ['電話番号'], name: '件名', fields: [] };
    const log = { 件名: { value: 'x' }, 電話番号: { value: '090-6666-7777' } };
    await connector.write(
      [{ object: 'calls', key: null, fields: { 件名: log.件名.value, 電話番号: log.電話番号.value }, owners: {} }],
      never,
    );
    expect((await find(['090-6666-7777'], [calls, SOURCE])).map((record) => record.object)).toEqual(['2', 'customers']);
  });
});

describe('reading everything', () => {
  test('marks its pages, so that who is gone can be told from who was not read', async () => {
    await start();
    const [page] = await pages(null);
    expect(page?.everything).toEqual({ id: '2026-11-23T01:00:00.000Z', last: true });
    expect(page?.total).toBe(22);
  });

  test('carries its mark and its total over an interruption', async () => {
    await start({ records: Array.from({ length: 1001 }, (_, at) => ({ app: '1', values: { 顧客名: `客 ${at}` } })) });
    const first: ChangePage[] = [];
    for await (const page of connector.readChanges(SOURCE, null, never)) {
      first.push(page);
      break;
    }
    time += HOUR;
    const rest = await pages(first[0]?.cursor ?? '');
    expect([...first, ...rest].map((page) => [page.records.length, page.total, page.everything])).toEqual([
      [500, 1001, { id: '2026-11-23T01:00:00.000Z', last: false }],
      [500, 1001, { id: '2026-11-23T01:00:00.000Z', last: false }],
      [1, 1001, { id: '2026-11-23T01:00:00.000Z', last: true }],
    ]);
  });

  test('is compared again every night by ids alone, which do not name who was deleted', async () => {
    await start();
    const cursor = (await pages(null)).at(-1)?.cursor ?? '';
    customers().remove(3, []);
    time += HOUR;
    const byDay = await pages(cursor);
    expect(byDay.map((page) => [page.everything, page.deleted, page.records.length])).toEqual([[undefined, [], 21]]);
    time = Date.parse('2026-11-23T18:30:00Z');
    const byNight = await pages(byDay.at(-1)?.cursor ?? '');
    expect(byNight.at(-1)?.everything).toEqual({ id: '2026-11-23T18:30:00.000Z', last: true });
    expect(byNight.flatMap((page) => page.records)).toEqual([]);
    const present = byNight.flatMap((page) => page.present ?? []);
    expect(present).toHaveLength(21);
    expect(present).not.toContain('3');
    expect((await pages(byNight.at(-1)?.cursor ?? ''))[0]?.everything).toBeUndefined();
  });
});

test('reads a record again that changed while its page was being read', async () => {
  await start({ records: Array.from({ length: 600 }, (_, at) => ({ app: '1', values: { 顧客名: `客 ${at}` } })) });
  let cursor = '';
  for await (const page of connector.readChanges(SOURCE, null, never)) {
    cursor = page.cursor;
    const first = customers().get(1);
    if (page.everything?.last === false && first !== undefined) {
      time += 10 * 60_000;
      customers().put({ ...first, updatedAt: time, values: { ...first.values, 顧客名: '改名' } }, []);
    }
  }
  time += HOUR;
  const names = (await pages(cursor)).flatMap((page) => page.records.map((record) => record.name));
  expect(names).toContain('改名');
});

describe('the check', () => {
  const linesOf = async () => (await connector.check(never)).checks.map((check) => [check.name.en, check.ok]);

  test('names every app, what may be done in it and its key', async () => {
    await start();
    const { ok, checks, quota } = await connector.check(never);
    expect([ok, quota]).toEqual([true, null]);
    expect(checks.map((check) => check.detail.en)).toEqual([
      expect.stringContaining('answers'),
      expect.stringContaining('view, add, edit allowed (enough for callers and call logs); no field'),
      expect.stringContaining('key: 通話ID'),
    ]);
  });

  test('changes nothing', async () => {
    await start();
    await connector.check(never);
    expect([sandbox.state.apps.get('1')?.size(), sandbox.state.apps.get('2')?.size()]).toEqual([22, 0]);
  });

  test('tells a token that may only view', async () => {
    await start({ tokens: [{ token: 'view-only', app: '2', rights: ['view'] }] });
    const viewer = kintoneConnector.open(
      { KINTONE_BASE_URL: sandbox.url, KINTONE_API_TOKENS: 'view-only', KINTONE_APPS: 'calls=2' },
      { now: () => time, log: () => undefined },
    );
    expect((await viewer.check(never)).checks[1]).toMatchObject({
      ok: true,
      detail: { en: expect.stringContaining('callers only') },
    });
    await viewer.close();
  });

  test('tells an app that is not there and one that no token opens', async () => {
    await start({}, 'customers=1,gone=77');
    expect(await linesOf()).toEqual([
      ['reachable', true],
      ['app customers (1)', true],
      ['app gone (77)', false],
    ]);
    await connector.close();
    connector = kintoneConnector.open(
      { KINTONE_BASE_URL: sandbox.url, KINTONE_API_TOKENS: 'sandbox-token-of-app-1', KINTONE_APPS: 'customers=1,calls=2' },
      { now: () => time, log: () => undefined },
    );
    expect(await linesOf()).toEqual([
      ['reachable', true],
      ['app customers (1)', true],
      ['app calls (2)', false],
    ]);
  });
});

test.each<[string, Parameters<SandboxKintone['faults']['add']>[0], string, string]>([
  ['a token that was taken back', { kind: 'unauthorized' }, 'KINTONE_API_TOKENS', 'API トークンを生成'],
  ['an address that is not let in', { kind: 'addressRefused' }, 'IP address restriction', 'IPアドレス制限'],
  ['maintenance', { kind: 'maintenance503' }, 'maintenance', 'メンテナンス'],
  ['too many requests', { kind: 'tooManyRequests' }, 'try again later', 'しばらくしてから'],
])('the check tells in both languages what to do about %s', async (_what, fault, en, ja) => {
  await start();
  sandbox.faults.add(fault);
  const failed = (await connector.check(never)).checks.filter((check) => !check.ok);
  expect(failed).toHaveLength(1);
  expect(failed[0]?.remedy).toEqual({ en: expect.stringContaining(en), ja: expect.stringContaining(ja) });
});

test('a user who may not sign in is told of users, not of tokens', async () => {
  await start();
  await connector.close();
  connector = kintoneConnector.open(
    { KINTONE_BASE_URL: sandbox.url, KINTONE_USERNAME: 'toritsugi', KINTONE_PASSWORD: 'wrong' },
    { now: () => time, log: () => undefined },
  );
  expect((await connector.check(never)).checks[0]?.remedy).toMatchObject({ ja: expect.stringContaining('2要素認証') });
});

test('gives the address a person opens', async () => {
  await start();
  expect(connector.recordUrl({ object: 'customers', id: '12' })).toBe(`${sandbox.url}/k/1/show#record=12`);
  expect(connector.recordUrl({ object: '5', id: '12' })).toBe(`${sandbox.url}/k/5/show#record=12`);
});
