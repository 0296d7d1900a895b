import { field } from './field-builders.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';
import { isAggregate, isAggregateCall } from './soql/aggregate.ts';
import type { Column } from './soql/columns.ts';
import { type Expression, isBareCount, type Query } from './soql/query.ts';
import type { QueryWorld } from './soql/query-world.ts';
import { queriedObject, type ResolvedPath, resolvePath } from './soql/resolve.ts';
import { type PreparedQuery, prepareQuery, runQuery } from './soql/run.ts';

interface Metadata {
  readonly columnName: string;
  readonly joinColumns: Metadata[];
}

/** `GET /query?q=…&columns=true`: the columns of an answer instead of its rows. @throws ApiError as the query itself would */
export function columnMetadata(query: Query, world: QueryWorld): object {
  const object = queriedObject(query, world);
  const isGrouped = isAggregate(query);
  const columns = isGrouped ? groupColumns(query, object, world) : rowColumns(prepareQuery(query, world));
  return {
    columnMetadata: columns,
    entityName: object.name,
    groupBy: query.groupBy.length > 0,
    idSelected: columns.some(({ columnName }) => columnName === 'Id'),
    keyPrefix: object.prefix,
  };
}

function rowColumns({ columns }: PreparedQuery): readonly Metadata[] {
  const found: Metadata[] = [];
  for (const column of columns) addColumn(found, column);
  return found;
}

function addColumn(into: Metadata[], column: Column<PreparedQuery>): void {
  switch (column.kind) {
    case 'field':
      if (column.alias === null) addPath(into, column.path, 0);
      else into.push(describe(column.alias, { about: column.path.field }));
      break;
    case 'children':
      into.push(describe(column.relationship.name, { joinColumns: [...rowColumns(column.query)], aggregate: true }));
      break;
    case 'typeOf':
      into.push(describe(column.step.relationship ?? column.step.name, {}));
      break;
  }
}

function addPath(into: Metadata[], path: ResolvedPath, depth: number): void {
  const step = path.steps[depth];
  if (step === undefined) {
    into.push(describe(path.field.name, { about: path.field }));
    return;
  }
  const name = step.relationship ?? step.name;
  let joined = into.find(({ columnName }) => columnName === name);
  if (joined === undefined) {
    joined = describe(name, {});
    into.push(joined);
  }
  addPath(joined.joinColumns, path, depth + 1);
}

function groupColumns(query: Query, object: ObjectDefinition, world: QueryWorld): readonly Metadata[] {
  if (isBareCount(query)) return [describe('count', { aggregate: true, displayName: 'COUNT()' })];
  runQuery(query, world);
  let unnamed = 0;
  return query.select.flatMap((item) => {
    if (item.kind !== 'value') return [];
    const { expression, alias } = item;
    if (expression.kind === 'path') {
      const about = resolvePath(object, expression.path, query, world).field;
      return [describe(alias ?? about.name, { about })];
    }
    if (alias === null) unnamed += 1;
    return [describe(alias ?? `expr${unnamed - 1}`, { aggregate: true, displayName: written(expression) })];
  });
}

/** `COUNT(Id)` as it stands in the heading of a column. */
function written(expression: Expression): string {
  if (expression.kind === 'path') return expression.path.names.join('.');
  const name = isAggregateCall(expression) ? expression.name.toUpperCase() : expression.name;
  return `${name}(${expression.argument === null ? '' : written(expression.argument)})`;
}

const APEX_TYPES: Readonly<Partial<Record<FieldDefinition['kind'], string>>> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  int: 'Integer',
  double: 'Double',
  currency: 'Decimal',
  percent: 'Double',
  date: 'Date',
  datetime: 'Datetime',
};

interface Details {
  readonly about?: FieldDefinition;
  readonly aggregate?: boolean;
  readonly displayName?: string;
  readonly joinColumns?: Metadata[];
}

function describe(columnName: string, details: Details): Metadata {
  const { about = field(columnName, 'string'), aggregate = false, displayName = columnName, joinColumns = [] } = details;
  const apexType = APEX_TYPES[about.kind] ?? 'String';
  const column = {
    aggregate,
    apexType,
    booleanType: about.kind === 'boolean',
    columnName,
    custom: columnName.endsWith('__c'),
    displayName,
    foreignKeyName: about.kind === 'reference' ? about.relationship : null,
    insertable: about.createable && details.about !== undefined,
    joinColumns,
    numberType: ['int', 'double', 'currency', 'percent'].includes(about.kind),
    textType: apexType === 'String',
    updatable: about.updateable && details.about !== undefined,
  };
  return column;
}
