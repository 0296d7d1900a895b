/** What an import will do, found out by reading the whole file and changing nothing. */

import { type DirectoryComparison, mostCompared } from '../callers/directory-comparison.ts';
import { directoryKey } from '../callers/directory-entry.ts';
import type { CustomerRow } from './customer-row.ts';
import type { CustomerFile } from './read-customers.ts';

export interface Remarks<Remark> {
  readonly count: number;
  /** The first `mostShown`. */
  readonly shown: readonly Remark[];
}

export interface Survey {
  /** Rows below the headers with anything in them. */
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  /** Customers in the directory that the file does not name. Removed only when the list is to be replaced. */
  readonly notInFile: number;
  /** Rows by which nobody will be recognised: they are left out, and so is what was known under their key. */
  readonly withoutNumber: Remarks<{ readonly row: number; readonly name: string }>;
  readonly unreadable: Remarks<{ readonly row: number } & CustomerRow['unreadable'][number]>;
  readonly lostZeros: Remarks<{ readonly row: number } & CustomerRow['lostZeros'][number]>;
  /** The same customer once more; the last row counts. */
  readonly duplicates: Remarks<{ readonly row: number; readonly firstRow: number; readonly name: string }>;
  /** Numbers that more than one customer of the file has: the operator will be asked who it is. */
  readonly sharedNumbers: number;
}

export const mostShown = 20;

export async function surveyCustomers(
  file: Pick<CustomerFile, 'customers'>,
  directory: DirectoryComparison,
  options: { readonly restoreZeros: boolean; readonly onProgress: (at: { rows: number; bytesRead: number }) => void },
  signal: AbortSignal,
): Promise<Survey> {
  const counts = { rows: 0, new: 0, changed: 0, same: 0, known: 0 };
  const withoutNumber = remarks<Survey['withoutNumber']['shown'][number]>();
  const unreadable = remarks<Survey['unreadable']['shown'][number]>();
  const lostZeros = remarks<Survey['lostZeros']['shown'][number]>();
  const duplicates = remarks<Survey['duplicates']['shown'][number]>();
  const firstRows = new Map<string, number>();
  const held = new Set<number>();
  const shared = new Set<number>();
  let waiting: CustomerRow[] = [];

  for await (const { number: row, customer, bytesRead } of file.customers(options.restoreZeros, signal)) {
    counts.rows += 1;
    if (counts.rows % progressEvery === 0) options.onProgress({ rows: counts.rows, bytesRead });
    if (customer === null) continue;
    for (const one of customer.unreadable) unreadable.add({ row, ...one });
    for (const one of customer.lostZeros) lostZeros.add({ row, ...one });
    const { id, name } = customer.record;
    if (customer.numbers.length === 0) withoutNumber.add({ row, name });
    const firstRow = firstRows.get(id);
    if (firstRow !== undefined) {
      duplicates.add({ row, firstRow, name });
      continue;
    }
    firstRows.set(id, row);
    for (const key of customer.numbers.map(directoryKey)) (held.has(key) ? shared : held).add(key);
    waiting.push(customer);
    if (waiting.length >= mostCompared) await compareWaiting();
  }
  await compareWaiting();
  const { rows, changed, same } = counts;
  return {
    ...{ rows, added: counts.new, changed, same },
    notInFile: (await directory.count()) - counts.known,
    withoutNumber: withoutNumber.all(),
    unreadable: unreadable.all(),
    lostZeros: lostZeros.all(),
    duplicates: duplicates.all(),
    sharedNumbers: shared.size,
  };

  async function compareWaiting(): Promise<void> {
    const verdicts = await directory.compare(waiting.map(({ record }) => record));
    verdicts.forEach((verdict, index) => {
      if (verdict !== 'new') counts.known += 1;
      if ((waiting[index]?.numbers.length ?? 0) > 0) counts[verdict] += 1;
    });
    waiting = [];
  }
}

const progressEvery = 10_000;

function remarks<Remark>() {
  const shown: Remark[] = [];
  let count = 0;
  return {
    add(remark: Remark) {
      count += 1;
      if (shown.length < mostShown) shown.push(remark);
    },
    all: (): Remarks<Remark> => ({ count, shown }),
  };
}
