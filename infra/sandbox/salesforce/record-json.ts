import { type FieldDefinition, isPolymorphic, type ObjectDefinition } from './object-definition.ts';
import type { Row, RowReader, Value } from './record-store.ts';
import { objectOfId } from './schema.ts';
import type { Column } from './soql/columns.ts';
import { fieldValue, type ResolvedPath, valueAt } from './soql/resolve.ts';
import type { PreparedQuery } from './soql/run.ts';

interface JsonRecord {
  [field: string]: Value | object;
}

export interface RenderWorld {
  readonly store: RowReader;
  /** `/services/data/v67.0` */
  readonly base: string;
  /** What stands in a row for the answer of a child query. */
  readonly children: (row: Row, column: Extract<Column<PreparedQuery>, { kind: 'children' }>) => object | null;
}

export function attributes(object: ObjectDefinition, id: Value, base: string): object {
  return { type: object.name, url: `${base}/sobjects/${object.name}/${id}` };
}

/** A row as a query answers it: the selected fields in order, related records nested, an empty reference as null. */
export function selectedFields(row: Row, columns: readonly Column<PreparedQuery>[], world: RenderWorld): JsonRecord {
  const json = emptyRecord(row, world);
  for (const column of columns) {
    switch (column.kind) {
      case 'field':
        addField(json, row, column, world);
        break;
      case 'children':
        json[column.relationship.name] = world.children(row, column);
        break;
      case 'typeOf': {
        const target = world.store.get(String(row[column.step.name]));
        const paths =
          target === undefined ? [] : (column.branches.get(objectOfId(String(target.Id))?.name ?? '') ?? column.otherwise);
        const nested = target === undefined ? null : emptyRecord(target, world);
        if (target !== undefined && nested !== null) for (const path of paths) addPath(nested, target, path, 0, world);
        json[column.step.relationship ?? column.step.name] = nested;
        break;
      }
    }
  }
  return json;
}

function addField(
  json: JsonRecord,
  row: Row,
  { path, alias, write }: Extract<Column<PreparedQuery>, { kind: 'field' }>,
  world: RenderWorld,
): void {
  if (alias !== null) {
    const value = valueAt(row, path, world.store);
    json[alias] = write === null ? value : write(value);
  } else addPath(json, row, path, 0, world, write ?? undefined);
}

/** Through a reference that leads to several objects every record is a `Name`, whatever it is at its own address. */
function relatedRecord(step: FieldDefinition, related: Row, world: RenderWorld): JsonRecord {
  const record = emptyRecord(related, world);
  return isPolymorphic(step) ? { ...record, attributes: { ...(record.attributes as object), type: 'Name' } } : record;
}

function emptyRecord(row: Row, { base }: RenderWorld): JsonRecord {
  const object = objectOfId(String(row.Id));
  return object === undefined ? {} : { attributes: attributes(object, row.Id ?? null, base) };
}

function addPath(
  into: JsonRecord,
  from: Row,
  path: ResolvedPath,
  depth: number,
  world: RenderWorld,
  write: (value: Value) => Value = (value) => value,
): void {
  const step = path.steps[depth];
  if (step === undefined) {
    into[path.field.name] = write(fieldValue(from, path.field));
    return;
  }
  const name = step.relationship ?? step.name;
  const id = from[step.name];
  const related = typeof id === 'string' ? world.store.get(id) : undefined;
  if (related === undefined) {
    into[name] = null;
    return;
  }
  const nested = (into[name] as JsonRecord | null | undefined) ?? relatedRecord(step, related, world);
  into[name] = nested;
  addPath(nested, related, path, depth + 1, world, write);
}

/** A whole record as `GET /sobjects/X/{id}` answers it. */
export function wholeRecord(object: ObjectDefinition, row: Row, base: string): JsonRecord {
  const json: JsonRecord = { attributes: attributes(object, row.Id ?? null, base) };
  for (const name of object.fields.keys()) json[name] = row[name] ?? null;
  return json;
}
