/** The gauge over HTTP: what each CRM lets us do today, what is used of it, and what waits. */
import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import type { BudgetView } from './account.ts';
import type { QuotaView } from './quotas.ts';
import { PATIENT_CLASSES } from './request-class.ts';

const HOLD_KINDS = ['unreachable', 'rateLimited', 'unauthorized', 'heldBack'] as const;

/** Why nothing is written to a connector for the moment. Instants are milliseconds since 1970. */
export interface HoldView {
  readonly connector: string;
  readonly kind: (typeof HOLD_KINDS)[number];
  readonly reason: string;
  readonly since: number;
  readonly until: number;
}

export interface QuotaRouteDeps {
  readonly quotas: { view(): readonly QuotaView[] };
  readonly holds: () => Promise<readonly HoldView[]>;
}

const instant = z.iso.datetime();

const budget = z
  .object({
    object: z.string().nullable().describe('for which the CRM counts; null: for the account'),
    used: z.int().describe('requests of the CRM’s own day, by everybody as far as it tells'),
    limit: z.int().nullable().describe('null: the CRM has not told it yet'),
    left: z.int().nullable(),
    emptyAt: instant.nullable().describe('at the rate of the last hour; null when the day lasts, or when nobody can tell yet'),
    dayEndsAt: instant.nullable().describe('null: the CRM counts the last 24 hours'),
    waiting: z.array(z.object({ urgency: z.enum(PATIENT_CLASSES), until: instant })).describe('kinds of requests that wait'),
  })
  .meta({ title: 'CrmBudget' });

const hold = z.object({
  kind: z.enum(HOLD_KINDS).describe('heldBack: by the hub, because the CRM’s day runs short'),
  reason: z.string(),
  since: instant,
  until: instant.describe('then one record shows whether it works again; what was heldBack goes on'),
});

const answer = z.object({
  quotas: z.array(z.object({ connector: z.string(), budgets: z.array(budget), hold: hold.nullable() })),
});

export type QuotasAnswer = z.infer<typeof answer>;

export function quotaRoutes({ quotas, holds }: QuotaRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/quotas',
      summary: 'What each CRM lets us do today, what is used of it, and what waits for more',
      tag: 'quotas',
      answer,
      handle: async (): Promise<QuotasAnswer> => {
        const held = new Map((await holds()).map((one) => [one.connector, one]));
        return {
          quotas: quotas.view().map(({ connector, budgets }) => ({
            connector,
            budgets: budgets.map(shownBudget),
            hold: shownHold(held.get(connector)),
          })),
        };
      },
    }),
  ];
}

function shownBudget({ emptyAt, dayEndsAt, waiting, ...counts }: BudgetView): z.infer<typeof budget> {
  return {
    ...counts,
    emptyAt: instantOf(emptyAt),
    dayEndsAt: instantOf(dayEndsAt),
    waiting: waiting.map(({ urgency, until }) => ({ urgency, until: new Date(until).toISOString() })),
  };
}

function shownHold(held: HoldView | undefined): z.infer<typeof hold> | null {
  if (held === undefined) return null;
  const { kind, reason, since, until } = held;
  return { kind, reason, since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

function instantOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
