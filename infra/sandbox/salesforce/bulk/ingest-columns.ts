import { ApiError } from '../api-error.ts';
import { isDay, parseInstant } from '../instants.ts';
import type { FieldDefinition, ObjectDefinition } from '../object-definition.ts';
import type { ParentByKey, ParsedValues } from '../parsed-values.ts';
import type { Value } from '../record-store.ts';
import { findField, findObject, findRelationship, type Schema } from '../schema.ts';

/** What a column of an upload means. */
interface IngestColumn {
  readonly field: FieldDefinition;
  /** For `Account.Customer_Code__c`: the parent is named by this field. */
  readonly parent: { readonly object: ObjectDefinition; readonly field: FieldDefinition } | null;
}

const NULL = '#N/A';

/** @throws Error in the service's words, with which the job fails as a whole */
export function readHeading(object: ObjectDefinition, heading: readonly string[], schema: Schema): readonly IngestColumn[] {
  const seen = new Set<FieldDefinition>();
  return heading.map((name) => {
    const column = readColumn(object, name, schema);
    if (column === null) throw new Error(`InvalidBatch : Field name not found : ${name}`);
    if (seen.has(column.field)) throw new Error(`InvalidBatch : Duplicate field name in header row : ${name}`);
    seen.add(column.field);
    return column;
  });
}

function readColumn(object: ObjectDefinition, name: string, schema: Schema): IngestColumn | null {
  const [first = '', last] = name.split('.');
  if (last === undefined) {
    const field = findField(object, first);
    return field === undefined ? null : { field, parent: null };
  }
  const relationship = findRelationship(object, first);
  const target = findObject(relationship?.referenceTo[0] ?? '', schema);
  const field = target === undefined ? undefined : findField(target, last);
  if (relationship === undefined || target === undefined || field?.externalId !== true) return null;
  return { field: relationship, parent: { object: target, field } };
}

/** The values of one line: an empty cell is left alone, `#N/A` empties the field. @throws ApiError for a cell of another type */
export function readLine(columns: readonly IngestColumn[], cells: readonly string[]): ParsedValues {
  const values = new Map<FieldDefinition, Value | ParentByKey>();
  columns.forEach(({ field, parent }, index) => {
    const cell = cells[index] ?? '';
    if (cell === '') return;
    if (cell === NULL) values.set(field, null);
    else if (parent !== null) values.set(field, { ...parent, key: cell });
    else values.set(field, readCell(field, cell));
  });
  return values;
}

function readCell(field: FieldDefinition, cell: string): Value {
  const value = typedCell(field, cell);
  if (value === null) {
    const reason = `${field.label}: value not of required type: ${cell}`;
    throw new ApiError(400, 'INVALID_TYPE_ON_FIELD_IN_RECORD', reason, [field.name]);
  }
  return value;
}

function typedCell(field: FieldDefinition, cell: string): Value {
  switch (field.kind) {
    case 'boolean':
      return /^(true|1)$/i.test(cell) ? true : /^(false|0)$/i.test(cell) ? false : null;
    case 'int':
      return /^[+-]?\d+$/.test(cell) ? Number(cell) : null;
    case 'double':
    case 'currency':
    case 'percent':
      return /^[+-]?\d+(\.\d+)?$/.test(cell) ? Number(cell) : null;
    case 'date':
      return isDay(cell) ? cell : null;
    case 'datetime':
      return parseInstant(cell);
    default:
      return cell.trim() === '' ? null : cell.trim();
  }
}
