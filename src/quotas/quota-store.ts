/** What the processes that share the accounts tell each other, in the database. */
import { type Insertable, sql, type Transaction } from 'kysely';
import type { Store } from '../store/open-database.ts';
import type { Database } from '../store/schema.ts';
import type { QuotaSpentTable, QuotaToldTable } from '../store/tables/quotas.ts';
import type { Told } from './vendor-day.ts';

/** An account, or an object of it where the vendor counts by object. */
export interface Counted {
  readonly connector: string;
  /** '' for the account. */
  readonly object: string;
}

export interface SpentInHour extends Counted {
  /** Hours since 1970. */
  readonly hour: number;
  readonly count: number;
}

export interface ToldOf extends Counted {
  readonly told: Told;
}

export interface QuotaStore {
  /** Adds what this process spent and heard since the last time, and answers with what all of them did. One transaction. */
  exchange(news: { readonly spent: readonly SpentInHour[]; readonly told: readonly ToldOf[] }): Promise<{
    /** That lately did the same, this one included unless it is a guest. */
    readonly processes: number;
    readonly spent: readonly SpentInHour[];
    readonly told: readonly ToldOf[];
  }>;
  /** This process leaves; its part of the budgets is the others' now. */
  leave(): Promise<void>;
}

export interface QuotaStoreSettings {
  readonly store: Store;
  /** Unique among the processes; null for a guest, whom nobody shares with. */
  readonly process: string | null;
  readonly now: () => number;
}

/** A process that has not been heard of for so long is gone. */
const GONE_AFTER_MS = 60_000;
const HOUR_MS = 3_600_000;
const HOURS_KEPT = 48;

export function createQuotaStore({ store, process, now }: QuotaStoreSettings): QuotaStore {
  const { db } = store;
  return {
    exchange: ({ spent, told }) =>
      db.transaction().execute(async (tx) => {
        const at = now();
        await add(
          tx,
          spent.filter(({ count }) => count > 0).map(({ count, ...rest }) => ({ ...rest, spent: count })),
        );
        await tell(tx, told.map(toldRow));
        const hour = Math.floor(at / HOUR_MS);
        await tx
          .deleteFrom('quota_spent')
          .where('hour', '<', hour - HOURS_KEPT)
          .execute();
        if (process !== null) await stay(tx, process, at);
        const { count } = await tx
          .selectFrom('quota_processes')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        const spentRows = await tx.selectFrom('quota_spent').selectAll().execute();
        const toldRows = await tx.selectFrom('quota_told').selectAll().execute();
        return {
          processes: count,
          spent: spentRows.map(({ spent: inHour, ...rest }) => ({ ...rest, count: inHour })),
          told: toldRows.map(({ used, day_limit: limit, told_at, ...counted }) => ({
            ...counted,
            told: { used, limit, at: told_at },
          })),
        };
      }),
    async leave() {
      if (process !== null) await db.deleteFrom('quota_processes').where('process', '=', process).execute();
    },
  };
}

type Tx = Transaction<Database>;

/** In one order everywhere: two processes that add at the same moment wait for each other and never in a circle. */
async function add(tx: Tx, rows: readonly Insertable<QuotaSpentTable>[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('quota_spent')
    .values(inOrder(rows))
    .onConflict((conflict) =>
      conflict.columns(['connector', 'object', 'hour']).doUpdateSet({ spent: sql<number>`quota_spent.spent + excluded.spent` }),
    )
    .execute();
}

/** The later word counts, whoever heard it. */
async function tell(tx: Tx, rows: readonly Insertable<QuotaToldTable>[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('quota_told')
    .values(inOrder(rows))
    .onConflict((conflict) =>
      conflict
        .columns(['connector', 'object'])
        .doUpdateSet((eb) => ({
          used: eb.ref('excluded.used'),
          day_limit: eb.ref('excluded.day_limit'),
          told_at: eb.ref('excluded.told_at'),
        }))
        .where(sql<boolean>`excluded.told_at >= quota_told.told_at`),
    )
    .execute();
}

async function stay(tx: Tx, process: string, at: number): Promise<void> {
  await tx
    .insertInto('quota_processes')
    .values({ process, seen_at: at })
    .onConflict((conflict) => conflict.column('process').doUpdateSet({ seen_at: at }))
    .execute();
  await tx
    .deleteFrom('quota_processes')
    .where('seen_at', '<', at - GONE_AFTER_MS)
    .execute();
}

function toldRow({ connector, object, told }: ToldOf): Insertable<QuotaToldTable> {
  return { connector, object, used: told.used, day_limit: told.limit, told_at: told.at };
}

function inOrder<Row extends Insertable<QuotaToldTable> | Insertable<QuotaSpentTable>>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf(row: Insertable<QuotaToldTable> | Insertable<QuotaSpentTable>): string {
  return [row.connector, row.object, 'hour' in row ? row.hour : ''].join('\n');
}
