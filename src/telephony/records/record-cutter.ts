/** Cuts a stream of bytes into the texts of single records, whatever is between them. */
export interface RecordCutter {
  push(bytes: Uint8Array): string[];
  /** What is left at the end: a last line without its end may still be being written. */
  rest(): string | null;
  /** Lines that were too long to be a record. */
  readonly tooLong: number;
}

/** Asterisk's own longest records are 8 KB; a caller's name can make a quoted field span lines. */
const longestRecordBytes = 65_536;
const mostLines = 32;
const newline = 10;
const quote = 34;
const carriageReturn = 13;

/**
 * `quoted`: fields may be in quotation marks and hold line breaks. `isRecord` is asked of a line that stands where a field is still
 * open: a whole record there shows that a mark was lost. (Within a field all marks are doubled, so that nobody's name reads as one.)
 */
export function createRecordCutter(quoted: boolean, isRecord: (text: string) => boolean): RecordCutter {
  let line: Buffer[] = [];
  let lineBytes = 0;
  let isOverlong = false;
  let tooLong = 0;
  /** Lines of a record whose quotation marks are not closed yet. */
  let open: string[] = [];
  let openQuotes = 0;

  function add(bytes: Buffer): void {
    if (isOverlong) return;
    lineBytes += bytes.length;
    if (lineBytes > longestRecordBytes) {
      isOverlong = true;
      line = [];
      return;
    }
    // A copy: a piece of a chunk would keep all of it alive.
    if (bytes.length > 0) line.push(Buffer.from(bytes));
  }

  function takeLine(): Buffer | null {
    const whole = isOverlong ? null : Buffer.concat(line);
    if (isOverlong) tooLong += 1;
    line = [];
    lineBytes = 0;
    isOverlong = false;
    return whole;
  }

  /** Marks that never close are no field: each line then stands for itself. */
  function flushOpen(): string[] {
    const lines = open;
    open = [];
    openQuotes = 0;
    return lines;
  }

  function complete(bytes: Buffer | null): string[] {
    if (bytes === null) return flushOpen();
    const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
    const text = bytes.toString('utf8', 0, end);
    if (!quoted) return text === '' ? [] : [text];
    const quotes = quotesIn(bytes);
    if (open.length > 0 && quotes % 2 === 0 && isRecord(text)) return [...flushOpen(), text];
    openQuotes += quotes;
    open.push(text);
    if (openQuotes % 2 === 0) {
      const record = flushOpen().join('\n');
      return record.trim() === '' ? [] : [record];
    }
    const openBytes = open.reduce((sum, one) => sum + one.length, 0);
    return open.length >= mostLines || openBytes > longestRecordBytes ? flushOpen() : [];
  }

  return {
    push(given) {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      const records: string[] = [];
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        add(bytes.subarray(start, end));
        records.push(...complete(takeLine()));
        start = end + 1;
      }
      add(bytes.subarray(start));
      return records;
    },
    rest() {
      const last = takeLine();
      const text = [...flushOpen(), ...(last === null || last.length === 0 ? [] : [last.toString('utf8')])].join('\n');
      return text === '' ? null : text;
    },
    get tooLong() {
      return tooLong;
    },
  };
}

function quotesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) count += 1;
  return count;
}
