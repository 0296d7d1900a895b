import { existsSync } from 'node:fs';
import { contentOf, parsedLine, RecordingError } from './recording-file.ts';

/** Bytes as they came from the socket, and when. */
export interface RecordedChunk {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The bytes of one recorded connection. */
export interface Recording {
  readonly file: string;
  readonly chunks: readonly RecordedChunk[];
}

const chunkBytes = 65_536;

/**
 * Reads `name.ami` or `name.ami.gz` and, when it is there, the arrival times beside it (`name.ami.idx.ndjson`, gzipped or not). A
 * recording without arrival times happens at one moment: its calls are right, its durations are 0. Throws `RecordingError`.
 */
export function readRecording(file: string): Recording {
  refuseOtherKinds(file);
  const bytes = contentOf(file);
  const index = indexOf(file);
  return { file, chunks: index === null ? evenChunks(bytes) : indexedChunks(file, bytes, index) };
}

function refuseOtherKinds(file: string): void {
  if (/\.ami(\.gz)?$/.test(file)) return;
  throw new RecordingError(
    `${file}: not a recording. Expected a file that ends in .ami, .ami.gz, .ari.ndjson, .cdr.csv, .cel.csv or .queue_log.`,
  );
}

interface IndexEntry {
  readonly t: number;
  readonly o: number;
  readonly n: number;
}

function indexOf(file: string): readonly IndexEntry[] | null {
  const base = `${file.replace(/\.gz$/, '')}.idx.ndjson`;
  const found = [base, `${base}.gz`].find((candidate) => existsSync(candidate));
  if (found === undefined) return null;
  const lines = contentOf(found).toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line, number) => indexEntry(found, line, number + 1));
}

function indexEntry(file: string, line: string, lineNumber: number): IndexEntry {
  const entry = parsedLine(line);
  if (isIndexEntry(entry)) return entry;
  throw new RecordingError(`${file}, line ${lineNumber}: expected {"t": unix ms, "o": offset, "n": length}.`);
}

function isIndexEntry(value: unknown): value is IndexEntry {
  if (typeof value !== 'object' || value === null) return false;
  return ['t', 'o', 'n'].every((key) => Number.isFinite((value as Record<string, unknown>)[key]));
}

function indexedChunks(file: string, bytes: Buffer, index: readonly IndexEntry[]): RecordedChunk[] {
  const last = index.at(-1);
  if (last !== undefined && last.o + last.n > bytes.length) {
    throw new RecordingError(
      `${file}: shorter than its arrival times say. The recording and its .idx.ndjson do not belong together.`,
    );
  }
  return index.map(({ t, o, n }) => ({ at: t, bytes: bytes.subarray(o, o + n) }));
}

function evenChunks(bytes: Buffer): RecordedChunk[] {
  const chunks: RecordedChunk[] = [];
  for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
    chunks.push({ at: 0, bytes: bytes.subarray(offset, offset + chunkBytes) });
  }
  return chunks;
}
