import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { CallId, CallRecord } from './call.ts';
import type { Gap } from './fill-gap.ts';
import { readCalls } from './ledger-read.ts';
import { toRecord } from './ledger-rows.ts';

/** What must outlive a restart so that nothing stays unheard; of one PBX. Instants are milliseconds since 1970. */
export interface UnheardStore {
  /** Null before the very first start. */
  progress(): Promise<Progress | null>;
  save(progress: Progress): Promise<void>;
  /** Those that end after `since`, oldest first; an open one ends never. */
  gaps(since: number): Promise<readonly Gap[]>;
  /** Nothing happens when one is open already. */
  openGap(from: number): Promise<void>;
  closeGaps(to: number): Promise<void>;
  /** The calls that have these ids or have taken over calls that had them. */
  callsKnownAs(ids: readonly CallId[]): Promise<ReadonlyMap<CallId, CallRecord>>;
  /** The latest first; `after`: those that come behind this one, whatever became of it meanwhile. */
  callsBegun(
    from: number,
    to: number,
    page: { readonly after: CallRecord | null; readonly limit: number },
  ): Promise<readonly CallRecord[]>;
}

export interface Progress {
  /** The very first start: what was before is none of ours. */
  readonly beganAt: number;
  /** Every call that ended before is in the ledger. */
  readonly settledAt: number;
  /** When the PBX was last known to be heard. */
  readonly heardAt: number;
}

const MOST_GAPS = 1_000;
const IDS_AT_ONCE = 500;
const GAPS_KEPT_FOR_MS = 30 * 24 * 3_600_000;

export function createUnheardStore(db: Kysely<Database>, pbx: string): UnheardStore {
  return {
    async progress() {
      const row = await db.selectFrom('unheard_progress').selectAll().where('pbx', '=', pbx).executeTakeFirst();
      return row === undefined ? null : { beganAt: row.began_at, settledAt: row.settled_at, heardAt: row.heard_at };
    },

    async save({ beganAt, settledAt, heardAt }) {
      const kept = { began_at: beganAt, settled_at: settledAt, heard_at: heardAt };
      await db
        .insertInto('unheard_progress')
        .values({ pbx, ...kept })
        .onConflict((conflict) => conflict.column('pbx').doUpdateSet(kept))
        .execute();
    },

    async gaps(since) {
      const rows = await db
        .selectFrom('unheard_gaps')
        .selectAll()
        .where('pbx', '=', pbx)
        .where(({ eb, or }) => or([eb('to_at', 'is', null), eb('to_at', '>=', since)]))
        .orderBy('from_at', 'desc')
        .limit(MOST_GAPS)
        .execute();
      return rows.map((row) => ({ from: row.from_at, to: row.to_at ?? Number.POSITIVE_INFINITY })).reverse();
    },

    async openGap(from) {
      await db.transaction().execute(async (tx) => {
        const open = await tx
          .selectFrom('unheard_gaps')
          .select('from_at')
          .where('pbx', '=', pbx)
          .where('to_at', 'is', null)
          .execute();
        if (open.length > 0) return;
        await tx
          .deleteFrom('unheard_gaps')
          .where('pbx', '=', pbx)
          .where('to_at', '<', from - GAPS_KEPT_FOR_MS)
          .execute();
        const row = { pbx, from_at: from, to_at: null };
        await tx
          .insertInto('unheard_gaps')
          .values(row)
          .onConflict((conflict) => conflict.columns(['pbx', 'from_at']).doUpdateSet({ to_at: null }))
          .execute();
      });
    },

    async closeGaps(to) {
      await db.updateTable('unheard_gaps').set({ to_at: to }).where('pbx', '=', pbx).where('to_at', 'is', null).execute();
    },

    async callsKnownAs(ids) {
      const known = new Map<CallId, CallRecord>();
      for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
        const some = ids.slice(start, start + IDS_AT_ONCE);
        const aliases = await db.selectFrom('call_aliases').selectAll().where('alias', 'in', some).execute();
        const survivors = new Map(aliases.map((row) => [row.alias, row.call_id as CallId]));
        const wanted = [...new Set(some.map((id) => survivors.get(id) ?? id))];
        const records = new Map((await readCalls(db, wanted)).map((record) => [record.id, record]));
        for (const id of some) {
          const record = records.get(survivors.get(id) ?? id);
          if (record !== undefined) known.set(id, record);
        }
      }
      return known;
    },

    async callsBegun(from, to, { after, limit }) {
      let selection = db
        .selectFrom('calls')
        .selectAll()
        .where('pbx', '=', pbx)
        .where('started_at', '>=', from)
        .where('started_at', '<=', to)
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (after !== null) {
        const begun = Date.parse(after.startedAt);
        selection = selection.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('started_at', 'id'), '<', tuple(begun, after.id as string)),
        );
      }
      const rows = await selection.execute();
      return rows.map((row) => toRecord(row, []));
    },
  };
}
