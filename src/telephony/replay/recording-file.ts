import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A recording that cannot be read; the message says why and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** The content of a file, unpacked when its name ends in .gz. Throws `RecordingError`. */
export function contentOf(file: string): Buffer {
  try {
    const content = readFileSync(file);
    return file.endsWith('.gz') ? gunzipSync(content) : content;
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
    throw new RecordingError(`${file}: ${reasonOf(code)}`, { cause });
  }
}

function reasonOf(code: string): string {
  if (code === 'ENOENT') return 'there is no such file.';
  if (code === 'EISDIR') return 'this is a folder. Name the recordings in it.';
  if (code === 'EACCES') return 'this file may not be read by the present user.';
  if (code.startsWith('Z_')) return 'the file is damaged or no gzip file, although its name ends in .gz.';
  return `the file cannot be read (${code || 'unknown reason'}).`;
}

/** One line of JSON; null when it is none. */
export function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
