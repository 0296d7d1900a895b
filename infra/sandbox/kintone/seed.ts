/** Records to begin with, from a folder: one JSON file an app, its definition optional. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { AppDefinition, FieldProperty } from './app-definition.ts';
import { takeBack } from './app-records.ts';
import { DEFAULT_APPS } from './default-apps.ts';
import type { SeedRecord } from './default-seed.ts';
import { byCode, systemFields } from './field-builders.ts';
import { insertRows } from './record-writing.ts';
import { type SandboxState, writingOf } from './sandbox-state.ts';

const field = z.looseObject({ type: z.string(), code: z.string() });

/** `{ app, name?, code?, fields?: [{type, code, …}], records: [{field: value}] }` */
const seedFile = z.object({
  app: z.coerce.string().regex(/^\d+$/, 'must be the id of an app, a number'),
  name: z.string().optional(),
  code: z.string().default(''),
  fields: z.array(field).optional(),
  records: z.array(z.record(z.string(), z.unknown())).default([]),
});

export interface Seed {
  readonly apps: readonly AppDefinition[];
  readonly records: readonly SeedRecord[];
}

/** @throws Error that names the file and what is wrong in it */
export async function readSeed(folder: string): Promise<Seed> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  if (names.length === 0) throw new Error(`The seed folder ${folder} holds no .json file.`);
  const apps = new Map(DEFAULT_APPS.map((app) => [app.id, app]));
  const records: SeedRecord[] = [];
  for (const name of names) {
    const parsed = seedFile.safeParse(parseJson(await readFile(path.join(folder, name), 'utf8'), name));
    if (!parsed.success) throw new Error(`Seed file ${name}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
    const { app, fields, code } = parsed.data;
    if (fields !== undefined) {
      const described = [...systemFields(), ...fields.map((each) => ({ label: each.code, ...each }) as unknown as FieldProperty)];
      apps.set(app, { id: app, code, name: parsed.data.name ?? `App ${app}`, fields: byCode(described) });
    }
    if (!apps.has(app)) throw new Error(`Seed file ${name}: app ${app} is none of the default apps; give its "fields".`);
    records.push(...parsed.data.records.map((values) => ({ app, values })));
  }
  return { apps: [...apps.values()], records };
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Seed file ${name} is no JSON.`, { cause: error });
  }
}

/** Writes the records under the same rules as a client's. @throws Error that names the record and the field */
export function plantSeed(state: SandboxState, records: readonly SeedRecord[]): void {
  const caller = { name: 'Administrator', isTokenOnly: false, may: () => true, demand: () => undefined };
  for (const [index, record] of records.entries()) {
    const app = state.apps.get(record.app);
    if (app === undefined) throw new Error(`Seed record ${index}: there is no app ${record.app}.`);
    const wrapped = Object.entries(record.values).map(([code, value]) => [code, { value }]);
    const undo: (() => void)[] = [];
    const writing = writingOf({ state, caller, args: {}, undo }, app);
    try {
      insertRows([Object.fromEntries(wrapped)], () => 'record', writing);
    } catch (error) {
      takeBack(undo);
      const where = [...writing.problems].map(([at, wordings]) => `${at}: ${wordings[0]?.en ?? ''}`).join('; ');
      throw new Error(`Seed record ${index} of app ${record.app} is refused: ${where}`, { cause: error });
    }
  }
}
