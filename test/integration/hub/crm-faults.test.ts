/** Each CRM fails in every way it can while calls come in: the operator works on, nothing is lost, nothing is written twice. */
import { Operator, untilKnown, untilListening } from '../../support/operator.ts';
import { type Relay, type RunningRelay, startRelay } from '../../support/relay.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(30_000);

type Crm = 'salesforce' | 'kintone';

interface Accident {
  readonly name: string;
  readonly begin: (world: SandboxWorld, relay: Relay) => Promise<void> | void;
  /** Why the ledger says the call is not logged yet. */
  readonly reason: string;
  readonly state: 'waiting' | 'needsPerson' | 'refused';
  /** False where looking a caller up still works. */
  readonly isBlind: boolean;
}

const blind = { state: 'waiting', isBlind: true } as const;
const writesOnly = { state: 'waiting', isBlind: false } as const;

type SalesforceFault = Parameters<SandboxWorld['salesforce']['addFault']>[0];
type KintoneFault = Parameters<SandboxWorld['kintone']['faults']['add']>[0];
const salesforce = (fault: SalesforceFault) => (world: SandboxWorld) => world.salesforce.addFault(fault);
const kintone = (fault: KintoneFault) => (world: SandboxWorld) => world.kintone.faults.add(fault);

const network: readonly Accident[] = [
  { name: 'is down', begin: (_, relay) => relay.goDown(), reason: 'unreachable', ...blind },
  { name: 'is slow', begin: (_, relay) => relay.slowDown(700), reason: 'queued', ...writesOnly },
];

const accidents: Readonly<Record<Crm, readonly Accident[]>> = {
  salesforce: [
    ...network,
    { name: 'answers 500', begin: salesforce({ kind: 'serverError' }), reason: 'unreachable', ...blind },
    { name: 'answers 503 with a page', begin: salesforce({ kind: 'htmlUnavailable' }), reason: 'unreachable', ...blind },
    { name: 'answers half a JSON', begin: salesforce({ kind: 'notJson' }), reason: 'unreachable', ...blind },
    { name: 'breaks off its answers', begin: salesforce({ kind: 'cutMidBody' }), reason: 'unreachable', ...blind },
    {
      name: 'answers 401',
      begin: salesforce({ kind: 'unauthorized' }),
      reason: 'unauthorized',
      state: 'needsPerson',
      isBlind: true,
    },
    {
      name: 'answers 403',
      begin: salesforce({ kind: 'forbidden' }),
      reason: 'unauthorized',
      state: 'needsPerson',
      isBlind: true,
    },
    { name: 'answers 429', begin: salesforce({ kind: 'tooManyRequests' }), reason: 'rateLimited', ...blind },
    { name: 'has no calls left for today', begin: salesforce({ kind: 'dailyLimit' }), reason: 'rateLimited', ...blind },
    { name: 'never answers', begin: salesforce({ kind: 'stall' }), reason: 'queued', ...blind },
    {
      name: 'writes, and its answer is lost',
      begin: salesforce({ kind: 'commitThenCut', on: 'PATCH ' }),
      reason: 'unreachable',
      ...writesOnly,
    },
    {
      name: 'refuses a field',
      begin: salesforce({ kind: 'refuseField', field: 'Subject' }),
      ...{ reason: 'rejected', state: 'refused', isBlind: false },
    },
  ],
  kintone: [
    ...network,
    { name: 'answers 500', begin: kintone({ kind: 'error500' }), reason: 'unreachable', ...blind },
    { name: 'answers 520', begin: kintone({ kind: 'error520' }), reason: 'unreachable', ...blind },
    { name: 'is under maintenance (503)', begin: kintone({ kind: 'maintenance503' }), reason: 'unreachable', ...blind },
    { name: 'answers with a page', begin: kintone({ kind: 'notJson' }), reason: 'unreachable', ...blind },
    {
      name: 'answers 401',
      begin: kintone({ kind: 'unauthorized' }),
      reason: 'unauthorized',
      state: 'needsPerson',
      isBlind: true,
    },
    { name: 'answers 403', begin: kintone({ kind: 'forbidden' }), reason: 'unauthorized', state: 'needsPerson', isBlind: true },
    { name: 'answers 429', begin: kintone({ kind: 'tooManyRequests' }), reason: 'rateLimited', ...blind },
    { name: 'never answers', begin: kintone({ kind: 'stall' }), reason: 'queued', ...blind },
    {
      name: 'writes, and its answer is lost',
      begin: kintone({ kind: 'commitThenCut', method: 'PUT' }),
      reason: 'unreachable',
      ...writesOnly,
    },
    {
      name: 'refuses a field',
      begin: kintone({ kind: 'refuseField', field: '件名' }),
      ...{ reason: 'rejected', state: 'refused', isBlind: false },
    },
  ],
};

