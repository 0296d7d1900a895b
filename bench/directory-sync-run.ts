/** One side of the measurement, in a process of its own: told where the CRM is, it answers how long reading everything took. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KintoneRestAPIClient } from '@kintone/rest-api-client';
import jsforce from 'jsforce';
import type { CallerSource } from '../connectors/connector.ts';
import { connectorDefinitions } from '../connectors/index.ts';
import { createDirectoryStore } from '../src/callers/directory-store.ts';
import { syncDirectory } from '../src/callers/directory-sync.ts';
import { MappingStore } from '../src/mappings/mapping-store.ts';
import { callerSources } from '../src/mappings/present-caller.ts';
import { migrate } from '../src/store/migrate.ts';
import { openDatabase } from '../src/store/open-database.ts';
import { type Turns, watchTurns } from './busy-turns.ts';

export interface DirectorySyncRun {
  readonly records: number;
  readonly ms: number;
  readonly cpuMs: number;
  /** Of them this thread's, where phones would ring. */
  readonly threadCpuMs: number;
  readonly maxRssMb: number;
  /** This thread's. */
  readonly turns: Turns;
}

export interface DirectorySyncWorld {
  readonly crm: 'salesforce' | 'kintone';
  readonly url: string;
  readonly accessToken: string;
  readonly settings: Readonly<Record<string, string>>;
}

const partRows = 10_000;
const pageRows = 500;

process.once('message', ({ side, world }: { side: 'ours' | 'alone'; world: DirectorySyncWorld }) => {
  void measure(side, world).then((run) => process.send?.(run, () => process.exit(0)));
});

async function measure(side: 'ours' | 'alone', world: DirectorySyncWorld): Promise<DirectorySyncRun> {
  const source = await sourceOf(world.crm);
  if (side === 'ours') return readOurs(world, source);
  return timed(() => (world.crm === 'salesforce' ? readSalesforce(world, source) : readKintone(world, source)));
}

/** Where the shipped mapping finds callers first. */
async function sourceOf(crm: string): Promise<CallerSource> {
  const shipped = path.join(import.meta.dirname, '../mappings');
  const mappings = await MappingStore.open({ directory: shipped, connectors: [crm], locale: 'ja', log: () => {} });
  const mapping = mappings.current(crm)?.mapping;
  const source = mapping === undefined ? undefined : callerSources(mapping)[0];
  if (source === undefined) throw new Error(`the shipped mapping of ${crm} looks for nobody`);
  return source;
}

async function timed(read: () => Promise<number>): Promise<DirectorySyncRun> {
  const [startedAt, cpu, threadCpu] = [performance.now(), process.cpuUsage(), process.threadCpuUsage()];
  const watched = watchTurns();
  const records = await read();
  const ms = performance.now() - startedAt;
  const cpuMs = inMs(process.cpuUsage(cpu));
  const threadCpuMs = inMs(process.threadCpuUsage(threadCpu));
  const turns = watched.end();
  return { records, ms, cpuMs, threadCpuMs, maxRssMb: process.resourceUsage().maxRSS / 1_024, turns };
}

function inMs({ user, system }: { readonly user: number; readonly system: number }): number {
  return (user + system) / 1_000;
}

async function readOurs(world: DirectorySyncWorld, source: CallerSource): Promise<DirectorySyncRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-bench-'));
  const store = openDatabase({ url: `sqlite:${path.join(folder, 'directory.db')}` });
  const definition = connectorDefinitions.find(({ name }) => name === world.crm);
  if (definition === undefined) throw new Error(`there is no connector ${world.crm}`);
  const connector = definition.open(world.settings, { now: Date.now, log: () => {} });
  try {
    await migrate(store);
    const directory = createDirectoryStore(store.db, { region: 'JP' }, Date.now);
    const crm = { name: world.crm, connector, sources: [source] };
    return await timed(async () => (await syncDirectory(crm, { directory }, new AbortController().signal)).records);
  } finally {
    await connector.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same parts of the same bulk query. The client's own loop over parts mixes them up, so the parts are asked for one by one. */
async function readSalesforce({ url, accessToken }: DirectorySyncWorld, source: CallerSource): Promise<number> {
  const connection = new jsforce.Connection({ instanceUrl: url, accessToken, version: '67.0' });
  const fields = [...new Set(['Id', 'SystemModstamp', source.name, ...source.phones, ...source.fields])];
  const query = `SELECT ${fields.join(',')} FROM ${source.object}`;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ operation: 'query', query });
  const job = await connection.request<{ id: string }>({ method: 'POST', url: '/jobs/query', body, headers });
  const ask = () => connection.request<{ state: string; numberRecordsProcessed: number }>(`/jobs/query/${job.id}`);
  let done = await ask();
  for (; done.state !== 'JobComplete'; done = await ask()) await pause(50);
  let records = 0;
  while (records < done.numberRecordsProcessed) {
    // The client hides the headers; in the sandbox a place is the number of rows before it.
    const place = records === 0 ? '' : `&locator=${Buffer.from(String(records)).toString('base64url')}`;
    const part = await connection.request<readonly unknown[]>(`/jobs/query/${job.id}/results?maxRecords=${partRows}${place}`);
    if (part.length === 0) throw new Error('a part of the results is empty');
    records += part.length;
  }
  return records;
}

async function readKintone({ url, accessToken }: DirectorySyncWorld, source: CallerSource): Promise<number> {
  const client = new KintoneRestAPIClient({ baseUrl: url, auth: { apiToken: accessToken.split(',') } });
  const named = source.fields.map((field) => field.replace(/\.(?:code|name)$/u, ''));
  const fields = [...new Set(['$id', '$revision', ...source.phones, source.name, ...named, '更新日時'])];
  let [last, records] = [0, 0];
  for (;;) {
    const query = `$id > ${last} order by $id asc limit ${pageRows}`;
    const answer = await client.record.getRecords({ app: '1', query, fields });
    records += answer.records.length;
    if (answer.records.length < pageRows) return records;
    last = Number(answer.records.at(-1)?.$id?.value);
  }
}
