/** One row of a customer file as the directory will hold it, and what was strange about it. Pure. */
import { createHash } from 'node:crypto';
import type { CallerRecord } from '../../connectors/connector.ts';
import { directoryEntry, type UnreadableNumber } from '../callers/directory-entry.ts';
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import type { Columns } from './columns.ts';
import { customerList } from './customer-list.ts';

export interface RowOptions {
  readonly columns: Columns;
  readonly numbers: ReadOptions;
  /** Whether a number that lost its first zero to a spreadsheet is given it back. */
  readonly restoreZeros: boolean;
}

export interface CustomerRow {
  readonly record: CallerRecord;
  /** E.164; without any, nobody will be recognised by this row. */
  readonly numbers: readonly string[];
  readonly unreadable: readonly {
    readonly column: string;
    readonly raw: string;
    readonly why: UnreadableNumber['why'] | 'shortened';
  }[];
  /** `guess` as people of the region write it. */
  readonly lostZeros: readonly { readonly column: string; readonly raw: string; readonly guess: string }[];
}

const longest = { name: 200, key: 200, cell: 1000 };
/** What a spreadsheet makes of a long number in a narrow column: the last digits are gone for good. */
const scientific = /^\d(?:\.\d+)?e\+?\d+$/i;

/** Null when the row names nobody: neither name nor number. */
export function customerRow(cells: readonly string[], options: RowOptions): CustomerRow | null {
  const { columns } = options;
  const cell = (at: number) => textOf(cells[at] ?? '');
  const lostZeros: CustomerRow['lostZeros'][number][] = [];
  const shortened: CustomerRow['unreadable'][number][] = [];
  const phones: CallerRecord['phones'][number][] = [];
  for (const { at, header } of columns.phones) {
    const raw = cell(at);
    const bare = raw.normalize('NFKC').trim();
    if (raw === '') continue;
    if (scientific.test(bare)) {
      shortened.push({ column: header, raw, why: 'shortened' });
      continue;
    }
    const guess = guessOfLostZero(bare, options.numbers);
    if (guess !== null) lostZeros.push({ column: header, raw, guess: guess.national });
    if (guess === null || options.restoreZeros) phones.push({ field: header, value: guess?.whole ?? raw });
  }
  const name = columns.name
    .map(cell)
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, longest.name);
  if (name === '' && phones.length + shortened.length + lostZeros.length === 0) return null;
  const values = Object.fromEntries(
    columns.card.flatMap(({ at, label }) => {
      const value = cell(at).slice(0, longest.cell);
      return value === '' ? [] : [[label, value]];
    }),
  );
  const key = columns.key === null ? '' : cell(columns.key).normalize('NFKC').slice(0, longest.key);
  const object = customerList.objects[0];
  const entry = directoryEntry({ object, id: '', name, phones, values, modifiedAt: null }, options.numbers);
  const id = key === '' ? keyOf(name, entry.numbers) : key;
  return {
    record: { ...entry.record, id },
    numbers: entry.numbers,
    unreadable: [...shortened, ...entry.unreadable.map(({ field, raw, why }) => ({ column: field, raw, why }))],
    lostZeros,
  };
}

/** `="09012345678"` is how a spreadsheet is made to keep a zero. Any other formula stays the text it is. */
function textOf(cell: string): string {
  const kept = /^="((?:[^"]|"")*)"$/.exec(cell.trim())?.[1];
  return (kept?.replaceAll('""', '"') ?? cell).trim();
}

/** Bare digits that only make a number of this region with a zero before them. */
function guessOfLostZero(bare: string, numbers: ReadOptions): { readonly whole: string; readonly national: string } | null {
  const digits = /^([1-9]\d{7,9})(?:\.0)?$/.exec(bare)?.[1];
  if (digits === undefined) return null;
  const whole = `0${digits}`;
  const read = readNumber(whole, numbers);
  return read.kind === 'number' && read.e164.endsWith(digits) ? { whole, national: read.national } : null;
}

/** Without a customer number: the same name with the same numbers is the same customer. */
function keyOf(name: string, numbers: readonly string[]): string {
  const text = [name, ...[...numbers].sort()].join('\n');
  return `~${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
