/** Calls that nobody heard, or not all of: read from what Asterisk itself wrote down, and put into the ledger once. */
import { unlessAborted } from '../callers/live-lookup.ts';
import type { CallId, CallRecord, LiveCall } from '../calls/call.ts';
import { type FiledCall, filedCalls } from '../calls/filed-calls.ts';
import { type Filling, fillGap, isSameCall } from '../calls/fill-gap.ts';
import type { Journal } from '../calls/journal.ts';
import type { Ledger } from '../calls/ledger-store.ts';
import type { TrackerSettings } from '../calls/tracker.ts';
import type { Progress, UnheardStore } from '../calls/unheard-store.ts';
import type { Log } from '../observability/log.ts';
import type { Numbering } from '../telephony/numbering.ts';
import { lateMs, type RecordSource, type RecordsRead, RecordsUnavailable } from '../telephony/records/record-source.ts';
import { translateRecords } from '../telephony/records/records-translator.ts';
import type { TelephonyEvent } from '../telephony/telephony-event.ts';

export interface FillInDeps {
  readonly sources: readonly RecordSource[];
  readonly settings: TrackerSettings;
  /** The names of the others the hub listens to: of a call that crosses, these records know only what was here. */
  readonly otherPbxs: readonly string[];
  readonly numbering: Numbering;
  readonly store: UnheardStore;
  readonly ledger: Pick<Ledger, 'write'>;
  readonly journal: Pick<Journal, 'flush'>;
  readonly live: () => readonly LiveCall[];
  /** Finds out who called, of a call the ledger has just learned of. Must not throw. */
  readonly matchCaller: (call: CallRecord, signal: AbortSignal) => Promise<void>;
  readonly now: () => number;
  readonly log: Log;
  /** A call must have been over for so long; a minute unless given. */
  readonly quietMs?: number;
}

export interface FillIn {
  /** Before the first event of the PBX: from when the hub was last heard to be well, nobody has listened. */
  restore(): Promise<void>;
  onTelephonyEvent(event: TelephonyEvent): void;
  /** Looks through what was written since the last time. One at a time; never throws. */
  run(): Promise<void>;
  /** Remembers that the PBX is heard at this moment. Never throws. */
  noteHearing(): Promise<void>;
  /** Breaks off what is under way, and closes the sources. */
  close(): Promise<void>;
}

const QUIET_MS = 60_000;
/** After a longer absence the calls before are not filled in: a CRM is not flooded with the history of a PBX. */
const LOOK_BACK_MS = 7 * 24 * 3_600_000;
/** A channel that never ends is not waited for. */
const LONGEST_CALL_MS = 24 * 3_600_000;
/** A dead line is noticed when a ping goes unanswered. */
const UNNOTICED_MS = 60_000;
/** How long before a call another can have begun that took it over. */
const TAKEN_OVER_MS = 4 * 3_600_000;
const CALLS_AT_ONCE = 200;
const CALLERS_AT_ONCE = 8;

