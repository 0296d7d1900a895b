import type { Transaction } from 'kysely';
import { chunksForInsert } from '../store/chunks.ts';
import type { Database } from '../store/schema.ts';
import type { CallId } from './call.ts';
import type { LedgerChange } from './ledger-change.ts';
import { agentsOf, type followUpColumns, joinNotes, type TrackedCall, toFollowUp, toRow } from './ledger-rows.ts';

type Tx = Transaction<Database>;

const CALL_COLUMNS = 15;
const AGENT_COLUMNS = 2;

/** Writes the calls as they are now and merges those that turned out to be one. Writing the same again changes nothing. */
export async function writeCalls(tx: Tx, calls: readonly TrackedCall[]): Promise<readonly LedgerChange[]> {
  const absorbedBefore = await readAliases(
    tx,
    calls.map(({ record }) => record.id),
  );
  const own = calls.filter(({ record }) => !absorbedBefore.has(record.id));
  const changes = await changesOfEnd(tx, own);
  await upsert(tx, own);
  for (const { record, absorbed } of calls) {
    for (const other of absorbed) {
      const survivor = await findSurvivor(tx, record.id);
      if (await merge(tx, survivor, other)) changes.push({ type: 'callsMerged', survivor, absorbed: other });
    }
  }
  return changes;
}

async function findSurvivor(tx: Tx, id: CallId): Promise<CallId> {
  return (await readAliases(tx, [id])).get(id) ?? id;
}

async function readAliases(tx: Tx, ids: readonly CallId[]): Promise<ReadonlyMap<string, CallId>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.selectFrom('call_aliases').selectAll().where('alias', 'in', ids).execute();
  return new Map(rows.map((row) => [row.alias, row.call_id as CallId]));
}

async function changesOfEnd(tx: Tx, calls: readonly TrackedCall[]): Promise<LedgerChange[]> {
  const ended = calls.filter(({ record }) => record.endedAt !== null);
  if (ended.length === 0) return [];
  const ids = ended.map(({ record }) => record.id);
  const rows = await tx.selectFrom('calls').select(['id', 'ended_at', 'record', 'follow_up']).where('id', 'in', ids).execute();
  const before = new Map(rows.map((row) => [row.id, row]));
  return ended.flatMap(({ record }): LedgerChange[] => {
    const row = before.get(record.id);
    // What was promised while it went on is owed from its end on.
    const call = row === undefined ? record : { ...record, followUp: toFollowUp(row) };
    if (row === undefined || row.ended_at === null) return [{ type: 'callEnded', call }];
    return row.record === JSON.stringify(record) ? [] : [{ type: 'callCorrected', call }];
  });
}

/** The columns that people write are left alone. */
async function upsert(tx: Tx, calls: readonly TrackedCall[]): Promise<void> {
  for (const rows of chunksForInsert(calls.map(toRow), CALL_COLUMNS)) {
    await tx
      .insertInto('calls')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          direction: ref('excluded.direction'),
          started_at: ref('excluded.started_at'),
          ended_at: ref('excluded.ended_at'),
          customer_number: ref('excluded.customer_number'),
          record: ref('excluded.record'),
          live_state: ref('excluded.live_state'),
        })),
      )
      .execute();
  }
  const agents = calls.flatMap(({ record }) => agentsOf(record).map((extension) => ({ call_id: record.id, extension })));
  for (const rows of chunksForInsert(agents, AGENT_COLUMNS)) {
    await tx
      .insertInto('call_agents')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['extension', 'call_id']).doNothing())
      .execute();
  }
}

/** False when it was merged before. */
async function merge(tx: Tx, survivor: CallId, absorbed: CallId): Promise<boolean> {
  const alias = await tx.selectFrom('call_aliases').select('call_id').where('alias', '=', absorbed).executeTakeFirst();
  if (alias !== undefined || survivor === absorbed) return false;
  await carryBusinessSide(tx, survivor, absorbed);
  await tx.updateTable('call_aliases').set({ call_id: survivor }).where('call_id', '=', absorbed).execute();
  await tx.insertInto('call_aliases').values({ alias: absorbed, call_id: survivor }).execute();
  await tx.deleteFrom('calls').where('id', '=', absorbed).execute();
  return true;
}

/**
 * What people wrote about the absorbed call belongs to the survivor, unless they wrote the same there; its customer does too, unless
 * it was somebody else, whom an agent consulted.
 */
async function carryBusinessSide(tx: Tx, survivor: CallId, absorbed: CallId): Promise<void> {
  const [from, to] = await Promise.all([readBusinessSide(tx, absorbed), readBusinessSide(tx, survivor)]);
  if (from === undefined || to === undefined) return;
  await tx
    .updateTable('calls')
    .set({
      outcome: to.outcome ?? from.outcome,
      notes: joinNotes(to.notes, from.notes),
      ...followUpOfBoth(to, from),
      lead_id: to.lead_id ?? from.lead_id,
      edited_by: to.edited_by ?? from.edited_by,
      edited_at: to.edited_at ?? from.edited_at,
    })
    .where('id', '=', survivor)
    .execute();
  if (from.customer_number !== to.customer_number) return;
  const matches = await tx.selectFrom('call_matches').selectAll().where('call_id', '=', absorbed).execute();
  if (matches.length === 0) return;
  await tx
    .insertInto('call_matches')
    .values(matches.map((match) => ({ ...match, call_id: survivor })))
    .onConflict((conflict) => conflict.columns(['call_id', 'connector']).doNothing())
    .execute();
}

type FollowUpColumns = ReturnType<typeof followUpColumns>;

/** The survivor's, unless only the absorbed call still has a promise to be kept. */
function followUpOfBoth(to: FollowUpColumns, from: FollowUpColumns): FollowUpColumns {
  const isTheirs = to.follow_up === null || (to.follow_up_due_at === null && from.follow_up_due_at !== null);
  const { follow_up, follow_up_due_at } = isTheirs ? from : to;
  return { follow_up, follow_up_due_at };
}

function readBusinessSide(tx: Tx, id: CallId) {
  return tx
    .selectFrom('calls')
    .select(['customer_number', 'outcome', 'notes', 'follow_up', 'follow_up_due_at', 'lead_id', 'edited_by', 'edited_at'])
    .where('id', '=', id)
    .executeTakeFirst();
}
