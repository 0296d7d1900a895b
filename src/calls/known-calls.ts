import { each, inSlices, type Pace } from '../telephony/records/unhurried.ts';
import type { CallId, CallRecord } from './call.ts';
import type { FiledCall } from './filed-calls.ts';
import type { UnheardStore } from './unheard-store.ts';

export interface KnownCallsDeps {
  readonly store: Pick<UnheardStore, 'callsKnownAs' | 'callsBegun'>;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/** How long before a call another can have begun that took it over. */
const TAKEN_OVER_MS = 4 * 3_600_000;
const IDS_AT_ONCE = 500;
const CALLS_AT_ONCE = 500;
/** Of those that are looked through for a linked id: the latest. */
const MOST_CALLS = 20_000;

/**
 * What the ledger has of each of these calls: found by their ids, and those nobody knows by their ids by the linked ids of their
 * time. Others get their turn between one question and the next.
 */
export async function findKnownCalls(
  calls: readonly FiledCall[],
  { store, now, pace, signal }: KnownCallsDeps,
): Promise<(call: FiledCall) => readonly CallRecord[]> {
  const byId = new Map<CallId, CallRecord>();
  const byLinkedId = new Map<string, CallRecord>();

  async function askByIds(): Promise<void> {
    const ids: CallId[] = [];
    await inSlices(
      each(calls, ({ possibleIds }) => ids.push(...possibleIds)),
      signal,
      pace,
    );
    for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
      for (const [id, record] of await store.callsKnownAs(ids.slice(start, start + IDS_AT_ONCE))) byId.set(id, record);
      await pace.nextTurn();
      signal.throwIfAborted();
    }
  }

  async function askByTime(): Promise<void> {
    let [from, to] = [now, 0];
    await inSlices(
      each(calls, ({ possibleIds, record: { startedAt, endedAt } }) => {
        if (possibleIds.some((id) => byId.has(id))) return;
        from = Math.min(from, Date.parse(startedAt));
        to = Math.max(to, Date.parse(endedAt ?? startedAt));
      }),
      signal,
      pace,
    );
    if (to === 0) return;
    let after: CallRecord | null = null;
    for (let looked = 0; looked < MOST_CALLS; looked += CALLS_AT_ONCE) {
      // Not by how many were seen: calls become one meanwhile, and one that is passed over would be filed a second time.
      const some: readonly CallRecord[] = await store.callsBegun(from - TAKEN_OVER_MS, to, { after, limit: CALLS_AT_ONCE });
      for (const record of some) for (const id of record.linkedIds) byLinkedId.set(id, record);
      after = some.at(-1) ?? null;
      if (some.length < CALLS_AT_ONCE) return;
      await pace.nextTurn();
      signal.throwIfAborted();
    }
  }

  await askByIds();
  await askByTime();
  return ({ possibleIds, record }) => {
    const found = [...possibleIds.map((id) => byId.get(id)), ...record.linkedIds.map((id) => byLinkedId.get(id))];
    return [...new Map(found.flatMap((one) => (one === undefined ? [] : [[one.id, one] as const]))).values()];
  };
}
