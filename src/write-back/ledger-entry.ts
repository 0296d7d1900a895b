import type { ConnectorHold, OwedRecord, ProblemCode } from './owed-record.ts';

/** How far one CRM is with one call, in words a person understands. Pure. */

export type LedgerState = 'logged' | 'waiting' | 'needsPerson' | 'refused' | 'notNeeded';

/** The call itself with its outcome, or what is to be done later. */
export type LedgerPart = 'callLog' | 'followUp';

export function partOf({ purpose }: Pick<OwedRecord, 'purpose'>): LedgerPart {
  return purpose === 'followUp' ? 'followUp' : 'callLog';
}

/** Why a call is not logged. */
export type LedgerReason = ProblemCode | ConnectorHold['kind'] | 'queued' | 'stillTalking' | 'internal';

export interface LedgerEntry {
  readonly connector: string;
  readonly part: LedgerPart;
  readonly state: LedgerState;
  /** `detail` holds the CRM's own words where there are any. Null when it is logged. */
  readonly reason: { readonly code: LedgerReason; readonly detail: string | null } | null;
  readonly attempts: number;
  /** ISO 8601 UTC. */
  readonly nextTryAt: string | null;
  /** The page of the record in the CRM, once it is there. */
  readonly recordUrl: string | null;
}

export type RecordUrl = (connector: string, ref: { readonly object: string; readonly id: string }) => string | null;

/** Problems that only a person's decision ends; those the CRM itself named are `refused`. */
const REFUSED_BY_CRM: readonly ProblemCode[] = ['rejected', 'missing'];

export function isRefusedByCrm(code: ProblemCode): boolean {
  return REFUSED_BY_CRM.includes(code);
}

/**
 * What a follow-up that is still owed says when the CRM has nowhere to put it: it waits until a person has seen to that. Of a call log
 * it is only the error of a batch whose records are about to be tried one by one.
 */
export const WITHOUT_PLACE = { purpose: 'followUp', code: 'missing' satisfies ProblemCode } as const;

export function isWithoutPlace(purpose: string, code: ProblemCode | null): boolean {
  return purpose === WITHOUT_PLACE.purpose && code === WITHOUT_PLACE.code;
}

export function entryOf(record: OwedRecord, hold: ConnectorHold | null, recordUrl: RecordUrl): LedgerEntry {
  const url =
    record.remoteId === null || record.key === null
      ? null
      : recordUrl(record.connector, { object: record.key.object, id: record.remoteId });
  const base = { connector: record.connector, part: partOf(record), attempts: record.attempts, nextTryAt: null, recordUrl: url };
  const reason = record.problem === null ? null : { code: record.problem.code, detail: record.problem.message };
  switch (record.status) {
    case 'written':
      return { ...base, state: 'logged', reason: null };
    case 'refused':
      return { ...base, state: isRefusedByCrm(record.problem?.code ?? 'unexpected') ? 'refused' : 'needsPerson', reason };
    case 'discarded':
      return { ...base, state: 'notNeeded', reason: reason ?? { code: 'discarded', detail: null } };
    case 'notNeeded':
      return { ...base, state: 'notNeeded', reason: { code: 'mapping', detail: null } };
    case 'owed':
    case 'writing': {
      const nextTryAt = new Date(Math.max(record.nextAttemptAt, hold?.until ?? 0)).toISOString();
      const why =
        hold === null ? (reason ?? { code: 'queued' as const, detail: null }) : { code: hold.kind, detail: hold.reason };
      const needsPerson = hold?.kind === 'unauthorized' || isWithoutPlace(record.purpose, record.problem?.code ?? null);
      return { ...base, state: needsPerson ? 'needsPerson' : 'waiting', reason: why, nextTryAt };
    }
  }
}

/** For a connector that has no owed record of the call. */
export function entryWithout(
  connector: string,
  call: { readonly direction: string; readonly endedAt: string | null },
): LedgerEntry {
  const base = { connector, part: 'callLog' as const, attempts: 0, nextTryAt: null, recordUrl: null };
  if (call.direction === 'internal') return { ...base, state: 'notNeeded', reason: { code: 'internal', detail: null } };
  if (call.endedAt === null) return { ...base, state: 'waiting', reason: { code: 'stillTalking', detail: null } };
  return { ...base, state: 'notNeeded', reason: { code: 'mapping', detail: null } };
}

const WORST_FIRST: readonly LedgerState[] = ['refused', 'needsPerson', 'waiting', 'logged', 'notNeeded'];

/** Of several records of one connector the one a person must hear of first. */
export function worstEntry(entries: readonly LedgerEntry[]): LedgerEntry | undefined {
  return [...entries].sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state))[0];
}
