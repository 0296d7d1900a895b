import { BlockedCommandFailed, blockedCommand } from '../../../src/cli/blocked.ts';
import type { Language } from '../../../src/config/language-of.ts';
import { type BlockedNumbers, createBlockedNumbers } from '../../../src/routing/blocked-store.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { openFreshStore } from '../../support/databases.ts';
import { startSqlite, type TestSqlite } from '../../support/sqlite.ts';

describe('the command `blocked`', () => {
  const now = () => Date.parse('2026-11-25T00:00:00Z');
  let sqlite: TestSqlite;
  let store: Store;
  let blocked: BlockedNumbers;
  let printed: string[];
  let language: Language;
  beforeAll(async () => {
    sqlite = await startSqlite();
  });
  beforeEach(async () => {
    store = await openFreshStore(sqlite);
    blocked = createBlockedNumbers(store.db, now);
    printed = [];
    language = 'en';
  });
  afterEach(() => store.close());
  afterAll(() => sqlite.stop());

  async function run(...words: string[]): Promise<void> {
    const command = blockedCommand(
      async () => ({ blocked, numbers: { region: 'JP' }, by: 'yamada', now, language, close: async () => {} }),
      (line) => printed.push(line),
    );
    for (const each of [command, ...command.commands]) each.exitOverride().configureOutput({ writeErr: () => {} });
    await command.parseAsync(words, { from: 'user' });
  }

  test('blocks a number in any spelling, lists it and lets it through again', async () => {
    await run('list');
    expect(printed).toEqual(['No number is blocked.']);
    await run('add', '090-1234-5678', '--reason', '迷惑電話');
    await run('add', '0120*', '--reason', 'sales', '--days', '30');
    printed.length = 0;
    await run('list');
    expect(printed).toEqual([
      '+81120*  until 2026-12-25T00:00:00.000Z  by yamada on 2026-11-25  sales',
      '+819012345678  until it is removed  by yamada on 2026-11-25  迷惑電話',
    ]);
    await run('remove', '０９０ １２３４ ５６７８');
    expect(printed.at(-1)).toBe('+819012345678 is put through again.');
    expect(await blocked.find('+819012345678')).toBeNull();
  });

  test('speaks Japanese to those who read it', async () => {
    language = 'ja';
    await run('add', '090-1234-5678', '--reason', '迷惑電話');
    expect(printed).toEqual(['+819012345678  解除するまで  登録: yamada 2026-11-25  迷惑電話']);
    await run('remove', '090-1234-5678');
    expect(printed.at(-1)).toBe('+819012345678 の着信拒否を解除しました。');
    await expect(run('remove', '090-1234-5678')).rejects.toThrow('着信拒否になっていません');
  });

  test('prints JSON, one object a line', async () => {
    await run('add', '03-1234-5678', '--reason', 'a\nb');
    printed.length = 0;
    await run('list', '--json');
    expect(printed.map((line) => JSON.parse(line))).toEqual([
      { pattern: '+81312345678', reason: 'a\nb', by: 'yamada', at: '2026-11-25T00:00:00.000Z', until: null },
    ]);
  });

  test.each([
    ['remove', '090-1234-5678'],
    ['add', '090-1234-5678', '--reason', ' '],
    ['add', '090-1234-5678', '--reason', 'x'.repeat(201)],
  ])('%s %s %s changes nothing and says why', async (...words) => {
    await expect(run(...words)).rejects.toThrow(BlockedCommandFailed);
  });

  test.each([
    [['add', '1001', '--reason', 'x'], /inside extension/],
    [['add', '090-1234-5678'], /--reason/],
    [['add', '090-1234-5678', '--reason', 'x', '--days', '0'], /1 to 3650/],
  ])('%j is refused', async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
    expect(await blocked.list({ limit: 1, after: null })).toMatchObject({ entries: [] });
  });
});
