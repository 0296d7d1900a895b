/** Customer files as Excel and others write them, imported into a real directory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDirectoryComparison } from '../../../src/callers/directory-comparison.ts';
import { createDirectoryStore, type DirectoryStore } from '../../../src/callers/directory-store.ts';
import { directoryImportCommand } from '../../../src/cli/directory-import.ts';
import { separatorOf } from '../../../src/customer-list/read-rows.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';

/** 顧客番号,氏名,会社名,電話番号 / 1,髙橋 ①,ｱｶﾘ商事,03-1234-5678 in Shift_JIS, as Excel in Japan saves it. */
const shiftJis = Buffer.from(
  '8cda8b7194d48d862c8e8196bc2c89ef8ed096bc2c9364986294d48d860d0a' +
    '312ceee08bb42087402cb1b6d88fa48e962c30332d313233342d353637380d0a',
  'hex',
);

describe.each(databaseKinds)('on $kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;
  let directory: DirectoryStore;
  let folder: string;
  let asked: string[];

  beforeAll(async () => {
    databases = await start();
    folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-import-'));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await databases.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    store = await openFreshStore(databases);
    directory = createDirectoryStore(store.db, { region: 'JP' }, () => 1000);
    asked = [];
  });
  afterEach(() => store.close());

  let readings = 0;

  async function run(content: string | Buffer, words: readonly string[] = [], answer: boolean | null = null) {
    const file = path.join(folder, 'customers.csv');
    writeFileSync(file, content);
    const lines: string[] = [];
    const command = directoryImportCommand({
      open: async () => ({
        directory,
        comparison: createDirectoryComparison(store.db, { connector: 'customers', object: 'customers' }),
        numbers: { region: 'JP' },
        language: 'en',
        close: async () => undefined,
      }),
      signal: new AbortController().signal,
      confirm:
        answer === null
          ? null
          : async (question) => {
              asked.push(question);
              return answer;
            },
      newId: () => `reading-${++readings}`,
      print: (line) => lines.push(line),
      progress: () => undefined,
    });
    await command.parseAsync([file, ...words], { from: 'user' });
    return lines;
  }

  const found = async (number: string) => (await directory.find(number)).map(({ id, name, values }) => ({ id, name, values }));

  const three = '顧客番号,氏名,電話番号,会社名\n1,山田,03-1234-5678,A社\n2,佐藤,090-1111-2222,B社\n3,鈴木,なし,C社\n';

  test('a dry run shows columns and consequences, and changes nothing', async () => {
    expect(await run(three, ['--dry-run'])).toEqual([
      'UTF-8, separated by commas',
      '  --name   氏名',
      '  --phone  電話番号',
      '  --key    顧客番号',
      '  --card   会社名',
      'rows: 3; add 2, change 0, leave 0 as they are, keep 0 that the file does not name',
      'telephone numbers that cannot be read: 1',
      '  row 4, 電話番号: "なし" (no digits in it)',
      'rows without a usable number, left out because nobody can be recognised by them: 1',
      '  row 4: 鈴木',
      'Dry run: nothing was changed.',
    ]);
    expect(await found('+81312345678')).toEqual([]);
  });

  test('nothing changes without a yes: at a terminal it is asked for, elsewhere it takes --yes', async () => {
    expect((await run(three)).at(-1)).toBe('Nothing was changed: add --yes to import.');
    await run(three, [], false);
    expect(asked).toEqual(['Import this?']);
    expect(await found('+81312345678')).toEqual([]);
    expect((await run(three, [], true)).at(-1)).toBe('Imported.');
    expect(await found('+81312345678')).toEqual([{ id: '1', name: '山田', values: { 会社名: 'A社' } }]);
  });

  test('importing again replaces by key; who is missing is removed only by --replace', async () => {
    await run(three, ['--yes']);
    expect(await run(three, ['--yes'])).toContain(
      'rows: 3; add 0, change 0, leave 2 as they are, keep 0 that the file does not name',
    );
    const moved = '顧客番号,氏名,電話番号,会社名\n1,山田,03-9999-8888,A社\n';
    expect(await run(moved, ['--yes'])).toContain(
      'rows: 1; add 0, change 1, leave 0 as they are, keep 1 that the file does not name',
    );
    expect(await found('+81312345678')).toEqual([]);
    expect(await found('+81399998888')).toHaveLength(1);
    expect(await found('+819011112222')).toHaveLength(1);

    expect(await run(moved, ['--replace', '--yes'])).toContain('rows: 1; add 0, change 0, leave 1 as they are, remove 1');
    expect(await found('+819011112222')).toEqual([]);
    expect(await found('+81399998888')).toHaveLength(1);
  });

  test('another set of columns does not make the directory forget who is not in the file', async () => {
    await run(three, ['--yes']);
    await run('顧客番号,お名前,携帯\n9,伊藤,080-1234-5678\n', ['--yes']);
    expect(await found('+81312345678')).toHaveLength(1);
    expect(await found('+818012345678')).toHaveLength(1);
  });

  test.each<[string, string | Buffer, string]>([
    ['UTF-8 with a mark', '\ufeff氏名,電話\n山田,03-1234-5678\n', 'UTF-8, separated by commas'],
    ['UTF-16 with tabs', Buffer.from('\ufeff氏名\t電話\r\n山田\t03-1234-5678\r\n', 'utf16le'), 'UTF-16, separated by tabs'],
    ['semicolons', '氏名;電話\r\n山田;03-1234-5678\r\n', 'UTF-8, separated by semicolons'],
    ['Shift_JIS', shiftJis, 'Shift_JIS, separated by commas'],
  ])('%s is read', async (_, content, form) => {
    expect((await run(content, ['--yes']))[0]).toBe(form);
    expect(await found('+81312345678')).toHaveLength(1);
  });

  test('Shift_JIS keeps the characters that only Windows has, and half-width kana', async () => {
    await run(shiftJis, ['--yes']);
    expect(await found('+81312345678')).toEqual([{ id: '1', name: '髙橋 ①', values: { 会社名: 'ｱｶﾘ商事' } }]);
  });

  test('cells with line breaks, quotes and separators stay whole, and rows are counted as a spreadsheet does', async () => {
    const text = '氏名,電話,備考\n"山田, ""太郎""",03-1234-5678,"一行目\n二行目"\n\n佐藤,でんわ,\n佐藤,12,\n';
    const lines = await run(text, ['--yes']);
    expect((await found('+81312345678'))[0]).toMatchObject({ name: '山田, "太郎"', values: { 備考: '一行目\n二行目' } });
    expect(lines).toContain('  row 4, 電話: "でんわ" (no digits in it)');
  });

  test('zeros that Excel took are offered, and restored when it is wished', async () => {
    const text = '氏名,携帯\n山田,9012345678\n';
    const lines = await run(text, ['--yes']);
    expect(lines).toContain('  row 2, 携帯: 9012345678 → 090-1234-5678?');
    expect(await found('+819012345678')).toEqual([]);
    await run(text, ['--yes', '--restore-zeros']);
    expect(await found('+819012345678')).toHaveLength(1);
  });

  test('duplicates and shared numbers are told; of two rows of one customer the last counts', async () => {
    const text = '顧客番号,氏名,電話\n1,山田,03-1234-5678\n2,佐藤,03-1234-5678\n1,山田 花子,03-1234-5679\n';
    const lines = await run(text, ['--yes']);
    expect(lines).toContain('  row 4: 山田 花子 (first in row 2)');
    expect(lines).toContain('numbers of more than one customer; the operator is asked who it is: 1');
    expect(await found('+81312345679')).toEqual([{ id: '1', name: '山田 花子', values: {} }]);
    expect(await found('+81312345678')).toHaveLength(1);
  });

  test('files that cannot be imported say what to do', async () => {
    await expect(run('')).rejects.toThrow(/The file is empty/);
    await expect(run(Buffer.from('PK\u0003\u0004rest', 'latin1'))).rejects.toThrow(/Save As → "CSV UTF-8/);
    await expect(run(Buffer.from([0x41, 0x81, 0x20, 0xff, 0xfd]))).rejects.toThrow(/neither UTF-8 nor Shift_JIS/);
    await expect(run('氏名,電話\n"山田,03')).rejects.toThrow(/quotation mark that is not closed/);
    await expect(run('A,B\n1,2\n')).rejects.toThrow(
      'No column looks like a name. Say which it is with --name. The file has: A, B',
    );
  });

  test('--json prints one object', async () => {
    const [line = ''] = await run(three, ['--json', '--yes']);
    expect(JSON.parse(line)).toMatchObject({ rows: 3, added: 2, imported: true, withoutNumber: { count: 1 } });
  });
});

test.each([
  ['"a,b;c",d', ','],
  ['a;b,c;d', ';'],
  ['a\tb\tc,d', '\t'],
  ['alone', ','],
])('%j is separated by %j', (text, separator) => {
  expect(separatorOf(text)).toBe(separator);
});
