import { closeSync, openSync, readSync } from 'node:fs';
import type { PbxTimes } from '../records/pbx-time.ts';
import { type RecordRow, rowsApart } from '../records/record-lines.ts';
import type { RecordRows } from '../records/record-rows.ts';
import { createRecordStream, recordKindOf } from '../records/record-stream.ts';
import { contentOf, RecordingError } from './recording-file.ts';

/** Asterisk's own CDR, CEL and queue-log files, beside recordings or alone. */
export interface WrittenRecords {
  readonly rows: RecordRows;
  /** By file: how many lines were no record. */
  readonly skipped: ReadonlyMap<string, number>;
}

const chunkBytes = 1_048_576;
/** Some gigabytes of memory; a year of a busy call centre is more. */
const mostRows = 4_000_000;

/** `day.cdr.csv`, `cel-custom/Master.csv.1.gz`, `queue_log-20261123` … */
export function isWrittenRecord(file: string): boolean {
  return (
    /\.csv(\.\d+|-\d+)?(\.gz)?$/i.test(file) || /queue_log[^/]*$/.test(file) || /\/(cdr|cel)-(csv|custom)\/[^/]+$/.test(file)
  );
}

/** Throws `RecordingError`, also when a file is of another kind. */
export function readWrittenRecords(files: readonly string[], times: PbxTimes): WrittenRecords {
  const all: RecordRow[] = [];
  const skipped = new Map<string, number>();
  for (const file of files) {
    const stream = createRecordStream({ kind: kindOf(file, times), times });
    const take = (rows: readonly RecordRow[]) => {
      for (const row of rows) all.push(row);
      if (all.length > mostRows)
        throw new RecordingError(`${file}: more than ${mostRows} records in all. Give a shorter period.`);
    };
    for (const chunk of chunksOf(file)) take(stream.push(chunk));
    take(stream.end());
    if (stream.skipped > 0) skipped.set(file, stream.skipped);
  }
  return { rows: rowsApart(all), skipped };
}

function kindOf(file: string, times: PbxTimes) {
  let isEmpty = true;
  for (const chunk of chunksOf(file)) {
    isEmpty = false;
    const kind = recordKindOf(chunk, times);
    if (kind !== null) return kind;
  }
  // Nothing was written yet: nothing to be read wrongly.
  if (isEmpty) return 'cdr' as const;
  throw new RecordingError(
    `${file}: no record of Asterisk's CDR, CEL or queue log in it. Custom columns are not known by themselves.`,
  );
}

function* chunksOf(file: string): Generator<Uint8Array, void, void> {
  if (file.endsWith('.gz')) {
    const content = contentOf(file);
    for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
    return;
  }
  const descriptor = opened(file);
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const read = readSync(descriptor, chunk, 0, chunkBytes, null);
      if (read === 0) return;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** A folder, a missing or a forbidden file is told in the words of `contentOf`. */
function opened(file: string): number {
  try {
    const descriptor = openSync(file, 'r');
    readSync(descriptor, Buffer.alloc(1), 0, 1, 0);
    return descriptor;
  } catch {
    contentOf(file);
    throw new RecordingError(`${file}: the file cannot be read.`);
  }
}
