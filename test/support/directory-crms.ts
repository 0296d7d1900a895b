/** The CRMs a directory is read from, as sandboxes with many customers, and what happens to those customers. */
import type { CallerSource, Connector } from '../../connectors/connector.ts';
import { kintoneConnector } from '../../connectors/kintone/kintone-connector.ts';
import { salesforceConnector } from '../../connectors/salesforce/salesforce-connector.ts';
import { startSandboxKintone } from '../../infra/sandbox/kintone/kintone-sandbox.ts';
import { startSandboxSalesforce } from '../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { findObject } from '../../infra/sandbox/salesforce/schema.ts';

export interface DirectoryCrm {
  readonly connector: Connector;
  readonly settings: Readonly<Record<string, string>>;
  /** Its clock, milliseconds since 1970. */
  now(): number;
  /** Each is a round of its own: what happens before the sync that is to hear of it. */
  readonly happenings: Readonly<Record<string, () => void>>;
  /** Ids of everybody who is there. */
  ids(): readonly string[];
  close(): Promise<void>;
}

export interface DirectoryCrmKind {
  readonly name: string;
  readonly source: CallerSource;
  /** What `happenings` will hold. */
  readonly rounds: readonly string[];
  /** The bodies of its webhooks; null where it sends none. */
  readonly notices: { deletion(id: string): object; change(id: string): object } | null;
  start(): Promise<DirectoryCrm>;
}

const HOUR_MS = 3_600_000;
/** Ten in the morning in Japan. */
const BEGIN = Date.parse('2026-11-23T01:00:00Z');

export const directoryCrms: readonly DirectoryCrmKind[] = [
  {
    name: 'salesforce',
    source: { object: 'Contact', phones: ['Phone', 'MobilePhone'], name: 'Name', fields: ['Title'] },
    rounds: ['a first load', 'changes and deletions'],
    notices: null,
    start: startSalesforce,
  },
  {
    name: 'kintone',
    source: { object: 'customers', phones: ['電話番号', '携帯電話'], name: '顧客名', fields: ['会社名'] },
    rounds: ['a first load', 'changes', 'the nightly comparison of ids'],
    notices: {
      deletion: (recordId) => ({ type: 'DELETE_RECORD', app: { id: '1' }, recordId }),
      change: (value) => ({ type: 'UPDATE_RECORD', app: { id: '1' }, record: { $id: { value } } }),
    },
    start: startKintone,
  },
];

async function startSalesforce(): Promise<DirectoryCrm> {
  let time = BEGIN;
  const now = () => time;
  const sandbox = await startSandboxSalesforce({ port: 0, now, seed: [], contacts: 10_050, bulkPageRows: 2_000, pageRows: 100 });
  const contact = findObject('Contact');
  if (contact === undefined) throw new Error('the sandbox org has no Contact');
  const settings = {
    SALESFORCE_LOGIN_URL: sandbox.url,
    SALESFORCE_CLIENT_ID: sandbox.clientId,
    SALESFORCE_CLIENT_SECRET: sandbox.clientSecret,
  };
  const connector = salesforceConnector.open(settings, { now, log: () => {} });
  const { store, userId } = sandbox;
  const live = () => [...store.all(contact)].filter(({ IsDeleted }) => IsDeleted !== true).map(({ Id }) => String(Id));
  return {
    ...{ connector, settings, now },
    happenings: {
      // Later than what was changed a moment before the reading is read once more.
      'a first load': () => {
        time += HOUR_MS;
      },
      'changes and deletions': () => {
        time += HOUR_MS;
        live().forEach((id, at) => {
          if (at % 30 === 0) store.update(contact, id, { Phone: newNumber(at) }, userId);
          if (at % 100 === 7) store.update(contact, id, { Phone: '', MobilePhone: 'ask Taro' }, userId);
          if (at % 60 === 1) store.remove(contact, id, userId);
        });
        for (let at = 0; at < 50; at += 1) store.insert(contact, { LastName: '新', Phone: newNumber(20_000 + at) }, userId);
      },
    },
    ids: live,
    close: async () => {
      await connector.close();
      await sandbox.close();
    },
  };
}

async function startKintone(): Promise<DirectoryCrm> {
  let time = BEGIN;
  const now = () => time;
  const sandbox = await startSandboxKintone({ port: 0, now, records: [], customers: 3_100 });
  const found = sandbox.state.apps.get('1');
  if (found === undefined) throw new Error('the sandbox has no app of customers');
  const records = found;
  const settings = {
    KINTONE_BASE_URL: sandbox.url,
    KINTONE_API_TOKENS: sandbox.apiTokens.join(','),
    KINTONE_APPS: 'customers=1,calls=2',
  };
  const connector = kintoneConnector.open(settings, { now, log: () => {} });
  const change = (id: number, phone: string) => {
    const record = records.get(id);
    if (record === undefined) throw new Error(`there is no customer ${id}`);
    records.put({ ...record, updatedAt: time, values: { ...record.values, 電話番号: phone } }, []);
  };
  return {
    ...{ connector, settings, now },
    happenings: {
      'a first load': () => {},
      changes: () => {
        time += HOUR_MS;
        for (let id = 1; id <= 2_800; id += 1) change(id, id % 101 === 0 ? 'ask Taro' : newNumber(id));
      },
      // Ten at night to four in the morning in Japan. Nobody told of those who left.
      'the nightly comparison of ids': () => {
        time += 18 * HOUR_MS;
        for (let id = 5; id <= 3_100; id += 20) sandbox.deleteByHand('1', id);
      },
    },
    ids: () => [...records.all()].map(({ id }) => String(id)),
    close: async () => {
      await connector.close();
      await sandbox.close();
    },
  };
}

function newNumber(at: number): string {
  return `03-${String(1_000 + Math.floor(at / 10_000))}-${String(at % 10_000).padStart(4, '0')}`;
}
