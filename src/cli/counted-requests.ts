/** What commands send to a CRM is counted with what the hub sends, and gives way to all that is more urgent. */
import { existsSync } from 'node:fs';
import type { InBothLanguages, VendorBudget } from '../../connectors/connector.ts';
import type { ConnectorChoice } from '../config/read-connectors.ts';
import type { Locale } from '../mappings/locale.ts';
import { createQuotaStore, type QuotaStore } from '../quotas/quota-store.ts';
import { createQuotas, EXCHANGE_MS, type Quotas } from '../quotas/quotas.ts';
import { openDatabase, type Store } from '../store/open-database.ts';

export interface CountedRequests {
  readonly quotas: Quotas;
  /** Tells the hub what was sent. */
  close(): Promise<void>;
}

export interface CountingWorld {
  readonly connectors: readonly Pick<ConnectorChoice, 'name' | 'definition' | 'settings'>[];
  /** One that is open already stays open; of a URL, the database is used if it is there. */
  readonly database: Store | string;
  readonly language: Locale;
  /** A line for the person at the terminal, beside the output. */
  readonly tell: (line: string) => void;
}

/** Never fails: without a database the requests are sent all the same, and where the hub's count would be wrong, that is said. */
export async function openCountedRequests({ connectors, database, language, tell }: CountingWorld): Promise<CountedRequests> {
  const budgets = new Map(connectors.map(({ name, definition, settings }) => [name, definition.budget?.(settings) ?? null]));
  const shared = await openShared(database);
  const quotas = createQuotas({ budgets, store: shared.store, isGuest: true, now: Date.now, log: () => {} });
  if (shared.problem === null) await quotas.exchange();
  const timer = setInterval(() => void quotas.exchange(), EXCHANGE_MS);
  timer.unref();
  return {
    quotas,
    async close() {
      clearInterval(timer);
      await quotas.close();
      await shared.close();
      for (const [name, budget] of budgets) {
        const untold = quotas.untold(name);
        if (untold > 0 && shared.hasHub && isOurCount(budget)) tell(missing(name, untold, shared.problem)[language]);
      }
    },
  };
}

/** Otherwise the vendor tells it to whoever asks next. */
function isOurCount(budget: VendorBudget | null): boolean {
  return budget !== null && budget.perDay !== null;
}

function missing(name: string, requests: number, problem: string | null): InBothLanguages {
  const why = problem === null ? '' : ` (${problem})`;
  return {
    en: `${requests} request(s) to ${name} are missing from the hub’s count of the day, because the database was not reached${why}.`,
    ja: `データベースに接続できなかったため、${name} への ${requests} 件のリクエストはハブの1日の件数に入っていません${why}。`,
  };
}

interface Shared {
  readonly store: QuotaStore;
  /** A hub may be counting there. */
  readonly hasHub: boolean;
  /** Null: it works. */
  readonly problem: string | null;
  close(): Promise<void>;
}

async function openShared(database: Store | string): Promise<Shared> {
  if (typeof database !== 'string') {
    const store = createQuotaStore({ store: database, process: null, now: Date.now });
    return { store, hasHub: true, problem: null, close: async () => {} };
  }
  const none = { store: nowhere, close: async () => {} };
  // Not made for this: it would belong to whoever runs the command, and the hub could not write to it.
  if (database.startsWith('sqlite:') && !existsSync(database.slice('sqlite:'.length))) {
    return { ...none, hasHub: false, problem: 'there is none yet' };
  }
  let opened: Store | null = null;
  try {
    opened = openDatabase({ url: database });
    const store = createQuotaStore({ store: opened, process: null, now: Date.now });
    await store.exchange({ spent: [], told: [] });
    return { store, hasHub: true, problem: null, close: opened.close };
  } catch (error) {
    await opened?.close();
    return { ...none, hasHub: true, problem: error instanceof Error ? error.message : String(error) };
  }
}

const nowhere: QuotaStore = {
  exchange: () => Promise.reject(new Error('There is no database.')),
  leave: async () => {},
};
