import { generateKeyPairSync } from 'node:crypto';
import type { FieldValue, RequestNotice } from '../../connectors/connector.ts';
import { salesforceConnector } from '../../connectors/salesforce/salesforce-connector.ts';
import type { FaultKind } from '../../infra/sandbox/salesforce/faults.ts';
import type { ObjectDefinition } from '../../infra/sandbox/salesforce/object-definition.ts';
import type { Row } from '../../infra/sandbox/salesforce/record-store.ts';
import { startSandboxSalesforce } from '../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { findObject } from '../../infra/sandbox/salesforce/schema.ts';
import { type Accident, type ConnectorSandbox, type Customer, connectorContract } from './connector.contract.ts';

const privateKeyPem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const FAULTS: Readonly<Record<Accident, FaultKind>> = {
  serverError: 'serverError',
  htmlUnavailable: 'htmlUnavailable',
  notJson: 'notJson',
  forbidden: 'forbidden',
  limitReached: 'dailyLimit',
  unauthorized: 'unauthorized',
  stall: 'stall',
  commitThenCut: 'commitThenCut',
};

function objectNamed(name: string): ObjectDefinition {
  const object = findObject(name);
  if (object === undefined) throw new Error(`the sandbox has no ${name}`);
  return object;
}

async function start(flow: 'jwt' | 'clientCredentials'): Promise<ConnectorSandbox> {
  let clock = Date.parse('2026-11-20T00:00:00Z');
  const now = () => clock;
  const sandbox = await startSandboxSalesforce({
    now,
    seed: [],
    privateKeyPem,
    pageRows: 200,
    sessionLifetimeMs: Number.MAX_SAFE_INTEGER,
  });
  const credentials =
    flow === 'jwt'
      ? { SALESFORCE_USERNAME: sandbox.username, SALESFORCE_PRIVATE_KEY: privateKeyPem }
      : { SALESFORCE_CLIENT_SECRET: sandbox.clientSecret };
  const settings = { SALESFORCE_LOGIN_URL: sandbox.url, SALESFORCE_CLIENT_ID: sandbox.clientId, ...credentials };
  const notices: RequestNotice[] = [];
  const connector = salesforceConnector.open(settings, { now, log: () => {}, onRequest: (notice) => notices.push(notice) });
  const contact = objectNamed('Contact');
  const task = objectNamed('Task');
  const values = ({ name, phone }: Customer): Row => {
    const [last = '', first] = name.split(' ');
    return /^[\u3040-\u9fff]+ [\u3040-\u9fff0-9]+$/.test(name)
      ? { LastName: last, FirstName: first ?? null, Phone: phone }
      : { LastName: name, FirstName: null, Phone: phone };
  };
  const logsWith = (key: string): readonly Row[] => sandbox.store.withExternalId(task, 'Toritsugi_Call_Id__c', key);

  return {
    connector,
    notices,
    source: { object: 'Contact', phones: ['Phone', 'MobilePhone'], name: 'Name', fields: ['Title', 'Account.Name', 'AccountId'] },
    requiredField: 'LastName',
    callLog: {
      object: 'Task',
      key: 'Toritsugi_Call_Id__c',
      title: 'Subject',
      titleLength: 255,
      notes: 'Description',
      seconds: 'CallDurationInSeconds',
      choice: 'CallType',
      choices: ['Inbound', 'Internal', 'Outbound'],
      always: { Status: 'Completed' },
    },
    customersForThreePages: 500,
    requestsFor250Writes: 4,
    secrets: [sandbox.clientSecret, sandbox.accessToken, privateKeyPem.slice(40, 80)],
    addCustomers: async (customers) =>
      customers.map((customer) => String(sandbox.store.insert(contact, values(customer), sandbox.userId).Id)),
    editCustomer: async (id, customer) => sandbox.store.update(contact, id, values(customer), sandbox.userId),
    deleteCustomer: async (id) => sandbox.store.remove(contact, id, sandbox.userId),
    callLogs: async (key) => logsWith(key),
    countCallLogs: async () => [...sandbox.store.all(task)].length,
    editCallLog: async (key, fields) => {
      for (const log of logsWith(key))
        sandbox.store.update(
          task,
          String(log.Id),
          fields as Record<string, Exclude<FieldValue, readonly string[]>>,
          sandbox.userId,
        );
    },
    strike: async (accident, times) => sandbox.addFault({ kind: FAULTS[accident], times }),
    requestCount: sandbox.requestCount,
    passTime: (ms) => {
      clock += ms;
    },
    vanish: sandbox.close,
    close: async () => {
      await connector.close();
      await sandbox.close();
    },
  };
}

connectorContract('salesforce, signed in by JWT', { start: () => start('jwt') });
connectorContract('salesforce, signed in by client credentials', { start: () => start('clientCredentials') });
