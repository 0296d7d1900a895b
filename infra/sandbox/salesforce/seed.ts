import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectDefinition } from './object-definition.ts';
import { type ParsedValues, parseValues } from './parsed-values.ts';
import type { RecordStore, Value } from './record-store.ts';
import { findField, findObject, schema } from './schema.ts';
import { checkValues } from './validation.ts';

/** A record to begin with. A value `@name` stands for the id of an earlier record with that `ref`. */
export interface SeedRecord {
  readonly object: string;
  readonly ref?: string;
  readonly fields: Readonly<Record<string, Value>>;
}

/** Parents before children. */
const ORDER = ['Organization', 'User', 'Group', 'Account', 'Contact', 'Lead', 'Opportunity', 'Case', 'Task'];

/** Puts the records into the org. @throws Error that names the record and says what is wrong with it. */
export function plantSeed(store: RecordStore, seed: readonly SeedRecord[], ownerId: string): void {
  const ids = new Map<string, string>();
  seed.forEach((record, index) => {
    const object = findObject(record.object);
    if (object === undefined) throw new Error(`Seed record ${index + 1}: there is no object ${record.object}`);
    try {
      const fields = Object.fromEntries(
        Object.entries(record.fields).map(([name, value]) => [
          name,
          typeof value === 'string' && value.startsWith('@') ? ids.get(value.slice(1)) : value,
        ]),
      );
      const row = store.insert(object, readFields(store, object, fields), ownerId);
      if (record.ref !== undefined) ids.set(record.ref, String(row.Id));
    } catch (error) {
      throw new Error(`Seed record ${index + 1} (${record.object}) cannot be used`, { cause: error });
    }
  });
}

/** Users and the organization are the administrator's and may be planted with any of their fields. */
function readFields(store: RecordStore, object: ObjectDefinition, fields: Record<string, unknown>): Record<string, Value> {
  const values = parseValues(object, fields, schema);
  if (object.writable) return checkValues(object, values, { existing: null, store });
  const active = findField(object, 'IsActive') === undefined ? {} : { IsActive: true };
  return { ...active, ...plainValues(values) };
}

function plainValues(values: ParsedValues): Record<string, Value> {
  return Object.fromEntries(
    [...values].flatMap(([{ name }, value]) => (typeof value === 'object' && value !== null ? [] : [[name, value]])),
  );
}

/**
 * Reads `Account.json`, `Contact.json`, … from a folder: each an array of records; a record's `ref` names it for others.
 * @throws Error that names the file and what is wrong with it.
 */
export async function readSeed(folder: string): Promise<readonly SeedRecord[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const unknown = files.filter((file) => !ORDER.includes(file.slice(0, -5)));
  if (unknown.length > 0) throw new Error(`Seed folder: ${unknown.join(', ')} is not one of ${ORDER.join('.json, ')}.json`);
  const seed: SeedRecord[] = [];
  for (const object of ORDER) {
    if (files.includes(`${object}.json`)) seed.push(...(await readSeedFile(join(folder, `${object}.json`), object)));
  }
  return seed;
}

async function readSeedFile(file: string, object: string): Promise<readonly SeedRecord[]> {
  let records: unknown;
  try {
    records = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`Seed file ${object}.json is no JSON`, { cause: error });
  }
  if (!Array.isArray(records)) throw new Error(`Seed file ${object}.json must hold an array of records`);
  return records.map((record: Record<string, Value>) => {
    const { ref, ...fields } = record;
    return { object, fields, ...(typeof ref === 'string' ? { ref } : {}) };
  });
}
