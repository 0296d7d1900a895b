import { sql } from 'kysely';
import type { Store } from '../store/open-database.ts';
import type { Verdict } from './judge.ts';
import { ALONE_AFTER } from './judge.ts';
import type { ConnectorHold, OwedId, OwedRecord, Problem, SentKey } from './owed-record.ts';
import { problemColumns, toHold, toOwedRecord } from './owed-rows.ts';

/** What is in one writer's hands until `until`. */
export interface Claim {
  readonly lease: string;
  readonly records: readonly OwedRecord[];
}

export interface ClaimWish {
  readonly connector: string;
  readonly limit: number;
  /** Only records that failed so often that they go alone, or only the others. */
  readonly alone: boolean;
}

/** The drainer's side of the owed records. Every method is one transaction. */
export interface OwedStore {
  /** Takes what is due, longest due first; nobody else gets it until the lease is over. */
  claim(wish: ClaimWish): Promise<Claim>;
  /** Remembers what is about to be sent, and tells which records are still ours to send. */
  keepKeys(lease: string, keys: ReadonlyMap<OwedId, SentKey>): Promise<ReadonlySet<OwedId>>;
  settle(lease: string, settled: readonly { readonly record: OwedRecord; readonly verdict: Verdict }[]): Promise<void>;
  readHold(connector: string): Promise<ConnectorHold | null>;
  putHold(connector: string, hold: ConnectorHold | null): Promise<void>;
  /** When the next record of the connector is due, also if that is long past; null when nothing is owed. */
  nextDueAt(connector: string): Promise<number | null>;
  /** Takes back what a dead writer held: everything, or what is held longer than its lease. Tells how many. */
  releaseAbandoned(which: 'all' | 'expired'): Promise<number>;
}

export interface OwedStoreSettings {
  readonly store: Store;
  readonly now: () => number;
  readonly newId: () => string;
  /** Longer than the longest write. */
  readonly leaseMs: number;
}

export function createOwedStore({ store, now, newId, leaseMs }: OwedStoreSettings): OwedStore {
  const { db, kind } = store;
  return {
    async claim({ connector, limit, alone }) {
      const lease = newId();
      const due = db
        .selectFrom('owed_records')
        .select('id')
        .where('connector', '=', connector)
        .where('status', '=', 'owed')
        .where('next_attempt_at', '<=', now())
        .where('attempts', alone ? '>=' : '<', ALONE_AFTER)
        .orderBy('next_attempt_at')
        .orderBy('created_at')
        .limit(limit);
      const rows = await db
        .updateTable('owed_records')
        .set({ status: 'writing', lease, lease_until: now() + leaseMs, attempts: sql`attempts + 1` })
        // Two processes claim at once: the second takes the records behind the first one's instead of waiting for it. As an array,
        // because PostgreSQL may run a locking subquery of `in` again for every row, and then its limit counts for nothing.
        .where(({ eb }) =>
          kind === 'postgres' ? sql<boolean>`id = any(array(${due.forUpdate().skipLocked()}))` : eb('id', 'in', due),
        )
        .where('status', '=', 'owed')
        .returningAll()
        .execute();
      const records = rows.map(toOwedRecord).sort((a, b) => a.nextAttemptAt - b.nextAttemptAt || a.createdAt - b.createdAt);
      return { lease, records };
    },

    keepKeys: (lease, keys) =>
      db.transaction().execute(async (tx) => {
        const ours = new Set<OwedId>();
        for (const [id, key] of keys) {
          const { numUpdatedRows } = await tx
            .updateTable('owed_records')
            .set({ key_object: key.object, key_field: key.field, key_value: key.value })
            .where('id', '=', id)
            .where('lease', '=', lease)
            .executeTakeFirst();
          if (numUpdatedRows > 0n) ours.add(id);
        }
        return ours;
      }),

    settle: (lease, settled) =>
      db.transaction().execute(async (tx) => {
        for (const { record, verdict } of settled) {
          const { numUpdatedRows } = await tx
            .updateTable('owed_records')
            .set(columnsAfter(record, verdict, now()))
            .where('id', '=', record.id)
            .where('lease', '=', lease)
            .executeTakeFirst();
          if (numUpdatedRows > 0n || verdict.do !== 'written') continue;
          // Somebody else wrote it meanwhile, and our write, older in content, may have come last: once more.
          await tx
            .updateTable('owed_records')
            .set({ status: 'owed', version: sql`version + 1`, next_attempt_at: now() })
            .where('id', '=', record.id)
            .where('status', '=', 'written')
            .execute();
        }
      }),

    async readHold(connector) {
      const row = await db.selectFrom('connector_holds').selectAll().where('connector', '=', connector).executeTakeFirst();
      return row === undefined ? null : toHold(row);
    },

    async putHold(connector, hold) {
      if (hold === null) {
        await db.deleteFrom('connector_holds').where('connector', '=', connector).execute();
        return;
      }
      const { connector: _, ...columns } = hold;
      await db
        .insertInto('connector_holds')
        .values(hold)
        .onConflict((conflict) => conflict.column('connector').doUpdateSet(columns))
        .execute();
    },

    async nextDueAt(connector) {
      const row = await db
        .selectFrom('owed_records')
        .select(({ fn }) => fn.min<number | null>('next_attempt_at').as('at'))
        .where('connector', '=', connector)
        .where('status', '=', 'owed')
        .executeTakeFirst();
      return row?.at ?? null;
    },

    async releaseAbandoned(which) {
      let update = db.updateTable('owed_records').set({ status: 'owed', lease: null, lease_until: null, next_attempt_at: now() });
      update = update.where('status', '=', 'writing');
      if (which === 'expired') update = update.where('lease_until', '<', now());
      const { numUpdatedRows } = await update.executeTakeFirst();
      return Number(numUpdatedRows);
    },
  };
}

/** A record that changed while it was written is owed again, whatever the verdict: the verdict was about an older version. */
function columnsAfter(record: OwedRecord, verdict: Verdict, now: number) {
  const unchanged = sql<boolean>`version = ${record.version}`;
  const statusAfter = (status: string) => sql<string>`case when ${unchanged} then ${status} else 'owed' end`;
  const none = { lease: null, lease_until: null, ...problemColumns(null) };
  switch (verdict.do) {
    case 'written':
      return {
        ...none,
        status: statusAfter('written'),
        remote_id: verdict.remoteId,
        written_version: record.version,
        attempts: 0,
        next_attempt_at: now,
      };
    case 'retry':
      return {
        ...none,
        status: 'owed',
        attempts: verdict.attempts,
        next_attempt_at: verdict.at,
        ...problemColumns(verdict.problem),
      };
    case 'refuse':
      return { ...none, status: statusAfter('refused'), next_attempt_at: now, ...problemColumns(verdict.problem as Problem) };
    case 'notNeeded':
      return {
        ...none,
        status: statusAfter(record.remoteId === null ? 'notNeeded' : 'written'),
        attempts: 0,
        next_attempt_at: now,
      };
  }
}
