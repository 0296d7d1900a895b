/** Writes a customer file into the directory, page by page, as a CRM's changes are written. */
import type { CallerRecord, ChangePage } from '../../connectors/connector.ts';
import type { DirectoryStore } from '../callers/directory-store.ts';
import { customerList, customerSource } from './customer-list.ts';
import type { CustomerFile } from './read-customers.ts';

export interface ImportWishes {
  readonly restoreZeros: boolean;
  /** Customers whom the file does not name are forgotten. */
  readonly replace: boolean;
  /** Names this reading; another one for each. */
  readonly readingId: string;
  readonly onProgress: (at: { readonly rows: number; readonly bytesRead: number }) => void;
}

const pageLength = 5_000;

/**
 * Broken off at any point, the customers read so far are there and none has gone: what `replace` removes, it removes after the last
 * row. Importing the file again mends it.
 */
export async function importCustomers(
  file: Pick<CustomerFile, 'customers'>,
  directory: Pick<DirectoryStore, 'open' | 'applyPage' | 'finish'>,
  wishes: ImportWishes,
  signal: AbortSignal,
): Promise<void> {
  let state = await directory.open(customerList.connector, customerSource);
  let page: CallerRecord[] = [];
  let rows = 0;
  for await (const { customer, bytesRead } of file.customers(wishes.restoreZeros, signal)) {
    rows += 1;
    if (customer === null) continue;
    // Also without a number: what was known under its key is not true any more.
    page.push(customer.record);
    if (page.length < pageLength) continue;
    ({ state } = await directory.applyPage(state, pageOf(page, false), signal));
    page = [];
    wishes.onProgress({ rows, bytesRead });
  }
  ({ state } = await directory.applyPage(state, pageOf(page, true), signal));
  await directory.finish(state, signal);

  function pageOf(records: readonly CallerRecord[], last: boolean): ChangePage {
    const everything = wishes.replace ? { everything: { id: wishes.readingId, last } } : {};
    return { records, deleted: [], cursor: wishes.readingId, total: null, ...everything };
  }
}
