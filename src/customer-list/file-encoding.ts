/** In which encoding a file is written: its mark says it, or else only one of the two that are in use can read all of it. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { UnreadableFile } from './unreadable-file.ts';

export type FileEncoding = 'utf-8' | 'utf-16le' | 'shift_jis';

const markLength = 8;

/** Reads the file to its end unless it begins with a mark. @throws UnreadableFile */
export async function detectEncoding(file: string): Promise<FileEncoding> {
  const start = await readStart(file);
  if (start.length === 0) throw new UnreadableFile('empty');
  if (isWorkbook(start)) throw new UnreadableFile('workbook');
  if (start.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return 'utf-8';
  if (start.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]))) return 'utf-16le';
  const candidates: FileEncoding[] = ['utf-8', 'shift_jis'];
  let readers = candidates.map((encoding) => ({ encoding, decoder: new TextDecoder(encoding, { fatal: true }) }));
  for await (const chunk of createReadStream(file)) {
    readers = readers.filter(({ decoder }) => canRead(decoder, chunk as Buffer));
    if (readers.length === 0) break;
  }
  const able = readers.find(({ decoder }) => canRead(decoder, null));
  if (able === undefined) throw new UnreadableFile('encoding');
  return able.encoding;
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(markLength), 0, markLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** .xlsx is a ZIP archive, .xls a compound document. */
function isWorkbook(start: Buffer): boolean {
  return start.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004' || start.subarray(0, 4).toString('hex') === 'd0cf11e0';
}

/** Null: the end, at which no character may be half read. */
function canRead(decoder: InstanceType<typeof TextDecoder>, chunk: Buffer | null): boolean {
  try {
    if (chunk === null) decoder.decode();
    else decoder.decode(chunk, { stream: true });
    return true;
  } catch {
    return false;
  }
}
