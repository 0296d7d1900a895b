/** The budgets of the connectors that are configured. */
import type { Settings } from '../config/read-settings.ts';
import type { Log } from '../observability/log.ts';
import { createQuotaStore } from '../quotas/quota-store.ts';
import { createQuotas, type Quotas } from '../quotas/quotas.ts';
import type { Store } from '../store/open-database.ts';

export interface QuotaWorld {
  readonly store: Store;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
}

export function openQuotas({ connectors }: Settings, { store, now, newId, log }: QuotaWorld): Quotas {
  const budgets = connectors.map(({ name, definition, settings }) => [name, definition.budget?.(settings) ?? null] as const);
  return createQuotas({ budgets: new Map(budgets), store: createQuotaStore({ store, process: newId(), now }), now, log });
}
