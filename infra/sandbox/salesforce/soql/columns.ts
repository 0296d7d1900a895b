import { ApiError } from '../api-error.ts';
import type { FieldDefinition, ObjectDefinition } from '../object-definition.ts';
import { isPolymorphic } from '../object-definition.ts';
import type { Value } from '../record-store.ts';
import { type ChildRelationship, childRelationships, findObject, findRelationship } from '../schema.ts';
import { formatted } from './formatted.ts';
import { pointedAt } from './malformed.ts';
import type { Expression, Path, Query, SelectItem } from './query.ts';
import type { QueryWorld } from './query-world.ts';
import { type ResolvedPath, resolvePath } from './resolve.ts';

/** One part of every row of an answer. */
export type Column<Children> =
  | {
      readonly kind: 'field';
      readonly path: ResolvedPath;
      /** What the value is called instead of by its path. */
      readonly alias: string | null;
      /** What becomes of the value. */
      readonly write: ((value: Value) => Value) | null;
    }
  | { readonly kind: 'children'; readonly relationship: ChildRelationship; readonly query: Children }
  | {
      readonly kind: 'typeOf';
      readonly step: FieldDefinition;
      readonly branches: ReadonlyMap<string, readonly ResolvedPath[]>;
      readonly otherwise: readonly ResolvedPath[];
    };

type FieldColumn = Extract<Column<never>, { kind: 'field' }>;

export interface ColumnScope<Children> {
  readonly object: ObjectDefinition;
  readonly query: Query;
  readonly world: QueryWorld;
  prepareChildren(query: Query, relationship: ChildRelationship): Children;
}

const MOST_FIELDS_ROWS = 200;
const MOST_CHILD_QUERIES = 20;

/** Checks everything between SELECT and FROM of a query without aggregates. @throws ApiError */
export function readColumns<Children>(scope: ColumnScope<Children>): readonly Column<Children>[] {
  const { query } = scope;
  if (query.select.filter(({ kind }) => kind === 'children').length > MOST_CHILD_QUERIES) {
    throw new ApiError(
      400,
      'MALFORMED_QUERY',
      `SOQL statements cannot have more than ${MOST_CHILD_QUERIES} child relationship queries.`,
    );
  }
  const columns = query.select.flatMap((item) => readItem(item, scope));
  const seen = new Set<string>();
  for (const column of columns) {
    if (column.kind !== 'field') continue;
    if (column.alias !== null) {
      const alias = column.alias.toLowerCase();
      if (seen.has(alias)) throw new ApiError(400, 'MALFORMED_QUERY', `duplicate alias: ${column.alias}`);
      seen.add(alias);
      continue;
    }
    const name = [...column.path.steps, column.path.field].map((each) => each.name).join('.');
    if (seen.has(name)) throw new ApiError(400, 'INVALID_FIELD', `duplicate field selected: ${column.path.field.name}`);
    seen.add(name);
  }
  return columns;
}

function readItem<Children>(item: SelectItem, scope: ColumnScope<Children>): readonly Column<Children>[] {
  if (item.kind === 'children') return [readChildren(item.query, scope)];
  if (item.kind === 'typeOf') return [readTypeOf(item, scope)];
  const { query } = scope;
  if (item.alias !== null && item.expression.kind === 'path') {
    throw pointedAt(
      query.statement,
      item.expression.path.position,
      'MALFORMED_QUERY',
      'only aggregate expressions use field aliasing',
    );
  }
  if (item.expression.kind === 'call') return readCall(item.expression, item.alias, scope);
  return [toColumn(item.expression.path, scope)];
}

function toColumn<Children>(path: Path, { object, query, world }: ColumnScope<Children>): FieldColumn {
  return { kind: 'field', path: resolvePath(object, path, query, world), alias: null, write: null };
}

/** `toLabel(Status)` is the field: labels and values are the same here. `FIELDS(ALL)` is many. */
function readCall<Children>(
  call: Extract<Expression, { kind: 'call' }>,
  alias: string | null,
  scope: ColumnScope<Children>,
): readonly Column<Children>[] {
  const { query, object } = scope;
  const refuse = (reason: string) => pointedAt(query.statement, call.position, 'MALFORMED_QUERY', reason);
  if (call.argument?.kind !== 'path') throw refuse(`unexpected token: '${call.name}'`);
  if (call.name === 'tolabel') return [{ ...toColumn(call.argument.path, scope), alias }];
  if (call.name === 'format') {
    const column = toColumn(call.argument.path, scope);
    return [{ ...column, alias, write: formatted(column.path.field, scope.world) }];
  }
  if (call.name !== 'fields' || alias !== null) throw refuse(`unexpected token: '${call.name}'`);
  const group = call.argument.path.names.join('.').toLowerCase();
  if (group !== 'all' && group !== 'custom' && group !== 'standard') throw refuse(`unexpected token: '${group}'`);
  if (group !== 'standard' && (query.limit === null || query.limit > MOST_FIELDS_ROWS)) {
    throw refuse(`The SOQL FIELDS function must have a LIMIT of at most ${MOST_FIELDS_ROWS}`);
  }
  const isWanted = (field: FieldDefinition) => group === 'all' || field.name.endsWith('__c') === (group === 'custom');
  return [...object.fields.values()]
    .filter(isWanted)
    .map((field) => ({ kind: 'field', path: { steps: [], field }, alias: null, write: null }));
}

function readChildren<Children>(inner: Query, scope: ColumnScope<Children>): Column<Children> {
  const relationship = childRelationships(scope.object, scope.world.schema).find(
    ({ name }) => name.toLowerCase() === inner.object.toLowerCase(),
  );
  if (relationship === undefined) {
    const reason = `Didn't understand relationship '${inner.object}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`;
    throw pointedAt(inner.statement, inner.objectPosition, 'INVALID_TYPE', reason);
  }
  return { kind: 'children', relationship, query: scope.prepareChildren(inner, relationship) };
}

function readTypeOf<Children>(
  item: Extract<SelectItem, { kind: 'typeOf' }>,
  { object, query, world }: ColumnScope<Children>,
): Column<Children> {
  const name = item.path.names.join('.');
  const step = findRelationship(object, name);
  if (step === undefined || !isPolymorphic(step)) {
    const reason = `TYPEOF: ${name} is not a polymorphic relationship of ${object.name}`;
    throw pointedAt(query.statement, item.path.position, 'INVALID_TYPE_FOR_OPERATION', reason);
  }
  const branches = item.branches.map((branch): [string, readonly ResolvedPath[]] => {
    const target = findObject(branch.object, world.schema);
    if (target === undefined || !step.referenceTo.includes(target.name)) {
      throw pointedAt(query.statement, branch.position, 'INVALID_TYPE', `${branch.object} is not a type ${name} can lead to`);
    }
    return [target.name, branch.fields.map((path) => resolvePath(target, path, query, world))];
  });
  const through = (path: Path) =>
    resolvePath(object, { names: [...item.path.names, ...path.names], position: path.position }, query, world);
  const otherwise = item.otherwise.map((path) => ({ steps: [], field: through(path).field }));
  return { kind: 'typeOf', step, branches: new Map(branches), otherwise };
}
