import type { ObjectDefinition } from './object-definition.ts';
import type { Row, RowReader, Value } from './record-store.ts';
import { objectOfId } from './schema.ts';
import type { ResolvedPath } from './soql/run.ts';

interface JsonRecord {
  [field: string]: Value | object;
}

function attributes(object: ObjectDefinition, id: Value, base: string): object {
  return { type: object.name, url: `${base}/sobjects/${object.name}/${id}` };
}

/** A row as a query answers it: the selected fields in order, related records nested, an empty reference as null. */
export function selectedFields(row: Row, fields: readonly ResolvedPath[], store: RowReader, base: string): JsonRecord {
  const object = objectOfId(String(row.Id));
  const json: JsonRecord = object === undefined ? {} : { attributes: attributes(object, row.Id ?? null, base) };
  for (const path of fields) addPath(json, row, path, 0);
  return json;

  function addPath(into: JsonRecord, from: Row, path: ResolvedPath, depth: number): void {
    const step = path.steps[depth];
    if (step === undefined) {
      into[path.field.name] = from[path.field.name] ?? null;
      return;
    }
    const name = step.relationship ?? step.name;
    const id = from[step.name];
    const related = typeof id === 'string' ? store.get(id) : undefined;
    const relatedObject = related === undefined ? undefined : objectOfId(String(related.Id));
    if (related === undefined || relatedObject === undefined) {
      into[name] = null;
      return;
    }
    const nested = (into[name] as JsonRecord | null | undefined) ?? {
      attributes: attributes(relatedObject, related.Id ?? null, base),
    };
    into[name] = nested;
    addPath(nested, related, path, depth + 1);
  }
}

/** A whole record as `GET /sobjects/X/{id}` answers it. */
export function wholeRecord(object: ObjectDefinition, row: Row, base: string): JsonRecord {
  const json: JsonRecord = { attributes: attributes(object, row.Id ?? null, base) };
  for (const name of object.fields.keys()) json[name] = row[name] ?? null;
  return json;
}
