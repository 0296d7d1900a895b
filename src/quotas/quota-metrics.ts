/** The gauge for whoever watches the hub: asked for when the figures are read, so that they are never old. */
import { Gauge, type Registry } from 'prom-client';
import type { BudgetView } from './account.ts';
import type { QuotaView } from './quotas.ts';

/** `object` is '' where the CRM counts by account; a figure nobody knows is left out. */
export function registerQuotaMetrics(registry: Registry, quotas: { view(): readonly QuotaView[] }): void {
  const gauge = (what: string, help: string, figure: (budget: BudgetView) => number | null) =>
    new Gauge({
      name: `toritsugi_crm_requests_${what}`,
      help,
      labelNames: ['connector', 'object'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { connector, budgets } of quotas.view()) {
          for (const budget of budgets) {
            const value = figure(budget);
            if (value !== null) this.set({ connector, object: budget.object ?? '' }, value);
          }
        }
      },
    });
  gauge('used', "Requests of the CRM's own day, by everybody as far as it tells", ({ used }) => used);
  gauge('limit', 'Requests that the CRM allows a day', ({ limit }) => limit);
  gauge('left', "Requests left of the CRM's day", ({ left }) => left);
  gauge('empty_at', "When the CRM's day is used up at this rate, seconds since 1970", ({ emptyAt }) =>
    emptyAt === null ? null : Math.round(emptyAt / 1_000),
  );
}
