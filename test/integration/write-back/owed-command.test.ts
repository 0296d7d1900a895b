import type { CallId } from '../../../src/calls/call.ts';
import { OwedCommandFailed, owedCommand } from '../../../src/cli/owed.ts';
import type { Language } from '../../../src/config/language-of.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { callRecord } from '../../support/call-records.ts';
import { openFreshStore } from '../../support/databases.ts';
import { rejected } from '../../support/remembering-crm.ts';
import { startSqlite, type TestSqlite } from '../../support/sqlite.ts';
import { createWriteBackRig, type WriteBackRig } from '../../support/write-back-rig.ts';

describe('the command `owed`', () => {
  let sqlite: TestSqlite;
  let store: Store;
  let rig: WriteBackRig;
  let printed: string[];
  let language: Language;
  beforeAll(async () => {
    sqlite = await startSqlite();
  });
  beforeEach(async () => {
    store = await openFreshStore(sqlite);
    rig = createWriteBackRig(store);
    printed = [];
    language = 'en';
    rig.crms.salesforce.refuse = (write) => (write.key?.value === 'main-1.1' ? rejected('件名が長すぎます') : undefined);
    await rig.end(callRecord({ id: 'main-1.1' }), callRecord({ id: 'main-1.2' }));
    await rig.drain();
  });
  afterEach(() => store.close());
  afterAll(() => sqlite.stop());

  async function owed(...words: string[]): Promise<void> {
    const command = owedCommand(
      async () => ({ admin: rig.admin, by: 'yamada', language, close: async () => {} }),
      (line) => printed.push(line),
    );
    for (const each of [command, ...command.commands]) each.exitOverride().configureOutput({ writeErr: () => {} });
    await command.parseAsync(words, { from: 'user' });
  }

  async function idOf(callId: string): Promise<string> {
    return (await rig.owedOf(callId as CallId))?.id ?? 'nothing is owed';
  }

  test('lists what the CRMs do not have, with the CRM’s own words', async () => {
    await owed('list');
    expect(printed).toHaveLength(3);
    expect(printed.find((line) => line.includes('refused'))).toMatch(
      /salesforce.*main-1\.1.*件名が長すぎます \[Subject: STRING_TOO_LONG\]/,
    );
  });

  test('speaks Japanese to those who read it', async () => {
    language = 'ja';
    await owed('list', '--status', 'refused');
    expect(printed.join('\n')).toMatch(/main-1\.1 {2}拒否・要対応 {2}試行 1 回 {2}.*件名が長すぎます/);
    await expect(owed('retry', 'nobody')).rejects.toThrow('待機中・拒否の記録に nobody はありません。');
    await owed('retry', '--all');
    expect(printed.at(-1)).toMatch(/^\d 件を、稼働中のハブがもう一度書き込みます。$/);
  });

  test('lists one CRM, one status, as JSON', async () => {
    await owed('list', '--connector', 'salesforce', '--status', 'refused', '--json');
    expect(printed.map((line) => JSON.parse(line))).toMatchObject([
      { connector: 'salesforce', callId: 'main-1.1', status: 'refused', attempts: 1, problem: { code: 'rejected' } },
    ]);
  });

  test('says when nothing is owed, and when there is more than it shows', async () => {
    await owed('list', '--limit', '1');
    expect(printed.at(-1)).toMatch(/2 more/);
    await rig.drain('kintone');
    rig.crms.salesforce.refuse = () => undefined;
    await owed('retry', '--all');
    await rig.drain();
    await owed('list');
    expect(printed.slice(-2)).toEqual([
      '1 record is tried again by the running hub.',
      'Nothing is owed: every CRM has what it should have.',
    ]);
  });

  test('tries one record again', async () => {
    await owed('retry', await idOf('main-1.1'));
    expect((await rig.owedOf('main-1.1'))?.status).toBe('owed');
  });

  test('discards a record with its reason and the person', async () => {
    await owed('discard', await idOf('main-1.1'), '--reason', 'a test call');
    expect((await rig.owedOf('main-1.1'))?.problem).toMatchObject({ message: 'a test call', by: 'yamada' });
  });

  test.each([
    ['an id that is not there', ['retry', 'nothing']],
    ['neither an id nor --all', ['retry']],
    ['both an id and --all', ['retry', 'x', '--all']],
    ['to discard what is not there', ['discard', 'nothing', '--reason', 'x']],
    ['an empty reason', ['discard', 'nothing', '--reason', ' ']],
  ])('refuses %s and changes nothing', async (_, words) => {
    await expect(owed(...words)).rejects.toThrow(OwedCommandFailed);
  });

  test.each([
    ['a limit that is no number', ['list', '--limit', 'many']],
    ['a status that does not exist', ['list', '--status', 'lost']],
    ['a discard without a reason', ['discard', 'x']],
  ])('refuses %s', async (_, words) => {
    await expect(owed(...words)).rejects.toThrow();
  });
});
