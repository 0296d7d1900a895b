/** What the directory keeps of a CRM record, and what it has to report about it. Pure. */
import type { CallerRecord } from '../../connectors/connector.ts';
import { quickNumber } from './directory-quick-number.ts';
import { type ReadOptions, readNumbers, type UnreadableWhy } from './phone-number.ts';

/** A record as the directory gives it back. */
export interface DirectoryRecord extends CallerRecord {
  readonly connector: string;
}

/** A telephone field of a record that nobody can read; `raw` as written there, cut at 100 characters. */
export interface UnreadableNumber {
  readonly connector: string;
  readonly object: string;
  readonly id: string;
  readonly name: string;
  readonly field: string;
  readonly raw: string;
  readonly why: UnreadableWhy | 'withheld';
}

export interface DirectoryEntry {
  readonly record: CallerRecord;
  /** E.164, each once. */
  readonly numbers: readonly string[];
  readonly unreadable: readonly { readonly field: string; readonly raw: string; readonly why: UnreadableNumber['why'] }[];
}

const longestRaw = 100;
const mostNumbersOfARecord = 64;

/** Reads every telephone field. Extensions and empty fields are neither numbers nor worth a report. */
export function directoryEntry(record: CallerRecord, options: ReadOptions): DirectoryEntry {
  const numbers = new Set<string>();
  const unreadable: DirectoryEntry['unreadable'][number][] = [];
  for (const { field, value } of record.phones) {
    const quick = quickNumber(value, options);
    if (quick !== null) {
      if (numbers.size < mostNumbersOfARecord) numbers.add(quick);
      continue;
    }
    for (const read of readNumbers(value, options)) {
      if (read.kind === 'number' && numbers.size < mostNumbersOfARecord) numbers.add(read.e164);
      const why = read.kind === 'unreadable' ? read.why : read.kind === 'withheld' && read.reason !== 'none' ? 'withheld' : null;
      if (why !== null) unreadable.push({ field, raw: value.slice(0, longestRaw), why });
    }
  }
  return { record, numbers: [...numbers], unreadable };
}

/** The integer under which the directory keeps a number: exact, because an E.164 has at most fifteen digits. */
export function directoryKey(e164: string): number {
  return Number(e164.slice(1));
}
