import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { PbxTimes } from './pbx-time.ts';
import type { Layout, RecordKind } from './record-layout.ts';
import { type RecordRow, rowsApart, writtenAt } from './record-lines.ts';
import { lateMs, mostRowsOfOneReading, type RecordSource, type RecordsRead, RecordsUnavailable } from './record-source.ts';
import { createRecordStream } from './record-stream.ts';

export interface FileSourceSettings {
  readonly kind: RecordKind;
  readonly file: string;
  readonly times: PbxTimes;
  readonly columns?: Layout | null;
  /** 150,000 unless given. */
  readonly mostRows?: number;
}

const names: Readonly<Record<RecordKind, string>> = { cel: 'CEL', cdr: 'CDR', queueLog: 'queue log' };
const probeBytes = 65_536;

/**
 * One of Asterisk's files, and what log rotation has made of it (`name.1`, `name-20261123.gz`). It is in order of time, so the place
 * to begin at is found by halving: reading the end of two gigabytes costs what the end costs.
 */
export function createFileSource(settings: FileSourceSettings): RecordSource {
  const { kind, file, times, columns = null, mostRows = mostRowsOfOneReading } = settings;
  const name = `${names[kind]} file ${file}`;

  async function read(since: number, signal: AbortSignal): Promise<RecordsRead> {
    const from = since - lateMs[kind];
    const taken: RecordRow[] = [];
    let [skipped, known] = [0, 0];
    for (const part of await partsOf(file, from)) {
      const stream = createRecordStream({ kind, times, columns });
      const take = (rows: readonly RecordRow[]) => {
        known += rows.length;
        for (const row of rows) if (taken.length < mostRows && writtenAt(row) >= from) taken.push(row);
      };
      for await (const chunk of chunksOf(part, (handle, size) => placeOf(handle, size, from), signal)) {
        take(stream.push(chunk));
        if (taken.length >= mostRows) break;
      }
      // The last line of the file itself may still be being written: it is for the next time.
      if (part.endsWith('.gz')) take(stream.end());
      skipped += stream.skipped;
      if (taken.length >= mostRows) break;
    }
    if (known === 0 && skipped > 0) refuseAnotherKind();
    const last = taken.length >= mostRows ? taken.at(-1) : undefined;
    return { rows: rowsApart(taken), skipped, readUpTo: last === undefined ? null : writtenAt(last) };
  }

  function refuseAnotherKind(): never {
    const remedy = kind === 'queueLog' ? 'Name the queue_log of Asterisk.' : 'Check which file it is, and which columns it has.';
    throw new RecordsUnavailable(`${name} holds no record of this kind.`, remedy);
  }

  /** Where the first record of that moment or later can begin. */
  async function placeOf(handle: FileHandle, size: number, from: number): Promise<number> {
    let [low, high] = [0, size];
    while (high - low > probeBytes) {
      const middle = Math.floor((low + high) / 2);
      const at = await firstTimeFrom(handle, middle);
      if (at === null || at >= from) high = middle;
      else low = middle;
    }
    return low;
  }

  /** The time of the first whole record after a place; null when there is none near. */
  async function firstTimeFrom(handle: FileHandle, place: number): Promise<number | null> {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(probeBytes), 0, probeBytes, place);
    const newline = buffer.subarray(0, bytesRead).indexOf(10);
    if (newline === -1) return null;
    const [first] = createRecordStream({ kind, times, columns }).push(buffer.subarray(newline + 1, bytesRead));
    return first === undefined ? null : writtenAt(first);
  }

  return {
    name,
    async read(since, signal) {
      try {
        return await read(since, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof RecordsUnavailable ? error : unavailable(name, error);
      }
    },
    close: () => Promise.resolve(),
  };
}

/** The file and its forerunners that were still written to since then, oldest first. */
async function partsOf(file: string, from: number): Promise<readonly string[]> {
  const folder = path.dirname(file);
  const base = path.basename(file);
  const forerunners = (await readdir(folder)).filter(
    (other) => other.startsWith(base) && /^[.-]\d[\d.-]*(?:\.gz)?$/.test(other.slice(base.length)),
  );
  const dated: { readonly part: string; readonly at: number }[] = [];
  for (const other of forerunners) {
    const part = path.join(folder, other);
    const { mtimeMs } = await stat(part);
    if (mtimeMs >= from) dated.push({ part, at: mtimeMs });
  }
  return [...dated.sort((a, b) => a.at - b.at).map(({ part }) => part), file];
}

async function* chunksOf(
  part: string,
  placeOf: (handle: FileHandle, size: number) => Promise<number>,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
  if (part.endsWith('.gz')) {
    const unpacked = createGunzip();
    // Broken off by the reader or by `signal`; a damaged file is told by the iteration itself.
    const feeding = pipeline(createReadStream(part), unpacked, { signal }).catch(() => {});
    for await (const chunk of unpacked) yield chunk as Buffer;
    await feeding;
    return;
  }
  const handle = await open(part, 'r');
  try {
    const { size } = await handle.stat();
    const start = size === 0 ? 0 : await placeOf(handle, size);
    // Up to the size it had: what is written meanwhile is for the next time.
    let place = start;
    while (place < size) {
      signal.throwIfAborted();
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(262_144), 0, Math.min(262_144, size - place), place);
      if (bytesRead === 0) return;
      // The place need not be the beginning of a line.
      const from = place > start || start === 0 ? 0 : buffer.subarray(0, bytesRead).indexOf(10) + 1;
      place += bytesRead;
      yield buffer.subarray(from, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function unavailable(name: string, cause: unknown): RecordsUnavailable {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT')
    return new RecordsUnavailable(`${name} is not there.`, 'Check its name and that Asterisk writes it.', { cause });
  if (code === 'EACCES') {
    return new RecordsUnavailable(`${name} may not be read.`, 'Put the user of the hub into the group asterisk.', { cause });
  }
  if (code.startsWith('Z_'))
    return new RecordsUnavailable(`${name}: a packed forerunner is damaged.`, 'Take it away.', { cause });
  return new RecordsUnavailable(`${name} cannot be read (${code || 'unknown reason'}).`, 'Check the file.', { cause });
}
