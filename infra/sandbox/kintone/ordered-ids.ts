/**
 * Record ids in the order of a key (then of the id), for ranges and `order by` in an app of any size: chunks of a few
 * hundred entries, so that a change moves little and a page costs the same wherever it begins.
 */

/** All keys of one index are of one kind. */
export type SortKey = number | string;

export interface Span {
  /** Both inclusive; null is without an end. */
  readonly from: SortKey | null;
  readonly last: SortKey | null;
}

export interface Directions {
  readonly keysFall: boolean;
  /** Among entries of the same key. */
  readonly idsFall: boolean;
}

export interface OrderedIds {
  add(key: SortKey, id: number): void;
  remove(key: SortKey, id: number): void;
  count(span: Span): number;
  walk(span: Span, directions: Directions): IterableIterator<number>;
}

interface Chunk {
  readonly keys: SortKey[];
  readonly ids: number[];
}

interface Place {
  readonly chunk: number;
  readonly at: number;
}

const CHUNK_SIZE = 512;

export function openOrderedIds(entries: readonly (readonly [SortKey, number])[]): OrderedIds {
  const sorted = entries.toSorted(([left, leftId], [right, rightId]) => compareEntries(left, leftId, right, rightId));
  const chunks: Chunk[] = [];
  for (let at = 0; at < sorted.length; at += CHUNK_SIZE) {
    const some = sorted.slice(at, at + CHUNK_SIZE);
    chunks.push({ keys: some.map(([key]) => key), ids: some.map(([, id]) => id) });
  }
  if (chunks.length === 0) chunks.push({ keys: [], ids: [] });

  /** The first place whose entry is not before (key, id). */
  const seek = (key: SortKey, id: number): Place => {
    const chunk = firstWhere(chunks.length, (index) => {
      const { keys, ids } = chunkAt(index);
      const end = keys.length - 1;
      return end >= 0 && compareEntries(keys[end] ?? 0, ids[end] ?? 0, key, id) >= 0;
    });
    if (chunk === chunks.length) return { chunk, at: 0 };
    const { keys, ids } = chunkAt(chunk);
    return { chunk, at: firstWhere(keys.length, (at) => compareEntries(keys[at] ?? 0, ids[at] ?? 0, key, id) >= 0) };
  };
  const chunkAt = (index: number): Chunk => chunks[index] ?? { keys: [], ids: [] };
  const keyAt = ({ chunk, at }: Place): SortKey => chunkAt(chunk).keys[at] ?? 0;
  const startOf = (span: Span): Place => (span.from === null ? { chunk: 0, at: 0 } : seek(span.from, 0));
  const endOf = (span: Span): Place =>
    span.last === null ? { chunk: chunks.length, at: 0 } : seek(span.last, Number.POSITIVE_INFINITY);

  function* upwards(from: Place, end: Place): IterableIterator<number> {
    for (let chunk = from.chunk; chunk <= end.chunk && chunk < chunks.length; chunk += 1) {
      const { ids } = chunkAt(chunk);
      const last = chunk === end.chunk ? end.at : ids.length;
      for (let at = chunk === from.chunk ? from.at : 0; at < last; at += 1) yield ids[at] ?? 0;
    }
  }
  function* downwards(from: Place, end: Place): IterableIterator<number> {
    for (let chunk = Math.min(end.chunk, chunks.length - 1); chunk >= from.chunk; chunk -= 1) {
      const { ids } = chunkAt(chunk);
      const first = chunk === from.chunk ? from.at : 0;
      for (let at = (chunk === end.chunk ? end.at : ids.length) - 1; at >= first; at -= 1) yield ids[at] ?? 0;
    }
  }
  const before = (place: Place): Place => {
    let { chunk, at } = place;
    while (at === 0 && chunk > 0) {
      chunk -= 1;
      at = chunkAt(chunk).ids.length;
    }
    return { chunk, at: at - 1 };
  };
  const isBefore = (left: Place, right: Place): boolean =>
    left.chunk < right.chunk || (left.chunk === right.chunk && left.at < right.at);
  const distance = (from: Place, end: Place): number => {
    let sum = end.at - from.at;
    for (let chunk = from.chunk; chunk < end.chunk; chunk += 1) sum += chunkAt(chunk).ids.length;
    return sum;
  };

  return {
    add: (key, id) => {
      const place = seek(key, id);
      const isAtEnd = place.chunk === chunks.length;
      const index = isAtEnd ? chunks.length - 1 : place.chunk;
      const { keys, ids } = chunkAt(index);
      const at = isAtEnd ? keys.length : place.at;
      keys.splice(at, 0, key);
      ids.splice(at, 0, id);
      if (ids.length > 2 * CHUNK_SIZE) {
        chunks.splice(index + 1, 0, { keys: keys.splice(CHUNK_SIZE), ids: ids.splice(CHUNK_SIZE) });
      }
    },
    remove: (key, id) => {
      const { chunk, at } = seek(key, id);
      const { keys, ids } = chunkAt(chunk);
      if (ids[at] !== id || keys[at] !== key) return;
      keys.splice(at, 1);
      ids.splice(at, 1);
      if (ids.length === 0 && chunks.length > 1) chunks.splice(chunk, 1);
    },
    count: (span) => Math.max(0, distance(startOf(span), endOf(span))),
    *walk(span, { keysFall, idsFall }) {
      let from = startOf(span);
      let end = endOf(span);
      if (keysFall === idsFall) {
        yield* keysFall ? downwards(from, end) : upwards(from, end);
        return;
      }
      while (isBefore(from, end)) {
        if (keysFall) {
          const start = seek(keyAt(before(end)), 0);
          const group = isBefore(start, from) ? from : start;
          yield* upwards(group, end);
          end = group;
        } else {
          const next = seek(keyAt(from), Number.POSITIVE_INFINITY);
          yield* downwards(from, next);
          from = next;
        }
      }
    },
  };
}

export function compareKeys(left: SortKey, right: SortKey): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function compareEntries(left: SortKey, leftId: number, right: SortKey, rightId: number): number {
  return compareKeys(left, right) || leftId - rightId;
}

/** The first index in a row of falses and then trues; `length` when none is true. */
function firstWhere(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
