/** The block list: whose calls are not put through, why, who said so and until when. */
import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { BlockedNumberTable } from '../store/tables/routing.ts';
import { type BlockedPattern, patternsOf } from './blocked-pattern.ts';

export interface BlockedNumber {
  readonly pattern: BlockedPattern;
  readonly reason: string;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds since 1970; null: until it is removed. */
  readonly until: number | null;
}

export interface BlockedPage {
  /** In the order of the patterns. */
  readonly entries: readonly BlockedNumber[];
  /** Give it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

export interface BlockedNumbers {
  /** The most exact entry in force for this E.164. */
  find(e164: string): Promise<BlockedNumber | null>;
  /** Those in force; at most `limit`. */
  list(query: { readonly limit: number; readonly after: string | null }): Promise<BlockedPage>;
  /** Replaces the entry for the same pattern. */
  add(entry: Omit<BlockedNumber, 'at'>): Promise<BlockedNumber>;
  /** False when there was none. */
  remove(pattern: BlockedPattern): Promise<boolean>;
}

export function createBlockedNumbers(db: Kysely<Database>, now: () => number): BlockedNumbers {
  const inForce = () =>
    db
      .selectFrom('blocked_numbers')
      .selectAll()
      .where((is) => is.or([is('until', 'is', null), is('until', '>', now())]));

  return {
    async find(e164) {
      const rows = await inForce().where('pattern', 'in', patternsOf(e164)).execute();
      const [best] = rows.toSorted((a, b) => exactness(b.pattern) - exactness(a.pattern));
      return best === undefined ? null : entryOf(best);
    },

    async list({ limit, after }) {
      let query = inForce()
        .orderBy('pattern')
        .limit(limit + 1);
      if (after !== null) query = query.where('pattern', '>', after);
      const rows = await query.execute();
      const entries = rows.slice(0, limit).map(entryOf);
      return { entries, next: rows.length > limit ? (entries.at(-1)?.pattern ?? null) : null };
    },

    async add({ pattern, reason, by, until }) {
      const row = { pattern, reason: reason.replaceAll('\u0000', ''), blocked_by: by, blocked_at: now(), until };
      await db.transaction().execute(async (trx) => {
        // What has run out is of no use to anybody, and would only make the table grow.
        await trx.deleteFrom('blocked_numbers').where('until', '<=', row.blocked_at).execute();
        const { pattern: _, ...change } = row;
        const insert = trx.insertInto('blocked_numbers').values(row);
        await insert.onConflict((conflict) => conflict.column('pattern').doUpdateSet(change)).execute();
      });
      return entryOf(row);
    },

    async remove(pattern) {
      const { numDeletedRows } = await db.deleteFrom('blocked_numbers').where('pattern', '=', pattern).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

/** A whole number is longer than every beginning of it, and has no star. */
function exactness(pattern: string): number {
  return pattern.endsWith('*') ? pattern.length - 1 : pattern.length + 1;
}

function entryOf(row: Selectable<BlockedNumberTable>): BlockedNumber {
  return {
    pattern: row.pattern as BlockedPattern,
    reason: row.reason,
    by: row.blocked_by,
    at: row.blocked_at,
    until: row.until,
  };
}
