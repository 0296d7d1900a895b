import type { Transaction } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { CallFollowUp, CallId, CallOutcome, CallRecord } from './call.ts';
import { findCall } from './ledger-read.ts';
import { followUpColumns } from './ledger-rows.ts';

type Tx = Transaction<Database>;

/** Who wrote it, and when (milliseconds since 1970). */
interface Authorship {
  readonly by: string;
  readonly at: number;
}

/** What is absent stays as it is. */
export interface OutcomeEdit extends Authorship {
  readonly outcome?: CallOutcome | null;
  readonly notes?: string | null;
}

export interface MatchEdit extends Authorship {
  readonly connector: string;
  /** Null: the call belongs to no record of this connector. */
  readonly record: { readonly object: string; readonly id: string; readonly name: string } | null;
}

export interface FollowUpEdit extends Authorship {
  /** `dueAt`: ISO 8601 UTC. Null takes it back. */
  readonly followUp: Pick<CallFollowUp, 'dueAt' | 'note'> | null;
}

/** There is no such call, or it has not reached the ledger yet: flush the journal before editing. */
export class UnknownCall extends Error {
  override readonly name = 'UnknownCall';
}

/** The call after an edit, and whether the edit changed anything. */
export interface Edited {
  readonly call: CallRecord;
  readonly changed: boolean;
}

export async function editOutcome(tx: Tx, idOrAlias: CallId, edit: OutcomeEdit): Promise<Edited> {
  const before = await lockCall(tx, idOrAlias);
  const outcome = edit.outcome === undefined ? before.outcome : edit.outcome;
  const notes = edit.notes === undefined ? before.notes : edit.notes;
  const sameOutcome = outcome?.code === before.outcome?.code && outcome?.label === before.outcome?.label;
  if (sameOutcome && notes === before.notes) return { call: before, changed: false };
  await tx
    .updateTable('calls')
    .set({ outcome: outcome === null ? null : JSON.stringify(outcome), notes, edited_by: edit.by, edited_at: edit.at })
    .where('id', '=', before.id)
    .execute();
  return { call: { ...before, outcome, notes }, changed: true };
}

export async function editFollowUp(tx: Tx, idOrAlias: CallId, edit: FollowUpEdit): Promise<Edited> {
  const before = await lockCall(tx, idOrAlias);
  const followUp = followUpAfter(before, edit.followUp);
  if (JSON.stringify(followUp) === JSON.stringify(before.followUp)) return { call: before, changed: false };
  await tx
    .updateTable('calls')
    .set({ ...followUpColumns(followUp), edited_by: edit.by, edited_at: edit.at })
    .where('id', '=', before.id)
    .execute();
  return { call: { ...before, followUp }, changed: true };
}

/** While the call goes on no CRM has heard of it: what is taken back then leaves no trace. */
function followUpAfter({ followUp: before, endedAt }: CallRecord, edit: FollowUpEdit['followUp']): CallFollowUp | null {
  if (edit !== null) {
    const reopened = before !== null && (before.reopened || before.state === 'cancelled');
    return { dueAt: edit.dueAt, note: edit.note, state: 'open', reopened };
  }
  return before === null || endedAt === null ? null : { ...before, state: 'cancelled' };
}

export async function editMatch(tx: Tx, idOrAlias: CallId, edit: MatchEdit): Promise<Edited> {
  const before = await lockCall(tx, idOrAlias);
  const { connector, record } = edit;
  const old = before.matches.find((match) => match.connector === connector);
  const same = old?.object === record?.object && old?.id === record?.id && old?.name === record?.name;
  if (same) return { call: before, changed: false };
  await tx.deleteFrom('call_matches').where('call_id', '=', before.id).where('connector', '=', connector).execute();
  if (record !== null) {
    const row = { call_id: before.id, connector, object: record.object, record_id: record.id, name: record.name };
    await tx.insertInto('call_matches').values(row).execute();
  }
  await tx.updateTable('calls').set({ edited_by: edit.by, edited_at: edit.at }).where('id', '=', before.id).execute();
  return { call: await lockCall(tx, before.id), changed: true };
}

/** Two people may edit one call at once: the second waits until the first is done. */
async function lockCall(tx: Tx, idOrAlias: CallId): Promise<CallRecord> {
  const found = await findCall(tx, idOrAlias);
  if (found === null) throw new UnknownCall(`There is no call ${idOrAlias} in the ledger.`);
  // An update that changes nothing takes the row's lock on both databases.
  await tx.updateTable('calls').set({ id: found.id }).where('id', '=', found.id).execute();
  const locked = await findCall(tx, found.id);
  if (locked === null) throw new UnknownCall(`The call ${idOrAlias} has just become part of another one.`);
  return locked;
}
