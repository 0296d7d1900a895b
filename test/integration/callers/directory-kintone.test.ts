import express from 'express';
import request from 'supertest';
import type { Connector } from '../../../connectors/connector.ts';
import { kintoneConnector } from '../../../connectors/kintone/kintone-connector.ts';
import { type SandboxKintone, startSandboxKintone } from '../../../infra/sandbox/kintone/kintone-sandbox.ts';
import { createDirectoryStore, type DirectoryStore } from '../../../src/callers/directory-store.ts';
import { type CallerConnector, syncDirectory } from '../../../src/callers/directory-sync.ts';
import { directoryWebhookRoutes } from '../../../src/callers/directory-webhook-routes.ts';
import { answerProblems } from '../../../src/http/problem.ts';
import { mountRoutes } from '../../../src/http/route.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';

const never = new AbortController().signal;
const secret = 'a-secret-of-thirty-characters!';
const customers = { object: 'customers', phones: ['電話番号', '携帯電話'], name: '顧客名', fields: ['会社名'] };
const many = 1_200;
const hour = 3_600_000;

describe.each(databaseKinds)('the directory of a kintone on $kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;
  let directory: DirectoryStore;
  let sandbox: SandboxKintone;
  let connector: Connector;
  let time: number;
  let synced: string[];

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());
  beforeEach(async () => {
    // Ten in the morning in Japan.
    time = Date.parse('2026-11-23T01:00:00Z');
    synced = [];
    const now = () => time;
    sandbox = await startSandboxKintone({ port: 0, now, records: [], customers: many });
    connector = kintoneConnector.open(
      { KINTONE_BASE_URL: sandbox.url, KINTONE_API_TOKENS: sandbox.apiTokens.join(','), KINTONE_APPS: 'customers=1,calls=2' },
      { now, log: () => {} },
    );
    store = await openFreshStore(databases);
    directory = createDirectoryStore(store.db, {}, now);
  });
  afterEach(async () => {
    await connector.close();
    await sandbox.close();
    await store.close();
  });

  const crm = (): CallerConnector => ({ name: 'kintone', connector, sources: [customers] });
  const sync = () => syncDirectory(crm(), { directory }, never);
  const held = async (id: string) => (await directory.record({ connector: 'kintone', object: 'customers', id })) !== null;
  const recordReads = () => sandbox.requests.count();

  function app() {
    const deps = { secret, connectors: () => [crm()], directory, syncSoon: async (name: string) => void synced.push(name) };
    return express()
      .use(express.json())
      .use(
        '/api/v1',
        mountRoutes(directoryWebhookRoutes(deps), () => null),
      )
      .use(answerProblems(() => {}));
  }

  /** As kintone deletes many at once: no webhook tells of it. */
  function deleteUnheard(...ids: readonly number[]): void {
    for (const id of ids) sandbox.deleteByHand('1', id);
  }

  test('reads everybody once, then what changed, and compares ids at night', async () => {
    expect(await sync()).toMatchObject({ records: many, pages: 3 });
    deleteUnheard(7, 700);
    time += hour;
    await sync();
    expect([await held('7'), await held('700')]).toEqual([true, true]);
    // Ten at night to four in the morning in Japan.
    time = Date.parse('2026-11-23T19:00:00Z');
    const before = recordReads();
    expect(await sync()).toMatchObject({ records: 0 });
    expect(recordReads() - before).toBeLessThanOrEqual(4);
    expect([await held('7'), await held('700'), await held('8')]).toEqual([false, false, true]);
    expect(await directory.counts()).toMatchObject({ sources: [{ records: many - 2 }] });
  });

  test('a comparison of ids broken off in the middle goes on where it stopped and forgets nobody who is there', async () => {
    await sync();
    deleteUnheard(3, 1_100);
    time = Date.parse('2026-11-23T19:00:00Z');
    let state = await directory.open('kintone', customers);
    for await (const page of connector.readChanges(customers, state.cursor, never)) {
      ({ state } = await directory.applyPage(state, page, never));
      break;
    }
    expect(await held('3')).toBe(true);
    await sync();
    expect([await held('3'), await held('1100'), await held('1200')]).toEqual([false, false, true]);
    expect(await directory.counts()).toMatchObject({ sources: [{ records: many - 2 }] });
  });

  describe('told by kintone itself', () => {
    test('a deletion by hand counts at once', async () => {
      const server = app().listen(0, '127.0.0.1');
      try {
        await new Promise((resolve) => server.once('listening', resolve));
        const { port } = server.address() as { port: number };
        const url = `http://127.0.0.1:${port}/api/v1/webhooks/kintone/${secret}`;
        sandbox.webhooks.add({ app: '1', url: url, types: ['DELETE_RECORD'] });
        await sync();
        sandbox.deleteByHand('1', 7);
        await sandbox.webhooks.settled();
        expect(sandbox.webhooks.sent()).toMatchObject([{ status: 204 }]);
        expect([await held('7'), await held('8')]).toEqual([false, true]);
      } finally {
        server.close();
      }
    });

    test('a change brings the next sync forward, other apps and comments do not', async () => {
      const tell = (body: object) =>
        request(app()).post('/api/v1/webhooks/kintone').set('Authorization', `Bearer ${secret}`).send(body);
      const record = { $id: { type: '__ID__', value: '8' } };
      expect((await tell({ type: 'UPDATE_RECORD', app: { id: '1', name: '顧客' }, record })).status).toBe(204);
      expect(synced).toEqual(['kintone']);
      expect((await tell({ type: 'ADD_RECORD', app: { id: '2', name: '通話' }, record })).status).toBe(204);
      expect((await tell({ type: 'ADD_RECORD_COMMENT', app: { id: '1', name: '顧客' }, recordId: '8' })).status).toBe(204);
      expect(synced).toEqual(['kintone']);
    });

    test('nobody is heard without the secret, and nothing that is no notice', async () => {
      const body = { type: 'DELETE_RECORD', app: { id: '1', name: '顧客' }, recordId: '8' };
      await sync();
      expect((await request(app()).post('/api/v1/webhooks/kintone/wrong').send(body)).status).toBe(401);
      expect((await request(app()).post('/api/v1/webhooks/kintone').send(body)).status).toBe(401);
      expect((await request(app()).post(`/api/v1/webhooks/salesforce/${secret}`).send(body)).status).toBe(404);
      expect((await request(app()).post(`/api/v1/webhooks/kintone/${secret}`).send({ type: 'DELETE_RECORD' })).status).toBe(400);
      expect(await held('8')).toBe(true);
    });

    test('there is no such address without a secret, and none with a short one', () => {
      const deps = { connectors: () => [], directory, syncSoon: async () => {} };
      expect(directoryWebhookRoutes({ ...deps, secret: null })).toEqual([]);
      expect(() => directoryWebhookRoutes({ ...deps, secret: 'short' })).toThrow('at least 24');
    });
  });
});
