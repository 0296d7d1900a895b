import { ApiError } from '../api-error.ts';
import { pointedAt } from './malformed.ts';
import type { Condition, Query } from './query.ts';

const MOST = 2;
/** Activities cannot be looked through from another object. */
const NOT_SEARCHED = ['task', 'event'];

/** What a sub-select of IN may not be, however well it is formed. @throws ApiError */
export function checkSemiJoins({ where }: Query): void {
  const inner = where === null ? [] : queriesIn(where);
  const refuse = (reason: string) => new ApiError(400, 'MALFORMED_QUERY', reason);
  if (inner.length > MOST) throw refuse(`Maximum ${MOST} semi join sub-selects are allowed`);
  for (const query of inner) {
    if (NOT_SEARCHED.includes(query.object.toLowerCase())) {
      const reason = `Entity '${query.object}' is not supported for semi join inner selects`;
      throw pointedAt(query.statement, query.objectPosition, 'MALFORMED_QUERY', reason);
    }
    if (query.where !== null && queriesIn(query.where).length > 0) {
      throw refuse('Nesting of semi join sub-selects is not supported');
    }
    if (query.orderBy.length > 0 || query.limit !== null || query.offset > 0) {
      throw refuse('Semi join sub-selects cannot have ORDER BY, LIMIT or OFFSET');
    }
  }
}

function queriesIn(condition: Condition): readonly Query[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(queriesIn);
    case 'not':
      return queriesIn(condition.part);
    case 'semiJoin':
      return [condition.query];
    case 'compare':
      return [];
  }
}
