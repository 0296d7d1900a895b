/** A customer file, opened: which form and columns it has, and its customers row by row. */
import { stat } from 'node:fs/promises';
import type { ReadOptions } from '../callers/phone-number.ts';
import { type ColumnProblem, type Columns, type ColumnWishes, chooseColumns } from './columns.ts';
import { type CustomerRow, customerRow } from './customer-row.ts';
import { detectEncoding, type FileEncoding } from './file-encoding.ts';
import { type CsvForm, findSeparator, readRows } from './read-rows.ts';
import { UnreadableFile } from './unreadable-file.ts';

export interface CustomerFile {
  readonly form: CsvForm;
  readonly headers: readonly string[];
  readonly columns: Columns;
  /** Bytes. */
  readonly size: number;
  /** The rows below the headers; null where a row names nobody. @throws UnreadableFile when the file is no longer what was opened. */
  customers(restoreZeros: boolean, signal: AbortSignal): AsyncGenerator<ReadRow>;
}

export interface ReadRow {
  readonly number: number;
  readonly customer: CustomerRow | null;
  readonly bytesRead: number;
}

export interface CustomerFileOptions {
  readonly numbers: ReadOptions;
  readonly wishes: ColumnWishes;
  /** Null: found out. */
  readonly encoding: FileEncoding | null;
}

/** The columns cannot be chosen: what is missing. */
export class WrongColumns extends Error {
  override readonly name = 'WrongColumns';
  readonly problems: readonly ColumnProblem[];

  constructor(problems: readonly ColumnProblem[]) {
    super(`The columns do not fit the file: ${problems.map(({ kind }) => kind).join(', ')}.`);
    this.problems = problems;
  }
}

/** @throws UnreadableFile, WrongColumns */
export async function openCustomerFile(
  file: string,
  { numbers, wishes, encoding }: CustomerFileOptions,
  signal: AbortSignal,
): Promise<CustomerFile> {
  const opened = await stat(file);
  const found = encoding ?? (await detectEncoding(file));
  const form: CsvForm = { encoding: found, separator: await findSeparator(file, found) };
  const headers = await readHeaders(file, form, signal);
  const chosen = chooseColumns(headers, wishes);
  if (!('columns' in chosen)) throw new WrongColumns(chosen.problems);
  const { columns } = chosen;

  return {
    ...{ form, headers, columns, size: opened.size },
    async *customers(restoreZeros, rowSignal) {
      let isHeader = true;
      for await (const { number, cells, bytesRead } of readRows(file, form, rowSignal)) {
        if (!isHeader) yield { number, customer: customerRow(cells, { columns, numbers, restoreZeros }), bytesRead };
        isHeader = false;
      }
      const now = await stat(file);
      if (now.size !== opened.size || now.mtimeMs !== opened.mtimeMs) throw new UnreadableFile('changed');
    },
  };
}

async function readHeaders(file: string, form: CsvForm, signal: AbortSignal): Promise<readonly string[]> {
  for await (const { cells } of readRows(file, form, signal)) return cells;
  throw new UnreadableFile('empty');
}
