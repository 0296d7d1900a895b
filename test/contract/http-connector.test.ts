import path from 'node:path';
import type { FieldValue, RequestNotice } from '../../connectors/connector.ts';
import { httpConnector } from '../../connectors/http/http-connector.ts';
import { checkedValues } from '../../infra/sandbox/customers/checked-values.ts';
import type { FaultKind } from '../../infra/sandbox/customers/faults.ts';
import { type SandboxCustomers, startSandboxCustomers } from '../../infra/sandbox/customers/sandbox-customers.ts';
import { type Accident, type ConnectorSandbox, type Customer, connectorContract } from './connector.contract.ts';

const FAULTS: Readonly<Record<Accident, FaultKind>> = {
  serverError: 'serverError',
  htmlUnavailable: 'htmlUnavailable',
  notJson: 'notJson',
  forbidden: 'forbidden',
  limitReached: 'tooManyRequests',
  unauthorized: 'unauthorized',
  stall: 'stall',
  commitThenCut: 'commitThenCut',
};

/** Ten in the morning in Japan: no night falls while a test lets hours pass. */
const MORNING = Date.parse('2026-11-23T01:00:00Z');

interface Described {
  readonly file: string;
  readonly requestsFor250Writes: number;
  readonly credentials: (sandbox: SandboxCustomers) => Readonly<Record<string, string>>;
}

async function start({ file, requestsFor250Writes, credentials }: Described): Promise<ConnectorSandbox> {
  let time = MORNING;
  const now = () => time;
  const sandbox = await startSandboxCustomers({ port: 0, now, seed: {} });
  const settings = {
    HTTP_SERVICE_FILE: path.resolve('test/fixtures/http', file),
    HTTP_BASE_URL: `${sandbox.url}/api/v1`,
    HTTP_ALLOW_PRIVATE: 'on',
    ...credentials(sandbox),
  };
  expect(httpConnector.problems(settings)).toEqual([]);
  const notices: RequestNotice[] = [];
  const connector = httpConnector.open(settings, { now, log: () => undefined, onRequest: (notice) => notices.push(notice) });
  const customers = sandbox.store('customers');
  const calls = sandbox.store('calls');
  const values = (body: unknown, store: typeof calls) => checkedValues(body, store.object, false, () => true);
  const log = (key: string) => calls.holder('reference', key);

  return {
    connector,
    notices,
    source: { object: 'customers', phones: ['phone', 'mobile'], name: 'name', fields: ['company.name', 'rank', 'last_order_on'] },
    requiredField: 'name',
    callLog: {
      object: 'calls',
      key: 'reference',
      title: 'title',
      titleLength: 200,
      notes: 'notes',
      seconds: 'seconds',
      choice: 'result',
      choices: ['answered', 'missed'],
      always: {},
    },
    customersForThreePages: 250,
    requestsFor250Writes,
    secrets: [sandbox.clientSecret, sandbox.accessToken, sandbox.apiKey, sandbox.password],
    addCustomers: async (added) => added.map((customer: Customer) => String(customers.insert(values(customer, customers)).id)),
    editCustomer: async (id, customer) => void customers.update(Number(id), values(customer, customers)),
    deleteCustomer: async (id) => customers.remove(Number(id)),
    callLogs: async (key) => {
      const found = log(key);
      return found === null ? [] : [found.values as Readonly<Record<string, FieldValue>>];
    },
    countCallLogs: async () => calls.all().length,
    editCallLog: async (key, fields) => void calls.update(log(key)?.id ?? 0, values(fields, calls)),
    strike: async (accident, times) => {
      const count = Number.isFinite(times) ? { times } : {};
      const onWrites = accident === 'commitThenCut' ? ['POST ', 'PUT '].map((on) => ({ on })) : [{}];
      for (const on of onWrites) sandbox.faults.add({ kind: FAULTS[accident], ...count, ...on });
    },
    requestCount: () => sandbox.requests.count(),
    passTime: (ms) => {
      time += ms;
    },
    vanish: () => sandbox.close(),
    close: async () => {
      await connector.close();
      await sandbox.close();
    },
  };
}

const LOOKS_FIRST = 'It finds out by looking first whether a record is there.';
const FIXED = 'The credentials do not expire: what is refused stays refused.';

connectorContract('http, OAuth and batches', {
  start: () =>
    start({
      file: 'oauth-batch.yaml',
      requestsFor250Writes: 5,
      credentials: ({ clientId, clientSecret }) => ({ HTTP_CLIENT_ID: clientId, HTTP_CLIENT_SECRET: clientSecret }),
    }),
});

connectorContract('http, an API key and two steps', {
  start: () =>
    start({
      file: 'key-two-steps.yaml',
      requestsFor250Writes: 501,
      credentials: ({ apiKey }) => ({ HTTP_API_KEY: apiKey }),
    }),
  leftOut: { tokenRefresh: FIXED, firstWrite: LOOKS_FIRST },
});

connectorContract('http, Basic and puts', {
  start: () =>
    start({
      file: 'basic-put.yaml',
      requestsFor250Writes: 251,
      credentials: ({ username, password }) => ({ HTTP_USERNAME: username, HTTP_PASSWORD: password }),
    }),
  leftOut: {
    tokenRefresh: FIXED,
    deletions: 'As described, the service tells none; everything is read again every night.',
  },
});

connectorContract('http, a bearer token and numbered pages', {
  start: () =>
    start({
      file: 'bearer-pages.yaml',
      requestsFor250Writes: 4,
      credentials: ({ accessToken }) => ({ HTTP_TOKEN: accessToken }),
    }),
  leftOut: { tokenRefresh: FIXED },
});
