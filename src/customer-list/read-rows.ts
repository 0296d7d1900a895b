/** The rows of a CSV file, one at a time, however large the file is. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Transform } from 'node:stream';
import { parse } from 'csv-parse';
import type { FileEncoding } from './file-encoding.ts';
import { UnreadableFile } from './unreadable-file.ts';

export interface CsvRow {
  /** As a spreadsheet counts them: the first row of the file is 1, also when it is empty or has line breaks in its cells. */
  readonly number: number;
  readonly cells: readonly string[];
  /** Bytes of the file read so far. */
  readonly bytesRead: number;
}

export type Separator = ',' | '\t' | ';';

export interface CsvForm {
  readonly encoding: FileEncoding;
  readonly separator: Separator;
}

const separators: readonly Separator[] = [',', '\t', ';'];
const startLength = 64 * 1024;
const longestRow = 1024 * 1024;
const mostRows = 2_000_000;

/** The separator that the first row has most of, outside of quotation marks. */
export async function findSeparator(file: string, encoding: FileEncoding): Promise<Separator> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(startLength), 0, startLength, 0);
    return separatorOf(new TextDecoder(encoding).decode(buffer.subarray(0, bytesRead), { stream: true }));
  } finally {
    await handle.close();
  }
}

/** Pure. */
export function separatorOf(text: string): Separator {
  const bare = text.replace(/"(?:[^"]|"")*"/g, '""').trimStart();
  const [firstRow = ''] = bare.split(/\r\n|\n|\r/, 1);
  const counts = separators.map((separator) => firstRow.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Rows without any text are left out. @throws UnreadableFile, or the signal's reason */
export async function* readRows(file: string, { encoding, separator }: CsvForm, signal: AbortSignal): AsyncGenerator<CsvRow> {
  const source = createReadStream(file, { signal });
  const parser = parse({
    ...{ delimiter: separator, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: false },
    max_record_size: longestRow,
  });
  // Its failure destroys the parser, and with it the loop below.
  pipeline(source, decoding(encoding), parser, () => undefined);
  let number = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      number += 1;
      if (number > mostRows) throw new UnreadableFile('tooManyRows');
      if (cells.some((cell) => cell.trim() !== '')) yield { number, cells, bytesRead: source.bytesRead };
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) {
      throw new UnreadableFile('form', { cause: error });
    }
    throw error;
  } finally {
    source.destroy();
  }
}

function decoding(encoding: FileEncoding): Transform {
  const decoder = new TextDecoder(encoding);
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
}
