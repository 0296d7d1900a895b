import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Long work that can be laid down: it stops at every `yield`, and whoever runs it decides whether others get their turn before it
 * goes on. The result is the same.
 */
export type Unhurried<Result> = Generator<undefined, Result, undefined>;

export interface Pace {
  /** Milliseconds, since whenever. */
  readonly now: () => number;
  /** Resolves when everything else that is due has had its turn. */
  readonly nextTurn: () => Promise<void>;
}

export const realPace: Pace = { now: () => performance.now(), nextTurn };

/** A phone that rings meanwhile is noticed that much later at the most. */
const SLICE_MS = 10;
/** What is done between two places to stop takes well under a millisecond. */
const FEW = 100;

export function atOnce<Result>(work: Unhurried<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** A slice after the other. Aborted, it goes on no further. @throws what `signal` says, and what the work does */
export async function inSlices<Result>(work: Unhurried<Result>, signal: AbortSignal, pace: Pace = realPace): Promise<Result> {
  let until = pace.now() + SLICE_MS;
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (pace.now() < until) continue;
    await pace.nextTurn();
    signal.throwIfAborted();
    until = pace.now() + SLICE_MS;
  }
}

export function* each<Item>(items: Iterable<Item>, take: (item: Item) => void): Unhurried<void> {
  let taken = 0;
  for (const item of items) {
    take(item);
    taken += 1;
    if (taken % FEW === 0) yield;
  }
}

export function* mapped<Item, Made>(items: Iterable<Item>, make: (item: Item) => Made): Unhurried<Made[]> {
  const made: Made[] = [];
  yield* each(items, (item) => made.push(make(item)));
  return made;
}

export function* chosen<Item>(items: Iterable<Item>, isWanted: (item: Item) => boolean): Unhurried<Item[]> {
  const wanted: Item[] = [];
  yield* each(items, (item) => {
    if (isWanted(item)) wanted.push(item);
  });
  return wanted;
}

export function* groupedBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Unhurried<Map<Key, Item[]>> {
  const groups = new Map<Key, Item[]>();
  yield* each(items, (item) => {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  });
  return groups;
}

type Compare<Item> = (one: Item, other: Item) => number;

/** As `toSorted` does it: what is equal stays in its order. */
export function* sorted<Item>(items: readonly Item[], compare: Compare<Item>): Unhurried<readonly Item[]> {
  let runs: Item[][] = [];
  for (let start = 0; start < items.length; start += FEW * 10) {
    runs.push(items.slice(start, start + FEW * 10).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: Item[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      longer.push(yield* merged(runs[index] ?? [], runs[index + 1] ?? [], compare));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merged<Item>(one: Item[], other: Item[], compare: Compare<Item>): Unhurried<Item[]> {
  const [last] = one.slice(-1);
  const [first] = other;
  if (last === undefined || first === undefined || compare(last, first) <= 0) return one.concat(other);
  const both: Item[] = [];
  let next = 0;
  yield* each(one, (item) => {
    for (let before = other[next]; before !== undefined && compare(item, before) > 0; before = other[next]) {
      both.push(before);
      next += 1;
    }
    both.push(item);
  });
  return both.concat(other.slice(next));
}
