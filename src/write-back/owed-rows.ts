import type { Selectable } from 'kysely';
import type { CallId } from '../calls/call.ts';
import type { ConnectorHoldTable, OwedTable } from '../store/tables/owed.ts';
import type { ConnectorHold, OwedId, OwedRecord, OwedStatus, Problem } from './owed-record.ts';

/** Between the store's rows and owed records. Pure. */

export function toOwedRecord(row: Selectable<OwedTable>): OwedRecord {
  return {
    id: row.id as OwedId,
    connector: row.connector,
    purpose: row.purpose,
    callId: row.call_id as CallId,
    version: row.version,
    status: row.status as OwedStatus,
    writtenVersion: row.written_version,
    remoteId: row.remote_id,
    key: row.key_object === null ? null : { object: row.key_object, field: row.key_field, value: row.key_value },
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    problem: row.problem === null ? null : (JSON.parse(row.problem) as Problem),
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}

export function problemColumns(problem: Problem | null): {
  readonly problem: string | null;
  readonly problem_code: string | null;
} {
  return problem === null
    ? { problem: null, problem_code: null }
    : { problem: JSON.stringify(problem), problem_code: problem.code };
}

export function toHold(row: Selectable<ConnectorHoldTable>): ConnectorHold {
  return { ...row, kind: row.kind as ConnectorHold['kind'] };
}
