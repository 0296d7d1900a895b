import type { Query } from './query.ts';

/** Which of the fields a query groups by count in which of its groups: all of them, and with ROLLUP and CUBE fewer and fewer. Pure. */
export function groupingSets({ groupBy, subtotals }: Pick<Query, 'groupBy' | 'subtotals'>): readonly (readonly number[])[] {
  const all = groupBy.map((_, index) => index);
  switch (subtotals) {
    case null:
      return [all];
    case 'rollup':
      return [all, ...all.map((index) => all.slice(0, all.length - 1 - index))];
    case 'cube':
      return all.reduce<readonly (readonly number[])[]>((sets, index) => sets.flatMap((set) => [[...set, index], set]), [[]]);
  }
}
