/** Asks who is calling as soon as a call shows a number, and writes the answer onto the call. */
import type { CallerMatch } from '../callers/caller-match.ts';
import type { DirectoryStore } from '../callers/directory-store.ts';
import type { CallerResolver } from '../callers/resolve-caller.ts';
import type { CallEvent, CallId, CallRecord } from '../calls/call.ts';
import type { Journal } from '../calls/journal.ts';
import type { Ledger } from '../calls/ledger-store.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';

export interface CallerFollowerDeps {
  /** The resolver by the mappings in force. */
  readonly resolver: () => CallerResolver;
  readonly journal: Pick<Journal, 'flush'>;
  readonly ledger: Pick<Ledger, 'setMatch' | 'find' | 'earlierWith' | 'list'>;
  readonly directory: Pick<DirectoryStore, 'find'>;
  readonly onMatch: (callId: CallId, match: CallerMatch) => void;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly log: Log;
}

export interface CallerFollower {
  onCallEvent(event: CallEvent): void;
  /** Who called in a call that was over before we knew of it. Never throws. */
  follow(call: CallRecord, signal: AbortSignal): Promise<void>;
  /** Numbers that have just appeared in a CRM: calls of people nobody knew are matched again. */
  onNumbersAppeared(numbers: readonly string[]): Promise<void>;
  /** At start: the latest calls of people nobody knew. */
  restore(): Promise<void>;
  /** Looks whether the directory knows by now who called; for what was missed when numbers appeared. */
  matchAgain(): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const MOST_UNKNOWN = 10_000;
const CALLS_MATCHED_AGAIN = 20;
const CALLS_RESTORED = 500;
const SYSTEM = 'toritsugi';

/** What a call was last asked about. */
interface Asked {
  readonly about: string | null;
  readonly stop: AbortController;
  /** By connector: the record we wrote onto the call ourselves; whatever else stands there is a person's choice. */
  readonly ours: Map<string, string>;
}

export function createCallerFollower(deps: CallerFollowerDeps): CallerFollower {
  const { journal, ledger, metrics, now, log } = deps;
  const asked = new Map<CallId, Asked>();
  const unknown = new Set<string>();
  const underWay = new Set<Promise<void>>();

  function onCallEvent(event: CallEvent): void {
    const { record } = event.call;
    if (event.type === 'callMerged') forget(event.absorbed);
    // Also at the end: a call that was restored may not have been heard of since.
    if (record.customer !== null && asked.get(record.id)?.about !== asking(record)) ask(record);
    if (event.type === 'callEnded') asked.delete(record.id);
  }

  /** Who called in the absorbed call need not be who is calling in the one it became part of. */
  function forget(absorbed: CallId): void {
    asked.get(absorbed)?.stop.abort();
    asked.delete(absorbed);
  }

  function ask(record: CallRecord): void {
    const before = asked.get(record.id);
    before?.stop.abort();
    const question: Asked = { about: asking(record), stop: new AbortController(), ours: before?.ours ?? new Map() };
    asked.set(record.id, question);
    const work = follow(record, question).catch((error: unknown) => {
      if (!question.stop.signal.aborted) log('error', 'it could not be found out who is calling', { callId: record.id, error });
    });
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  async function follow(
    { id, customer }: CallRecord,
    { stop: { signal }, ours }: Pick<Asked, 'ours'> & { readonly stop: Pick<AbortController, 'signal'> },
  ): Promise<void> {
    if (customer === null) return;
    const startedAt = now();
    const match = await deps.resolver().resolve(customer, signal, (interim) => deps.onMatch(id, interim));
    metrics.callerLookupSeconds.observe((now() - startedAt) / 1_000);
    metrics.callerMatches.inc({ kind: match.kind });
    deps.onMatch(id, match);
    if (customer.number !== null && match.kind === 'unknown') remember(customer.number);
    await journal.flush();
    signal.throwIfAborted();
    await writeMatch(id, match, ours);
  }

  /** Only the records nobody has to choose among; a person's choice stands. */
  async function writeMatch(id: CallId, { chosen }: CallerMatch, ours: Map<string, string>): Promise<void> {
    const connectors = new Set([...Object.keys(chosen), ...ours.keys()]);
    if (connectors.size === 0) return;
    const call = await ledger.find(id);
    for (const connector of connectors) {
      const known = call?.matches.find((match) => match.connector === connector);
      if (known !== undefined && ours.get(connector) !== refOf(known)) continue;
      const best = chosen[connector];
      if (best === undefined) ours.delete(connector);
      else ours.set(connector, refOf(best));
      const record = best === undefined ? null : { object: best.object, id: best.id, name: best.name };
      await ledger.setMatch(id, { connector, record, by: SYSTEM, at: now() });
    }
  }

  function remember(number: string): void {
    const [oldest] = unknown;
    if (unknown.size >= MOST_UNKNOWN && oldest !== undefined) unknown.delete(oldest);
    unknown.add(number);
  }

  async function onNumbersAppeared(numbers: readonly string[]): Promise<void> {
    for (const number of numbers) {
      if (!unknown.has(number)) continue;
      const match = await deps.resolver().resolve({ raw: number, number, withheld: false }, AbortSignal.timeout(30_000));
      await matchLive(number, match);
      for (const call of await ledger.earlierWith(number, CALLS_MATCHED_AGAIN)) await writeMatch(call.id, match, new Map());
      unknown.delete(number);
    }
  }

  /** Whom an operator has just made known to the CRM is usually still on the phone. */
  async function matchLive(number: string, match: CallerMatch): Promise<void> {
    const live = [...asked].filter(([, { about }]) => about === number);
    if (live.length === 0) return;
    for (const [id] of live) deps.onMatch(id, match);
    await journal.flush();
    for (const [id, { ours }] of live) await writeMatch(id, match, ours);
  }

  async function restore(): Promise<void> {
    const { calls } = await ledger.list({ limit: CALLS_RESTORED, before: null, number: null, agent: null });
    for (const { customer, matches } of calls.toReversed()) {
      if (matches.length === 0 && typeof customer?.number === 'string') remember(customer.number);
    }
  }

  async function matchAgain(): Promise<void> {
    for (const number of [...unknown]) {
      if ((await deps.directory.find(number)).length > 0) await onNumbersAppeared([number]);
    }
  }

  return {
    onCallEvent,
    async follow(call, signal) {
      try {
        await follow(call, { stop: { signal }, ours: new Map() });
      } catch (error) {
        if (!signal.aborted) log('error', 'it could not be found out who has called', { callId: call.id, error });
      }
    },
    onNumbersAppeared,
    restore,
    matchAgain,
    async close() {
      for (const { stop } of asked.values()) stop.abort();
      await Promise.all(underWay);
    },
  };
}

function refOf({ object, id }: { readonly object: string; readonly id: string }): string {
  return `${object} ${id}`;
}

/** What the answer depends on. */
function asking({ customer }: CallRecord): string | null {
  return customer === null ? null : `${customer.number ?? customer.raw ?? ''}${customer.withheld ? ' withheld' : ''}`;
}
