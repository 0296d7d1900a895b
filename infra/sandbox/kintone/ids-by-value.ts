/** Record ids by the values a field holds: a record may stand under several keys, a key may hold many records. */

export interface IdsByValue {
  /** In rising order. */
  idsOf(key: string): readonly number[];
  add(keys: readonly string[], id: number): void;
  remove(keys: readonly string[], id: number): void;
}

/** Most keys hold one record: an array for each would cost an app of a million records a hundred megabytes. */
type Posting = number | number[];

const NONE: readonly number[] = [];

export function openIdsByValue(): IdsByValue {
  const postings = new Map<string, Posting>();
  const addOne = (key: string, id: number): void => {
    const held = postings.get(key);
    if (held === undefined) postings.set(key, id);
    else if (typeof held === 'number') {
      if (held !== id) postings.set(key, held < id ? [held, id] : [id, held]);
    } else {
      const at = placeOf(held, id);
      if (held[at] !== id) held.splice(at, 0, id);
    }
  };
  const removeOne = (key: string, id: number): void => {
    const held = postings.get(key);
    if (held === id) postings.delete(key);
    if (held === undefined || typeof held === 'number') return;
    const at = placeOf(held, id);
    if (held[at] === id) held.splice(at, 1);
    if (held.length === 0) postings.delete(key);
  };
  return {
    idsOf: (key) => {
      const held = postings.get(key);
      if (held === undefined) return NONE;
      return typeof held === 'number' ? [held] : held;
    },
    add: (keys, id) => {
      for (const key of keys) addOne(key, id);
    },
    remove: (keys, id) => {
      for (const key of keys) removeOne(key, id);
    },
  };
}

function placeOf(ids: readonly number[], id: number): number {
  // New records have the greatest id: most additions are at the end.
  if (ids.length === 0 || (ids.at(-1) ?? 0) < id) return ids.length;
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? 0) >= id) high = middle;
    else low = middle + 1;
  }
  return low;
}
