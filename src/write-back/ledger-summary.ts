import type { Store } from '../store/open-database.ts';
import { isRefusedByCrm, isWithoutPlace, type LedgerState, WITHOUT_PLACE } from './ledger-entry.ts';
import { OPEN } from './owed-admin.ts';
import type { OwedStatus, ProblemCode } from './owed-record.ts';

export interface ConnectorCounts {
  readonly connector: string;
  /** Owed records by state, and calls for which nothing is owed. */
  readonly counts: Readonly<Record<LedgerState, number>>;
}

/**
 * The number that must be 0: calls in the ledger that a CRM should have, as they are now, and has not. What changed within the last
 * `graceMs` is on its way and does not count, unless it is known already that it cannot get there without a person.
 */
export async function countMissingCalls(
  store: Store,
  given: { readonly now: number; readonly graceMs: number },
): Promise<number> {
  const { db } = store;
  const { calls } = await db
    .selectFrom('owed_records')
    .select(({ fn }) => fn.count<number>('call_id').distinct().as('calls'))
    .where('status', 'in', OPEN)
    .where(({ eb, or }) =>
      or([
        eb('changed_at', '<=', given.now - given.graceMs),
        eb('status', '=', 'refused'),
        eb.and([eb('purpose', '=', WITHOUT_PLACE.purpose), eb('problem_code', '=', WITHOUT_PLACE.code)]),
        eb('connector', 'in', db.selectFrom('connector_holds').select('connector').where('kind', '=', 'unauthorized')),
      ]),
    )
    .executeTakeFirstOrThrow();
  return calls;
}

export async function countByState(store: Store, connectors: readonly string[]): Promise<readonly ConnectorCounts[]> {
  const { db } = store;
  const owed = await db
    .selectFrom('owed_records')
    .select(({ fn }) => ['connector', 'purpose', 'status', 'problem_code', fn.countAll<number>().as('records')])
    .groupBy(['connector', 'purpose', 'status', 'problem_code'])
    .execute();
  const recorded = await db
    .selectFrom('owed_records')
    .select(({ fn }) => ['connector', fn.count<number>('call_id').distinct().as('calls')])
    .groupBy('connector')
    .execute();
  const calls = await db
    .selectFrom('calls')
    .select(({ fn }) => [
      fn.countAll<number>().as('all'),
      fn.countAll<number>().filterWhere('ended_at', 'is', null).filterWhere('direction', '!=', 'internal').as('talking'),
    ])
    .executeTakeFirstOrThrow();
  const locked = await db.selectFrom('connector_holds').select('connector').where('kind', '=', 'unauthorized').execute();
  return connectors.map((connector) => {
    const isLocked = locked.some((hold) => hold.connector === connector);
    const counts: Record<LedgerState, number> = { logged: 0, waiting: calls.talking, needsPerson: 0, refused: 0, notNeeded: 0 };
    for (const group of owed.filter((row) => row.connector === connector)) {
      const hasNoPlace = isWithoutPlace(group.purpose, group.problem_code as ProblemCode | null);
      counts[stateOf(group.status as OwedStatus, group.problem_code as ProblemCode | null, isLocked || hasNoPlace)] +=
        group.records;
    }
    counts.notNeeded += Math.max(
      0,
      calls.all - calls.talking - (recorded.find((row) => row.connector === connector)?.calls ?? 0),
    );
    return { connector, counts };
  });
}

function stateOf(status: OwedStatus, problem: ProblemCode | null, isStuck: boolean): LedgerState {
  switch (status) {
    case 'written':
      return 'logged';
    case 'owed':
    case 'writing':
      return isStuck ? 'needsPerson' : 'waiting';
    case 'refused':
      return isRefusedByCrm(problem ?? 'unexpected') ? 'refused' : 'needsPerson';
    case 'discarded':
    case 'notNeeded':
      return 'notNeeded';
  }
}
