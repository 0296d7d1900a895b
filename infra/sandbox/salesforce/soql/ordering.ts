import { ApiError } from '../api-error.ts';
import { isLongText } from '../describe.ts';
import type { Value } from '../record-store.ts';
import type { ConditionScope } from './compile-condition.ts';
import { comparable } from './operands.ts';
import type { Ordering } from './query.ts';

/** Null when no order is asked for. @throws ApiError for a field that cannot be sorted by */
export function compileOrdering<Item>(
  orderings: readonly Ordering[],
  scope: Pick<ConditionScope<Item>, 'readable'>,
): ((one: Item, other: Item) => number) | null {
  if (orderings.length === 0) return null;
  const keys = orderings.map((ordering) => {
    const { field, read } = scope.readable(ordering.by);
    if (isLongText(field)) throw new ApiError(400, 'MALFORMED_QUERY', `field '${field.name}' can not be sorted in a query call`);
    return { ...ordering, read: (item: Item) => comparable(field, read(item)) };
  });
  return (one, other) => {
    for (const key of keys) {
      const order = compareValues(key.read(one), key.read(other), key);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function compareValues(one: Value, other: Value, key: Pick<Ordering, 'descending' | 'nulls'>): number {
  if (one === other) return 0;
  if (one === null || other === null) return (one === null) === (key.nulls === 'first') ? -1 : 1;
  return one < other === key.descending ? 1 : -1;
}
