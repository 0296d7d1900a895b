import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { migrate } from '../../../src/store/migrate.ts';
import { openDatabase } from '../../../src/store/open-database.ts';
import { startSqlite, type TestSqlite } from '../../support/sqlite.ts';
import { createWriteBackRig } from '../../support/write-back-rig.ts';

describe('a process that is killed while it writes calls', () => {
  let sqlite: TestSqlite;
  beforeAll(async () => {
    sqlite = await startSqlite();
  });
  afterAll(() => sqlite.stop());

  /** The calls it said were safe, before it was killed in the middle of the next ones. */
  async function killAfter(calls: number, writer: ChildProcess): Promise<readonly string[]> {
    const safe: string[] = [];
    const exited = once(writer, 'exit');
    if (writer.stdout === null) throw new Error('the writer has no output');
    for await (const line of createInterface({ input: writer.stdout })) {
      safe.push(line);
      if (safe.length === calls) writer.kill('SIGKILL');
    }
    await exited;
    return safe;
  }

  test('has every call it called safe in the ledger, and each of them owed exactly once', async () => {
    const url = await sqlite.createDatabase();
    const store = openDatabase({ url });
    await migrate(store);
    const program = join(__dirname, '../../support/write-calls-process.ts');
    const safe: string[] = [];
    for (const calls of [1, 7, 40]) {
      const writer = spawn(process.execPath, ['--no-warnings', program, url], { stdio: ['ignore', 'pipe', 'inherit'] });
      safe.push(...(await killAfter(calls, writer)));
    }
    const rig = createWriteBackRig(store);
    rig.clock.now = Date.now() + 60_000;
    const { ended } = await rig.ledger.counts();
    await rig.drain();
    await store.close();
    expect(safe.length).toBeGreaterThanOrEqual(48);
    expect([...rig.crms.salesforce.records.keys()]).toEqual(expect.arrayContaining(safe));
    expect([rig.crms.salesforce.records.size, rig.crms.salesforce.requests.reduce((sum, size) => sum + size, 0)]).toEqual([
      ended,
      ended,
    ]);
  }, 60_000);
});
