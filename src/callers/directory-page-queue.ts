/** Reads pages ahead while others are written, and hands out many small ones as one: each that is written alone costs a commit. */
import type { ChangePage } from '../../connectors/connector.ts';

export interface GatheredPage {
  readonly page: ChangePage;
  /** How many pages of the CRM it was. */
  readonly pages: number;
}

export interface GatherLimits {
  /** Records that are worth a commit; what a page has beyond it stays together. */
  readonly recordsAtOnce: number;
  /** Records waiting before the CRM is asked for no more. */
  readonly mostAhead: number;
  /** How long a page waits for company. */
  readonly patienceMs: number;
}

const usual: GatherLimits = { recordsAtOnce: 10_000, mostAhead: 10_000, patienceMs: 100 };

/** Nothing that was read is lost when the reading fails: its error comes after the last page. */
export async function* gatherPages(pages: AsyncIterable<ChangePage>, limits = usual): AsyncGenerator<GatheredPage> {
  const iterator = pages[Symbol.asyncIterator]();
  const waiting: ChangePage[] = [];
  let ended: { readonly error: unknown } | 'well' | null = null;
  let isLeft = false;
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };

  const read = async () => {
    try {
      while (!isLeft) {
        if (waiting.length > 0 && recordsOf(waiting) >= limits.mostAhead) {
          await changed.promise;
          continue;
        }
        const next = await iterator.next();
        if (next.done === true) break;
        waiting.push(next.value);
        tell();
      }
      ended = 'well';
    } catch (error) {
      ended = { error };
    }
    tell();
  };

  void read();
  try {
    for (;;) {
      while (waiting.length === 0 && ended === null) await changed.promise;
      if (waiting.length === 0) break;
      // A page of nothing but a place is kept at once: it says where to go on with what was only begun.
      if (recordsOf(waiting) > 0) {
        const patience = startPatience(limits.patienceMs, tell);
        while (recordsOf(waiting) < limits.recordsAtOnce && ended === null && !patience.isOver()) await changed.promise;
        patience.end();
      }
      yield takeTogether(waiting, limits.recordsAtOnce);
      tell();
    }
    const failed = ended as { readonly error: unknown } | 'well' | null;
    if (typeof failed === 'object' && failed !== null) throw failed.error;
  } finally {
    isLeft = true;
    tell();
    // Not awaited: it would wait for the page under way, and whoever aborts should not.
    if (ended === null) iterator.return?.().catch(() => {});
  }
}

function startPatience(ms: number, tell: () => void) {
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    tell();
  }, ms);
  return { isOver: () => isOver, end: () => clearTimeout(timer) };
}

function recordsOf(pages: readonly ChangePage[]): number {
  return pages.reduce((sum, { records, deleted, present }) => sum + records.length + deleted.length + (present?.length ?? 0), 0);
}

/** Takes from the front what may be written as one page. */
function takeTogether(waiting: ChangePage[], recordsAtOnce: number): GatheredPage {
  const taken = waiting.splice(0, 1);
  for (let [next] = waiting; next !== undefined && recordsOf(taken) < recordsAtOnce; [next] = waiting) {
    const page = next;
    if (!taken.every((before) => belongTogether(before, page))) break;
    taken.push(page);
    waiting.shift();
  }
  return { page: joined(taken), pages: taken.length };
}

/** A page's deletions are applied before its records, so those of a later page must not meet records of an earlier one. Pure. */
export function belongTogether(first: ChangePage, second: ChangePage): boolean {
  const isInOrder = second.deleted.length === 0 || first.records.length === 0;
  return isInOrder && first.everything?.id === second.everything?.id && first.everything?.last !== true;
}

function joined(pages: readonly ChangePage[]): ChangePage {
  const last = pages.at(-1);
  if (last === undefined) throw new Error('There is no page to take.');
  if (pages.length === 1) return last;
  return {
    records: pages.flatMap(({ records }) => records),
    deleted: pages.flatMap(({ deleted }) => deleted),
    present: pages.flatMap(({ present = [] }) => present),
    cursor: last.cursor,
    total: pages.findLast(({ total }) => total !== null)?.total ?? null,
    ...(last.everything === undefined ? {} : { everything: last.everything }),
  };
}
