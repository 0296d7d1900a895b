/** The ledger for the admin: what each CRM has, and what it is owed. */
import { notFound } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Session } from '../http/session-cookie.ts';
import type { LedgerPorts, LedgerRow } from './desk-ports.ts';
import * as schemas from './desk-schemas.ts';

export function owedRoutes(ledger: LedgerPorts): Route[] {
  const command = (name: 'retry' | 'discard' | 'restore', summary: string) =>
    defineRoute({
      method: 'post',
      path: `/owed/:id/:connector/${name}`,
      summary,
      tag: 'owed',
      params: schemas.owedParams,
      body: schemas.owedPartBody,
      handle: async ({ params, body, session }) => {
        const act = { retry: ledger.retryOwed, discard: ledger.discardOwed, restore: ledger.restoreOwed }[name];
        const found = await act.call(
          ledger,
          { callId: schemas.toCallId(params.id), connector: params.connector, ...body },
          actorOf(session),
        );
        if (!found) throw notFound(`Nothing of call ${params.id} is there to ${name} for ${params.connector}.`);
      },
    });

  return [
    defineRoute({
      method: 'get',
      path: '/owed',
      summary: 'The number that must be 0, and the ledger behind it',
      tag: 'owed',
      query: schemas.owedQuery,
      answer: schemas.owedAnswer,
      handle: async ({ query }) => {
        const { limit, before = null, state = null, connector = null } = query;
        const [summary, page] = await Promise.all([
          ledger.ledgerSummary(),
          ledger.ledgerRows({ limit, before, state, connector }),
        ]);
        return { summary, rows: page.rows.map(withDisplay), next: page.next };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/owed/retry',
      summary: 'Try everything again that is refused or needs a person',
      tag: 'owed',
      body: schemas.retryAllBody,
      answer: schemas.retryAllAnswer,
      handle: async ({ body, session }) => ({ retried: await ledger.retryAllOwed(body.connector, actorOf(session)) }),
    }),
    command('retry', 'Try this one again now'),
    command('discard', 'This CRM shall not have this call'),
    command('restore', 'Take a discard back'),
  ];

  function withDisplay(row: LedgerRow): LedgerRow & { readonly display: string | null } {
    const { customer } = row.call;
    if (customer === null || customer.withheld) return { ...row, display: null };
    return { ...row, display: customer.number === null ? customer.raw : ledger.nationalNumber(customer.number) };
  }
}

function actorOf(session: Session | null): string {
  return session?.extension ?? 'admin';
}
