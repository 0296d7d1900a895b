import { sql, type Transaction } from 'kysely';
import { chunksForInsert } from '../store/chunks.ts';
import type { Database } from '../store/schema.ts';
import type { CallId } from './call.ts';
import type { LedgerChange } from './ledger-change.ts';
import { agentsOf, followUpColumns, joinNotes, type TrackedCall, toFollowUp, toRow } from './ledger-rows.ts';

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
  const ended = own.filter(({ record }) => record.endedAt !== null);
  const before = await readEnds(tx, ended);
  await upsert(tx, own);
  const changes = await changesOfEnd(tx, ended, before);
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

type Ends = ReadonlyMap<string, { readonly ended_at: number | null; readonly record: string }>;

async function readEnds(tx: Tx, calls: readonly TrackedCall[]): Promise<Ends> {
  if (calls.length === 0) return new Map();
  const rows = await tx.selectFrom('calls').select(['id', 'ended_at', 'record']).where('id', 'in', idsOf(calls)).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** To be asked when the calls are written: whoever promises something from then on waits, and finds the end. */
async function changesOfEnd(tx: Tx, ended: readonly TrackedCall[], before: Ends): Promise<LedgerChange[]> {
  const changed = ended.filter(({ record }) => {
    const row = before.get(record.id);
    return row === undefined || row.ended_at === null || row.record !== JSON.stringify(record);
  });
  if (changed.length === 0) return [];
  const rows = await tx.selectFrom('calls').select(['id', 'follow_up']).where('id', 'in', idsOf(changed)).execute();
  const promises = new Map(rows.map((row) => [row.id, toFollowUp(row)]));
  return changed.map(({ record }): LedgerChange => {
    // What was promised while it went on is owed from its end on.
    const call = { ...record, followUp: promises.get(record.id) ?? null };
    const hadEnded = (before.get(record.id)?.ended_at ?? null) !== null;
    return { type: hadEnded ? 'callCorrected' : 'callEnded', call };
  });
}

function idsOf(calls: readonly TrackedCall[]): CallId[] {
  return calls.map(({ record }) => record.id);
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
  // An update that changes nothing takes the locks: whoever is writing about either of them is waited for.
  await tx
    .updateTable('calls')
    .set({ id: sql.ref('id') })
    .where('id', 'in', [survivor, absorbed])
    .execute();
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

/**
 * The survivor's, unless only the absorbed call still has a promise to be kept. Its record in a CRM is the survivor's then, which may
 * be there as cancelled.
 */
function followUpOfBoth(to: FollowUpColumns, from: FollowUpColumns): FollowUpColumns {
  const [mine, theirs] = [toFollowUp(to), toFollowUp(from)];
  if (mine === null) return followUpColumns(theirs);
  if (mine.state === 'open' || theirs?.state !== 'open') return followUpColumns(mine);
  return followUpColumns({ ...theirs, reopened: true });
}

function readBusinessSide(tx: Tx, id: CallId) {
  return tx
    .selectFrom('calls')
    .select(['customer_number', 'outcome', 'notes', 'follow_up', 'follow_up_due_at', 'lead_id', 'edited_by', 'edited_at'])
    .where('id', '=', id)
    .executeTakeFirst();
}
