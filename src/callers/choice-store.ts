/** Remembers which of several records the operators mean by a number: the last choice counts, for everyone, until it is changed. */
import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { directoryKey } from './directory-entry.ts';

export interface CallerChoice {
  /** E.164. */
  readonly number: string;
  readonly connector: string;
  readonly object: string;
  readonly id: string;
  /** Who chose; for the audit and the pop. */
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

export interface ChoiceStore {
  /** At most one per connector. */
  ofNumber(e164: string): Promise<readonly CallerChoice[]>;
  /** Replaces an earlier choice for the same number and connector. */
  remember(choice: Omit<CallerChoice, 'at'>): Promise<void>;
  /** Of one connector, or of all. Forgetting what was never chosen is no error. */
  forget(e164: string, connector?: string): Promise<void>;
}

export function createChoiceStore(db: Kysely<Database>, now: () => number): ChoiceStore {
  return {
    async ofNumber(e164) {
      const key = directoryKey(e164);
      if (!Number.isSafeInteger(key)) return [];
      const rows = await db.selectFrom('caller_choices').selectAll().where('number', '=', key).orderBy('connector').execute();
      return rows.map((row) => ({
        number: e164,
        connector: row.connector,
        object: row.object,
        id: row.record_id,
        by: row.chosen_by,
        at: new Date(row.chosen_at).toISOString(),
      }));
    },

    async remember({ number, connector, object, id, by }) {
      const row = { number: directoryKey(number), connector, object, record_id: id, chosen_by: by, chosen_at: now() };
      await db
        .insertInto('caller_choices')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['number', 'connector'])
            .doUpdateSet({ object, record_id: id, chosen_by: by, chosen_at: row.chosen_at }),
        )
        .execute();
    },

    async forget(e164, connector) {
      let query = db.deleteFrom('caller_choices').where('number', '=', directoryKey(e164));
      if (connector !== undefined) query = query.where('connector', '=', connector);
      await query.execute();
    },
  };
}
