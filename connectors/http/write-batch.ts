/** Several records in one request, with a result for each. A request that is refused as a whole is halved until the bad record stands alone. */
import { Rejected, Unreachable, type WriteResult } from '../connector.ts';
import { namesIn, shownPath, valueAt } from './answer-path.ts';
import { idOf } from './field-values.ts';
import { fillRequest } from './fill-request.ts';
import { findByKeys } from './find-by-key.ts';
import { judgeAnswer } from './judge-answer.ts';
import { type CurrentRecord, isShared, mergeOwned, needsReading, recordBody } from './merge-owned.ts';
import type { BatchShape } from './object-shape.ts';
import type { PreparedRow } from './prepare-rows.ts';
import type { Writing } from './writing.ts';

/** Fills in `writing.results`. @throws ConnectorError what is about the service as a whole */
export async function writeBatch(batch: BatchShape, rows: readonly PreparedRow[], writing: Writing): Promise<void> {
  // Without a look-up the first write would succeed, and every later one be refused.
  const toRead = rows.filter(writing.write.find === undefined ? isShared : needsReading);
  const current = await currentOf(toRead, writing);
  if (current instanceof Rejected) for (const { index } of toRead) writing.results.set(index, { ok: false, error: current });
  const standing = current instanceof Rejected ? new Map<string, CurrentRecord>() : current;
  const outgoing = rows.flatMap((row) => outgoingRow(row, standing, writing));
  await sendRows(batch, outgoing, writing);
}

interface OutgoingRow {
  readonly row: PreparedRow;
  readonly body: Record<string, unknown>;
}

/** The records as they stand, or why these rows cannot be written: nothing says how to read them, or the look-up was refused. */
async function currentOf(rows: readonly PreparedRow[], writing: Writing): Promise<ReadonlyMap<string, CurrentRecord> | Rejected> {
  if (rows.length === 0) return new Map();
  const { find } = writing.write;
  if (find === undefined) {
    const message = `${writing.service.config.service.name} cannot take this record: it has to be read before, and "write.find" does not say how.`;
    return new Rejected(message, [{ field: null, code: 'NOT_DESCRIBED', message }]);
  }
  const groups = [...Map.groupBy(rows, ({ key }) => key?.field.name ?? '').values()];
  try {
    const found = await Promise.all(groups.map((group) => findByKeys(find, group, writing)));
    return new Map(found.flatMap((each) => [...each]));
  } catch (error) {
    if (error instanceof Rejected) return error;
    throw error;
  }
}

function outgoingRow(
  row: PreparedRow,
  current: ReadonlyMap<string, CurrentRecord>,
  { results }: Writing,
): readonly OutgoingRow[] {
  if (results.has(row.index)) return [];
  const standing = needsReading(row) ? (current.get(row.key?.value ?? '') ?? null) : null;
  const merged = mergeOwned(row, standing);
  if (standing !== null && merged.length === 0) {
    results.set(row.index, { ok: true, id: standing.id, created: false });
    return [];
  }
  return [{ row, body: recordBody(row, merged) }];
}

async function sendRows(batch: BatchShape, rows: readonly OutgoingRow[], writing: Writing): Promise<void> {
  if (rows.length === 0) return;
  const { gate } = writing.service;
  const doing = `write ${rows.length} records of ${writing.objectName}`;
  const request = fillRequest({ ...batch, body: batch.body ?? '{records}' }, { records: rows.map(({ body }) => body) }, 'POST');
  const tried = await gate.attempt({ doing, request }, writing.signal);
  if (tried.ok) return settle(batch, rows, { body: tried.answer.body, doing }, writing);
  const { meaning, error } = tried.verdict;
  if (meaning !== 'rejected' && meaning !== 'conflict') throw error;
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) {
    writing.results.set(only.row.index, { ok: false, error });
    return;
  }
  const middle = Math.ceil(rows.length / 2);
  await sendRows(batch, rows.slice(0, middle), writing);
  await sendRows(batch, rows.slice(middle), writing);
}

function settle(
  batch: BatchShape,
  rows: readonly OutgoingRow[],
  answer: { readonly body: unknown; readonly doing: string },
  writing: Writing,
): void {
  const list = valueAt(answer.body, batch.results);
  if (!Array.isArray(list) || list.length !== rows.length) {
    const found = Array.isArray(list) ? `a list of ${list.length}` : namesIn(answer.body);
    throw new Unreachable(
      `${writing.service.config.service.name} could not ${answer.doing}: "${shownPath(batch.results)}" holds no result for each, but ${found}.`,
    );
  }
  for (const [at, { row }] of rows.entries()) writing.results.set(row.index, resultOf(list[at], batch, row, writing));
}

function resultOf(result: unknown, batch: BatchShape, row: PreparedRow, { service, object, objectName }: Writing): WriteResult {
  const status = statusOf(result, batch);
  const verdict = judgeAnswer({ status, headers: {}, body: result }, `write a record of ${objectName}`, service.gate.judging);
  if (verdict !== null) return { ok: false, error: verdict.error };
  const id = idOf(valueAt(result, batch.id ?? object.id)) ?? row.key?.value ?? '';
  const told = batch.created === undefined ? undefined : valueAt(result, batch.created);
  return { ok: true, id, created: told === true || status === 201 };
}

/** A result that says neither is taken for a refusal: it must not be forgotten as written. */
function statusOf(result: unknown, { status, ok }: BatchShape): number {
  const told = status === undefined ? Number.NaN : Number(valueAt(result, status));
  if (Number.isInteger(told)) return told;
  return ok !== undefined && valueAt(result, ok) === true ? 200 : 422;
}
