import { parse } from 'csv-parse/sync';
import type { FieldType } from '../connector.ts';

/** The tables that bulk queries answer with, a piece at a time: a whole one would hold up everything else in this process. Pure. */

export type TableRow = Readonly<Record<string, unknown>>;

/** Some dozen rows: a fraction of a millisecond. */
const PIECE_CHARACTERS = 8 * 1024;

/**
 * The rows in pieces, shaped as the other answers are: `Account.Name` stands in `Account`, empty is null, numbers and claims are
 * what `types` says of their column. @throws Error for what is no table
 */
export function* tableRows(text: string, types: ReadonlyMap<string, FieldType>): Generator<readonly TableRow[]> {
  let columns: readonly Column[] | null = null;
  for (const piece of piecesOf(text)) {
    const lines: readonly (readonly string[])[] = plainLines(piece) ?? parse(piece);
    const [heading = []] = lines;
    const isFirst: boolean = columns === null;
    columns ??= heading.map((path) => ({ steps: path.split('.'), type: types.get(path) ?? 'string' }));
    const read = columns;
    yield (isFirst ? lines.slice(1) : lines).map((line) => rowOf(line, read));
  }
}

/**
 * The service puts every value in quotes, and hardly a customer has one in a value. Null for a piece that is not so plain: it has to
 * be taken apart letter by letter, which takes several times as long. A quote inside a value is doubled, so it shows in some cell, and so
 * does a line break: its line does not begin or end as others do.
 */
function plainLines(piece: string): readonly (readonly string[])[] | null {
  const lines: (readonly string[])[] = [];
  for (let from = 0; from < piece.length; ) {
    const end = lineEnd(piece, from);
    const line = piece.slice(from, piece.endsWith('\n', end) ? end - 1 : end);
    if (line.length < 2 || !line.startsWith('"') || !line.endsWith('"')) return null;
    const cells = line.slice(1, -1).split('","');
    if (cells.length !== (lines[0]?.length ?? cells.length) || cells.some((cell) => cell.includes('"'))) return null;
    lines.push(cells);
    from = end;
  }
  return lines;
}

interface Column {
  readonly steps: readonly string[];
  readonly type: FieldType;
}

/** Cut behind a line's end that is no line break inside a value: there the quotes so far come in pairs. */
function* piecesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    let end = lineEnd(text, from + PIECE_CHARACTERS);
    let quotes = quotesIn(text, from, end);
    while (quotes % 2 === 1 && end < text.length) {
      const next = lineEnd(text, end);
      quotes += quotesIn(text, end, next);
      end = next;
    }
    yield text.slice(from, end);
    from = end;
  }
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
}

function quotesIn(text: string, from: number, end: number): number {
  let quotes = 0;
  for (let at = text.indexOf('"', from); at !== -1 && at < end; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes;
}

function rowOf(line: readonly string[], columns: readonly Column[]): TableRow {
  const row: Record<string, unknown> = {};
  for (const [index, { steps, type }] of columns.entries()) {
    let place = row;
    for (const step of steps.slice(0, -1)) place = below(place, step);
    place[steps.at(-1) ?? ''] = cellValue(line[index] ?? '', type);
  }
  return row;
}

function below(place: Record<string, unknown>, step: string): Record<string, unknown> {
  const known = place[step];
  if (typeof known === 'object' && known !== null) return known as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  place[step] = made;
  return made;
}

function cellValue(cell: string, type: FieldType): string | number | boolean | null {
  if (cell === '') return null;
  if (type === 'boolean') return cell === 'true';
  return type === 'integer' || type === 'number' ? Number(cell) : cell;
}
