import type { Log } from '../../observability/log.ts';
import { type RecordSource, type RecordsRead, RecordsUnavailable } from './record-source.ts';

/** All that a PBX writes down, in whichever files and databases: read together, or not at all. */
export interface AllRecords {
  /**
   * Null when one of them cannot be read now, which the log says once: half of the records would tell half of a call, and the ledger
   * takes a call once. @throws whatever `signal` says when it is aborted
   */
  read(since: number, signal: AbortSignal): Promise<RecordsRead | null>;
  close(): Promise<void>;
}

export function createAllRecords(sources: readonly RecordSource[], log: Log): AllRecords {
  const toldUnavailable = new Set<string>();

  async function readOne(source: RecordSource, since: number, signal: AbortSignal): Promise<RecordsRead | null> {
    try {
      const read = await source.read(since, signal);
      if (toldUnavailable.delete(source.name)) log('info', 'what the PBX writes down can be read again', { source: source.name });
      return read;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RecordsUnavailable)) throw error;
      const { detail, remedy } = error;
      if (!toldUnavailable.has(source.name)) {
        log('warn', 'what the PBX writes down cannot be read; trying again', { source: source.name, detail, remedy });
      }
      toldUnavailable.add(source.name);
      return null;
    }
  }

  return {
    async read(since, signal) {
      const reads: RecordsRead[] = [];
      for (const source of sources) {
        const read = await readOne(source, since, signal);
        if (read !== null) reads.push(read);
      }
      return reads.length === sources.length ? together(reads) : null;
    },
    async close() {
      for (const source of sources) await source.close();
    },
  };
}

function together(reads: readonly RecordsRead[]): RecordsRead {
  const ends = reads.flatMap(({ readUpTo }) => (readUpTo === null ? [] : [readUpTo]));
  return {
    rows: {
      cel: reads.flatMap(({ rows }) => rows.cel),
      cdr: reads.flatMap(({ rows }) => rows.cdr),
      queueLog: reads.flatMap(({ rows }) => rows.queueLog),
    },
    skipped: reads.reduce((sum, { skipped }) => sum + skipped, 0),
    readUpTo: ends.length === 0 ? null : Math.min(...ends),
  };
}
