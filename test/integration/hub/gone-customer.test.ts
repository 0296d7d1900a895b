/** A customer who leaves the CRM while he is on the phone: his call is logged all the same, under whoever has his number then. */
import { findObject } from '../../../infra/sandbox/salesforce/schema.ts';
import { Operator, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(30_000);

let world: SandboxWorld;
let hub: RunningHub;
let operator: Operator;

beforeEach(async () => {
  world = await startSandboxWorld();
  hub = await startHubHere(world.environment);
  await untilListening(hub.url);
  operator = await Operator.signIn(hub.url, '1002');
});
afterEach(async () => {
  await hub.stop();
  await world.close();
});

test.each([
  ['converted into a contact', true],
  ['deleted', false],
])('a lead who is %s before the call ends: one log, and no refusal', async (_, isConverted) => {
  const { store, userId } = world.salesforce;
  const [leads, contacts] = [findObject('Lead'), findObject('Contact')];
  if (leads === undefined || contacts === undefined) throw new Error('the org has no Lead or no Contact');
  const lead = [...store.all(leads)].find(({ LastName }) => LastName === '藤田');
  const call = world.playCall('01-queue-answered', { from: '0334567890' });
  call.playback.advanceTo({ Event: 'BridgeEnter' });
  await until('the lead is known', async () => {
    const { matches } = await operator.call(call.callId());
    return matches.some(({ id }) => id === lead?.Id);
  });
  let contact: string | null = null;
  if (isConverted) {
    contact = String(store.insert(contacts, { LastName: '藤田', FirstName: '学', Phone: '03 3456 7890' }, userId).Id);
    store.update(leads, String(lead?.Id), { IsConverted: true }, userId);
  } else store.remove(leads, String(lead?.Id), userId);
  call.playback.finish();
  const logged = await until('the call is logged', async () => {
    const row = await operator.ledgerRow(call.callId());
    return row?.entries.some(({ connector, state }) => connector === 'salesforce' && state === 'logged') && row;
  });
  expect(logged.entries.map(({ state }) => state)).not.toContain('refused');
  expect(world.tasksOf(call.callId()).map(({ WhoId }) => WhoId ?? null)).toEqual([contact]);
});
