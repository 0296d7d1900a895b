import type { Row } from './record-store.ts';

/** A place in an order: the sort key first, the id where keys are equal. */
export interface Place {
  readonly key: string;
  readonly id: string;
}

/** From the first place on, up to but without the second; null is open. */
export interface PlaceRange {
  readonly from: Place | null;
  readonly to: Place | null;
}

/** Behind every id there is. */
export const LAST_ID = '\uffff';

export interface OrderedRows {
  add(row: Row): void;
  /** While the row still has the key it was added with. */
  remove(row: Row): void;
  walk(range: PlaceRange, descending: boolean): Iterable<Row>;
}

const LARGEST_CHUNK = 2048;

/**
 * Rows kept in the order of a key, then of their ids, in chunks: adding, removing and finding a place cost the same few steps
 * at a thousand rows and at a million.
 */
export function createOrderedRows(keyOf: (row: Row) => string): OrderedRows {
  const chunks: Row[][] = [[]];
  const placeOf = (row: Row): Place => ({ key: keyOf(row), id: String(row.Id) });
  const isBefore = (row: Row | undefined, place: Place): boolean => {
    if (row === undefined) return false;
    const key = keyOf(row);
    return key < place.key || (key === place.key && String(row.Id) < place.id);
  };
  /** The chunk and the position in it of the first row that is not before the place. */
  const find = (place: Place): readonly [chunk: number, position: number] => {
    const index = firstThat(chunks.length - 1, (each) => !isBefore(chunks[each]?.at(-1), place));
    const chunk = chunks[index] ?? [];
    return [index, firstThat(chunk.length, (each) => !isBefore(chunk[each], place))];
  };
  const end = (): readonly [number, number] => [chunks.length - 1, chunks.at(-1)?.length ?? 0];

  function* ascending(range: PlaceRange): Generator<Row> {
    const [first, start] = range.from === null ? [0, 0] : find(range.from);
    const [last, stop] = range.to === null ? end() : find(range.to);
    for (let index = first; index <= last; index += 1) {
      const chunk = chunks[index] ?? [];
      const until = index === last ? stop : chunk.length;
      for (let position = index === first ? start : 0; position < until; position += 1) yield chunk[position] as Row;
    }
  }
  function* descending(range: PlaceRange): Generator<Row> {
    const [first, start] = range.from === null ? [0, 0] : find(range.from);
    const [last, stop] = range.to === null ? end() : find(range.to);
    for (let index = last; index >= first; index -= 1) {
      const chunk = chunks[index] ?? [];
      const from = index === first ? start : 0;
      for (let position = (index === last ? stop : chunk.length) - 1; position >= from; position -= 1)
        yield chunk[position] as Row;
    }
  }

  return {
    add: (row) => {
      const place = placeOf(row);
      // Most records are the latest of all.
      const [index, position] = isBefore(chunks.at(-1)?.at(-1), place) ? end() : find(place);
      const chunk = chunks[index] ?? [];
      if (position === chunk.length) chunk.push(row);
      else chunk.splice(position, 0, row);
      if (chunk.length <= LARGEST_CHUNK) return;
      // What grows at its end leaves full chunks behind; what grows in the middle halves.
      const keep = position >= LARGEST_CHUNK ? LARGEST_CHUNK : LARGEST_CHUNK / 2;
      chunks.splice(index + 1, 0, chunk.splice(keep));
    },
    remove: (row) => {
      const [index, position] = find(placeOf(row));
      const chunk = chunks[index];
      if (chunk?.[position] !== row) return;
      chunk.splice(position, 1);
      if (chunk.length === 0 && chunks.length > 1) chunks.splice(index, 1);
    },
    walk: (range, isDescending) => (isDescending ? descending(range) : ascending(range)),
  };
}

/** The first of 0, 1, … that has the property all behind it have, too; `count` when none has. */
function firstThat(count: number, has: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (has(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
