/** A batch of desired states into kintone: sorted by app and key, cut into requests of 100, one result a record. */
import { ConnectorError, Missing, type RecordWrite, Unreachable, type WriteResult } from '../connector.ts';
import type { KintoneDomain } from './kintone-domain.ts';
import type { KintoneForm } from './kintone-form.ts';
import { chunksOf, type Preparation, type PreparedRow, prepareRow, wavesOf } from './prepare-rows.ts';
import { type Results, writeChunk } from './write-chunk.ts';

/** kintone refuses a request with more. */
export const MOST_ROWS = 100;

/** kintone takes what is written to a field that was renamed or removed, and loses it without a word: so long it may go unseen. */
const FRESH_FOR_WRITING_MS = 2 * 60_000;

interface IndexedWrite {
  readonly index: number;
  readonly write: RecordWrite;
}

/** @throws ConnectorError when nothing can be said of any record */
export async function writeBatch(
  domain: KintoneDomain,
  batch: readonly RecordWrite[],
  signal: AbortSignal,
): Promise<readonly WriteResult[]> {
  const results: Results = new Map();
  const indexed = batch.map((write, index) => ({ index, write }));
  const byObject = Map.groupBy(indexed, ({ write }) => write.object);
  let held: ConnectorError | null = null;
  for (const [object, writes] of byObject) {
    try {
      await writeObject(domain, object, writes, { signal, results });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const isMissing = error instanceof Missing;
      for (const { index } of writes) if (isMissing && !results.has(index)) results.set(index, { ok: false, error });
      held = isMissing ? held : error;
    }
    if (held !== null) break;
  }
  if (held !== null && results.size === 0) throw held;
  return batch.map((_, index) => results.get(index) ?? { ok: false, error: held ?? unsaid() });
}

/** Every row gets its result above; should one have been forgotten, it is told and not taken for written. */
function unsaid(): ConnectorError {
  return new Unreachable('Nothing is known of this record: write it again.');
}

async function writeObject(
  domain: KintoneDomain,
  object: string,
  writes: readonly IndexedWrite[],
  writing: { readonly signal: AbortSignal; readonly results: Results },
): Promise<void> {
  const app = domain.appOf(object);
  const rows: PreparedRow[] = [];
  for (const prepared of await prepareAll(domain, app, writes, writing.signal)) {
    if (prepared.preparation.ok) rows.push(prepared.preparation.row);
    else writing.results.set(prepared.index, { ok: false, error: prepared.preparation.error });
  }
  for (const wave of wavesOf(rows)) {
    for (const group of Map.groupBy(wave, (row) => row.key?.field ?? null).values()) {
      for (const chunk of chunksOf(group, MOST_ROWS)) await writeChunk({ app, rows: chunk }, { domain, ...writing });
    }
  }
}

interface Prepared {
  readonly index: number;
  readonly preparation: Preparation;
}

/** A field that the remembered form does not know may have been added since: then the form is read once more. */
async function prepareAll(
  domain: KintoneDomain,
  app: string,
  writes: readonly IndexedWrite[],
  signal: AbortSignal,
): Promise<readonly Prepared[]> {
  const asked = domain.now();
  const prepare = (form: KintoneForm): readonly Prepared[] =>
    writes.map(({ index, write }) => ({ index, preparation: prepareRow(index, write, form) }));
  const form = await domain.forms.get(app, signal, FRESH_FOR_WRITING_MS);
  const prepared = prepare(form);
  const isStale = form.readAt < asked && prepared.some(({ preparation }) => !preparation.ok && preparation.hasUnknownField);
  return isStale ? prepare(await domain.forms.refresh(app, signal)) : prepared;
}
