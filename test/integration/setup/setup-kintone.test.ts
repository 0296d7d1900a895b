/** `setup kintone` against the kintone sandbox, through the vendor's client. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KintoneRestAPIClient } from '@kintone/rest-api-client';
import { kintoneConnector } from '../../../connectors/kintone/kintone-connector.ts';
import { openGate } from '../../../connectors/kintone/kintone-gate.ts';
import { readConfig } from '../../../connectors/kintone/kintone-settings.ts';
import { openKintoneAdmin } from '../../../connectors/kintone/setup-admin.ts';
import type { AppDefinition } from '../../../infra/sandbox/kintone/app-definition.ts';
import { CALLS_APP, CUSTOMERS_APP, DEFAULT_APPS } from '../../../infra/sandbox/kintone/default-apps.ts';
import { byCode, dropDown, number, systemFields, text } from '../../../infra/sandbox/kintone/field-builders.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { mappingInForce } from '../../../src/cli/mapping-in-force.ts';
import { setupKintoneCommand } from '../../../src/cli/setup-kintone.ts';
import { madeAppsIn } from '../../../src/cli/setup-kintone-state.ts';
import { askDescriptions } from '../../../src/mappings/ask-descriptions.ts';
import { checkMapping, objectsOf } from '../../../src/mappings/check-mapping.ts';
import { clientOf } from '../sandbox-kintone/vendor-client.ts';

const DEPLOY_MS = 3_000;
const CALLS = '2';
const FOLLOW_UPS = '3';

let folder: string;
let sandbox: SandboxKintone;
let client: KintoneRestAPIClient;
let time: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-setup-'));
  time = Date.parse('2026-11-23T01:00:00Z');
});
afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(...apps: readonly AppDefinition[]): Promise<void> {
  sandbox = await startSandboxKintone({ port: 0, apps, now: () => time, deployMs: DEPLOY_MS });
  client = clientOf(sandbox);
}

interface Run {
  readonly lines: readonly string[];
  readonly exitCode: number;
  /** What was written in kintone. */
  readonly writes: readonly string[];
  readonly published: readonly number[];
}

