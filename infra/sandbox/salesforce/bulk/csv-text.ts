import { parse } from 'csv-parse/sync';

/** The CSV of bulk jobs. Pure. */

export const DELIMITERS: Readonly<Record<string, string>> = {
  BACKQUOTE: '`',
  CARET: '^',
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
};

export const LINE_ENDINGS: Readonly<Record<string, string>> = { LF: '\n', CRLF: '\r\n' };

export interface CsvFormat {
  /** A key of `DELIMITERS`. */
  readonly columnDelimiter: string;
  /** A key of `LINE_ENDINGS`. */
  readonly lineEnding: string;
}

/** Every value in quotes, as the service writes them. */
export function csvLine(values: readonly string[], format: CsvFormat): string {
  const cells = values.map((value) => `"${value.replaceAll('"', '""')}"`);
  return cells.join(DELIMITERS[format.columnDelimiter] ?? ',') + (LINE_ENDINGS[format.lineEnding] ?? '\n');
}

/** Lines of cells, the heading first; a byte order mark belongs to the first cell. @throws Error in the service's words, with which the job fails as a whole. */
export function parseCsv(text: string, format: CsvFormat): readonly (readonly string[])[] {
  if (!endsLinesAs(text, format.lineEnding)) {
    const setting = `Current LineEnding setting is ${format.lineEnding}`;
    throw new Error(`ClientInputError : LineEnding is invalid on user data. ${setting}`);
  }
  try {
    return parse(text, {
      delimiter: DELIMITERS[format.columnDelimiter] ?? ',',
      record_delimiter: LINE_ENDINGS[format.lineEnding] ?? '\n',
      skip_empty_lines: true,
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (/quote/i.test(said)) {
      throw new Error('InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote');
    }
    throw new Error(`InvalidBatch : Failed to parse CSV: ${said}`);
  }
}

/** The first line outside quotes tells. */
function endsLinesAs(text: string, lineEnding: string): boolean {
  let quoted = false;
  for (let position = 0; position < text.length; position += 1) {
    const character = text[position];
    if (character === '"') quoted = !quoted;
    else if (character === '\n' && !quoted) return (text[position - 1] === '\r') === (lineEnding === 'CRLF');
  }
  return true;
}
