import { setTimeout as pause } from 'node:timers/promises';
import type { CallEvent, CallId, CallRecord } from './call.ts';
import type { Ledger } from './ledger-store.ts';

/**
 * Takes what the tracker says and writes it into the ledger, everything of one turn of the event loop in one transaction. Of each
 * call only its latest state is written; what the ledger cannot take now waits and is tried again, call by call, so that one bad
 * row never holds the others.
 */
export interface Journal {
  /**
   * `state` is what the tracker needs to go on with the call after a restart (any JSON); null once it has ended.
   * @throws JournalFull
   */
  record(event: CallEvent, state: unknown): void;
  /** Resolves when everything recorded so far is in the ledger, however long that takes. @throws JournalClosed */
  flush(): Promise<void>;
  /** Calls that are not in the ledger yet. */
  readonly pending: number;
  /** Tries to write what is left, a few times, and ends. Says in the log what could not be written. */
  close(): Promise<void>;
}

export interface JournalSettings {
  readonly ledger: Pick<Ledger, 'write'>;
  readonly log: (level: 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Most calls that may wait for the ledger; 50,000 unless given. */
  readonly maxPending?: number;
  /** Most calls in one transaction; 500 unless given. */
  readonly maxBatch?: number;
  /** Waits before the next try. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** The ledger has been out of reach for so long that no more calls can be kept: the hub must not pretend to listen. */
export class JournalFull extends Error {
  override readonly name = 'JournalFull';
}

/** The hub stops, and what was waited for could not be written any more. */
export class JournalClosed extends Error {
  override readonly name = 'JournalClosed';
}

interface Entry {
  readonly record: CallRecord;
  readonly state: unknown;
  readonly absorbed: readonly CallId[];
  /** The first event of it that is not in the ledger yet. */
  readonly since: number;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
const TRIES_AT_CLOSE = 5;

export function createJournal(settings: JournalSettings): Journal {
  const { ledger, log, maxPending = 50_000, maxBatch = 500, wait = (ms: number) => pause(ms) } = settings;
  const waiting = new Map<CallId, Entry>();
  let writing: readonly Entry[] = [];
  let flushers: { readonly upTo: number; readonly resolve: () => void; readonly reject: (reason: Error) => void }[] = [];
  let sequence = 0;
  let failures = 0;
  let closing = false;
  let running: Promise<void> | null = null;

  /** After failures the batches get smaller, down to one call, so that the good ones get through. */
  function takeBatch(): readonly Entry[] {
    const size = Math.max(1, Math.floor(maxBatch / 2 ** Math.min(failures, 30)));
    const batch: Entry[] = [];
    for (const [id, entry] of waiting) {
      if (batch.length === size) break;
      batch.push(entry);
      waiting.delete(id);
    }
    return batch;
  }

  /** Behind the others, and under what has been said about the same call meanwhile. */
  function putBack(batch: readonly Entry[]): void {
    for (const entry of batch) {
      const newer = waiting.get(entry.record.id);
      waiting.set(entry.record.id, newer === undefined ? entry : under(newer, entry));
    }
  }

  function releaseFlushers(): void {
    if (flushers.length === 0) return;
    let oldest = Number.POSITIVE_INFINITY;
    for (const entry of waiting.values()) oldest = Math.min(oldest, entry.since);
    for (const flusher of flushers) if (flusher.upTo < oldest) flusher.resolve();
    flushers = flushers.filter((flusher) => flusher.upTo >= oldest);
  }

  async function writeAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      writing = takeBatch();
      try {
        await ledger.write(writing);
        writing = [];
        failures = 0;
        releaseFlushers();
      } catch (error) {
        putBack(writing);
        writing = [];
        failures += 1;
        if (closing && failures > TRIES_AT_CLOSE) return;
        const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
        log('warn', 'the ledger could not be written', { error, failures, waitMs, pending: waiting.size });
        await wait(waitMs);
      }
    }
  }

  function start(): void {
    running ??= writeAll().finally(() => {
      running = null;
      if (waiting.size > 0 && !closing) start();
    });
  }

  return {
    record(event, state) {
      const { record } = event.call;
      const known = waiting.get(record.id);
      if (known === undefined && waiting.size + writing.length >= maxPending) {
        throw new JournalFull(`The ledger has not taken anything for so long that ${maxPending} calls wait for it.`);
      }
      sequence += 1;
      const absorbed = event.type === 'callMerged' ? [event.absorbed] : [];
      const entry: Entry = { record, state, absorbed, since: sequence };
      waiting.set(record.id, known === undefined ? entry : under(entry, known));
      start();
    },
    flush() {
      if (waiting.size === 0 && writing.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => flushers.push({ upTo: sequence, resolve, reject }));
    },
    get pending() {
      return waiting.size + writing.length;
    },
    async close() {
      closing = true;
      await running;
      if (waiting.size > 0)
        log('error', 'calls could not be written into the ledger', { callIds: [...waiting.keys()].slice(0, 100) });
      for (const { reject } of flushers) reject(new JournalClosed('The hub was stopped before the ledger could be written.'));
      flushers = [];
    },
  };
}

/** `newer` with what only `older` knows. */
function under(newer: Entry, older: Entry): Entry {
  return { ...newer, absorbed: [...older.absorbed, ...newer.absorbed], since: Math.min(older.since, newer.since) };
}
