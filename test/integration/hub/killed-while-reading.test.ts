/** The hub is a process of its own and dies without a word (SIGKILL) again and again while it reads a CRM's customers for the first time. */
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { openDatabase } from '../../../src/store/open-database.ts';
import { databaseKinds, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { directoryContents } from '../../support/directory-contents.ts';
import { Operator } from '../../support/operator.ts';
import { type HubProcess, startHubProcess } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(90_000);

interface Source {
  readonly object: string;
  readonly reading: { readonly read: number; readonly total: number | null } | null;
  readonly completeAt: string | null;
}

const customers = 4_100;
const pages = Math.ceil((customers + 1) / 500);
const kills = 3;

describe.each(databaseKinds)('a hub on $kind', ({ start }) => {
  let databases: TestDatabases;
  let world: SandboxWorld;
  let kintone: SandboxKintone;
  let hub: HubProcess | null = null;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());
  beforeEach(async () => {
    world = await startSandboxWorld();
    // So slow that a page is kept before the next one comes.
    kintone = await startSandboxKintone({ port: 0, records: [], customers, latencyMs: 200 });
  });
  afterEach(async () => {
    await hub?.kill();
    await Promise.all([kintone.close(), world.close()]);
  });

  const pagesAsked = () =>
    kintone.requests.entries().filter(({ path, args }) => path === 'records.json' && String(args.app) === '1').length;

  test('that is killed while it reads everybody goes on behind the last page it kept, and has everybody once', async () => {
    const url = await databases.createDatabase();
    const others = Object.fromEntries(Object.entries(world.environment).filter(([key]) => !key.startsWith('SALESFORCE_')));
    const settings = {
      ...others,
      KINTONE_BASE_URL: kintone.url,
      KINTONE_API_TOKENS: kintone.apiTokens.join(','),
      DATABASE_URL: url,
    };
    const random = seededRandom(3);
    let read = 0;
    for (let life = 0; life <= kills; life += 1) {
      hub = await startHubProcess(settings);
      const operator = await Operator.signIn(hub.url, '1002');
      const place = async () => {
        const { sources } = await operator.ask<{ sources: readonly Source[] }>('GET', '/directory');
        return sources.find(({ object }) => object === 'customers') ?? null;
      };
      if (life === kills) {
        await until('everybody is read', async () => (await place())?.completeAt);
        break;
      }
      const goal = read + 1 + Math.floor(random() * 900);
      const found = await until('some more are read', async () => {
        const at = (await place())?.reading?.read ?? 0;
        return at >= goal ? at : null;
      });
      expect(found).toBeLessThan(customers);
      expect(found).toBeGreaterThan(read);
      read = found;
      await hub.kill();
    }
    await hub?.kill();
    // What was on its way when it died is asked for again: the page that was to be kept, and the one behind it.
    expect(pagesAsked()).toBeLessThanOrEqual(pages + 2 * kills);
    const store = openDatabase({ url });
    const { records, numbers } = await directoryContents(store);
    await store.close();
    expect(records.map(({ record_id }) => Number(record_id)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: customers }, (_, at) => at + 1),
    );
    expect(numbers.filter(({ record_id }) => record_id === null)).toEqual([]);
  });
});
