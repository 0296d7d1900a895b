import type { PbxTimes } from './pbx-time.ts';
import { createRecordCutter } from './record-cutter.ts';
import type { Layout, RecordKind } from './record-layout.ts';
import { createRecordReader, type RecordRow } from './record-lines.ts';

/** From the bytes of one file to rows. What is no record is passed over and counted: a log is never perfect. */
export interface RecordStream {
  push(bytes: Uint8Array): readonly RecordRow[];
  /** At the end of the file. A truncated last record is not counted: it may still be being written. */
  end(): readonly RecordRow[];
  readonly skipped: number;
}

export interface RecordStreamSettings {
  readonly kind: RecordKind;
  readonly times: PbxTimes;
  /** Names of the columns by position, where a file has none of the customary forms. */
  readonly columns?: Layout | null;
}

export function createRecordStream({ kind, times, columns = null }: RecordStreamSettings): RecordStream {
  const reader = createRecordReader(kind, times, columns);
  const cutter = createRecordCutter(kind !== 'queueLog', (text) => reader.read(text) !== null);
  let skipped = 0;

  function readAll(texts: readonly string[]): RecordRow[] {
    return texts.flatMap((text) => {
      const row = reader.read(text);
      if (row !== null) return [row];
      // A stray quotation mark joins what does not belong together.
      const lines = text.split('\n');
      const rows = lines.length === 1 ? [] : lines.map((line) => reader.read(line)).filter((one) => one !== null);
      skipped += lines.filter((line) => line.trim() !== '').length - rows.length;
      return rows;
    });
  }

  return {
    push: (bytes) => readAll(cutter.push(bytes)),
    end() {
      const last = cutter.rest();
      const row = last === null ? null : reader.read(last);
      return row === null ? [] : [row];
    },
    get skipped() {
      return skipped + cutter.tooLong;
    },
  };
}

/** What the first bytes of a file show it to be; null when they are none of Asterisk's records. */
export function recordKindOf(head: Uint8Array, times: PbxTimes): RecordKind | null {
  for (const kind of ['cel', 'cdr', 'queueLog'] as const) {
    const stream = createRecordStream({ kind, times });
    if (stream.push(head).length > 0 || stream.end().length > 0) return kind;
  }
  return null;
}
