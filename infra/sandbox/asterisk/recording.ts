import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { headerOf, type PacketText } from './ami-packet-text.ts';

export interface RecordedPacket {
  /** Milliseconds since 1970 at which its last byte came. */
  readonly at: number;
  readonly text: PacketText;
}

/** What one AMI connection heard, without what only concerned that connection. */
export interface Recording {
  /** For example `01-queue-answered`. */
  readonly name: string;
  readonly packets: readonly RecordedPacket[];
}

/** Reads `NAME.ami` or `NAME.ami.gz` and the `.idx.ndjson(.gz)` beside it; without that file all packets come at once. */
export function loadRecording(file: string): Recording {
  const bytes = readMaybeZipped(file);
  const plain = file.replace(/\.gz$/, '');
  const index = [`${plain}.idx.ndjson`, `${plain}.idx.ndjson.gz`].find((candidate) => existsSync(candidate));
  const chunks = index === undefined ? [] : parseIndex(readMaybeZipped(index).toString('utf8'));
  return { name: path.basename(plain, '.ami'), packets: cutPackets(bytes.toString('latin1'), chunks).filter(isPlayable) };
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
