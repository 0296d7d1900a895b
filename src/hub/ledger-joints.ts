/** What the admin's ledger page asks of the rest of the hub. */
import type { LedgerPorts } from '../desk/desk-ports.ts';
import type { Store } from '../store/open-database.ts';
import { countByState, countMissingCalls } from '../write-back/ledger-summary.ts';
import type { LedgerView } from '../write-back/ledger-view.ts';
import type { OwedAdmin } from '../write-back/owed-admin.ts';
import type { Crms } from './crms.ts';

export interface LedgerJointsDeps {
  readonly store: Store;
  readonly crms: Crms;
  readonly view: LedgerView;
  readonly owedAdmin: OwedAdmin;
  /** Something is due again. */
  readonly drainSoon: () => void;
  readonly nationalNumber: (number: string) => string;
  readonly now: () => number;
}

/** What is younger than this is on its way, not missing. */
export const GRACE_MS = 60_000;

export function ledgerPorts({ store, crms, view, owedAdmin, drainSoon, nationalNumber, now }: LedgerJointsDeps): LedgerPorts {
  const names = crms.connectors.map(({ name }) => name);
  const acted = (changed: number): boolean => {
    if (changed > 0) drainSoon();
    return changed > 0;
  };
  return {
    async ledgerSummary() {
      const [owed, counts] = await Promise.all([
        countMissingCalls(store, { now: now(), graceMs: GRACE_MS }),
        countByState(store, names),
      ]);
      const labels = new Map(crms.connectors.map(({ name, label }) => [name, label]));
      return { owed, connectors: counts.map((one) => ({ ...one, label: labels.get(one.connector) ?? one.connector })) };
    },
    ledgerRows: view.rows,
    nationalNumber,
    retryOwed: async (part) => acted(await owedAdmin.retry(part)),
    async retryAllOwed(connector) {
      const changed = await owedAdmin.retry({ connector });
      acted(changed);
      return changed;
    },
    discardOwed: async (part, by) => (await owedAdmin.discard(part, { reason: 'discarded on the admin page', by })) > 0,
    restoreOwed: async (part) => acted(await owedAdmin.restore(part)),
  };
}
