/** Budgets of every connected CRM, shared by all jobs of this process and by all processes on the database. */
import type { Connector, RequestNotice, VendorBudget } from '../../connectors/connector.ts';
import { type Account, type Asked, type BudgetView, createAccount } from './account.ts';
import { guardConnector, guardForCommand } from './guard-connector.ts';
import type { Meter } from './meter.ts';
import type { Counted, QuotaStore, SpentInHour } from './quota-store.ts';

export interface QuotaView {
  readonly connector: string;
  readonly budgets: readonly BudgetView[];
}

/** A connector that keeps to its budget. */
export interface GuardedConnector {
  readonly connector: Connector;
  /** The same for batches in which nothing is new: they let call logs go first. */
  readonly corrections: Connector;
}

export interface Quotas {
  /** For `ConnectorWorld`. */
  onRequest(connector: string): (notice: RequestNotice) => void;
  guard(name: string, connector: Connector): GuardedConnector;
  /** Tells the other processes and hears of them; to be called every `EXCHANGE_MS`. Never fails. */
  exchange(): Promise<void>;
  view(): readonly QuotaView[];
  /** Runs one request that can wait, for what is no call of a connector. @throws HeldBack, and what `run` throws */
  pass<Result>(name: string, asked: Omit<Asked, 'urgency'>, run: () => Promise<Result>): Promise<Result>;
  /** Requests of this process that the others do not know of. */
  untold(connector: string): number;
  /** Tells the others what is left to tell, and leaves. */
  close(): Promise<void>;
}

export interface QuotasSettings {
  /** By connector; those left out are not known beforehand. */
  readonly budgets: ReadonlyMap<string, VendorBudget | null>;
  readonly store: QuotaStore;
  /** A command beside the hub: its requests count, it takes no share of those at once but sends one at a time, and all of it can wait. */
  readonly isGuest?: boolean;
  readonly now: () => number;
  readonly log: (level: 'info' | 'warn', message: string, fields: Readonly<Record<string, unknown>>) => void;
}

export const EXCHANGE_MS = 15_000;
const UNKNOWN_VENDOR: VendorBudget = { atOnce: 10, perDay: null, countedBy: 'account', day: 'rolling' };
/** So many requests are told at once: the most by which several processes can be wrong about each other. */
const MOST_UNTOLD = 50;
/** The same as a part of a small budget. */
const UNTOLD_PART = 0.005;

export function createQuotas({ budgets, store, isGuest = false, now, log }: QuotasSettings): Quotas {
  const accounts = new Map<string, Account>();
  for (const [name, budget] of budgets) accounts.set(name, createAccount({ name, budget: budget ?? UNKNOWN_VENDOR, now }));
  const share = (processes: number) => {
    for (const account of accounts.values()) account.shareWith(isGuest ? Number.POSITIVE_INFINITY : processes);
  };
  if (isGuest) share(1);
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  let isBusy = false;
  let isWell = true;
  let isClosed = false;

  function accountOf(name: string): Account {
    const account = accounts.get(name);
    if (account === undefined) throw new Error(`There is no budget for the connector ${name}: name it when quotas are made.`);
    return account;
  }

  function exchange(): Promise<void> {
    // The one under way has not heard the latest.
    next ??= running.then(() => {
      next = null;
      isBusy = true;
      running = exchangeOnce().finally(() => {
        isBusy = false;
      });
      return running;
    });
    return next;
  }

  async function exchangeOnce(): Promise<void> {
    const news = [...accounts.values()].flatMap(({ name, meters }) =>
      [...meters].map(([object, meter]) => ({ connector: name, object, meter, ...meter.news() })),
    );
    const spent = news.flatMap(({ connector, object, hours }) =>
      [...hours].map(([hour, count]): SpentInHour => ({ connector, object, hour, count })),
    );
    const told = news.flatMap(({ connector, object, told: heard }) =>
      heard === null ? [] : [{ connector, object, told: heard }],
    );
    try {
      const all = await store.exchange({ spent, told });
      const hoursOf = byMeter(all.spent);
      const toldOf = new Map(all.told.map((one) => [keyOf(one), one.told]));
      for (const one of [...all.spent, ...all.told]) accounts.get(one.connector)?.meterOf(one.object || null);
      for (const { name, meters } of accounts.values()) {
        for (const [object, meter] of meters) {
          const key = keyOf({ connector: name, object });
          const sent = news.find((one) => one.meter === meter)?.hours ?? new Map<number, number>();
          meter.settle(sent, { hours: hoursOf.get(key) ?? new Map(), told: toldOf.get(key) ?? null });
          meter.sample();
        }
      }
      share(all.processes);
      isWell = true;
    } catch (error) {
      isWell = false;
      log('warn', 'the CRM budgets could not be shared; this process goes on with what it knows', { error });
    }
  }

  return {
    onRequest(name) {
      const account = accountOf(name);
      return (notice) => {
        account.onRequest(notice);
        // A database that does not answer is asked by the clock alone.
        if (isWell && !isBusy && !isClosed && hasMuchToTell(account.meterOf(notice.object))) void exchange();
      };
    },
    guard(name, connector) {
      const account = accountOf(name);
      if (isGuest) {
        const guarded = guardForCommand(connector, account);
        return { connector: guarded, corrections: guarded };
      }
      return {
        connector: guardConnector(connector, account, 'callLog'),
        corrections: guardConnector(connector, account, 'outcome'),
      };
    },
    exchange,
    pass: (name, asked, run) => accountOf(name).pass({ ...asked, urgency: 'list' }, run),
    untold: (name) => [...accountOf(name).meters.values()].reduce((sum, { untold }) => sum + untold, 0),
    view: () => [...accounts.values()].map((account) => ({ connector: account.name, budgets: account.view() })),
    async close() {
      isClosed = true;
      await exchange();
      await store.leave().catch((error: unknown) => log('warn', 'this process could not leave the CRM budgets', { error }));
    },
  };
}

function hasMuchToTell(meter: Meter): boolean {
  const { limit } = meter.figures();
  return meter.untold >= Math.min(MOST_UNTOLD, Math.max(1, (limit ?? Number.POSITIVE_INFINITY) * UNTOLD_PART));
}

function byMeter(spent: readonly SpentInHour[]): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const found = new Map<string, Map<number, number>>();
  for (const { connector, object, hour, count } of spent) {
    const hours = found.get(keyOf({ connector, object })) ?? new Map<number, number>();
    found.set(keyOf({ connector, object }), hours.set(hour, count));
  }
  return found;
}

function keyOf({ connector, object }: Counted): string {
  return `${connector}\n${object}`;
}
