import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CallerRecord, CallerSource } from '../connectors/connector.ts';
import { createDirectoryStore } from '../src/callers/directory-store.ts';
import { MappingStore } from '../src/mappings/mapping-store.ts';
import { callerSources } from '../src/mappings/present-caller.ts';
import { migrate } from '../src/store/migrate.ts';
import { openDatabase } from '../src/store/open-database.ts';

const pageRecords = 2_000;
const shipped = path.join(import.meta.dirname, '../mappings');
const perPrefix = 90_000_000;

/**
 * The shipped mappings without the links to customers, who are not in the sandbox: it would refuse the call logs. Answers the
 * folder.
 */
export function writeMappings(folder: string): string {
  const own = path.join(folder, 'mappings');
  cpSync(shipped, own, { recursive: true });
  const file = path.join(own, 'salesforce.yaml');
  const [rules = ''] = readFileSync(file, 'utf8').split('\ntests:');
  writeFileSync(file, rules.replaceAll(/^ +Wh(?:o|at)Id: .*\n/gm, ''));
  return own;
}

/** The n-th customer's number as the PBX sends it: Japanese mobile phones. */
export function callerNumber(index: number): string {
  return `0${90 - 10 * Math.floor(index / perPrefix)}${10_000_000 + (index % perPrefix)}`;
}

/** A hub's database whose directory has read this many contacts to the end. Answers how long that took, in milliseconds. */
export async function fillDirectory(folder: string, numbers: number): Promise<number> {
  const startedAt = performance.now();
  const store = openDatabase({ url: `sqlite:${path.join(folder, 'toritsugi.db')}` });
  const signal = new AbortController().signal;
  try {
    await migrate(store);
    const directory = createDirectoryStore(store.db, { region: 'JP' }, Date.now);
    const source = await contactSource();
    // As the connector leaves it behind a first load: from now on only changes are read.
    const from = new Date().toISOString();
    const cursor = JSON.stringify({ version: 1, object: source.object, phase: 'changed', from, startedAt: null, after: null });
    let state = await directory.open('salesforce', source);
    for (let first = 0; first < numbers; first += pageRecords) {
      const length = Math.min(pageRecords, numbers - first);
      const records = Array.from({ length }, (_, index) => customer(first + index, source));
      ({ state } = await directory.applyPage(state, { records, deleted: [], cursor, total: numbers }, signal));
    }
    await directory.finish(state, signal);
  } finally {
    await store.close();
  }
  // What filling left in the machine's memory is not to be written while we measure.
  execFileSync('sync');
  return performance.now() - startedAt;
}

async function contactSource(): Promise<CallerSource> {
  const mappings = await MappingStore.open({ directory: shipped, connectors: ['salesforce'], locale: 'ja', log: () => {} });
  const mapping = mappings.current('salesforce')?.mapping;
  const source = mapping === undefined ? undefined : callerSources(mapping).find(({ object }) => object === 'Contact');
  if (source === undefined) throw new Error('the shipped mapping looks for no contacts');
  return source;
}

function customer(index: number, { object, phones, fields }: CallerSource): CallerRecord {
  return {
    object,
    id: `003Z${String(index).padStart(14, '0')}`,
    name: `Customer ${index}`,
    phones: [{ field: phones[0] ?? 'Phone', value: callerNumber(index) }],
    values: Object.fromEntries(fields.map((field) => [field, `${field} of ${index}`])),
    modifiedAt: '2026-01-01T00:00:00.000Z',
  };
}
