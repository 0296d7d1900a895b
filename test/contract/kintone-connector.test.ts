import type { FieldValue, RequestNotice } from '../../connectors/connector.ts';
import { kintoneConnector } from '../../connectors/kintone/kintone-connector.ts';
import type { Caller } from '../../infra/sandbox/kintone/access.ts';
import type { FaultKind } from '../../infra/sandbox/kintone/faults.ts';
import { startSandboxKintone } from '../../infra/sandbox/kintone/kintone-sandbox.ts';
import { deleteRecords, getRecords, postRecords, putRecord } from '../../infra/sandbox/kintone/record-endpoints.ts';
import type { Arguments } from '../../infra/sandbox/kintone/request-arguments.ts';
import type { Endpoint } from '../../infra/sandbox/kintone/sandbox-state.ts';
import { type Accident, type ConnectorSandbox, type Customer, connectorContract } from './connector.contract.ts';

const FAULTS: Readonly<Record<Accident, FaultKind>> = {
  serverError: 'error500',
  htmlUnavailable: 'maintenance503',
  notJson: 'notJson',
  forbidden: 'forbidden',
  limitReached: 'tooManyRequests',
  unauthorized: 'unauthorized',
  stall: 'stall',
  commitThenCut: 'commitThenCut',
};

const COLLEAGUE: Caller = { name: 'sato', isTokenOnly: false, may: () => true, demand: () => undefined };
/** Ten in the morning in Japan: no night falls while a test lets hours pass. */
const MORNING = Date.parse('2026-11-23T01:00:00Z');

type Wrapped = Readonly<Record<string, { readonly type: string; readonly value: FieldValue }>>;

async function start(): Promise<ConnectorSandbox> {
  let time = MORNING;
  const now = () => time;
  const sandbox = await startSandboxKintone({ port: 0, now, records: [] });
  const notices: RequestNotice[] = [];
  const connector = kintoneConnector.open(
    { KINTONE_BASE_URL: sandbox.url, KINTONE_API_TOKENS: sandbox.apiTokens.join(','), KINTONE_APPS: 'customers=1,calls=2' },
    { now, log: () => undefined, onRequest: (notice) => notices.push(notice) },
  );
  /** What a colleague does in the browser passes no API and meets no accident. */
  const asColleague = (endpoint: Endpoint, args: Arguments) =>
    endpoint({ state: sandbox.state, caller: COLLEAGUE, args, undo: [] }) as {
      readonly ids: string[];
      readonly records: Wrapped[];
    };
  const customerRecord = ({ name, phone }: Customer) => ({ 顧客名: { value: name }, 電話番号: { value: phone } });
  const logs = (key: string): readonly Wrapped[] =>
    asColleague(getRecords, { app: 2, query: `通話ID = "${key.replace(/["\\]/g, '\\$&')}"` }).records;

  return {
    connector,
    notices,
    source: { object: 'customers', phones: ['電話番号', '携帯電話'], name: '顧客名', fields: ['会社名', '最終注文日', '担当者'] },
    requiredField: '顧客名',
    callLog: {
      object: 'calls',
      key: '通話ID',
      title: '件名',
      titleLength: 255,
      notes: 'メモ',
      seconds: '通話秒数',
      choice: '結果',
      choices: ['応答', '放棄'],
      always: {},
    },
    customersForThreePages: 1100,
    requestsFor250Writes: 4,
    secrets: [...sandbox.apiTokens, sandbox.password],
    addCustomers: async (customers) => {
      const hundreds = Array.from({ length: Math.ceil(customers.length / 100) }, (_, at) =>
        customers.slice(at * 100, at * 100 + 100),
      );
      return hundreds.flatMap((some) => asColleague(postRecords, { app: 1, records: some.map(customerRecord) }).ids);
    },
    editCustomer: async (id, customer) => {
      asColleague(putRecord, { app: 1, id, record: customerRecord(customer) });
    },
    deleteCustomer: async (id) => {
      asColleague(deleteRecords, { app: 1, ids: [id] });
    },
    callLogs: async (key) =>
      logs(key).map((log) => {
        const entries = Object.entries(log).map(([field, cell]) => [
          field,
          cell.type === 'NUMBER' ? Number(cell.value) : cell.value,
        ]);
        return Object.fromEntries(entries);
      }),
    countCallLogs: async () => sandbox.state.apps.get('2')?.size() ?? 0,
    editCallLog: async (key, fields) => {
      const record = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, { value }]));
      asColleague(putRecord, { app: 2, updateKey: { field: '通話ID', value: key }, record });
    },
    strike: async (accident, times) => {
      const count = Number.isFinite(times) ? { times } : {};
      const onWrites = accident === 'commitThenCut' ? { method: 'PUT' } : {};
      sandbox.faults.add({ kind: FAULTS[accident], ...count, ...onWrites });
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

connectorContract('kintone', {
  start,
  leftOut: {
    tokenRefresh: 'API tokens do not expire: one that is refused stays refused.',
    deletions: 'kintone tells no deletions; everything is read again every night instead.',
  },
});
