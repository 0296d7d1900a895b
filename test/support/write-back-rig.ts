import type { CallId, CallRecord } from '../../src/calls/call.ts';
import { createLedger, type Ledger } from '../../src/calls/ledger-store.ts';
import type { Store } from '../../src/store/open-database.ts';
import { createDrainer, type Drainer, type DrainerSettings, type DrainReport } from '../../src/write-back/drainer.ts';
import { countMissingCalls } from '../../src/write-back/ledger-summary.ts';
import { createLedgerView } from '../../src/write-back/ledger-view.ts';
import { createOwedAdmin, type OwedAdmin } from '../../src/write-back/owed-admin.ts';
import type { OwedRecord } from '../../src/write-back/owed-record.ts';
import { createOwedStore, type OwedStore } from '../../src/write-back/owed-store.ts';
import { createOwing } from '../../src/write-back/owing.ts';
import type { Render } from '../../src/write-back/render.ts';
import { createRememberingCrm, type RememberingCrm } from './remembering-crm.ts';

/** Ledger, owed records and two CRMs, joined as in the hub, with a clock that stands still until it is moved. */
export interface WriteBackRig {
  readonly clock: { now: number };
  readonly ledger: Ledger;
  readonly owed: OwedStore;
  readonly admin: OwedAdmin;
  readonly crms: { readonly salesforce: RememberingCrm; readonly kintone: RememberingCrm };
  readonly logged: { readonly level: string; readonly message: string }[];
  /** What a call looks like in a CRM; can be exchanged. */
  mapping: Render;
  /** One drain to the end, by a hub of its own. */
  drain(connector?: string): Promise<DrainReport>;
  newDrainer(given?: Partial<DrainerSettings>): Drainer;
  end(...calls: readonly CallRecord[]): Promise<void>;
  owedOf(callId: string, connector?: string): Promise<OwedRecord | undefined>;
  entry(callId: string, connector?: string): Promise<string>;
  missing(graceMs?: number): Promise<number>;
}

const LEASE_MS = 180_000;

export function createWriteBackRig(store: Store): WriteBackRig {
  const clock = { now: Date.parse('2026-11-23T01:02:00.000Z') };
  const now = () => clock.now;
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id-${String(ids).padStart(6, '0')}`;
  };
  const owedFor = ({ direction, followUp }: CallRecord) =>
    ['salesforce', 'kintone']
      .flatMap((connector) => ['callLog', ...(followUp === null ? [] : ['followUp'])].map((purpose) => ({ connector, purpose })))
      .filter(() => direction !== 'internal');
  const companion = createOwing({ owedFor, now, newId });
  const ledger = createLedger({ store, companion, committed: () => {} });
  const owed = createOwedStore({ store, now, newId, leaseMs: LEASE_MS });
  const admin = createOwedAdmin({ store, now });
  const crms = { salesforce: createRememberingCrm(), kintone: createRememberingCrm() };
  const view = createLedgerView({
    store,
    connectors: ['salesforce', 'kintone'],
    recordUrl: (connector, ref) => `https://${connector}.example/${ref.object}/${ref.id}`,
  });
  const logged: WriteBackRig['logged'][number][] = [];
  const rig: WriteBackRig = {
    clock,
    ledger,
    owed,
    admin,
    crms,
    logged,
    mapping: async ({ purpose }, callId) => {
      const call = await ledger.find(callId);
      if (call === null) return null;
      if (purpose === 'followUp') {
        const fields = { Status: call.followUp?.state ?? null, Due: call.followUp?.dueAt ?? null };
        return { object: 'Task', key: { field: 'CallId', value: `${call.id}-followUp` }, fields, owners: {} };
      }
      const fields = { Subject: call.customer?.number ?? '', Outcome: call.outcome?.code ?? null, Notes: call.notes };
      return { object: 'Task', key: { field: 'CallId', value: call.id }, fields, owners: {} };
    },
    newDrainer: (given = {}) =>
      createDrainer({
        owed,
        connectors: new Map([
          ['salesforce', { connector: crms.salesforce, maxBatch: 200 }],
          ['kintone', { connector: crms.kintone, maxBatch: 100 }],
        ]),
        render: (purpose, callId) => rig.mapping(purpose, callId),
        now,
        random: () => 0.5,
        log: (level, message) => logged.push({ level, message }),
        wait: async () => {},
        ...given,
      }),
    drain: (connector = 'salesforce') => rig.newDrainer().drain(connector, new AbortController().signal),
    end: (...calls) => ledger.write(calls.map((record) => ({ record, state: null, absorbed: [] }))),
    owedOf: async (callId, connector = 'salesforce') => {
      const rows = await store.db.selectFrom('owed_records').select('id').where('call_id', '=', callId).execute();
      const known = new Set(rows.map((row) => row.id));
      const statuses = [null, 'written', 'discarded', 'notNeeded'] as const;
      const lists = await Promise.all(statuses.map((status) => admin.list({ connector, status, limit: 1_000 })));
      return lists.flatMap((list) => list.records).find((record) => known.has(record.id));
    },
    entry: async (callId, connector = 'salesforce') => {
      const call = await ledger.find(callId as CallId);
      const [row] = await view.entries(call === null ? [] : [call]);
      const entry = row?.entries.find((one) => one.connector === connector);
      return entry?.reason == null ? (entry?.state ?? 'no entry') : `${entry.state}: ${entry.reason.code}`;
    },
    missing: (graceMs = 0) => countMissingCalls(store, { now: clock.now, graceMs }),
  };
  return rig;
}
