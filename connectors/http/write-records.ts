/** A batch of desired states into the service: sorted by object, written in whichever way is described, one result a record. */
import { ConnectorError, Missing, type RecordWrite, Rejected, Unreachable, type WriteResult } from '../connector.ts';
import type { KnownObject } from './describe-object.ts';
import type { HttpService } from './http-service.ts';
import { chunksOf, type Preparation, type PreparedRow, prepareRow, wavesOf } from './prepare-rows.ts';
import { writeBatch } from './write-batch.ts';
import { writeOne } from './write-one.ts';
import type { Results, Writing } from './writing.ts';

interface IndexedWrite {
  readonly index: number;
  readonly write: RecordWrite;
}

/** @throws ConnectorError when nothing can be said of any record */
export async function writeRecords(
  service: HttpService,
  batch: readonly RecordWrite[],
  signal: AbortSignal,
): Promise<readonly WriteResult[]> {
  const results: Results = new Map();
  const indexed = batch.map((write, index) => ({ index, write }));
  let held: ConnectorError | null = null;
  for (const [objectName, writes] of Map.groupBy(indexed, ({ write }) => write.object)) {
    try {
      await writeObject(service, objectName, writes, { signal, results });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      for (const { index } of writes) if (isOfRecord(error) && !results.has(index)) results.set(index, { ok: false, error });
      held = isOfRecord(error) ? held : error;
    }
    if (held !== null) break;
  }
  if (held !== null && results.size === 0) throw held;
  return batch.map((_, index) => results.get(index) ?? { ok: false, error: held ?? unsaid() });
}

/** Trying it again would change nothing, and holding the others neither. */
function isOfRecord(error: ConnectorError): boolean {
  return error instanceof Missing || error instanceof Rejected;
}

/** Every row gets its result above; should one have been forgotten, it is told and not taken for written. */
function unsaid(): ConnectorError {
  return new Unreachable('Nothing is known of this record: write it again.');
}

async function writeObject(
  service: HttpService,
  objectName: string,
  writes: readonly IndexedWrite[],
  run: { readonly signal: AbortSignal; readonly results: Results },
): Promise<void> {
  const object = service.objectNamed(objectName);
  const { write } = object;
  const { name } = service.config.service;
  if (write === undefined) {
    const message = `${name} takes no records of ${objectName}: describe "write".`;
    throw new Rejected(message, [{ field: null, code: 'NOT_DESCRIBED', message }]);
  }
  const rows: PreparedRow[] = [];
  for (const { index, preparation } of await prepareAll(service, objectName, writes, run.signal)) {
    if (preparation.ok) rows.push(preparation.row);
    else run.results.set(index, { ok: false, error: preparation.error });
  }
  const writing: Writing = { service, objectName, object, write, ...run };
  for (const wave of wavesOf(rows)) await writeWave(wave, writing);
}

async function writeWave(rows: readonly PreparedRow[], writing: Writing): Promise<void> {
  const { batch } = writing.write;
  if (batch === undefined) return writeEach(rows, writing);
  for (const chunk of chunksOf(rows, batch.most)) await writeBatch(batch, chunk, writing);
}

/** As many at a time as the service allows; after a failure of the service as a whole no further one begins. */
async function writeEach(rows: readonly PreparedRow[], writing: Writing): Promise<void> {
  const coming = rows.values();
  let held: ConnectorError | null = null;
  const work = async (): Promise<void> => {
    for (const row of coming) {
      if (held !== null) return;
      try {
        writing.results.set(row.index, await writeOne(row, writing));
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        // Its own look-up was refused: that says nothing of the others.
        if (isOfRecord(error)) writing.results.set(row.index, { ok: false, error });
        else held ??= error;
      }
    }
  };
  const { concurrent } = writing.service.config.service.limits;
  await Promise.all(Array.from({ length: Math.min(concurrent, rows.length) }, work));
  if (held !== null) throw held;
}

interface Prepared {
  readonly index: number;
  readonly preparation: Preparation;
}

/** A field that the remembered description lacks may have been added since: then it is asked for once more. */
async function prepareAll(
  service: HttpService,
  objectName: string,
  writes: readonly IndexedWrite[],
  signal: AbortSignal,
): Promise<readonly Prepared[]> {
  const { name } = service.config.service;
  const prepare = (known: KnownObject): readonly Prepared[] =>
    writes.map(({ index, write }) => ({ index, preparation: prepareRow(index, write, known, name) }));
  const remembered = await service.descriptions.recent(objectName, signal);
  const prepared = prepare(remembered);
  const isUnknown = prepared.some(({ preparation }) => !preparation.ok && preparation.hasUnknownField);
  if (!isUnknown || service.objectNamed(objectName).describe === undefined) return prepared;
  return prepare(await service.descriptions.fresh(objectName, signal));
}
