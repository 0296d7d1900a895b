import type { Selectable } from 'kysely';
import type { CallMatchTable, CallTable } from '../store/tables/ledger.ts';
import type { CallFollowUp, CallId, CallMatchRef, CallOutcome, CallRecord } from './call.ts';

/** Between the ledger's rows and call records. Pure. */

/** What the tracker told about one call, to be written. */
export interface TrackedCall {
  readonly record: CallRecord;
  /** What the tracker needs to go on with the call after a restart; null once it has ended. Any JSON. */
  readonly state: unknown;
  /** Calls that turned out to be this one. */
  readonly absorbed: readonly CallId[];
}

export type CallRow = Selectable<CallTable>;

export function toRow({ record, state }: TrackedCall): CallRow {
  return {
    id: record.id,
    pbx: record.pbx,
    direction: record.direction,
    started_at: Date.parse(record.startedAt),
    ended_at: record.endedAt === null ? null : Date.parse(record.endedAt),
    customer_number: record.customer?.number ?? null,
    record: JSON.stringify(record),
    live_state: record.endedAt === null && state !== null ? JSON.stringify(state) : null,
    outcome: null,
    notes: null,
    follow_up: null,
    follow_up_due_at: null,
    lead_id: record.leadId,
    edited_by: null,
    edited_at: null,
  };
}

/** The whole record: what the tracker told, and the business side in its place. */
export function toRecord(row: CallRow, matches: readonly Selectable<CallMatchTable>[]): CallRecord {
  const told = JSON.parse(row.record) as CallRecord;
  const outcome = row.outcome === null ? null : (JSON.parse(row.outcome) as CallOutcome);
  // Calls that were written before there was such a mark were heard.
  return {
    ...told,
    filledIn: told.filledIn ?? false,
    leadId: row.lead_id,
    outcome,
    notes: row.notes,
    followUp: toFollowUp(row),
    matches: matches.map(toMatch),
  };
}

export function toFollowUp(row: Pick<CallRow, 'follow_up'>): CallFollowUp | null {
  return row.follow_up === null ? null : (JSON.parse(row.follow_up) as CallFollowUp);
}

function toMatch(row: Selectable<CallMatchTable>): CallMatchRef {
  return { connector: row.connector, object: row.object, id: row.record_id, name: row.name };
}

/** Every extension that placed the call, rang or spoke. */
export function agentsOf(record: CallRecord): readonly string[] {
  return [...new Set([...(record.placedBy === null ? [] : [record.placedBy]), ...record.rang, ...record.spokeWith])];
}

/** As the columns hold it. */
export function followUpColumns(followUp: CallFollowUp | null): Pick<CallRow, 'follow_up' | 'follow_up_due_at'> {
  return {
    follow_up: followUp === null ? null : JSON.stringify(followUp),
    follow_up_due_at: followUp?.state === 'open' ? Date.parse(followUp.dueAt) : null,
  };
}

/** Both texts; the survivor's first. */
export function joinNotes(survivor: string | null, absorbed: string | null): string | null {
  if (survivor === null || absorbed === null || survivor === absorbed) return survivor ?? absorbed;
  return `${survivor}\n${absorbed}`;
}
