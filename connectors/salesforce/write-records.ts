import { z } from 'zod';
import { ConnectorError, type RecordWrite, Rejected, Unreachable, type WriteResult } from '../connector.ts';
import type { Descriptions } from './describe-object.ts';
import { type FieldDescriptions, mergeFields, type StoredFields } from './merge-fields.ts';
import { readExisting } from './read-existing.ts';
import { isTooMuchAtOnce, translateRowFailure } from './salesforce-errors.ts';
import type { SalesforceSession } from './salesforce-session.ts';
import { sendableFields, unknownFields } from './sendable-fields.ts';
import { isTwinError, removeTwins } from './twins.ts';
import { parseVendorErrors } from './vendor-refusal.ts';
import { type PlannedWrite, planChunks, sameKey, type WriteChunk } from './write-plan.ts';

interface Org {
  readonly session: SalesforceSession;
  readonly descriptions: Descriptions;
}

interface Sendable {
  readonly planned: PlannedWrite;
  readonly body: object;
}

type Results = Map<number, WriteResult>;

/**
 * Writes a batch in collections of up to 200. An uncertain outcome is harmless where there is a key: the same write again finds the
 * record. After a failure that concerns the whole service the rest of the batch is not tried.
 */
export async function writeRecords(
  batch: readonly RecordWrite[],
  org: Org,
  signal: AbortSignal,
): Promise<readonly WriteResult[]> {
  const results: Results = new Map();
  let stopped: ConnectorError | null = null;
  for (const chunk of planChunks(batch)) {
    if (stopped === null) stopped = await writeChunk(chunk, org, { results, signal });
    if (stopped !== null) failAll(chunk.writes, stopped, results);
  }
  // Nothing was refused on its own account and nothing was written: the failure is the batch's.
  if (stopped !== null && [...results.values()].every((result) => !result.ok && result.error === stopped)) throw stopped;
  return batch.map(
    (_, index) =>
      results.get(index) ?? {
        ok: false,
        error: new Unreachable('Salesforce said nothing of this record. It will be tried again.'),
      },
  );
}

/** Fills in the results it can; answers with the error when the service as a whole cannot go on. */
async function writeChunk(
  chunk: WriteChunk,
  org: Org,
  run: { results: Results; signal: AbortSignal },
): Promise<ConnectorError | null> {
  try {
    const described = await describeFor(chunk, org, run.signal);
    const existing = await readExisting(chunk, described, org.session, run.signal);
    const sendable = prepare(chunk, described, { existing, results: run.results });
    if (sendable.length > 0) await send(chunk, sendable, org, run);
    return null;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.kind !== 'missing' && error.kind !== 'rejected') return error;
    failAll(chunk.writes, error, run.results);
    return null;
  }
}

/** A field the known description lacks may have been added since: then it is asked anew, once. */
async function describeFor(chunk: WriteChunk, { descriptions }: Org, signal: AbortSignal): Promise<FieldDescriptions> {
  const known = await descriptions.recent(chunk.object, signal);
  const complete = chunk.writes.every(({ write }) => unknownFields(write.fields, known.fields).length === 0);
  return (complete ? known : await descriptions.fresh(chunk.object, signal)).fields;
}

/** Bodies of the records that can be sent; the others get their result. */
function prepare(
  chunk: WriteChunk,
  described: FieldDescriptions,
  context: { readonly existing: ReadonlyMap<string, StoredFields>; readonly results: Results },
): readonly Sendable[] {
  const about = aboutRecord(chunk);
  return chunk.writes.flatMap((planned): Sendable[] => {
    const { write, index } = planned;
    try {
      const stored = write.key === null ? null : (context.existing.get(sameKey(write.key.value)) ?? null);
      const fields = sendableFields(mergeFields(write, stored, described), described, about);
      const key = write.key === null ? {} : keyField(write.key, described, about);
      return [{ planned, body: { attributes: { type: chunk.object }, ...fields, ...key } }];
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      context.results.set(index, { ok: false, error });
      return [];
    }
  });
}

