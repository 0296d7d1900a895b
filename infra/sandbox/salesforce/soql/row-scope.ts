import { ApiError } from '../api-error.ts';
import { field } from '../field-builders.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { Row, Value } from '../record-store.ts';
import type { ConditionScope, Readable } from './compile-condition.ts';
import { callDateFunction, isDateFunction } from './date-functions.ts';
import { pointedAt } from './malformed.ts';
import type { Expression, Path, Query } from './query.ts';
import type { QueryWorld } from './query-world.ts';
import { resolvePath, valueAt } from './resolve.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type RunIds = (query: Query, outer: ObjectDefinition) => ReadonlySet<Value>;

/** What the words of WHERE and ORDER BY mean for the records of an object. */
export function rowScope(object: ObjectDefinition, query: Query, world: QueryWorld, runIds: RunIds): ConditionScope<Row> {
  const readPath = (path: Path): Readable<Row> => {
    const resolved = resolvePath(object, path, query, world);
    return { field: resolved.field, read: (row) => valueAt(row, resolved, world.store) };
  };
  const readCall = (call: Call): Readable<Row> => {
    const refuse = (reason: string) => pointedAt(query.statement, call.position, 'MALFORMED_QUERY', reason);
    if (call.name === 'tolabel' && call.argument?.kind === 'path') return readPath(call.argument.path);
    if (!isDateFunction(call.name) || call.argument === null) throw refuse(`unexpected token: '${call.name}'`);
    const moved = call.argument.kind === 'call' && call.argument.name === 'converttimezone';
    const inner = moved ? call.argument.argument : call.argument;
    if (inner?.kind !== 'path') throw refuse(`unexpected token: '${call.name}'`);
    const { field: about, read } = readPath(inner.path);
    if (about.kind !== 'date' && about.kind !== 'datetime') throw refuse(`field ${about.name} does not support date function`);
    const offsetOf = (stored: string) => (moved ? world.timeZone.offsetAt(Date.parse(stored.replace('+0000', 'Z'))) : 0);
    return {
      field: field(call.name, call.name === 'day_only' ? 'date' : 'int'),
      read: (row) => {
        const stored = read(row);
        return stored === null ? null : callDateFunction(call.name, String(stored), offsetOf(String(stored)));
      },
    };
  };
  return {
    world,
    readable: (expression) => (expression.kind === 'path' ? readPath(expression.path) : readCall(expression)),
    semiJoin: (path, inner, isTopLevel) => {
      if (!isTopLevel) {
        const reason =
          'Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.';
        throw new ApiError(400, 'MALFORMED_QUERY', reason);
      }
      const left = readPath(path);
      if (left.field.kind !== 'id' && left.field.kind !== 'reference') {
        const reason = `The left operand field in the where expression for outer query should be an id field, cannot use: '${left.field.name}'`;
        throw new ApiError(400, 'INVALID_QUERY_FILTER_OPERATOR', reason);
      }
      return { left, ids: runIds(inner, object) };
    },
  };
}
