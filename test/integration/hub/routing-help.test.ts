import { once } from 'node:events';
import { createServer } from 'node:net';
import type { CallId } from '../../../src/calls/call.ts';
import { createLedger } from '../../../src/calls/ledger-store.ts';
import { createRoutingHelp, type RoutingHelp, type RoutingParts } from '../../../src/hub/routing-help.ts';
import { routingDefaults } from '../../../src/routing/routing.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { afterRealTime } from '../../../src/telephony/after.ts';
import { ariDefaults } from '../../../src/telephony/ari/ari-client.ts';
import { createOwnAriClient } from '../../../src/telephony/ari/own-ari-client.ts';
import { callRecord } from '../../support/call-records.ts';
import { openFreshStore } from '../../support/databases.ts';
import { known, record, routingAgents, rule } from '../../support/routing-facts.ts';
import { startSqlite, type TestSqlite } from '../../support/sqlite.ts';
import { type StasisPbx, startStasisPbx } from '../../support/stasis-pbx.ts';
import { until } from '../../support/until.ts';

const APP = 'toritsugi-routing';
const now = () => Date.parse('2026-11-25T00:00:00Z');
let sqlite: TestSqlite;
let store: Store;
let pbx: StasisPbx;
let help: RoutingHelp;

beforeAll(async () => {
  sqlite = await startSqlite();
});
beforeEach(async () => {
  store = await openFreshStore(sqlite);
  pbx = await startStasisPbx(APP);
});
afterEach(async () => {
  await help.stop();
  await pbx.stop();
  await store.close();
});
afterAll(() => sqlite.stop());

function create(given: Partial<RoutingParts> = {}): RoutingHelp {
  const ledger = createLedger({ store, companion: async () => {}, committed: () => {} });
  const ari = { ...ariDefaults, url: pbx.url, username: 'u', password: 'p', app: APP, subscribeAll: false };
  const stasis = [{ pbx: 'main', ari, clientFactory: createOwnAriClient }];
  return createRoutingHelp(
    { ...routingDefaults, token: null, agi: { host: '127.0.0.1', port: 0 }, stasis, ...given },
    {
      store,
      resolver: () => ({ resolve: async () => known(record({ owners: ['005AA0000000001AAA'] })) }),
      ledger,
      agents: routingAgents,
      rules: () => [rule({ queue: 'support' })],
      numbers: { region: 'JP' },
      now,
      after: afterRealTime,
      random: Math.random,
      log: () => {},
    },
  );
}

test('a channel is told what ledger, CRM and rules know, and everything is released at the end', async () => {
  const ledger = createLedger({ store, companion: async () => {}, committed: () => {} });
  const call = callRecord({ startedAt: '2026-11-20T01:00:00.000Z', spokeWith: ['1002'] });
  await ledger.write([{ record: call, state: null, absorbed: [] as CallId[] }]);
  help = create();
  await help.start();
  await until('Stasis is answered', () => help.stasisStates().every(({ state }) => state === 'listening'));
  pbx.enter('main-1.1');
  await until('the channel goes on', () => pbx.sentOn('main-1.1'));
  expect(pbx.sentOn('main-1.1')).toMatchObject({
    TORITSUGI_LAST_AGENT: '1002',
    TORITSUGI_OWNER: '1001',
    TORITSUGI_QUEUE: 'support',
    TORITSUGI_ANSWERED: '1',
  });
  await help.stop();
  expect(help.stasisStates()).toMatchObject([{ pbx: 'main', state: 'stopped' }]);
});

test('without a token there is no look-up over HTTP; the block list is there all the same', () => {
  help = create();
  expect(help.routes.map(({ path }) => path)).not.toContain('/routing');
  help = create({ token: 'a-token-of-more-than-24-characters', agi: null, stasis: [] });
  expect(help.routes.map(({ path }) => path)).toEqual(expect.arrayContaining(['/routing', '/blocked-numbers']));
});

test('a port that is taken keeps the hub from starting, and says so', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  help = create({ agi: { host: '127.0.0.1', port }, stasis: [] });
  await expect(help.start()).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  other.close();
});
