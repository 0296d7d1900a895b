import jsforce from 'jsforce';
import type { ChangePage, Connector } from '../../../connectors/connector.ts';
import { salesforceConnector } from '../../../connectors/salesforce/salesforce-connector.ts';
import { type SandboxSalesforce, startSandboxSalesforce } from '../../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { findObject } from '../../../infra/sandbox/salesforce/schema.ts';
import { createDirectoryStore, type DirectoryStore } from '../../../src/callers/directory-store.ts';
import { syncDirectory } from '../../../src/callers/directory-sync.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { deadFrom } from '../../support/dead-from.ts';

const never = new AbortController().signal;
const many = 10_050;
const day = 86_400_000;
const phones = ['Phone', 'MobilePhone'];
const contacts = { object: 'Contact', phones, name: 'Name', fields: ['Title', 'Account.Name'] };
const leads = { object: 'Lead', phones, name: 'Name', fields: [] };

describe.each(databaseKinds)('the directory of a Salesforce org on $kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;
  let directory: DirectoryStore;
  let sandbox: SandboxSalesforce;
  let connector: Connector;
  let time: number;
  let access: Record<string, string>;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  afterAll(() => databases.stop());
  afterEach(async () => {
    await connector.close();
    await sandbox.close();
    await store.close();
  });

  async function open(contactsInOrg: number): Promise<void> {
    time = Date.parse('2026-11-20T00:00:00Z');
    const now = () => time;
    sandbox = await startSandboxSalesforce({
      ...{ port: 0, now, seed: [], contacts: contactsInOrg, bulkPageRows: 2_000, sessionLifetimeMs: 365 * day },
    });
    access = {
      SALESFORCE_LOGIN_URL: sandbox.url,
      SALESFORCE_CLIENT_ID: sandbox.clientId,
      SALESFORCE_CLIENT_SECRET: sandbox.clientSecret,
    };
    connector = salesforceConnector.open(access, { now, log: () => {} });
    store = await openFreshStore(databases);
    directory = createDirectoryStore(store.db, {}, now);
  }

  const sync = (into = directory, sources = [contacts]) =>
    syncDirectory({ name: 'salesforce', connector, sources }, { directory: into }, never);
  const jobsMade = () =>
    sandbox.requests().filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/query')).length;
  const idsOf = async (e164: string) => (await directory.find(e164)).map(({ id }) => id);
  const object = (name: string) => {
    const found = findObject(name);
    if (found === undefined) throw new Error(`the sandbox has no ${name}`);
    return found;
  };
  const insert = (name: string, values: Record<string, string>) =>
    String(sandbox.store.insert(object(name), values, sandbox.userId).Id);

  describe('a first load of many', () => {
    test('is one bulk query; the rounds after it ask for changes only', async () => {
      await open(many);
      expect(await sync()).toMatchObject({ records: many, deleted: 0 });
      expect(jobsMade()).toBe(1);
      expect(await directory.counts()).toMatchObject({ numbers: many, sources: [{ records: many, unreadable: 0 }] });
      expect(await directory.sources()).toMatchObject([{ readingEverything: false, recordsRead: many, total: many }]);
      const [found] = await directory.find('+819000000000');
      expect(found).toMatchObject({ name: '佐藤 太郎', values: { Title: null, 'Account.Name': null } });
      time += 10 * 60_000;
      const changed = insert('Contact', { LastName: '新', Phone: '03-1234-5678', MobilePhone: '090-8765-4321' });
      await sync();
      expect(await idsOf('+81312345678')).toEqual([changed]);
      expect(await idsOf('+819087654321')).toEqual([changed]);
      expect(jobsMade()).toBe(1);
    });

    test('killed at any statement and started again, it reads the same job on and leaves the same directory', async () => {
      await open(many);
      let kills = 0;
      for (const statement of [4, 9, 17, 26, 40, 52]) {
        const dying = createDirectoryStore(store.db.withPlugin(deadFrom(statement)), {}, () => time);
        await sync(dying).catch(() => {
          kills += 1;
        });
      }
      expect(kills).toBeGreaterThan(3);
      await sync();
      expect(await directory.counts()).toMatchObject({ numbers: many, sources: [{ records: many }] });
      // The first kills come before the first job could be kept.
      expect(jobsMade()).toBeLessThanOrEqual(3);
    }, 60_000);

    test('goes on behind the part that was kept, in another process too', async () => {
      await open(many);
      const read: ChangePage[] = [];
      for await (const page of connector.readChanges(contacts, null, never)) {
        read.push(page);
        if (read.length === 3) break;
      }
      const other = salesforceConnector.open(access, { now: () => time, log: () => {} });
      const rest: ChangePage[] = [];
      for await (const page of other.readChanges(contacts, read.at(-1)?.cursor ?? '', never)) rest.push(page);
      await other.close();
      const ids = (pages: readonly ChangePage[]) => pages.flatMap(({ records }) => records.map(({ id }) => id));
      expect([ids(read).length, ids(rest).length]).toEqual([4_000, many - 4_000]);
      expect(new Set([...ids(read), ...ids(rest)]).size).toBe(many);
      expect(rest.at(-1)?.everything).toMatchObject({ last: true });
      expect(jobsMade()).toBe(1);
    });

    test('begins another job when the service no longer knows the one it read, and forgets who left meanwhile', async () => {
      await open(many);
      const pages = connector.readChanges(contacts, null, never)[Symbol.asyncIterator]();
      let state = await directory.open('salesforce', contacts);
      for (let page = 0; page < 3; page += 1) {
        const next = await pages.next();
        if (next.done === true) throw new Error('the load is over too soon');
        ({ state } = await directory.applyPage(state, next.value, never));
      }
      await pages.return?.();
      const connection = new jsforce.Connection({ instanceUrl: sandbox.url, accessToken: sandbox.accessToken, version: '67.0' });
      const job = (JSON.parse(state.cursor ?? '') as { job: { id: string } }).job.id;
      await connection.request({ method: 'DELETE', url: `/jobs/query/${job}` });
      const [gone] = await directory.find('+819000000000');
      sandbox.store.remove(object('Contact'), gone?.id ?? '', sandbox.userId);
      await sync();
      expect(jobsMade()).toBe(2);
      expect(await directory.counts()).toMatchObject({ numbers: many - 1, sources: [{ records: many - 1 }] });
      expect(await idsOf('+819000000000')).toEqual([]);
    });

    test('reads page by page where bulk queries break down', async () => {
      await open(many);
      sandbox.addFault({ kind: 'failJob' });
      expect(await sync()).toMatchObject({ records: many });
      expect(await directory.counts()).toMatchObject({ sources: [{ records: many }] });
    });

    test('reads page by page where our user may make no bulk queries', async () => {
      await open(many);
      sandbox.addFault({ kind: 'forbidden', on: 'POST /services/data/v67.0/jobs/query' });
      expect(await sync()).toMatchObject({ records: many });
      expect(await directory.counts()).toMatchObject({ sources: [{ records: many }] });
    });
  });

  describe('what happens to customers afterwards', () => {
    beforeEach(() => open(0));
    const admin = () => new jsforce.Connection({ instanceUrl: sandbox.url, accessToken: sandbox.accessToken, version: '67.0' });

    test('a lead that becomes a contact leaves, and the contact is there', async () => {
      const lead = insert('Lead', { LastName: '見込', Company: 'さくら', Phone: '03-1234-5678' });
      await sync(directory, [contacts, leads]);
      expect(await idsOf('+81312345678')).toEqual([lead]);
      time += 60_000;
      const conversion = { leadId: lead, convertedStatus: 'Closed - Converted' };
      await admin().soap.convertLead(conversion as unknown as Parameters<jsforce.Connection['soap']['convertLead']>[0]);
      await sync(directory, [contacts, leads]);
      expect((await directory.find('+81312345678')).map((record) => record.object)).toEqual(['Contact']);
      const anew = createDirectoryStore(store.db, {}, () => time);
      await sync(anew, [contacts, { ...leads, fields: ['Company'] }]);
      expect((await directory.find('+81312345678')).map((record) => record.object)).toEqual(['Contact']);
    });

    test('of two that are merged the master is found under its numbers, the other under none', async () => {
      const master = insert('Contact', { LastName: '主', Phone: '03-1234-5678' });
      const other = insert('Contact', { LastName: '副', Phone: '090-1234-5678', MobilePhone: '03-1234-5678' });
      await sync();
      expect((await idsOf('+81312345678')).sort()).toEqual([master, other].sort());
      time += 60_000;
      await admin().soap.merge({ masterRecord: { type: 'Contact', Id: master }, recordToMergeIds: [other] } as never);
      await sync();
      expect(await idsOf('+81312345678')).toEqual([master]);
      expect(await idsOf('+819012345678')).toEqual([]);
    });

    test('a changed number is found, the old one not; who is deleted is found under none', async () => {
      const moved = insert('Contact', { LastName: '転居', Phone: '03-1234-5678', MobilePhone: '090-1234-5678' });
      const gone = insert('Contact', { LastName: '退会', Phone: '03-8765-4321' });
      await sync();
      time += 60_000;
      sandbox.store.update(object('Contact'), moved, { Phone: '06-1234-5678' }, sandbox.userId);
      sandbox.store.remove(object('Contact'), gone, sandbox.userId);
      await sync();
      expect(await idsOf('+81312345678')).toEqual([]);
      expect(await idsOf('+81612345678')).toEqual([moved]);
      expect(await idsOf('+819012345678')).toEqual([moved]);
      expect(await idsOf('+81387654321')).toEqual([]);
    });

    test('whoever was away for longer than deletions are told reads everything, and forgets who left', async () => {
      const gone = insert('Contact', { LastName: '退会', Phone: '03-8765-4321' });
      const kept = insert('Contact', { LastName: '継続', Phone: '03-1234-5678' });
      await sync();
      time += 60_000;
      sandbox.store.remove(object('Contact'), gone, sandbox.userId);
      time += 20 * day;
      await sync();
      expect(await idsOf('+81387654321')).toEqual([]);
      expect(await idsOf('+81312345678')).toEqual([kept]);
    });
  });
});
