import { Unauthorized } from '../../../connectors/connector.ts';
import { createDirectoryStore, type DirectoryStore } from '../../../src/callers/directory-store.ts';
import type { CallerConnector } from '../../../src/callers/directory-sync.ts';
import { directoryCommand } from '../../../src/cli/directory.ts';
import type { Language } from '../../../src/config/language-of.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { callerRecord, changePage, contacts } from '../../support/caller-records.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { fakeCallerConnector } from '../../support/fake-caller-connector.ts';

describe.each(databaseKinds)('the directory commands on $kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;
  let directory: DirectoryStore;
  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());
  beforeEach(async () => {
    store = await openFreshStore(databases);
    directory = createDirectoryStore(store.db, {}, () => 1000);
  });
  afterEach(() => store.close());

  const customers = fakeCallerConnector('salesforce', [contacts], {
    async *pages() {
      const good = callerRecord('003A', { Phone: '０３（１２３４）５６７８' });
      const bad = callerRecord('003B', { Phone: '=cmd()' }, { name: 'Ito, "Jiro"' });
      yield changePage([good, bad], { total: 2 });
    },
  });

  async function run(words: readonly string[], connectors: readonly CallerConnector[] = [customers], language: Language = 'en') {
    const lines: string[] = [];
    const progress: string[] = [];
    let exitCode = 0;
    const command = directoryCommand({
      open: async () => ({
        directory,
        connectors,
        numbers: {},
        language,
        recordUrl: ({ object, id }) => `https://crm.example/${object}/${id}`,
        close: async () => {},
      }),
      signal: new AbortController().signal,
      print: (line) => lines.push(line),
      progress: (line) => progress.push(line),
      setExitCode: (code) => {
        exitCode = code;
      },
      now: () => 1000,
    });
    await command.parseAsync([...words], { from: 'user' });
    return { lines, progress, exitCode };
  }

  test('sync reads the CRM with its progress, and find then knows the customer in any spelling', async () => {
    expect(await run(['sync'])).toEqual({
      lines: ['salesforce: 2 records and 0 deletions in 1 pages'],
      progress: ['salesforce Contact: 2 of 2 (100 %)'],
      exitCode: 0,
    });
    const { lines } = await run(['find', '+81 3-1234-5678']);
    expect(lines).toEqual([
      'salesforce Contact 003A  Name of 003A  (Phone ０３（１２３４）５６７８)  https://crm.example/Contact/003A',
    ]);
    const json = await run(['find', '03-1234-5678', '--json']);
    expect(JSON.parse(json.lines.join(''))).toMatchObject({
      number: '+81312345678',
      records: [{ connector: 'salesforce', id: '003A' }],
    });
  });

  test('find tells by its exit code that nobody is known, and refuses what is no number', async () => {
    expect(await run(['find', '090-1234-5678'])).toMatchObject({
      lines: ['nobody has 090-1234-5678 (+819012345678)'],
      exitCode: 1,
    });
    await expect(run(['find', '1001'])).rejects.toThrow('this is no telephone number (extension)');
  });

  test('unreadable lists the fields to mend, as CSV without formulas', async () => {
    await run(['sync']);
    expect((await run(['unreadable', '--csv'])).lines).toEqual([
      'connector,object,id,name,field,raw,why,url',
      `"salesforce","Contact","003B","Ito, ""Jiro""","Phone","'=cmd()","noDigits","https://crm.example/Contact/003B"`,
    ]);
    expect(JSON.parse((await run(['unreadable', '--json'])).lines.join(''))).toMatchObject({ id: '003B', raw: '=cmd()' });
    expect((await run(['unreadable', 'kintone'])).lines).toEqual(['every telephone field can be read']);
  });

  test('a CRM that refuses is named with its reason; the others are read all the same', async () => {
    const refusing = fakeCallerConnector('kintone', [contacts], {
      // biome-ignore lint/correctness/useYield: a CRM that refuses gives no page.
      async *pages() {
        throw new Unauthorized('the API token was refused');
      },
    });
    const { lines, exitCode } = await run(['sync'], [refusing, customers]);
    expect(lines).toEqual(['kintone: the API token was refused', 'salesforce: 2 records and 0 deletions in 1 pages']);
    expect(exitCode).toBe(1);
    await expect(run(['sync', 'nobody'])).rejects.toThrow('there is no connector "nobody"; configured: salesforce');
  });

  test('speaks Japanese to those who read it', async () => {
    const ja = (...words: string[]) => run(words, [customers], 'ja');
    expect(await ja('sync')).toEqual({
      lines: ['salesforce: 2 件を読み込み、0 件を削除しました(1 ページ)'],
      progress: ['salesforce Contact: 2 / 2 件 (100 %)'],
      exitCode: 0,
    });
    expect((await ja('find', '03-9999-9999')).lines).toEqual(['03-9999-9999 (+81399999999) のお客様は登録されていません']);
    await expect(ja('find', 'お客様')).rejects.toThrow('電話番号として読み取れません(数字がない)');
    await expect(ja('sync', 'sugar')).rejects.toThrow('接続先 "sugar" はありません。設定済み: salesforce');
    expect((await ja('unreadable')).lines.join('')).toContain('数字がない');
  });
});
