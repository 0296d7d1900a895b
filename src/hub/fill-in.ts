/** Calls that nobody heard, or not all of: read from what Asterisk itself wrote down, and put into the ledger once. */
import { unlessAborted } from '../callers/live-lookup.ts';
import type { CallRecord, LiveCall } from '../calls/call.ts';
import { type Decisions, decideFillings, endedBetween } from '../calls/decide-fillings.ts';
import { type FiledCall, filedCalls } from '../calls/filed-calls.ts';
import type { Filling } from '../calls/fill-gap.ts';
import type { Journal } from '../calls/journal.ts';
import { findKnownCalls } from '../calls/known-calls.ts';
import type { Ledger } from '../calls/ledger-store.ts';
import type { TrackerSettings } from '../calls/tracker.ts';
import type { Progress, UnheardStore } from '../calls/unheard-store.ts';
import type { Log } from '../observability/log.ts';
import type { Numbering } from '../telephony/numbering.ts';
import { createAllRecords } from '../telephony/records/all-records.ts';
import { lateMs, type RecordSource } from '../telephony/records/record-source.ts';
import { translateRecords } from '../telephony/records/records-translator.ts';
import { inSlices, type Pace, realPace, type Unhurried } from '../telephony/records/unhurried.ts';
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
  /** How others get their turn meanwhile; by the machine's clock unless given. */
  readonly pace?: Pace;
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
const CALLS_AT_ONCE = 100;
const CALLERS_AT_ONCE = 8;

export function createFillIn(deps: FillInDeps): FillIn {
  const { sources, settings, store, ledger, journal, now, log, quietMs = QUIET_MS, pace = realPace } = deps;
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let noting: Promise<void> = Promise.resolve();
  let hears = false;
  const records = createAllRecords(sources, log);

  /** In their order, and none in the way of an event. */
  function note(work: () => Promise<void>): Promise<void> {
    noting = noting.then(work).catch((error: unknown) => log('warn', 'when the PBX was heard could not be noted', { error }));
    return noting;
  }

  /** A ledger or a PBX that answers nothing for long keeps no hub from stopping. */
  function unlessStopped<Result>(work: Promise<Result>): Promise<Result> {
    return unlessAborted(work, stopping.signal);
  }

  /** Tens of thousands of rows are worked off while phones ring. */
  function unhurried<Result>(work: Unhurried<Result>): Promise<Result> {
    return inSlices(work, stopping.signal, pace);
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

  /** True when there is more to be read at once. */
  async function fillIn(): Promise<boolean> {
    const progress = await store.progress();
    if (progress === null) return false;
    const startedAt = now();
    const since = Math.max(progress.settledAt, startedAt - LOOK_BACK_MS);
    const read = await unlessStopped(records.read(since, stopping.signal));
    if (read === null) return false;
    const readUpTo = Math.min(startedAt, read.readUpTo ?? startedAt);
    const written = await unhurried(translateRecords(read.rows, deps.numbering));
    const quietBefore = readUpTo - quietMs;
    const earliest = Math.max(progress.beganAt, since - lateMs.cdr);
    const filed = await unhurried(filedCalls(written, settings));
    const over = await unhurried(endedBetween(filed, earliest, quietBefore));
    const { fillings, undecidedSince } = await decide(over, read.rows.cel.length > 0);
    await write(fillings);
    const isMore = readUpTo < startedAt;
    // Whoever talks through half of a reading is left to CDR: waiting for the end would mean reading the same for ever.
    const tooOld = isMore ? Math.max(progress.settledAt, (since + readUpTo) / 2) : startedAt - LONGEST_CALL_MS;
    const open = written.openSince.filter((at) => at >= tooOld);
    const settledAt = await settle(progress, Math.min(quietBefore, undecidedSince, ...open));
    report(fillings, read.skipped);
    await matchCallers(fillings.map(({ record }) => record));
    return isMore && settledAt > progress.settledAt;
  }

  async function decide(calls: readonly FiledCall[], hasCel: boolean): Promise<Decisions> {
    if (calls.length === 0) return { fillings: [], undecidedSince: Number.POSITIVE_INFINITY };
    // What was heard to the end is in the ledger before it is asked.
    await unlessStopped(Promise.all([journal.flush(), noting]));
    const live = deps.live();
    const gaps = await store.gaps(now() - LOOK_BACK_MS);
    const known = await findKnownCalls(calls, { store, now: now(), pace, signal: stopping.signal });
    return unhurried(decideFillings(calls, { known, live, gaps, hasCel, wasElsewhereToo }));
  }

  function wasElsewhereToo({ pbx, linkedIds }: CallRecord): boolean {
    const isOfAnother = (id: string) => deps.otherPbxs.some((other) => id.startsWith(`${other}-`));
    return pbx !== settings.pbx || linkedIds.some(isOfAnother);
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

  function report(fillings: readonly Filling[], skipped: number): void {
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
      await records.close();
    },
  };
}
