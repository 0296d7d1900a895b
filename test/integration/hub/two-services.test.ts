/** A hub between two described services, each with a name, settings, a budget and holds of its own. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkedValues } from '../../../infra/sandbox/customers/checked-values.ts';
import { type SandboxCustomers, startSandboxCustomers } from '../../../infra/sandbox/customers/sandbox-customers.ts';
import type { ConnectorName } from '../../../src/desk/desk-ports.ts';
import { Operator, readinessOf, untilKnown, untilListening } from '../../support/operator.ts';
import { type RunningHub, startHubHere } from '../../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../../support/sandbox-world.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

interface Quotas {
  readonly quotas: readonly {
    readonly connector: string;
    readonly budgets: readonly { readonly used: number; readonly limit: number | null; readonly dayEndsAt: string | null }[];
    readonly hold: { readonly kind: string } | null;
  }[];
}

const services = ['http', 'orders'] as const;
type Service = (typeof services)[number];

let world: SandboxWorld;
let crms: Readonly<Record<Service, SandboxCustomers>>;
let hub: RunningHub;
let operator: Operator;

beforeEach(async () => {
  world = await startSandboxWorld();
  crms = { http: await startSandboxCustomers({ port: 0 }), orders: await startSandboxCustomers({ port: 0 }) };
  const folder = path.join(world.folder, 'mappings');
  mkdirSync(folder);
  cpSync('mappings/outcomes.yaml', path.join(folder, 'outcomes.yaml'));
  cpSync('mappings/http.yaml', path.join(folder, 'http.yaml'));
  // The same kind of service signs in another way, and tells its limits.
  const orders = readFileSync('mappings/http.yaml', 'utf8')
    .replace('connector: http', 'connector: orders')
    .replace('name: 顧客台帳', 'name: 受注システム')
    .replace('oauth2: { tokenUrl: /oauth/token }', 'header: { name: X-Api-Key }')
    .replace('perSecond: 50 }', 'perSecond: 50, perDay: 5000, dayBegins: "09:00+09:00" }');
  writeFileSync(path.join(folder, 'orders.yaml'), orders);
  const others = /^(?:SALESFORCE|KINTONE)_/u;
  const environment = Object.fromEntries(Object.entries(world.environment).filter(([key]) => !others.test(key)));
  hub = await startHubHere({
    ...environment,
    MAPPINGS_DIR: folder,
    HTTP_SERVICE_FILE: path.join(folder, 'http.yaml'),
    HTTP_BASE_URL: `${crms.http.url}/api/v1`,
    HTTP_CLIENT_ID: crms.http.clientId,
    HTTP_CLIENT_SECRET: crms.http.clientSecret,
    HTTP_ALLOW_PRIVATE: 'on',
    HTTP_SERVICES: 'orders',
    ORDERS_HTTP_SERVICE_FILE: path.join(folder, 'orders.yaml'),
    ORDERS_HTTP_BASE_URL: `${crms.orders.url}/api/v1`,
    ORDERS_HTTP_API_KEY: crms.orders.apiKey,
    ORDERS_HTTP_ALLOW_PRIVATE: 'on',
  });
  await untilListening(hub.url);
  operator = await Operator.signIn(hub.url, '1002');
  await untilKnown(operator, '09012345678');
});

afterEach(async () => {
  await hub.stop();
  await Promise.all([crms.http.close(), crms.orders.close(), world.close()]);
});

function ring(from: string) {
  const call = world.playCall('01-queue-answered', { from });
  for (let phone = 0; phone < 4; phone += 1) call.playback.advanceTo({ Event: 'DialState', DialStatus: 'RINGING' });
  return { id: call.callId(), playback: call.playback };
}

const recordsOfPop = async (callId: string) => {
  const match = (await operator.pop(callId))?.match;
  return match?.kind === 'known' ? match.records.map(({ connector, name }) => `${connector} ${name}`) : [];
};
const logsOf = (service: Service, callId: string) =>
  crms[service]
    .store('calls')
    .all()
    .filter(({ values }) => values.reference === callId);
const stateOf = async (service: Service, callId: string) =>
  (await operator.ledgerRow(callId))?.entries.find(({ connector }) => connector === service)?.state;

test('a caller known to both pops with both, and the call is logged once in each', async () => {
  const { id, playback } = ring('09012345678');
  await until('the pop shows both records', async () => (await recordsOfPop(id)).length === 2);
  expect(await recordsOfPop(id)).toEqual(['http 山田 太郎', 'orders 山田 太郎']);
  playback.finish();
  await operator.chooseOutcome(id, 'recall', '来週もう一度');
  for (const service of services) {
    await until(`${service} has the outcome`, () => logsOf(service, id)[0]?.values.notes === '来週もう一度');
    expect(logsOf(service, id)).toHaveLength(1);
    expect(logsOf(service, id)[0]?.values).toMatchObject({ customer_id: 1, outcome: '再コール' });
  }
});

test('both are called as their descriptions call them', async () => {
  const { connectors } = await operator.ask<{ connectors: readonly ConnectorName[] }>('GET', '/connectors');
  expect(connectors).toEqual([
    { name: 'http', label: '顧客台帳', takesFollowUps: false },
    { name: 'orders', label: '受注システム', takesFollowUps: false },
  ]);
});

test('a customer whom only one of them has is looked up while the phone rings', async () => {
  const store = crms.orders.store('customers');
  store.insert(checkedValues({ name: '新規 花子', phone: '06-1111-2222' }, store.object, true, () => true));
  const { id } = ring('0611112222');
  await until('the pop shows the customer', async () => (await recordsOfPop(id)).length === 1);
  expect(await recordsOfPop(id)).toEqual(['orders 新規 花子']);
});

test('one that refuses us is held alone, and told so', async () => {
  crms.orders.faults.add({ kind: 'unauthorized' });
  const { id, playback } = ring('09012345678');
  playback.finish();
  await until('the other has it', async () => (await stateOf('http', id)) === 'logged');
  await until('this one is held', async () => {
    const { quotas } = await operator.ask<Quotas>('GET', '/quotas');
    return quotas.find(({ connector }) => connector === 'orders')?.hold?.kind === 'unauthorized';
  });
  const { quotas } = await operator.ask<Quotas>('GET', '/quotas');
  expect(quotas.find(({ connector }) => connector === 'http')?.hold).toBeNull();
  const { dependencies } = await readinessOf(hub.url);
  expect(dependencies.filter(({ kind }) => kind === 'connector')).toMatchObject([
    { name: 'http', ok: true },
    { name: 'orders', ok: false },
  ]);
  expect(logsOf('http', id)).toHaveLength(1);
  expect(logsOf('orders', id)).toEqual([]);
  expect(await stateOf('orders', id)).not.toBe('logged');
});

test('one that is down keeps the other from nothing: calls are logged there and owed here', async () => {
  await crms.orders.close();
  const ids = [ring('09012345678'), ring('0631234567')].map(({ id, playback }) => {
    playback.finish();
    return id;
  });
  for (const id of ids) {
    await until('the other has it', async () => (await stateOf('http', id)) === 'logged');
    expect(await stateOf('orders', id)).not.toBe('logged');
    expect(logsOf('http', id)).toHaveLength(1);
  }
});

test('the requests of each are counted against its own limit', async () => {
  const { id, playback } = ring('0801234567');
  playback.finish();
  for (const service of services) await until(`${service} has the call`, async () => (await stateOf(service, id)) === 'logged');
  const { quotas } = await operator.ask<Quotas>('GET', '/quotas');
  expect(quotas.map(({ connector, budgets }) => [connector, budgets[0]?.limit])).toEqual([
    ['http', null],
    ['orders', 5000],
  ]);
  // Nine in the morning in Japan.
  expect(Date.parse(quotas[1]?.budgets[0]?.dayEndsAt ?? '') % 86_400_000).toBe(0);
  for (const service of services) {
    await until(`what ${service} received is counted`, async () => {
      const { quotas: now } = await operator.ask<Quotas>('GET', '/quotas');
      const received = crms[service].requests.entries().filter(({ path: asked }) => !asked.startsWith('/oauth')).length;
      return received >= 3 && now.find(({ connector }) => connector === service)?.budgets[0]?.used === received;
    });
  }
});
