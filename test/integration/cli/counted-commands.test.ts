/** Commands beside a running hub: each of their requests is in the hub's count, and none takes what is kept for ringing phones. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { openDatabase, type Store } from '../../../src/store/open-database.ts';
import { databaseKinds, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { Operator, untilKnown, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';

jest.setTimeout(90_000);

interface Said {
  readonly output: string;
  readonly beside: string;
  readonly exitCode: number | null;
}

const program = path.resolve('src/cli/toritsugi.ts');
let world: SandboxWorld;

/** In a folder without `.env`. */
async function command(environment: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Said> {
  const folder = path.join(world.folder, 'elsewhere');
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, ['--no-warnings', program, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', TZ: 'UTC', LANGUAGE: 'en', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, beside] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (beside += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { output, beside, exitCode };
}

beforeEach(async () => {
  world = await startSandboxWorld();
});
afterEach(() => world.close());

describe.each(databaseKinds)('beside a hub on $kind', ({ start }) => {
  let databases: TestDatabases;
  let environment: Readonly<Record<string, string>>;
  let hub: RunningHub;
  let operator: Operator;
  let store: Store;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());

  async function startHub(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const url = await databases.createDatabase();
    environment = { ...world.environment, DATABASE_URL: url, ...settings };
    hub = await startHubHere(environment);
    await untilListening(hub.url);
    operator = await Operator.signIn(hub.url, '1002');
    await untilKnown(operator, '09012345678');
    store = openDatabase({ url });
  }

  afterEach(async () => {
    await hub.stop();
    await store.close();
  });

  /** Of all processes, as far as they have told each other. */
  async function counted(connector: string): Promise<number> {
    const rows = await store.db.selectFrom('quota_spent').select('spent').where('connector', '=', connector).execute();
    return rows.reduce((sum, { spent }) => sum + spent, 0);
  }

  test('every request of every command is counted with the hub’s', async () => {
    await startHub();
    const admin = { KINTONE_ADMIN_USERNAME: world.kintone.username, KINTONE_ADMIN_PASSWORD: world.kintone.password };
    const asked: number[] = [];
    for (const words of [
      ['directory', 'sync', 'kintone'],
      ['mappings', 'check', path.resolve('mappings/kintone.yaml')],
      ['doctor'],
      ['setup', 'kintone', '--dry-run'],
    ]) {
      const before = world.kintone.requests.count();
      const { beside } = await command({ ...environment, ...admin }, ...words);
      expect(beside).not.toMatch(/missing from the hub/);
      asked.push(world.kintone.requests.count() - before);
    }
    expect(Math.min(...asked)).toBeGreaterThan(0);
    const processes = await store.db.selectFrom('quota_processes').selectAll().execute();
    expect(processes).toHaveLength(1);
    // The hub tells the rest when it stops.
    await hub.stop();
    expect(await counted('kintone')).toBe(world.kintone.requests.count());
  });

  test('when the day runs short a sync sends nothing, and phones are still answered with names', async () => {
    await startHub({ KINTONE_DAILY_REQUESTS: '30' });
    let strangers = 0;
    while ((await counted('kintone')) < 40) {
      strangers += 1;
      await operator.match(`0801000${String(strangers).padStart(4, '0')}`);
      if (strangers > 100) throw new Error('the day never runs short');
    }
    const before = world.kintone.requests.count();
    const { output, exitCode } = await command({ ...environment, KINTONE_DAILY_REQUESTS: '30' }, 'directory', 'sync', 'kintone');
    expect([exitCode, world.kintone.requests.count() - before]).toEqual([1, 0]);
    expect(output).toMatch(/requests of the day are used, the rest is kept for what is more urgent/);
    await operator.match('08020000000');
    expect(world.kintone.requests.count()).toBeGreaterThan(before);
  });
});

describe('without a database', () => {
  const check = (settings: Readonly<Record<string, string>>) =>
    command(
      { ...world.environment, ...settings },
      'mappings',
      'check',
      ...['kintone', 'salesforce'].map((name) => path.resolve(`mappings/${name}.yaml`)),
    );

  test('where no hub ever ran nothing is counted, nothing made and nothing said', async () => {
    const { exitCode, beside, output } = await check({});
    expect([exitCode, beside]).toEqual([0, '']);
    expect(output).toMatch(/kintone\.yaml: no problem/);
    expect(existsSync(path.join(world.folder, 'toritsugi.db'))).toBe(false);
  });

  test('where no CRM is set up none is asked, and the database neither', async () => {
    let asked = 0;
    const database = createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => database.listen(0, '127.0.0.1', resolve));
    const { port } = database.address() as AddressInfo;
    const { MAPPINGS_DIR = '' } = world.environment;
    const settings = { MAPPINGS_DIR, DATABASE_URL: `postgres://hub:secret@127.0.0.1:${port}/hub` };
    const { exitCode, beside } = await command(settings, 'mappings', 'check', path.resolve('mappings/kintone.yaml'));
    database.close();
    expect([exitCode, beside, asked]).toEqual([0, '', 0]);
  });

  test('a database that cannot be reached is told where the CRM tells its own count to nobody', async () => {
    const { exitCode, beside } = await check({ DATABASE_URL: 'postgres://hub:secret@127.0.0.1:1/hub' });
    expect(exitCode).toBe(0);
    expect(beside).toMatch(/^\d+ request\(s\) to kintone are missing from the hub’s count of the day/);
    expect(beside).not.toMatch(/salesforce|secret/);
  });
});
