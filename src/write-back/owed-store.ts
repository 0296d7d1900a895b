import { sql, type Transaction } from 'kysely';
import type { Store } from '../store/open-database.ts';
import type { Database } from '../store/schema.ts';
import { LONGEST_BACK_OFF_MS } from './back-off.ts';
import { ALONE_AFTER, type Verdict } from './judge.ts';
import type { ConnectorHold, OwedId, OwedRecord, SentKey } from './owed-record.ts';
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
  /** Only what the CRM does not have yet. */
  readonly newOnly?: boolean;
}

/** The drainer's side of the owed records. Every method is one transaction. */
export interface OwedStore {
  /**
   * Takes what is due, longest due first, and what the CRM does not have yet before what only changes there. Nobody else gets it until
   * the lease is over.
   */
  claim(wish: ClaimWish): Promise<Claim>;
  /** Remembers what is about to be sent, and tells which records are still ours to send; for these the lease begins anew. */
  keepKeys(lease: string, keys: ReadonlyMap<OwedId, SentKey>): Promise<ReadonlySet<OwedId>>;
  settle(lease: string, settled: readonly { readonly record: OwedRecord; readonly verdict: Verdict }[]): Promise<void>;
  readHold(connector: string): Promise<ConnectorHold | null>;
  putHold(connector: string, hold: ConnectorHold | null): Promise<void>;
  /** For a start, which reads the settings anew: a CRM that let nobody in is tried at once, not when its hold ends. */
  trySignInsAgain(): Promise<void>;
  /** When the next record of the connector is due, also if that is long past; null when nothing is owed. */
  nextDueAt(connector: string): Promise<number | null>;
  /** Takes back what a dead writer held: everything, or what is held longer than its lease. Tells how many. */
  releaseAbandoned(which: 'all' | 'expired'): Promise<number>;
}

interface Taking extends Omit<ClaimWish, 'newOnly'> {
  readonly isNew: boolean;
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

  async function take(lease: string, { connector, limit, alone, isNew }: Taking): Promise<readonly OwedRecord[]> {
    if (limit < 1) return [];
    const due = db
      .selectFrom('owed_records')
      .select('id')
      .where('connector', '=', connector)
      .where('status', '=', 'owed')
      .where('remote_id', isNew ? 'is' : 'is not', null)
      // No record is ever to wait longer than the back-off: what seems to was noted before the clock was put back.
      .where(({ eb, or }) => or([eb('next_attempt_at', '<=', now()), eb('next_attempt_at', '>', now() + LONGEST_BACK_OFF_MS)]))
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
    return rows.map(toOwedRecord).sort((a, b) => a.nextAttemptAt - b.nextAttemptAt || a.createdAt - b.createdAt);
  }

  return {
    async claim({ connector, limit, alone, newOnly = false }) {
      const lease = newId();
      const fresh = await take(lease, { connector, limit, alone, isNew: true });
      const known = newOnly ? [] : await take(lease, { connector, limit: limit - fresh.length, alone, isNew: false });
      return { lease, records: [...fresh, ...known] };
    },

    async keepKeys(lease, keys) {
      if (keys.size === 0) return new Set();
      const rows = [...keys].map(([id, key]) => sql`(${id}, ${key.object}, ${key.field}, ${key.value})`);
      // Both databases call the columns of a list of values column1, column2 …
      const { rows: ours } = await sql<{ id: OwedId }>`
        update owed_records set key_object = sent.column2, key_field = sent.column3, key_value = sent.column4,
          lease_until = ${now() + leaseMs}
        from (values ${sql.join(rows)}) as sent
        where owed_records.id = sent.column1 and owed_records.lease = ${lease}
        returning owed_records.id`.execute(db);
      return new Set(ours.map((row) => row.id));
    },

    settle: (lease, settled) =>
      db.transaction().execute(async (tx) => {
        const written: Written[] = [];
        for (const { record, verdict } of settled) {
          if (verdict.do === 'written') written.push({ record, remoteId: verdict.remoteId });
          else await settleOther(tx, lease, { record, columns: columnsAfter(record, verdict, now()) });
        }
        if (written.length > 0) await settleWritten(tx, lease, { written, now: now() });
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

    async trySignInsAgain() {
      await db.updateTable('connector_holds').set({ until: now() }).where('kind', '=', 'unauthorized').execute();
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

type Tx = Transaction<Database>;

interface Written {
  readonly record: OwedRecord;
  readonly remoteId: string;
}

/** All in one statement: a backlog consists of these. A record that changed while it was written is owed again. */
async function settleWritten(
  tx: Tx,
  lease: string,
  given: { readonly written: readonly Written[]; readonly now: number },
): Promise<void> {
  const { written, now } = given;
  const rows = written.map(({ record, remoteId }) => sql`(${record.id}, ${remoteId}, ${String(record.version)})`);
  const version = sql`cast(sent.column3 as bigint)`;
  const { rows: ours } = await sql<{ id: OwedId }>`
    update owed_records set
      status = case when owed_records.version = ${version} then 'written' else 'owed' end,
      remote_id = sent.column2, written_version = ${version},
      attempts = 0, next_attempt_at = ${now}, lease = null, lease_until = null, problem = null, problem_code = null
    from (values ${sql.join(rows)}) as sent
    where owed_records.id = sent.column1 and owed_records.lease = ${lease}
    returning owed_records.id`.execute(tx);
  if (ours.length === written.length) return;
  const settled = new Set(ours.map((row) => row.id));
  const late = written.map(({ record }) => record.id).filter((id) => !settled.has(id));
  // Somebody else wrote these meanwhile, and our write, older in content, may have come last: once more.
  await tx
    .updateTable('owed_records')
    .set({ status: 'owed', version: sql`version + 1`, next_attempt_at: now })
    .where('id', 'in', late)
    .where('status', '=', 'written')
    .execute();
}

type OtherVerdict = Exclude<Verdict, { readonly do: 'written' }>;

async function settleOther(
  tx: Tx,
  lease: string,
  given: { readonly record: OwedRecord; readonly columns: ReturnType<typeof columnsAfter> },
): Promise<void> {
  const update = tx.updateTable('owed_records').set(given.columns);
  await update.where('id', '=', given.record.id).where('lease', '=', lease).execute();
}

/** As with what was written: a verdict about an older version refuses nothing. */
function columnsAfter(record: OwedRecord, verdict: OtherVerdict, now: number) {
  const statusAfter = (status: string) => sql<string>`case when version = ${record.version} then ${status} else 'owed' end`;
  const none = { lease: null, lease_until: null, ...problemColumns(null) };
  switch (verdict.do) {
    case 'retry':
      return {
        ...none,
        status: 'owed',
        attempts: verdict.attempts,
        next_attempt_at: verdict.at,
        ...problemColumns(verdict.problem),
      };
    case 'refuse':
      return { ...none, status: statusAfter('refused'), next_attempt_at: now, ...problemColumns(verdict.problem) };
    case 'notNeeded':
      return {
        ...none,
        status: statusAfter(record.remoteId === null ? 'notNeeded' : 'written'),
        attempts: 0,
        next_attempt_at: now,
      };
  }
}
