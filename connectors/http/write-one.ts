/** One record in a request of its own: put by its key, or looked up and then created or changed. */
import { type ConnectorError, Rejected, type WriteResult } from '../connector.ts';
import { valueAt } from './answer-path.ts';
import { idOf } from './field-values.ts';
import { type FillValues, fillRequest } from './fill-request.ts';
import { findByKeys } from './find-by-key.ts';
import { type CurrentRecord, isShared, mergeOwned, needsReading, recordBody } from './merge-owned.ts';
import type { WrittenShape } from './object-shape.ts';
import type { PreparedRow } from './prepare-rows.ts';
import type { Attempt, GateAnswer } from './service-gate.ts';
import type { Writing } from './writing.ts';

/** How often a record is read and merged again when somebody else was writing at the same moment. */
const MOST_MERGES = 3;

/** Whatever is about this record alone is its result. @throws ConnectorError what is about the service as a whole */
export async function writeOne(row: PreparedRow, writing: Writing): Promise<WriteResult> {
  for (let merges = 1; ; merges += 1) {
    const sent = await sendMerged(merges === 1 ? row : { ...row, isFirst: false }, writing);
    if ('result' in sent) return sent.result;
    const { meaning, error } = sent.verdict;
    const mayBeThere = row.key !== null && writing.write.find !== undefined;
    if (meaning === 'conflict' && mayBeThere && merges < MOST_MERGES) continue;
    if (meaning === 'conflict' || meaning === 'rejected' || meaning === 'missing') return { ok: false, error };
    throw error;
  }
}

type Sent = { readonly result: WriteResult } | Extract<Attempt, { ok: false }>;

async function sendMerged(row: PreparedRow, writing: Writing): Promise<Sent> {
  const { write } = writing;
  const { find } = write;
  const isPut = row.key !== null && write.upsert !== undefined;
  if (row.key !== null && find === undefined && (isShared(row) || !isPut)) return { result: failed(noLookUp(writing)) };
  const mustRead = find !== undefined && row.key !== null && (needsReading(row) || !isPut);
  const current = mustRead ? ((await findByKeys(find, [row], writing)).get(row.key?.value ?? '') ?? null) : null;
  const merged = mergeOwned(row, current);
  if (current !== null && merged.length === 0) return { result: { ok: true, id: current.id, created: false } };
  const body = recordBody(row, merged);
  const way = wayFor(writing, isPut, current);
  if (way === null) return { result: failed(noWay(writing)) };
  const tried = await send(way, row, { body, current }, writing);
  if (!tried.ok) return tried;
  return { result: resultOf(tried.answer, way, { row, current, isCreate: way === write.create }, writing) };
}

/** A record that stands already is changed by its id where that is described, for only then can its version be compared. */
function wayFor({ write }: Writing, isPut: boolean, current: CurrentRecord | null): WrittenShape | null {
  if (current !== null) return write.update ?? write.upsert ?? null;
  return (isPut ? write.upsert : write.create) ?? null;
}

interface Content {
  readonly body: Record<string, unknown>;
  readonly current: CurrentRecord | null;
}

function send(way: WrittenShape, row: PreparedRow, { body, current }: Content, writing: Writing): Promise<Attempt> {
  const values: FillValues = {
    fields: body,
    key: row.key?.value ?? null,
    keyField: row.key?.field.name ?? null,
    id: current?.id ?? null,
    version: current?.version ?? null,
  };
  const usual = way === writing.write.create ? 'POST' : way === writing.write.update ? 'PATCH' : 'PUT';
  const request = fillRequest({ ...way, body: way.body ?? '{fields}' }, values, usual);
  return writing.service.gate.attempt({ doing: `write a record of ${writing.objectName}`, request }, writing.signal);
}

interface Written {
  readonly row: PreparedRow;
  readonly current: CurrentRecord | null;
  readonly isCreate: boolean;
}

function resultOf(answer: GateAnswer, way: WrittenShape, { row, current, isCreate }: Written, { object }: Writing): WriteResult {
  const record = way.record === undefined ? answer.body : valueAt(answer.body, way.record);
  // A service that answers with nothing leaves us the key, by which the record is found as well.
  const id = idOf(valueAt(record, object.id)) ?? current?.id ?? row.key?.value ?? '';
  return { ok: true, id, created: isCreate || (current === null && answer.status === 201) };
}

function failed(error: ConnectorError): WriteResult {
  return { ok: false, error };
}

function noLookUp(writing: Writing): Rejected {
  return undescribed(writing, 'the record has to be read before it is written, and "write.find" does not say how');
}

function noWay(writing: Writing): Rejected {
  return undescribed(writing, 'nothing under "write" says how such a record is created or changed');
}

function undescribed({ service, objectName }: Writing, what: string): Rejected {
  const message = `${service.config.service.name} cannot take this record of ${objectName}: ${what}.`;
  return new Rejected(message, [{ field: null, code: 'NOT_DESCRIBED', message }]);
}
