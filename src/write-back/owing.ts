import { type Selectable, sql, type Transaction } from 'kysely';
import type { CallId, CallRecord } from '../calls/call.ts';
import type { LedgerCompanion } from '../calls/ledger-change.ts';
import { findCall } from '../calls/ledger-read.ts';
import { chunksForInsert } from '../store/chunks.ts';
import type { Database } from '../store/schema.ts';
import type { OwedTable } from '../store/tables/owed.ts';
import type { OwedStatus, Purpose } from './owed-record.ts';
import { problemColumns } from './owed-rows.ts';

export interface OwingSettings {
  /** Which records a call that has ended is worth; [] for internal calls, usually. */
  readonly owedFor: (call: CallRecord) => readonly Purpose[];
  readonly now: () => number;
  readonly newId: () => string;
}

type Tx = Transaction<Database>;
type OwedRow = Selectable<OwedTable>;

/** Notes what is owed in the very transaction that changes the ledger: a call cannot end without its call log being owed. */
export function createOwing(settings: OwingSettings): LedgerCompanion {
  return async (tx, changes) => {
    const changed = changes.flatMap((change) => (change.type === 'callsMerged' ? [] : [change.call]));
    await owe(tx, changed, settings);
    for (const change of changes) {
      if (change.type !== 'callsMerged') continue;
      await mergeOwed(tx, change.survivor, change.absorbed, settings.now());
      // What was owed for the absorbed call alone, a follow-up for example, is owed for the survivor.
      const survivor = await findCall(tx, change.survivor);
      if (survivor !== null && survivor.endedAt !== null) await owe(tx, [survivor], settings);
    }
  };
}

const OWED_COLUMNS = 19;

/** A new record is owed, a known one is owed again. */
async function owe(tx: Tx, calls: readonly CallRecord[], { owedFor, now, newId }: OwingSettings): Promise<void> {
  const latest = new Map(calls.map((call) => [call.id, call]));
  const at = now();
  const rows = [...latest.values()].flatMap((call) =>
    owedFor(call).map(
      ({ connector, purpose }): OwedRow => ({
        id: newId(),
        connector,
        purpose,
        call_id: call.id,
        version: 1,
        status: 'owed' satisfies OwedStatus,
        written_version: null,
        remote_id: null,
        key_object: null,
        key_field: null,
        key_value: null,
        attempts: 0,
        next_attempt_at: at,
        lease: null,
        lease_until: null,
        problem: null,
        problem_code: null,
        created_at: at,
        changed_at: at,
      }),
    ),
  );
  for (const chunk of chunksForInsert(rows, OWED_COLUMNS)) {
    await tx
      .insertInto('owed_records')
      .values(chunk)
      .onConflict((conflict) => conflict.columns(['connector', 'purpose', 'call_id']).doUpdateSet(oweAgain(at)))
      .execute();
  }
}

/**
 * The desired state has changed. What is being written stays in its writer's hands, who will find the version changed; what a
 * person gave up stays given up.
 */
function oweAgain(at: number) {
  const stays = sql<boolean>`owed_records.status in ('writing', 'discarded')`;
  return {
    version: sql<number>`owed_records.version + 1`,
    status: sql<string>`case when ${stays} then owed_records.status else 'owed' end`,
    problem: sql<string | null>`case when ${stays} then owed_records.problem else null end`,
    problem_code: sql<string | null>`case when ${stays} then owed_records.problem_code else null end`,
    attempts: 0,
    next_attempt_at: at,
    changed_at: at,
  };
}

/** One record in the end: the CRM's own where it may have one already, under the key it was sent with. */
async function mergeOwed(tx: Tx, survivor: CallId, absorbed: CallId, at: number): Promise<void> {
  const both = [survivor, absorbed];
  // Changes nothing, but makes a writer that is about to send wait for us on PostgreSQL, or us for it.
  await tx.updateTable('owed_records').set({ call_id: sql`call_id` }).where('call_id', 'in', both).execute();
  const rows = await tx.selectFrom('owed_records').selectAll().where('call_id', 'in', both).execute();
  for (const mine of rows.filter((row) => row.call_id === absorbed)) {
    const theirs = rows.find(
      (row) => row.call_id === survivor && row.connector === mine.connector && row.purpose === mine.purpose,
    );
    if (mine.key_object === null) {
      await tx.deleteFrom('owed_records').where('id', '=', mine.id).execute();
    } else if (theirs?.key_object === null || theirs === undefined) {
      if (theirs !== undefined) await tx.deleteFrom('owed_records').where('id', '=', theirs.id).execute();
      await tx
        .updateTable('owed_records')
        .set({ ...oweAgain(at), call_id: survivor })
        .where('id', '=', mine.id)
        .execute();
    } else {
      await reportDuplicate(tx, mine, survivor, at);
    }
  }
}

/** Connectors cannot delete, and should not: a person looks at the two records. */
async function reportDuplicate(tx: Tx, row: OwedRow, survivor: CallId, at: number): Promise<void> {
  const where = row.remote_id === null ? `with the key ${row.key_value ?? 'unknown'}` : row.remote_id;
  const message = `The calls ${row.call_id} and ${survivor} turned out to be one after the CRM had a record of each. Delete the record ${where} in the CRM, then discard this entry.`;
  await tx
    .updateTable('owed_records')
    .set({ status: 'refused' satisfies OwedStatus, lease: null, lease_until: null, changed_at: at })
    .set(problemColumns({ code: 'duplicate', message, fields: [], at }))
    .where('id', '=', row.id)
    .execute();
}
