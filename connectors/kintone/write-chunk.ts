/**
 * At most 100 rows of one app, written in one request. kintone takes all of them or none, so one bad row would cost the
 * other 99: the rows it names are taken out and the rest is sent again; when it names none, the rows are halved until the
 * bad one stands alone.
 */
import type { WriteResult } from '../connector.ts';
import { Rejected } from '../connector.ts';
import type { KintoneDomain } from './kintone-domain.ts';
import type { RejectedFields, Verdict } from './kintone-errors.ts';
import type { Attempt } from './kintone-gate.ts';
import { type CurrentRecord, mergeOwned, needsReading } from './merge-owned.ts';
import type { PreparedRow } from './prepare-rows.ts';
import { currentRequest, insertRequest, type OutgoingRow, upsertRequest, type WrittenRow } from './write-requests.ts';

/** Rows that go together: one app, one key field or none. */
export interface Chunk {
  readonly app: string;
  readonly rows: readonly PreparedRow[];
}

/** What became of the rows so far, by their place in the batch. */
export type Results = Map<number, WriteResult>;

/** How often rows are read and merged again when a person was writing at the same moment. */
const MOST_MERGES = 3;

/** What writing needs of the domain is its gate. */
export interface ChunkWriting {
  readonly domain: Pick<KintoneDomain, 'gate'>;
  readonly signal: AbortSignal;
  readonly results: Results;
}

/** @throws ConnectorError when nothing more can be said: the rows without a result have none. */
export async function writeChunk(chunk: Chunk, writing: ChunkWriting, merges = 1): Promise<void> {
  if (chunk.rows.length === 0) return;
  const outgoing = await outgoingRows(chunk, writing);
  if (outgoing.length === 0) return;
  const tried = await send(chunk.app, outgoing, writing);
  if (tried.ok) {
    for (const [at, { row }] of outgoing.entries()) {
      const written = tried.value[at];
      if (written !== undefined) writing.results.set(row.index, { ok: true, ...written });
    }
    return;
  }
  const rows = outgoing.map(({ row }) => row);
  await settle(tried.verdict, { app: chunk.app, rows }, writing, merges);
}

async function settle(verdict: Verdict, chunk: Chunk, writing: ChunkWriting, merges: number): Promise<void> {
  const { app, rows } = chunk;
  switch (verdict.kind) {
    case 'hold':
      throw verdict.error;
    case 'conflict':
      if (merges < MOST_MERGES) return writeChunk(chunk, writing, merges + 1);
      return divide(verdict, chunk, writing, merges);
    case 'refusedAll':
      for (const { index } of rows) writing.results.set(index, { ok: false, error: verdict.error });
      return;
    case 'refused': {
      const named = rows.filter((_, at) => verdict.rows.has(at));
      if (named.length === 0) return divide(verdict, chunk, writing, merges);
      const repeated = settleNamed(verdict, chunk, writing, merges);
      await writeChunk({ app, rows: rows.filter((row) => !named.includes(row)) }, writing, merges);
      return writeChunk({ app, rows: repeated }, writing, merges + 1);
    }
  }
}

/** The rows to send once more; the others that were named have their result. */
function settleNamed(verdict: Verdict, { app, rows }: Chunk, writing: ChunkWriting, merges: number): readonly PreparedRow[] {
  return rows.filter((row, at) => {
    const fields = verdict.rows.get(at);
    if (fields === undefined) return false;
    // Two processes may insert the same key at the same moment: the one that came second is an update.
    if (isAboutKeyOnly(row, fields) && merges < MOST_MERGES) return true;
    writing.results.set(row.index, { ok: false, error: rejectedRow(app, fields) });
    return false;
  });
}

/** The refusal was not about any row that was named: it belongs to the row that is refused alone. */
async function divide(verdict: Verdict, { app, rows }: Chunk, writing: ChunkWriting, merges: number): Promise<void> {
  const [only] = rows;
  if (only === undefined) return;
  if (rows.length === 1) {
    writing.results.set(only.index, { ok: false, error: verdict.error });
    return;
  }
  const middle = Math.ceil(rows.length / 2);
  await writeChunk({ app, rows: rows.slice(0, middle) }, writing, merges);
  await writeChunk({ app, rows: rows.slice(middle) }, writing, merges);
}

function isAboutKeyOnly(row: PreparedRow, fields: RejectedFields): boolean {
  return row.key !== null && fields.every((field) => field.field === row.key?.field);
}

function rejectedRow(app: string, fields: RejectedFields): Rejected {
  const told = fields.map((field) => (field.field === null ? field.message : `${field.field}: ${field.message}`)).join(' ');
  return new Rejected(`kintone refused the record for app ${app}: ${told}`, fields);
}

/** Reads what stands there where somebody else owns a field; a record in which nothing is left to write is done. */
async function outgoingRows({ app, rows }: Chunk, writing: ChunkWriting): Promise<readonly OutgoingRow[]> {
  const toRead = rows.filter(needsReading);
  const current = toRead.length === 0 ? new Map<string, CurrentRecord>() : await ask(app, toRead, writing);
  const outgoing: OutgoingRow[] = [];
  for (const row of rows) {
    const standing = row.key === null ? null : (current.get(row.key.value) ?? null);
    const record = mergeOwned(row, standing);
    if (standing !== null && Object.keys(record).length === 0) {
      writing.results.set(row.index, { ok: true, id: standing.id, created: false });
    } else outgoing.push({ row, revision: standing?.revision ?? null, record });
  }
  return outgoing;
}

function ask(app: string, rows: readonly PreparedRow[], { domain, signal }: ChunkWriting) {
  return domain.gate.ask(currentRequest(app, rows), signal);
}

function send(
  app: string,
  rows: readonly OutgoingRow[],
  { domain, signal }: ChunkWriting,
): Promise<Attempt<readonly WrittenRow[]>> {
  const hasKeys = rows.some(({ row }) => row.key !== null);
  return domain.gate.attempt(hasKeys ? upsertRequest(app, rows) : insertRequest(app, rows), signal);
}
