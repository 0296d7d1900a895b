/** What a call leaves behind: the ledger, what the CRMs are owed of it, and who pays that. */
import { createJournal, type Journal } from '../calls/journal.ts';
import { createLedger, type Ledger } from '../calls/ledger-store.ts';
import { createOwedAdmin, type OwedAdmin } from '../write-back/owed-admin.ts';
import { createOwedStore, type OwedStore } from '../write-back/owed-store.ts';
import { createOwing } from '../write-back/owing.ts';
import { owedForCall } from './call-log.ts';
import type { Crms } from './crms.ts';
import { createDrainSoon } from './draining.ts';
import type { HubParts } from './hub-parts.ts';

export interface KeptCalls {
  readonly ledger: Ledger;
  /** The way of what the tracker says into the ledger. */
  readonly journal: Journal;
  readonly owed: OwedStore;
  readonly owedAdmin: OwedAdmin;
  /** Something is due. Never fails. */
  readonly drainSoon: () => void;
}

const LEASE_MS = 180_000;

export function keepCalls({ store, jobs, log, now, newId }: HubParts, crms: Crms): KeptCalls {
  const drainSoon = createDrainSoon({ jobs, connectors: crms.connectors.map(({ name }) => name), newId, log });
  const owing = createOwing({ owedFor: (call) => owedForCall(crms, call), now, newId });
  const ledger = createLedger({ store, companion: owing, committed: drainSoon });
  const journal = createJournal({ ledger, log });
  const owed = createOwedStore({ store, now, newId, leaseMs: LEASE_MS });
  return { ledger, journal, owed, owedAdmin: createOwedAdmin({ store, now }), drainSoon };
}
