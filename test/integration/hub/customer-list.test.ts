/** A company without a CRM: its customers come from a file, and its calls are kept in our own ledger alone. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDirectoryComparison } from '../../../src/callers/directory-comparison.ts';
import { createDirectoryStore } from '../../../src/callers/directory-store.ts';
import { directoryImportCommand } from '../../../src/cli/directory-import.ts';
import { openDatabase } from '../../../src/store/open-database.ts';
import { Operator, readinessOf, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(30_000);

let world: SandboxWorld;
let hub: RunningHub | null = null;

beforeEach(async () => {
  world = await startSandboxWorld();
});

afterEach(async () => {
  await hub?.stop();
  hub = null;
  await world.close();
});

/** As the command does it, beside the running hub. */
async function importFile(text: string): Promise<void> {
  const file = path.join(world.folder, 'customers.csv');
  writeFileSync(file, text);
  const command = directoryImportCommand({
    async open() {
      const store = openDatabase({ url: `sqlite:${path.join(world.folder, 'toritsugi.db')}` });
      return {
        directory: createDirectoryStore(store.db, { region: 'JP' }, Date.now),
        comparison: createDirectoryComparison(store.db, { connector: 'customers', object: 'customers' }),
        numbers: { region: 'JP' },
        language: 'ja',
        close: () => store.close(),
      };
    },
    signal: new AbortController().signal,
    confirm: null,
    newId: () => 'the only reading',
    print: () => undefined,
    progress: () => undefined,
  });
  await command.parseAsync([file, '--yes'], { from: 'user' });
}

async function startHub(leaveOut: RegExp): Promise<{ readonly url: string; readonly operator: Operator }> {
  const environment = Object.entries(world.environment).filter(([key]) => !leaveOut.test(key));
  hub = await startHubHere(Object.fromEntries(environment));
  await untilListening(hub.url);
  const operator = await Operator.signIn(hub.url, '1002');
  operator.watch();
  await until('the desk is watched', () => operator.isWatching);
  return { url: hub.url, operator };
}

test('without any CRM, a call of an imported customer pops with the card, and is owed to nobody', async () => {
  const { url, operator } = await startHub(/^(SALESFORCE|KINTONE)_/);
  expect(await readinessOf(url)).toMatchObject({ status: 'ready' });
  await importFile('顧客番号,氏名,会社名,電話番号\n7,渡辺 さくら,渡辺商店,080-7654-3210\n');

  const call = world.playCall('01-queue-answered', { from: '08076543210' });
  call.playback.finish();
  const pop = await until('the pop knows the customer', () => {
    const seen = operator.seen(call.callId());
    return seen?.match?.kind === 'known' && seen;
  });
  expect(pop.match).toMatchObject({
    chosen: {
      customers: { id: '7', name: '渡辺 さくら', url: '', card: [{ label: '会社名', value: '渡辺商店' }] },
    },
    unasked: [],
  });
  await until('the call carries the customer', async () => (await operator.call(call.callId())).matches.length === 1);
  expect((await operator.call(call.callId())).matches).toEqual([
    { connector: 'customers', object: 'customers', id: '7', name: '渡辺 さくら' },
  ]);
  expect((await operator.ledger()).summary).toMatchObject({ owed: 0, connectors: [] });
  operator.leave();
});

test('beside a CRM, the list comes after it, and the call log goes to the CRM alone', async () => {
  const { operator } = await startHub(/^SALESFORCE_/);
  await importFile('顧客番号,氏名,電話番号\n7,リストの山田,090-1234-5678\n');
  await until('kintone knows the number', async () => (await operator.match('+819012345678')).records.length === 2);
  const { kind, records, chosen } = await operator.match('+819012345678');
  expect(kind).toBe('known');
  expect(records.map(({ connector }) => connector)).toEqual(['kintone', 'customers']);
  expect(Object.keys(chosen)).toEqual(['kintone', 'customers']);

  const call = world.playCall('01-queue-answered', { from: '09012345678' });
  call.playback.finish();
  await until('kintone has the call', async () => {
    const row = await operator.ledgerRow(call.callId());
    return (
      row?.entries.length === 1 && row.entries.every(({ connector, state }) => connector === 'kintone' && state === 'logged')
    );
  });
  expect(world.callRecordsOf(call.callId())).toHaveLength(1);
  operator.leave();
});