function keyField(key: { readonly field: string; readonly value: string }, described: FieldDescriptions, about: string): object {
  const refuse = (message: string) =>
    new Rejected(`${about}: ${message}. Correct the mapping's key or create the field.`, [
      { field: key.field, code: 'INVALID_KEY', message },
    ]);
  if (described.get(key.field)?.usableAsKey !== true) throw refuse(`${key.field} is no external id that our user may write`);
  if (key.value.trim() === '') throw refuse(`the key ${key.field} is empty`);
  return { [key.field]: key.value };
}

function aboutRecord(chunk: WriteChunk): string {
  return `Salesforce refused a ${chunk.object} record`;
}

const rowShape = z.object({
  id: z.string().nullish(),
  success: z.boolean(),
  created: z.boolean().nullish(),
  errors: z.unknown(),
});

async function send(
  chunk: WriteChunk,
  sendable: readonly Sendable[],
  org: Org,
  run: { results: Results; signal: AbortSignal },
): Promise<void> {
  const about = `Salesforce did not write ${sendable.length} ${chunk.object} record(s)`;
  const path = chunk.keyField === null ? '/composite/sobjects' : `/composite/sobjects/${chunk.object}/${chunk.keyField}`;
  const method = chunk.keyField === null ? 'POST' : 'PATCH';
  const body = { allOrNone: false, records: sendable.map((each) => each.body) };
  let answer: unknown;
  try {
    answer = (await org.session.request({ method, path, body, about }, run.signal)).body;
  } catch (error) {
    const halves = error instanceof Rejected ? halve(sendable) : [];
    if (halves.length < 2) throw error;
    // The service could not read one of the records and says not which.
    for (const half of halves) await sendOrFail(chunk, half, org, run);
    return;
  }
  const rows = z.array(rowShape).length(sendable.length).safeParse(answer);
  if (!rows.success) throw new Unreachable(`${about}: the answer does not fit the records. It will be tried again.`);
  const tooMany: Sendable[] = [];
  for (const [position, row] of rows.data.entries()) {
    const each = sendable[position];
    if (each === undefined) continue;
    if (sendable.length > 1 && isTooMuchAtOnce(parseVendorErrors(row.errors))) tooMany.push(each);
    else run.results.set(each.planned.index, await settle(each, row, { chunk, org, signal: run.signal }));
  }
  for (const half of halve(tooMany)) await sendOrFail(chunk, half, org, run);
}

async function sendOrFail(
  chunk: WriteChunk,
  part: readonly Sendable[],
  org: Org,
  run: { results: Results; signal: AbortSignal },
): Promise<void> {
  try {
    await send(chunk, part, org, run);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    failAll(
      part.map(({ planned }) => planned),
      error,
      run.results,
    );
  }
}

function halve(sendable: readonly Sendable[]): readonly (readonly Sendable[])[] {
  const middle = Math.ceil(sendable.length / 2);
  return [sendable.slice(0, middle), sendable.slice(middle)].filter((half) => half.length > 0);
}

/** One row of the answer as the record's result. */
async function settle(
  sent: Sendable,
  row: z.infer<typeof rowShape>,
  context: { readonly chunk: WriteChunk; readonly org: Org; readonly signal: AbortSignal },
): Promise<WriteResult> {
  const { chunk, org, signal } = context;
  if (row.success) return { ok: true, id: row.id ?? '', created: chunk.keyField === null || row.created === true };
  const errors = parseVendorErrors(row.errors);
  const { key } = sent.planned.write;
  if (key === null || !isTwinError(errors)) return { ok: false, error: translateRowFailure(errors, aboutRecord(chunk)) };
  try {
    const id = await removeTwins({ object: chunk.object, key }, org.session, signal);
    const [again] = await writeRecords([sent.planned.write], { ...org }, signal);
    return again ?? { ok: true, id, created: false };
  } catch (error) {
    if (error instanceof ConnectorError) return { ok: false, error };
    throw error;
  }
}

function failAll(writes: readonly PlannedWrite[], error: ConnectorError, results: Results): void {
  for (const { index } of writes) if (!results.has(index)) results.set(index, { ok: false, error });
}