export function createFillIn(deps: FillInDeps): FillIn {
  const { sources, settings, store, ledger, journal, now, log, quietMs = QUIET_MS } = deps;
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let noting: Promise<void> = Promise.resolve();
  let hears = false;
  const toldUnavailable = new Set<string>();

  /** In their order, and none in the way of an event. */
  function note(work: () => Promise<void>): Promise<void> {
    noting = noting.then(work).catch((error: unknown) => log('warn', 'when the PBX was heard could not be noted', { error }));
    return noting;
  }

  /** A ledger or a PBX that answers nothing for long keeps no hub from stopping. */
  function unlessStopped<Result>(work: Promise<Result>): Promise<Result> {
    return unlessAborted(work, stopping.signal);
  }

  async function restore(): Promise<void> {
    const before = await store.progress();
    if (before === null) await store.save({ beganAt: now(), settledAt: now(), heardAt: now() });
    await store.openGap(before?.heardAt ?? now());
  }

  function onTelephonyEvent(event: TelephonyEvent): void {
    if (event.type === 'connectionLost') {
      hears = false;
      void note(() => store.openGap(event.at - UNNOTICED_MS));
    } else if (event.type === 'snapshotTaken') {
      hears = true;
      void note(() => store.closeGaps(event.at)).then(run);
    }
  }

  async function noteHearing(): Promise<void> {
    if (!hears) return;
    await note(async () => {
      const before = await store.progress();
      if (before !== null) await store.save({ ...before, heardAt: now() });
    });
  }

  /** Null when one of them cannot be read now: half of the records would tell half of a call, and the ledger takes a call once. */
  async function readAll(since: number): Promise<readonly RecordsRead[] | null> {
    const reads: RecordsRead[] = [];
    for (const source of sources) {
      try {
        reads.push(await unlessStopped(source.read(since, stopping.signal)));
        if (toldUnavailable.delete(source.name))
          log('info', 'what the PBX writes down can be read again', { source: source.name });
      } catch (error) {
        stopping.signal.throwIfAborted();
        if (!(error instanceof RecordsUnavailable)) throw error;
        if (!toldUnavailable.has(source.name)) {
          log('warn', 'what the PBX writes down cannot be read; trying again', {
            source: source.name,
            detail: error.detail,
            remedy: error.remedy,
          });
        }
        toldUnavailable.add(source.name);
      }
    }
    return reads.length === sources.length ? reads : null;
  }

  /** True when there is more to be read at once. */
  async function fillIn(): Promise<boolean> {
    const progress = await store.progress();
    if (progress === null) return false;
    const startedAt = now();
    const since = Math.max(progress.settledAt, startedAt - LOOK_BACK_MS);
    const reads = await readAll(since);
    if (reads === null) return false;
    const rows = {
      cel: reads.flatMap((read) => read.rows.cel),
      cdr: reads.flatMap((read) => read.rows.cdr),
      queueLog: reads.flatMap((read) => read.rows.queueLog),
    };
    const readUpTo = reads.reduce((earliest, read) => Math.min(earliest, read.readUpTo ?? earliest), startedAt);
    const written = translateRecords(rows, deps.numbering);
    const quietBefore = readUpTo - quietMs;
    const earliest = Math.max(progress.beganAt, since - lateMs.cdr);
    const over = filedCalls(written, settings).filter(({ record }) => isBetween(record, earliest, quietBefore));
    const { fillings, undecidedSince } = await decide(over, rows.cel.length > 0);
    await write(fillings);
    const isMore = readUpTo < startedAt;
    // Whoever talks through half of a reading is left to CDR: waiting for the end would mean reading the same for ever.
    const tooOld = isMore ? Math.max(progress.settledAt, (since + readUpTo) / 2) : startedAt - LONGEST_CALL_MS;
    const open = written.openSince.filter((at) => at >= tooOld);
    const settledAt = await settle(progress, Math.min(quietBefore, undecidedSince, ...open));
    report(fillings, reads);
    await matchCallers(fillings.map(({ record }) => record));
    return isMore && settledAt > progress.settledAt;
  }

  async function decide(calls: readonly FiledCall[], hasCel: boolean): Promise<Decisions> {
    const fillings: Filling[] = [];
    let undecidedSince = Number.POSITIVE_INFINITY;
    if (calls.length === 0) return { fillings, undecidedSince };
    // What was heard to the end is in the ledger before it is asked.
    await unlessStopped(Promise.all([journal.flush(), noting]));
    const live = deps.live();
    const gaps = await store.gaps(now() - LOOK_BACK_MS);
    const known = await knownCalls(calls);
    const ids = new Set(calls.map(({ record }) => record.id));
    const taken = new Set<CallId>();
    for (const call of calls) {
      const all = known(call);
      // Of two that share a linked id each has its own; a part of a call that is told by itself is no call.
      const same = all.filter(({ id }) => !taken.has(id) && (id === call.record.id || !ids.has(id)));
      if (all.length > 0 && same.length === 0) continue;
      // Somebody listens to it, or the next snapshot will tell that it is over.
      if (same.some(({ endedAt }) => endedAt === null) || live.some(({ record }) => isSameCall(call, record))) {
        undecidedSince = Math.min(undecidedSince, Date.parse(call.record.endedAt ?? call.record.startedAt) - 1);
        continue;
      }
      if (same.some(wasElsewhereToo)) continue;
      const filling = fillGap(call, same, gaps);
      // CDR is read further back than CEL, which has told of the call already, and better.
      if (filling === null || (filling.kind === 'completed' && hasCel && !call.isWhole)) continue;
      fillings.push(filling);
      for (const id of [filling.record.id, ...filling.absorbed]) taken.add(id);
    }
    return { fillings, undecidedSince };
  }

  /** What was heard at both PBXs is more than either of them has written down. */
  function wasElsewhereToo({ pbx, linkedIds }: CallRecord): boolean {
    const isOfAnother = (id: string) => deps.otherPbxs.some((other) => id.startsWith(`${other}-`));
    return pbx !== settings.pbx || linkedIds.some(isOfAnother);
  }

  /** By their ids, and those nobody knows by their ids by the linked ids of their time. */
  async function knownCalls(calls: readonly FiledCall[]): Promise<(call: FiledCall) => readonly CallRecord[]> {
    const byId = await store.callsKnownAs(calls.flatMap(({ possibleIds }) => possibleIds));
    const unknown = calls.filter(({ possibleIds }) => !possibleIds.some((id) => byId.has(id)));
    const from = unknown.reduce((earliest, { record }) => Math.min(earliest, Date.parse(record.startedAt)), now());
    const to = unknown.reduce((latest, { record }) => Math.max(latest, Date.parse(record.endedAt ?? record.startedAt)), 0);
    const ofThatTime = unknown.length === 0 ? [] : await store.callsBegun(from - TAKEN_OVER_MS, to);
    const byLinkedId = new Map(ofThatTime.flatMap((record) => record.linkedIds.map((id) => [id, record] as const)));
    return ({ possibleIds, record }) => {
      const found = [...possibleIds.map((id) => byId.get(id)), ...record.linkedIds.map((id) => byLinkedId.get(id))];
      return [...new Map(found.flatMap((one) => (one === undefined ? [] : [[one.id, one] as const]))).values()];
    };
  }

  async function write(fillings: readonly Filling[]): Promise<void> {
    for (let start = 0; start < fillings.length; start += CALLS_AT_ONCE) {
      stopping.signal.throwIfAborted();
      const some = fillings.slice(start, start + CALLS_AT_ONCE);
      await ledger.write(some.map(({ record, absorbed }) => ({ record, state: null, absorbed })));
    }
  }

  async function matchCallers(calls: readonly CallRecord[]): Promise<void> {
    for (let start = 0; start < calls.length; start += CALLERS_AT_ONCE) {
      stopping.signal.throwIfAborted();
      const some = calls.slice(start, start + CALLERS_AT_ONCE);
      await unlessStopped(Promise.all(some.map((call) => deps.matchCaller(call, stopping.signal))));
    }
  }

  async function settle(before: Progress, until: number): Promise<number> {
    let settledAt = before.settledAt;
    await note(async () => {
      const latest = (await store.progress()) ?? before;
      settledAt = Math.max(latest.settledAt, until);
      await store.save({ ...latest, settledAt });
    });
    return settledAt;
  }

  function report(fillings: readonly Filling[], reads: readonly RecordsRead[]): void {
    const skipped = reads.reduce((sum, read) => sum + read.skipped, 0);
    const fresh = fillings.filter(({ kind }) => kind === 'new').length;
    const fields = { pbx: settings.pbx, new: fresh, completed: fillings.length - fresh };
    if (fillings.length > 0)
      log('info', 'calls filled in from what the PBX wrote down', { ...fields, ...(skipped > 0 && { skipped }) });
    else if (skipped > 0) log('debug', 'lines of the PBX that are no records were passed over', { pbx: settings.pbx, skipped });
  }

  function run(): Promise<void> {
    running ??= guarded().finally(() => {
      running = null;
    });
    return running;
  }

  async function guarded(): Promise<void> {
    if (sources.length === 0 || stopping.signal.aborted) return;
    try {
      while (await fillIn());
    } catch (error) {
      if (!stopping.signal.aborted) log('error', 'calls could not be filled in; trying again', { pbx: settings.pbx, error });
    }
  }

  return {
    restore,
    onTelephonyEvent,
    noteHearing,
    run,
    async close() {
      // Nobody listens any more, whoever still asks.
      hears = false;
      stopping.abort();
      await running;
      await noting;
      for (const source of sources) await source.close();
    },
  };
}

interface Decisions {
  readonly fillings: readonly Filling[];
  /** The end of the earliest call that could not be decided about yet. */
  readonly undecidedSince: number;
}

function isBetween({ endedAt }: CallRecord, since: number, until: number): boolean {
  const at = endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt);
  return at >= since && at <= until;
}
