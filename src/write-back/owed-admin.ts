import type { UpdateQueryBuilder, UpdateResult } from 'kysely';
import type { CallId } from '../calls/call.ts';
import type { Store } from '../store/open-database.ts';
import type { Database } from '../store/schema.ts';
import type { LedgerPart } from './ledger-entry.ts';
import type { ConnectorHold, OwedId, OwedRecord, OwedStatus } from './owed-record.ts';
import { problemColumns, toHold, toOwedRecord } from './owed-rows.ts';

/** Which owed records a person means. Without a `part`: all of the call. `{ connector: null }` is all of them. */
export type OwedSelection =
  | { readonly id: OwedId }
  | { readonly callId: CallId; readonly connector: string; readonly part?: LedgerPart | null }
  | { readonly connector: string | null };

export interface OwedListQuery {
  readonly connector: string | null;
  /** Null: everything the CRM should have and has not. */
  readonly status: OwedStatus | null;
  /** At most 1,000. */
  readonly limit: number;
}

/** A person's side of the owed records. Commands tell how many records they changed. */
export interface OwedAdmin {
  /** Oldest change first. */
  list(query: OwedListQuery): Promise<{ readonly records: readonly OwedRecord[]; readonly total: number }>;
  /** Now, with all tries anew, also where the connector is held. A duplicate is not tried again. */
  retry(selection: OwedSelection): Promise<number>;
  /** What is being written at this moment is left alone. */
  discard(selection: OwedSelection, given: { readonly reason: string; readonly by: string }): Promise<number>;
  /** Takes a discard back. */
  restore(selection: OwedSelection): Promise<number>;
  holds(): Promise<readonly ConnectorHold[]>;
}

export const OPEN: readonly OwedStatus[] = ['owed', 'writing', 'refused'];
const MOST_LISTED = 1_000;

export function createOwedAdmin({ store, now }: { readonly store: Store; readonly now: () => number }): OwedAdmin {
  const { db } = store;
  return {
    async list({ connector, status, limit }) {
      let selection = db.selectFrom('owed_records').where('status', 'in', status === null ? OPEN : [status]);
      if (connector !== null) selection = selection.where('connector', '=', connector);
      const { total } = await selection.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const page = selection
        .selectAll()
        .orderBy('changed_at')
        .orderBy('id')
        .limit(Math.min(Math.max(1, limit), MOST_LISTED));
      return { records: (await page.execute()).map(toOwedRecord), total };
    },

    retry: (selection) =>
      db.transaction().execute(async (tx) => {
        const due = { status: 'owed', attempts: 0, next_attempt_at: now(), ...problemColumns(null) };
        const update = narrow(tx.updateTable('owed_records').set(due), selection)
          .where('status', 'in', ['owed', 'refused'] satisfies OwedStatus[])
          .where(({ eb, or }) => or([eb('problem_code', 'is', null), eb('problem_code', '!=', 'duplicate')]));
        const { numUpdatedRows } = await update.executeTakeFirst();
        let holds = tx.updateTable('connector_holds').set({ until: now() });
        if ('connector' in selection && selection.connector !== null) holds = holds.where('connector', '=', selection.connector);
        if ('id' in selection) {
          holds = holds.where(
            'connector',
            'in',
            tx.selectFrom('owed_records').select('connector').where('id', '=', selection.id),
          );
        }
        await holds.execute();
        return Number(numUpdatedRows);
      }),

    async discard(selection, { reason, by }) {
      const problem = problemColumns({ code: 'discarded', message: reason.slice(0, 2_000), fields: [], at: now(), by });
      const giveUp = async (whose: Whose) => {
        const update = narrow(db.updateTable('owed_records').set({ status: 'discarded', ...problem }), selection, whose);
        const { numUpdatedRows } = await update
          .where('status', 'in', ['owed', 'refused'] satisfies OwedStatus[])
          .executeTakeFirst();
        return Number(numUpdatedRows);
      };
      // The call's own record may be on its way meanwhile: of the two it is the one that stays.
      const leftOver = 'callId' in selection ? await giveUp('absorbed') : 0;
      return leftOver > 0 ? leftOver : giveUp('own');
    },

    async restore(selection) {
      const due = { status: 'owed', attempts: 0, next_attempt_at: now(), changed_at: now(), ...problemColumns(null) };
      const update = narrow(db.updateTable('owed_records').set(due), selection)
        .where('status', '=', 'discarded' satisfies OwedStatus)
        // A duplicate belongs to a call that is no call of its own any more.
        .where('call_id', 'in', db.selectFrom('calls').select('id'));
      const { numUpdatedRows } = await update.executeTakeFirst();
      return Number(numUpdatedRows);
    },

    async holds() {
      return (await db.selectFrom('connector_holds').selectAll().orderBy('connector').execute()).map(toHold);
    },
  };
}

type OwedUpdate = UpdateQueryBuilder<Database, 'owed_records', 'owed_records', UpdateResult>;

/** The call's own records, or the duplicates that are left over from calls it absorbed and show with it. */
type Whose = 'own' | 'absorbed';

function narrow(update: OwedUpdate, selection: OwedSelection, whose: Whose = 'own'): OwedUpdate {
  if ('id' in selection) return update.where('id', '=', selection.id);
  const ofConnector = selection.connector === null ? update : update.where('connector', '=', selection.connector);
  if (!('callId' in selection)) return ofConnector;
  const { callId, part = null } = selection;
  const ofCall =
    whose === 'own'
      ? ofConnector.where('call_id', '=', callId)
      : ofConnector.where('call_id', 'in', (eb) => eb.selectFrom('call_aliases').select('alias').where('call_id', '=', callId));
  return part === null ? ofCall : ofCall.where('purpose', part === 'followUp' ? '=' : '!=', 'followUp');
}