describe.each<[Crm, Crm]>([
  ['salesforce', 'kintone'],
  ['kintone', 'salesforce'],
])('when %s', (failing, healthy) => {
  let world: SandboxWorld;
  let relay: RunningRelay;
  let hub: RunningHub;
  let operator: Operator;
  /** What the hub's clock is ahead of the machine's: waiting without waiting. */
  let aheadMs = 0;
  let calls = 0;

  beforeAll(async () => {
    world = await startSandboxWorld();
    relay = await startRelay(Number(new URL(world[failing].url).port));
    const settings = { salesforce: 'SALESFORCE_LOGIN_URL', kintone: 'KINTONE_BASE_URL' };
    const address = `http://localhost:${relay.port}`;
    hub = await startHubHere({ ...world.environment, [settings[failing]]: address }, { now: () => Date.now() + aheadMs });
    await untilListening(hub.url);
    operator = await Operator.signIn(hub.url, '1002');
    await untilKnown(operator, '09012345678');
    operator.watch();
  });

  afterEach(async () => {
    world.salesforce.clearFaults();
    world.kintone.faults.clear();
  });

  afterAll(async () => {
    operator.leave();
    await hub.stop();
    await relay.close();
    await world.close();
  });

  function ring(from: string) {
    const call = world.playCall('01-queue-answered', { from });
    for (let phone = 0; phone < 4; phone += 1) call.playback.advanceTo({ Event: 'DialState', DialStatus: 'RINGING' });
    return call;
  }

  function stranger(): string {
    calls += 1;
    return `0801000${String(calls).padStart(4, '0')}`;
  }

  const entryOf = async (callId: string, crm: Crm) =>
    (await operator.ledgerRow(callId))?.entries.find(({ connector }) => connector === crm) ?? null;

  function inCrm(callId: string, crm: Crm) {
    return crm === 'salesforce' ? world.tasksOf(callId) : world.callRecordsOf(callId);
  }

  async function heal(): Promise<void> {
    world.salesforce.clearFaults();
    world.kintone.faults.clear();
    relay.slowDown(0);
    await relay.goDown();
    await relay.comeBack();
    aheadMs += 20 * 60_000;
  }

  test.each(accidents[failing].map((accident) => [accident.name, accident] as const))(
    'it %s, the operator works on and every call is logged once when that is over',
    async (_, accident) => {
      await accident.begin(world, relay);

      const known = ring('09012345678');
      await until('the pop shows who it is', () => {
        const pop = operator.seen(known.callId());
        return pop?.stage === 'ringing' && Object.values(pop.match?.chosen ?? {})[0]?.name === '山田 太郎';
      });
      const unknown = ring(stranger());
      await until('a stranger rings as well', () => operator.seen(unknown.callId())?.stage === 'ringing');
      if (accident.isBlind) {
        await until('the pop says who could not be asked', () =>
          operator.seen(unknown.callId())?.match?.unasked.includes(failing),
        );
      }
      const ids = [known, unknown].map((call) => call.callId());
      for (const { playback } of [known, unknown]) playback.finish();

      await until('the ledger says why', async () => {
        const entries = await Promise.all(ids.map((id) => entryOf(id, failing)));
        return entries.every((entry) => entry?.state === accident.state && entry.reason?.code === accident.reason);
      });
      await until(`${healthy} has the calls`, async () => {
        const entries = await Promise.all(ids.map((id) => entryOf(id, healthy)));
        return entries.every((entry) => entry?.state === 'logged');
      });
      for (const id of ids) expect(await operator.call(id)).toMatchObject({ result: 'answered', answeredBy: '1002' });

      await heal();
      // A refusal waits for a person; everything else goes on by itself with the next call.
      if (accident.state === 'refused') await Promise.all(ids.map((id) => operator.ask('POST', `/owed/${id}/${failing}/retry`)));
      const next = ring(stranger());
      next.playback.finish();
      ids.push(next.callId());
      await until('every call is logged', async () => {
        const rows = await Promise.all(ids.map((id) => operator.ledgerRow(id)));
        return rows.every((row) => row?.entries.every(({ state }) => state === 'logged'));
      });
      for (const id of ids) expect([inCrm(id, failing).length, inCrm(id, healthy).length]).toEqual([1, 1]);
      expect((await operator.ledger()).summary.owed).toBe(0);
    },
  );
});
