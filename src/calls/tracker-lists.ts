import type { Tracker } from './tracker-state.ts';

/** Lists and words of calls, bounded, and kept so that ten thousand live calls take little memory. */

/** The list every call begins with; lists are replaced, never changed, so that thousands of calls can share it. */
export const emptyList: readonly never[] = [];

/** A list built by pushing reserves room for 17; one that is kept for the length of a call should not. */
export function exactList<Item>(list: readonly Item[]): readonly Item[] {
  return list.length === 0 ? emptyList : list.slice();
}

/** The list with the item, once, and not beyond the limit. */
export function withItem<Item>(tracker: Tracker, list: readonly Item[], item: Item): readonly Item[] {
  if (list.includes(item) || list.length >= tracker.limits.maxListItems) return list;
  return list.length === 0 ? [item] : list.concat([item]);
}

export function withoutItem<Item>(list: readonly Item[], item: Item): readonly Item[] {
  return exactList(list.filter((other) => other !== item));
}

/** The tracker's own copy of a word that many calls share. */
export function sharedWord<Word extends string | null>(tracker: Tracker, word: Word): Word {
  if (word === null) return word;
  const known = tracker.words.get(word);
  if (known !== undefined) return known as Word;
  if (tracker.words.size < tracker.limits.maxRemembered) tracker.words.set(word, word);
  return word;
}

/** The tracker's own copy of a list that many calls share: extensions that rang together, the queues of an office. */
export function sharedList(tracker: Tracker, list: readonly string[]): readonly string[] {
  if (list.length === 0) return emptyList;
  const key = list.join();
  const known = tracker.lists.get(key);
  if (known !== undefined) return known;
  const own = list.slice();
  if (tracker.lists.size < tracker.limits.maxRemembered) tracker.lists.set(key, own);
  return own;
}

/** A text put together of two keeps both parts beside the whole; one that is kept for the length of a call should not. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** A set that forgets its oldest entries. */
export function remember<Item>(tracker: Tracker, set: Set<Item>, item: Item): void {
  set.add(item);
  if (set.size <= tracker.limits.maxRemembered) return;
  for (const oldest of set) {
    set.delete(oldest);
    return;
  }
}
