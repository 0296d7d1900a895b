/** A hub's write-back without the hub: ledger, shipped mappings, budgets and drainer, with so many calls that a CRM was never told of. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connector, RecordWrite } from '../connectors/connector.ts';
import { connectorDefinitions } from '../connectors/index.ts';
import { createDirectoryStore } from '../src/callers/directory-store.ts';
import type { CallRecord } from '../src/calls/call.ts';
import { createLedger, type Ledger } from '../src/calls/ledger-store.ts';
import { createCallLogRender, owedForCall } from '../src/hub/call-log.ts';
import { createCrms } from '../src/hub/crms.ts';
import { MappingStore } from '../src/mappings/mapping-store.ts';
import type { WritingStyle } from '../src/mappings/writing-style.ts';
import { createQuotaStore } from '../src/quotas/quota-store.ts';
import { createQuotas, type Quotas } from '../src/quotas/quotas.ts';
import { migrate } from '../src/store/migrate.ts';
import { openDatabase } from '../src/store/open-database.ts';
import { createDrainer } from '../src/write-back/drainer.ts';
import { createOwedAdmin, type OwedAdmin } from '../src/write-back/owed-admin.ts';
import { createOwedStore } from '../src/write-back/owed-store.ts';
import { createOwing } from '../src/write-back/owing.ts';
import { callRecord } from '../test/support/call-records.ts';

export interface Backlog {
  /** Pays everything. */
  drain(): Promise<{ readonly written: number; readonly refused: number }>;
  /** What the CRM was sent, in its batches. */
  readonly sent: readonly (readonly RecordWrite[])[];
  readonly ledger: Ledger;
  readonly admin: OwedAdmin;
  readonly quotas: Quotas;
  close(): Promise<void>;
}

const style: WritingStyle = { locale: 'ja', timeZone: 'Asia/Tokyo', region: 'JP' };
const CALLS_AT_ONCE = 500;

export async function createBacklog(
  crm: string,
  settings: Readonly<Record<string, string>>,
  calls: readonly CallRecord[],
): Promise<Backlog> {
  const definition = connectorDefinitions.find(({ name }) => name === crm);
  if (definition === undefined) throw new Error(`there is no connector ${crm}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-bench-'));
  const log = () => {};
  const world = { now: Date.now, newId: randomUUID, log };
  const store = openDatabase({ url: `sqlite:${path.join(folder, 'hub.db')}` });
  await migrate(store);
  const quotas = createQuotas({
    budgets: new Map([[crm, definition.budget?.({ ...settings, KINTONE_DAILY_REQUESTS: '1000000' }) ?? null]]),
    store: createQuotaStore({ store, process: randomUUID(), now: Date.now }),
    ...world,
  });
  const opened = definition.open(settings, { now: Date.now, log, onRequest: quotas.onRequest(crm) });
  const sent: (readonly RecordWrite[])[] = [];
  const { connector, corrections } = quotas.guard(crm, remembering(opened, sent));
  const mappings = await MappingStore.open({
    ...{ directory: path.join(import.meta.dirname, '../mappings'), connectors: [crm], locale: style.locale, log },
  });
  const { label, maxBatch } = definition;
  const crms = createCrms({ connectors: [{ name: crm, label, connector, maxBatch }], mappings, style, log });
  await crms.watchDrift(new AbortController().signal);
  const companion = createOwing({ owedFor: (call) => owedForCall(crms, call), ...world });
  const ledger = createLedger({ store, companion, committed: () => {} });
  for (let from = 0; from < calls.length; from += CALLS_AT_ONCE) {
    const some = calls.slice(from, from + CALLS_AT_ONCE);
    await ledger.write(some.map((record) => ({ record, state: null, absorbed: [] })));
  }
  const drainer = createDrainer({
    owed: createOwedStore({ store, ...world, leaseMs: 180_000 }),
    connectors: new Map([[crm, { connector, corrections, maxBatch }]]),
    render: createCallLogRender({
      ...{ crms, ledger, directory: createDirectoryStore(store.db, { region: style.region }, Date.now), style, log },
      agents: [{ extension: '1001', name: '佐藤 一郎', users: {} }],
      outcomes: () => mappings.outcomes(),
    }),
    random: Math.random,
    ...world,
  });
  return {
    drain: () => drainer.drain(crm, new AbortController().signal),
    sent,
    ...{ ledger, quotas, admin: createOwedAdmin({ store, now: Date.now }) },
    async close() {
      await opened.close();
      await quotas.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function remembering(connector: Connector, sent: (readonly RecordWrite[])[]): Connector {
  return {
    ...connector,
    write(batch, signal) {
      sent.push(batch);
      return connector.write(batch, signal);
    },
  };
}

export function endedCall(index: number): CallRecord {
  return callRecord({
    id: `main-1763838000.${index}`,
    talkSeconds: 50 + (index % 300),
    recordings: [`in-0398765432-${index}.wav`],
  });
}
