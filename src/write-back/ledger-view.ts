import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import type { CallId, CallRecord } from '../calls/call.ts';
import { readCalls } from '../calls/ledger-read.ts';
import { readPageMark, writePageMark } from '../calls/page-mark.ts';
import type { Store } from '../store/open-database.ts';
import type { Database } from '../store/schema.ts';
import {
  entryOf,
  entryWithout,
  type LedgerEntry,
  type LedgerPart,
  type LedgerState,
  type RecordUrl,
  WITHOUT_PLACE,
  worstEntry,
} from './ledger-entry.ts';
import type { ConnectorHold, OwedRecord } from './owed-record.ts';
import { toHold, toOwedRecord } from './owed-rows.ts';

export interface LedgerViewQuery {
  readonly state: LedgerState | null;
  readonly connector: string | null;
  /** At most 200. */
  readonly limit: number;
  readonly before: string | null;
}

export interface LedgerViewRow {
  readonly call: CallRecord;
  /** One for every connector, and another where a follow-up is owed too. */
  readonly entries: readonly LedgerEntry[];
}

/** Every call with the state each CRM's log of it is in. */
export interface LedgerView {
  /** Newest first. @throws BadPageMark */
  rows(query: LedgerViewQuery): Promise<{ readonly rows: readonly LedgerViewRow[]; readonly next: string | null }>;
  entries(calls: readonly CallRecord[]): Promise<readonly LedgerViewRow[]>;
}

export interface LedgerViewSettings {
  readonly store: Store;
  /** Names of the connectors that are owed records, in the order in which they are shown. */
  readonly connectors: readonly string[];
  readonly recordUrl: RecordUrl;
}

const MOST_ROWS = 200;

export function createLedgerView({ store, connectors, recordUrl }: LedgerViewSettings): LedgerView {
  const { db } = store;

  async function entries(calls: readonly CallRecord[]): Promise<readonly LedgerViewRow[]> {
    if (calls.length === 0) return [];
    const holds = await readHolds();
    const records = await readOwed(calls.map((call) => call.id));
    return calls.map((call) => ({
      call,
      entries: connectors.flatMap((connector) => {
        const own = (records.get(call.id) ?? []).filter((record) => record.connector === connector);
        const all = own.map((record) => entryOf(record, holds.get(connector) ?? null, recordUrl));
        const worstOf = (part: LedgerPart) => worstEntry(all.filter((entry) => entry.part === part));
        return [worstOf('callLog') ?? entryWithout(connector, call), worstOf('followUp') ?? []].flat();
      }),
    }));
  }

  async function readHolds(): Promise<ReadonlyMap<string, ConnectorHold>> {
    const rows = await db.selectFrom('connector_holds').selectAll().execute();
    return new Map(rows.map((row) => [row.connector, toHold(row)]));
  }

  /** A record left over from an absorbed call shows with the call it became part of. */
  async function readOwed(ids: readonly CallId[]): Promise<ReadonlyMap<CallId, readonly OwedRecord[]>> {
    const aliases = await db.selectFrom('call_aliases').selectAll().where('call_id', 'in', ids).execute();
    const callOf = new Map<string, string>([
      ...ids.map((id) => [id, id] as const),
      ...aliases.map((row) => [row.alias, row.call_id] as const),
    ]);
    const rows = await db
      .selectFrom('owed_records')
      .selectAll()
      .where('call_id', 'in', [...callOf.keys()])
      .execute();
    return Map.groupBy(rows.map(toOwedRecord), (record) => (callOf.get(record.callId) ?? record.callId) as CallId);
  }

  async function rows(query: LedgerViewQuery): ReturnType<LedgerView['rows']> {
    const limit = Math.min(Math.max(1, query.limit), MOST_ROWS);
    let selection = db
      .selectFrom('calls')
      .select('id')
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (query.before !== null) {
      const mark = readPageMark(query.before);
      selection = selection.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('started_at', 'id'), '<', tuple(mark.startedAt, mark.id)),
      );
    }
    const { state, connector } = query;
    if (state !== null) {
      const shown = connector === null ? connectors : [connector];
      const holds = await readHolds();
      const locked = shown.filter((name) => holds.get(name)?.kind === 'unauthorized');
      selection = selection.where((eb) => hasState(eb, state, { shown, locked }));
    }
    const ids = (await selection.execute()).map((row) => row.id as CallId);
    const found = new Map((await readCalls(db, ids.slice(0, limit))).map((call) => [call.id, call]));
    const calls = ids.flatMap((id) => found.get(id) ?? []);
    const last = calls.at(-1);
    return { rows: await entries(calls), next: ids.length > limit && last !== undefined ? writePageMark(last) : null };
  }

  return { rows, entries };
}

type CallsBuilder = ExpressionBuilder<Database, 'calls'>;

interface Shown {
  readonly shown: readonly string[];
  /** Those of the connectors that let nobody in: what they are owed needs a person. */
  readonly locked: readonly string[];
}

/** The same rules as `entryOf` and `entryWithout`, for the database. */
function hasState(eb: CallsBuilder, state: LedgerState, { shown, locked }: Shown): ExpressionWrapper<Database, 'calls', SqlBool> {
  const owed = eb
    .selectFrom('owed_records')
    .select('owed_records.id')
    .where('connector', 'in', [...shown, ''])
    .where((inner) =>
      inner.or([
        inner('owed_records.call_id', '=', inner.ref('calls.id')),
        inner(
          'owed_records.call_id',
          'in',
          inner.selectFrom('call_aliases').select('alias').whereRef('call_aliases.call_id', '=', 'calls.id'),
        ),
      ]),
    );
  const open = owed.where('status', 'in', ['owed', 'writing']);
  const hasPlace = open.where((inner) =>
    inner.or([
      inner('purpose', '!=', WITHOUT_PLACE.purpose),
      inner('problem_code', 'is', null),
      inner('problem_code', '!=', WITHOUT_PLACE.code),
    ]),
  );
  const isExternal = eb('direction', '!=', 'internal');
  switch (state) {
    case 'logged':
      return eb.exists(owed.where('status', '=', 'written'));
    case 'waiting':
      return eb.or([
        eb.exists(hasPlace.where('connector', 'not in', [...locked, ''])),
        eb.and([isExternal, eb('ended_at', 'is', null), eb.not(eb.exists(owed))]),
      ]);
    case 'refused':
      return eb.exists(owed.where('status', '=', 'refused').where('problem_code', 'in', ['rejected', 'missing']));
    case 'needsPerson':
      return eb.or([
        eb.exists(owed.where('status', '=', 'refused').where('problem_code', 'not in', ['rejected', 'missing'])),
        eb.exists(open.where('connector', 'in', [...locked, ''])),
        eb.exists(open.where('purpose', '=', WITHOUT_PLACE.purpose).where('problem_code', '=', WITHOUT_PLACE.code)),
      ]);
    case 'notNeeded':
      return eb.or([
        eb.exists(owed.where('status', 'in', ['discarded', 'notNeeded'])),
        eb.and([eb.or([eb('direction', '=', 'internal'), eb('ended_at', 'is not', null)]), eb.not(eb.exists(owed))]),
      ]);
  }
}
