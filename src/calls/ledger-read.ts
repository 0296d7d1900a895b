import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Database } from '../store/schema.ts';
import type { CallId, CallRecord } from './call.ts';
import { type CallRow, toRecord } from './ledger-rows.ts';
import { readPageMark, writePageMark } from './page-mark.ts';

/** Transactions can read as well. */
export type Reader = Kysely<Database>;

type CallsQuery = SelectQueryBuilder<Database, 'calls', CallRow>;

/** A call that was going on when the hub last wrote. */
export interface RestorableCall {
  readonly record: CallRecord;
  /** What the tracker gave for it. */
  readonly state: unknown;
}

export interface CallListQuery {
  /** At most 500. */
  readonly limit: number;
  /** The `next` of the page before; null for the newest. */
  readonly before: string | null;
  /** E.164. */
  readonly number: string | null;
  /** An extension that placed the call, rang or spoke. */
  readonly agent: string | null;
}

export interface CallPage {
  /** Newest first. */
  readonly calls: readonly CallRecord[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

const MOST_CALLS = 500;

export async function findCall(db: Reader, idOrAlias: CallId): Promise<CallRecord | null> {
  const [own] = await fill(db, db.selectFrom('calls').selectAll().where('id', '=', idOrAlias));
  if (own !== undefined) return own;
  const survivor = db.selectFrom('call_aliases').select('call_id').where('alias', '=', idOrAlias);
  const [found] = await fill(db, db.selectFrom('calls').selectAll().where('id', '=', survivor));
  return found ?? null;
}

/** Those of the ids that are there, in no order; aliases are not followed. */
export async function readCalls(db: Reader, ids: readonly CallId[]): Promise<readonly CallRecord[]> {
  return ids.length === 0 ? [] : fill(db, db.selectFrom('calls').selectAll().where('id', 'in', ids));
}

export async function listCalls(db: Reader, query: CallListQuery): Promise<CallPage> {
  const limit = Math.min(Math.max(1, query.limit), MOST_CALLS);
  let selection: CallsQuery = newestFirst(db).limit(limit + 1);
  if (query.number !== null) selection = selection.where('customer_number', '=', query.number);
  if (query.agent !== null) {
    const withAgent = db.selectFrom('call_agents').select('call_id').where('extension', '=', query.agent);
    selection = selection.where('id', 'in', withAgent);
  }
  if (query.before !== null) {
    const mark = readPageMark(query.before);
    selection = selection.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('started_at', 'id'), '<', tuple(mark.startedAt, mark.id)),
    );
  }
  const calls = await fill(db, selection);
  const page = calls.slice(0, limit);
  const last = page.at(-1);
  return { calls: page, next: calls.length > limit && last !== undefined ? writePageMark(last) : null };
}

/** Calls with this number that have ended, newest first. */
export async function earlierCalls(db: Reader, number: string, limit: number): Promise<readonly CallRecord[]> {
  return fill(db, newestFirst(db).where('customer_number', '=', number).where('ended_at', 'is not', null).limit(limit));
}

/** Calls with a customer that have ended without an outcome, newest first. */
export async function callsWithoutOutcome(db: Reader, limit: number): Promise<readonly CallRecord[]> {
  const open = newestFirst(db).where('ended_at', 'is not', null).where('outcome', 'is', null);
  return fill(db, open.where('direction', '!=', 'internal').limit(limit));
}

/** What was going on when the hub last wrote, oldest first; of one PBX, or of all. */
export async function liveCalls(db: Reader): Promise<readonly RestorableCall[]> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  const records = await withMatches(db, rows);
  return records.map((record, index) => ({ record, state: JSON.parse(rows[index]?.live_state ?? 'null') as unknown }));
}

export async function countCalls(db: Reader): Promise<{ readonly live: number; readonly ended: number }> {
  const { live, all } = await db
    .selectFrom('calls')
    .select(({ fn }) => [fn.countAll<number>().as('all'), fn.countAll<number>().filterWhere('ended_at', 'is', null).as('live')])
    .executeTakeFirstOrThrow();
  return { live, ended: all - live };
}

function newestFirst(db: Reader): CallsQuery {
  return db.selectFrom('calls').selectAll().orderBy('started_at', 'desc').orderBy('id', 'desc');
}

async function fill(db: Reader, selection: CallsQuery): Promise<readonly CallRecord[]> {
  return withMatches(db, await selection.execute());
}

async function withMatches(db: Reader, rows: readonly CallRow[]): Promise<readonly CallRecord[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const matches = await db.selectFrom('call_matches').selectAll().where('call_id', 'in', ids).orderBy('connector').execute();
  const byCall = Map.groupBy(matches, (match) => match.call_id);
  return rows.map((row) => toRecord(row, byCall.get(row.id) ?? []));
}