async function run(apps: string, ...words: readonly string[]): Promise<Run> {
  const lines: string[] = [];
  const published: number[] = [];
  let exitCode = 0;
  const { url, username, password } = sandbox;
  sandbox.requests.clear();
  const config = readConfig({
    KINTONE_BASE_URL: url,
    KINTONE_USERNAME: username,
    KINTONE_PASSWORD: password,
    KINTONE_APPS: apps,
  });
  const command = setupKintoneCommand({
    async open() {
      const gate = openGate(config, () => {});
      const world = {
        now: () => time,
        pause: async (ms: number) => {
          time += ms;
        },
        onPublishing: (_: string, waitedMs: number) => void published.push(waitedMs),
      };
      return {
        admin: openKintoneAdmin(gate, world),
        mapping: await mappingInForce('kintone', { directory: 'mappings', locale: 'ja' }),
        baseUrl: url,
        apps: config.apps,
        made: madeAppsIn(folder, url),
        language: 'ja',
        close: async () => gate.close(),
      };
    },
    signal: new AbortController().signal,
    confirm: null,
    print: (line) => lines.push(line),
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  await command.parseAsync([...words], { from: 'user' });
  const writes = sandbox.requests.entries().filter(({ method }) => method !== 'GET');
  return { lines, exitCode, published, writes: writes.map(({ method, path: asked }) => `${method} ${asked}`) };
}

/** What the mapping says against what the apps are now. */
async function misfits(apps: string): Promise<readonly string[]> {
  const { url, username, password } = sandbox;
  const settings = { KINTONE_BASE_URL: url, KINTONE_USERNAME: username, KINTONE_PASSWORD: password, KINTONE_APPS: apps };
  const connector = kintoneConnector.open(settings, { now: () => time, log: () => undefined });
  const mapping = await mappingInForce('kintone', { directory: 'mappings', locale: 'ja' });
  const descriptions = await askDescriptions(connector, objectsOf(mapping), new AbortController().signal);
  await connector.close();
  return checkMapping(mapping, { descriptions, outcomes: [], locale: 'ja' }).map(({ message }) => message.en);
}

test('a dry run, and a run without a yes, change nothing and say what they would do', async () => {
  await start(CUSTOMERS_APP);
  const dry = await run('customers=1', '--dry-run');
  expect(dry.writes).toEqual([]);
  expect(dry.exitCode).toBe(0);
  expect(dry.lines).toEqual(
    expect.arrayContaining([
      'calls: 新しいアプリ「通話履歴」',
      '  + フィールド 通話ID を追加(文字列 (1行)、値の重複を禁止)',
      '  + フィールド 方向 を追加(ドロップダウン: 着信, 発信, 内線)',
      '  + フィールド 担当者 を追加(ユーザー選択)',
      '  + フィールド 録音 を追加(文字列 (複数行))',
      'followUps: 新しいアプリ「フォローアップ」',
      '  + フィールド 状態 を追加(ドロップダウン: 未対応, 取消, 対応済)',
      '  + 一覧「未対応の一覧」を追加(状態が未対応のもの、期限の早い順)',
      'customers(アプリ 1)',
      '  + フィールド フォローアップ一覧 を追加(関連レコード一覧)',
      '  + フィールド 通話履歴一覧 を追加(関連レコード一覧)',
      '確認のみ: 何も変更していません。',
    ]),
  );
  const unasked = await run('customers=1');
  expect(unasked.writes).toEqual([]);
  expect(unasked.lines.at(-1)).toBe('何も変更していません。実行するには --yes を付けてください。');
});

test('makes the apps for calls and follow-ups, shows both on the customer’s page, and says what is left to click', async () => {
  await start(CUSTOMERS_APP);
  const { lines, exitCode, published } = await run('customers=1', '--yes');
  expect(exitCode).toBe(0);
  expect(published).toContain(1_000);
  expect((await client.app.getApp({ id: CALLS })).name).toBe('通話履歴');
  expect((await client.app.getApp({ id: FOLLOW_UPS })).name).toBe('フォローアップ');
  expect(await misfits('customers=1,calls=2,followUps=3')).toEqual([]);
  const { properties } = await client.app.getFormFields({ app: '1' });
  expect(properties.フォローアップ一覧).toMatchObject({
    type: 'REFERENCE_TABLE',
    referenceTable: {
      relatedApp: { app: FOLLOW_UPS },
      condition: { field: 'レコード番号', relatedField: '顧客レコード番号' },
      displayFields: ['期限', '状態', '対応結果', '担当者', 'メモ'],
      sort: '期限 desc',
    },
  });
  expect((await client.app.getViews({ app: FOLLOW_UPS })).views).toMatchObject({
    未対応の一覧: {
      type: 'LIST',
      filterCond: '状態 in ("未対応")',
      sort: '期限 asc',
      fields: expect.arrayContaining(['期限', '顧客名']),
    },
  });
  expect((await client.app.getViews({ app: CALLS })).views).toEqual({});
  expect((await client.app.getFormFields({ app: FOLLOW_UPS })).properties.通話ID).toMatchObject({ unique: true });
  expect(properties.通話履歴一覧).toMatchObject({
    type: 'REFERENCE_TABLE',
    referenceTable: {
      relatedApp: { app: CALLS },
      condition: { field: 'レコード番号', relatedField: '顧客レコード番号' },
      displayFields: ['開始日時', '方向', '結果', '対応結果', '担当者', '通話秒数', 'メモ'],
      sort: '開始日時 desc',
    },
  });
  const { layout } = await client.app.getFormLayout({ app: CALLS });
  const rows = layout.map((part) => ('fields' in part ? part.fields.map((field) => ('code' in field ? field.code : '')) : []));
  expect(rows.slice(0, 2)).toEqual([
    ['通話ID', '件名', '開始日時'],
    ['終了日時', '方向', '電話番号'],
  ]);
  expect(rows).toContainEqual(['録音']);
  expect(lines.slice(-9)).toEqual([
    'API トークンは kintone の画面でしか作れません。残りの作業:',
    `  calls: ${sandbox.url}/k/admin/app/apitoken?app=2 →「生成する」→「レコード閲覧」「レコード追加」「レコード編集」にチェック`,
    `  followUps: ${sandbox.url}/k/admin/app/apitoken?app=3 →「生成する」→「レコード閲覧」「レコード追加」「レコード編集」にチェック`,
    `  customers: ${sandbox.url}/k/admin/app/apitoken?app=1 →「生成する」→「レコード閲覧」にチェック`,
    '    「保存」のあと「アプリを更新」(更新するまでトークンは使えません)。',
    '  .env に:',
    '    KINTONE_APPS=calls=2,followUps=3,customers=1',
    '    KINTONE_API_TOKENS=<calls>,<followUps>,<customers>',
    '  そのあと: ./toritsugi doctor',
  ]);
});

test('running again changes nothing, with the app named in KINTONE_APPS or not yet', async () => {
  await start(CUSTOMERS_APP);
  await run('customers=1', '--yes');
  for (const apps of ['customers=1', 'customers=1,calls=2,followUps=3']) {
    const again = await run(apps, '--yes');
    expect(again.writes).toEqual([]);
    expect(again.lines).toContain('変更するものはありません。');
  }
});

test('the apps that the documents describe are as they should be, but for the lists on the customer’s page', async () => {
  await start(...DEFAULT_APPS);
  const { lines } = await run('customers=1,calls=2,followUps=3', '--dry-run');
  expect(lines.slice(0, 8)).toEqual([
    'calls(アプリ 2)',
    '  問題ありません',
    'followUps(アプリ 3)',
    '  問題ありません',
    'customers(アプリ 1)',
    '  + フィールド 通話履歴一覧 を追加(関連レコード一覧)',
    '  + フィールド フォローアップ一覧 を追加(関連レコード一覧)',
    '  + アプリを更新(未反映の設定がほかにあれば、それも反映されます)',
  ]);
});

test.each([
  ['the fields are added', '/form/layout.json', 'PUT'],
  ['the app is made', '/form/fields.json', 'POST'],
  ['the form is ready', '/deploy.json', 'POST'],
])('a run that was broken off after %s goes on with the same app', async (_, at, method) => {
  await start(CUSTOMERS_APP);
  sandbox.faults.add({ kind: 'error500', method, path: at });
  await expect(run('customers=1', '--yes')).rejects.toThrow(/kintone could not/);
  sandbox.faults.clear();
  const { exitCode } = await run('customers=1', '--yes');
  expect(exitCode).toBe(0);
  expect((await client.app.getApps({})).apps.map(({ name }) => name)).toEqual(['顧客', '通話履歴', 'フォローアップ']);
  expect(await misfits('customers=1,calls=2,followUps=3')).toEqual([]);
  expect((await run('customers=1', '--yes')).writes).toEqual([]);
});

/** An app of the admin's own: a key that is not unique yet, a choice too few, a field of another type, one that is required. */
const ownApp: AppDefinition = {
  ...CALLS_APP,
  fields: byCode([
    ...systemFields(),
    text('通話ID'),
    dropDown('方向', ['着信', '発信']),
    text('通話秒数'),
    number('顧客レコード番号'),
    text('部門', { required: true }),
  ]),
};

test('an app that is there is extended; a field of another type is named and left alone', async () => {
  await start(CUSTOMERS_APP, ownApp);
  const { lines, exitCode } = await run('customers=1,calls=2', '--yes');
  expect(exitCode).toBe(1);
  expect(lines).toEqual(
    expect.arrayContaining([
      '  + 通話ID の値の重複を禁止',
      '  + 方向 に選択肢を追加: 内線',
      expect.stringMatching(/^ {2}! 通話秒数 は文字列 \(1行\)として存在しますが、数値が必要です。変更しません。/),
      expect.stringMatching(/^ {2}! 部門 は必須ですが、マッピングが値を入れません。/),
    ]),
  );
  const { properties } = await client.app.getFormFields({ app: CALLS });
  expect(properties.通話ID).toMatchObject({ unique: true });
  expect(properties.方向).toMatchObject({ options: { 着信: { index: '0' }, 発信: { index: '1' }, 内線: { index: '2' } } });
  expect(properties.通話秒数).toMatchObject({ type: 'SINGLE_LINE_TEXT' });
  expect(properties.待ち秒数).toMatchObject({ type: 'NUMBER' });
  const { layout } = await client.app.getFormLayout({ app: CALLS });
  const first = layout.slice(0, 5).map((part) => ('fields' in part ? part.fields.length : 0));
  expect(first).toEqual([1, 1, 1, 1, 1]);
});

test('a key that repeats cannot be made unique: kintone’s refusal is told with what to do', async () => {
  await start(CUSTOMERS_APP, ownApp);
  const record = { 通話ID: { value: 'x' }, 部門: { value: 'y' } };
  await client.record.addRecords({ app: CALLS, records: [record, record] });
  await expect(run('customers=1,calls=2', '--yes')).rejects.toThrow(/did not publish app 2 \(FAIL\).*make them differ/);
});

test('somebody’s unpublished changes are not published along without being told to', async () => {
  await start(CUSTOMERS_APP, ownApp);
  await client.app.addFormFields({
    app: CALLS,
    properties: { 下書き: { type: 'SINGLE_LINE_TEXT', code: '下書き', label: '下書き' } },
  });
  const held = await run('customers=1,calls=2', '--yes');
  expect(held.exitCode).toBe(1);
  expect(held.lines.join('\n')).toContain('未反映の変更があり(下書き)');
  expect((await client.app.getFormFields({ app: CALLS })).properties).not.toHaveProperty('下書き');
  await run('customers=1,calls=2', '--yes', '--publish-all');
  expect((await client.app.getFormFields({ app: CALLS })).properties).toHaveProperty('下書き');
});

test('an app that an earlier run made and somebody deleted is made again', async () => {
  await start(CUSTOMERS_APP);
  madeAppsIn(folder, sandbox.url).remember('calls', '77');
  await run('customers=1', '--yes');
  expect((await client.app.getApp({ id: CALLS })).name).toBe('通話履歴');
});

test('whoever may not manage the app is told what the administrator must be able to do', async () => {
  await start(CUSTOMERS_APP);
  sandbox.faults.add({ kind: 'forbidden', path: 'preview/' });
  await expect(run('customers=1', '--yes')).rejects.toThrow(/kintone could not .*\nKINTONE_ADMIN_USERNAME は/);
});

test('an app of the same name is not made a second time unless it is wished', async () => {
  await start(CUSTOMERS_APP, { ...ownApp, name: '通話履歴' });
  const taken = await run('customers=1', '--yes');
  expect(taken.exitCode).toBe(1);
  expect((await client.app.getApps({})).apps.map(({ name }) => name)).toEqual(['顧客', '通話履歴', 'フォローアップ']);
  expect(taken.lines.join('\n')).toContain('「通話履歴」というアプリがすでにあります(2)');
  await run('customers=1', '--yes', '--new', 'calls');
  expect((await client.app.getApps({})).apps.map(({ appId }) => appId)).toEqual(['1', '2', '3', '4']);
});

test('a site that has calls already is given the app for follow-ups, and nothing else is changed', async () => {
  await start(CUSTOMERS_APP, CALLS_APP);
  await run('customers=1,calls=2', '--yes');
  expect(await misfits('customers=1,calls=2,followUps=3')).toEqual([]);
  const again = await run('customers=1,calls=2,followUps=3', '--yes');
  expect(again.writes).toEqual([]);
});
