import type { Query } from './query.ts';

/** What `USING SCOPE mine` leaves of a query for this user; `everything` leaves it as it is. Pure. */
export function withinScope(query: Query, userId: string): Query {
  if (query.scope !== 'mine') return query;
  const position = query.objectPosition;
  const isMine = {
    kind: 'compare',
    left: { kind: 'path', path: { names: ['OwnerId'], position } },
    operator: '=',
    operands: [{ kind: 'string', value: userId }],
  } as const;
  return { ...query, where: query.where === null ? isMine : { kind: 'and', parts: [isMine, query.where] } };
}
