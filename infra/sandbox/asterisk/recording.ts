import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { headerOf, type PacketText } from './ami-packet-text.ts';
import { parseAriRecording, type RecordedEvent } from './ari-recording.ts';

export interface RecordedPacket {
  /** Milliseconds since 1970 at which its last byte came. */
  readonly at: number;
  readonly text: PacketText;
}

/** What one AMI connection heard, without what only concerned that connection, and what ARI told of the same calls. */
export interface Recording {
  /** For example `01-queue-answered`. */
  readonly name: string;
  readonly packets: readonly RecordedPacket[];
  /** Absent where ARI was not recorded. */
  readonly events?: readonly RecordedEvent[];
}

/**
 * Reads `NAME.ami` or `NAME.ami.gz`; beside it `NAME.ami.idx.ndjson(.gz)`, without which all packets come at once, and
 * `NAME.ari.ndjson(.gz)`, without which nothing is heard on ARI.
 */
export function loadRecording(file: string): Recording {
  const bytes = readMaybeZipped(file);
  const plain = file.replace(/\.gz$/, '');
  const index = readIfThere(`${plain}.idx.ndjson`);
  const events = readIfThere(plain.replace(/\.ami$/, '.ari.ndjson'));
  return {
    name: path.basename(plain, '.ami'),
    packets: cutPackets(bytes.toString('latin1'), index === null ? [] : parseIndex(index)).filter(isPlayable),
    ...(events === null ? {} : { events: parseAriRecording(events) }),
  };
}

/** The text of this file, zipped or not; null when there is neither. */
function readIfThere(file: string): string | null {
  const found = [file, `${file}.gz`].find((candidate) => existsSync(candidate));
  return found === undefined ? null : readMaybeZipped(found).toString('utf8');
}

interface Chunk {
  readonly t: number;
  readonly o: number;
  readonly n: number;
}

function parseIndex(text: string): Chunk[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Chunk);
}

function cutPackets(text: string, chunks: readonly Chunk[]): RecordedPacket[] {
  const packets: RecordedPacket[] = [];
  let chunk = 0;
  for (let start = 0; ; ) {
    const blank = text.indexOf('\r\n\r\n', start);
    if (blank === -1) return packets;
    const end = blank + 4;
    while (chunk < chunks.length - 1 && lastByte(chunks[chunk]) < end) chunk += 1;
    packets.push({ at: chunks[chunk]?.t ?? 0, text: text.slice(start, end) });
    start = end;
  }
}

function lastByte(chunk: Chunk | undefined): number {
  return chunk === undefined ? 0 : chunk.o + chunk.n;
}

/** The recorder's own log-in, and the answers to its actions, are nobody else's business. OriginateResponse goes to everyone. */
function isPlayable({ text }: RecordedPacket): boolean {
  const event = headerOf(text, 'Event');
  if (event === null || event === 'FullyBooted' || event === 'SuccessfulAuth') return false;
  return event === 'OriginateResponse' || headerOf(text, 'ActionID') === null;
}

function readMaybeZipped(file: string): Buffer {
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
