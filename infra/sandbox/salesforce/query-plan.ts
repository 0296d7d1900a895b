import { chooseAccessPath } from './soql/access-path.ts';
import type { Query } from './soql/query.ts';
import type { QueryWorld } from './soql/query-world.ts';
import { queriedObject } from './soql/resolve.ts';
import { prepareQuery } from './soql/run.ts';

/** `GET /query?explain=`: how the query would be answered. @throws ApiError as the query itself would */
export function explain(query: Query, world: QueryWorld): object {
  const object = queriedObject(query, world);
  prepareQuery(query, world);
  const all = world.store.countLive(object);
  const { usesIndex } = chooseAccessPath(object, query, world);
  const note = { description: 'Not considered for filter because unindexed', fields: [], tableEnumOrId: object.name };
  const plan = {
    cardinality: query.limit === null ? all : Math.min(all, query.limit),
    fields: [],
    leadingOperationType: usesIndex ? 'Index' : 'TableScan',
    notes: usesIndex ? [] : [note],
    relativeCost: usesIndex ? 0.2 : 1.5,
    sobjectCardinality: all,
    sobjectType: object.name,
  };
  return { plans: [plan] };
}
