/** Keeps the directory as fresh as the CRMs let us: reads each source's changes from where the last run came to. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CallerSource, type Connector, ConnectorError } from '../../connectors/connector.ts';
import { gatherPages } from './directory-page-queue.ts';
import type { DirectoryStore } from './directory-store.ts';
import { problemLine } from './sync-problem.ts';

/** A connected CRM as callers see it: its name, the port, and where callers are found in it (the mapping's `callers`, best first). */
export interface CallerConnector {
  readonly name: string;
  readonly connector: Pick<Connector, 'findByPhone' | 'readChanges' | 'notices'>;
  readonly sources: readonly CallerSource[];
}

/** After every page that was written. `total` is null where the CRM does not tell. */
export interface SyncProgress {
  readonly connector: string;
  readonly object: string;
  readonly recordsRead: number;
  readonly total: number | null;
}

export interface SyncReport {
  readonly connector: string;
  readonly pages: number;
  readonly records: number;
  readonly deleted: number;
}

export interface SyncDeps {
  readonly directory: DirectoryStore;
  readonly onProgress?: (progress: SyncProgress) => void;
  /** E.164 that some record did not have before: at most `mostAppearedAtOnce` at once, each once in one call. */
  readonly onNumbersAppeared?: (e164s: readonly string[]) => void | Promise<void>;
}

export const mostAppearedAtOnce = 500;

/**
 * One run over all sources of a connector. Killed at any point, the next run goes on from the last page applied. A source that the
 * CRM does not have (`Missing`, `Rejected`) does not keep the others from being read.
 *
 * @throws ConnectorError the first one met, or the signal's reason; both also stand in the source's status.
 */
export async function syncDirectory(crm: CallerConnector, deps: SyncDeps, signal: AbortSignal): Promise<SyncReport> {
  const objects = crm.sources.map(({ object }) => object);
  await deps.directory.retire(crm.name, objects, signal);
  const report = { connector: crm.name, pages: 0, records: 0, deleted: 0 };
  let refused: ConnectorError | null = null;
  for (const source of crm.sources) {
    const state = await deps.directory.open(crm.name, source);
    try {
      const read = await syncSource(crm, source, deps, signal);
      report.pages += read.pages;
      report.records += read.records;
      report.deleted += read.deleted;
    } catch (error) {
      if (!signal.aborted) await deps.directory.fail(state, problemLine(error));
      if (!isOfThisSourceAlone(error)) throw error;
      refused ??= error;
    }
  }
  if (refused !== null) throw refused;
  return report;
}

async function syncSource(crm: CallerConnector, source: CallerSource, deps: SyncDeps, signal: AbortSignal) {
  const read = { pages: 0, records: 0, deleted: 0 };
  let state = await deps.directory.open(crm.name, source);
  for await (const { page, pages } of gatherPages(crm.connector.readChanges(source, state.cursor, signal))) {
    signal.throwIfAborted();
    const applied = await deps.directory.applyPage(state, page, signal);
    state = applied.state;
    read.pages += pages;
    read.records += page.records.length;
    read.deleted += page.deleted.length;
    await tellAppeared(applied.appeared, deps);
    deps.onProgress?.({ connector: crm.name, object: source.object, recordsRead: state.recordsRead, total: state.total });
  }
  signal.throwIfAborted();
  await deps.directory.finish(state, signal);
  return read;
}

async function tellAppeared(appeared: readonly string[], deps: SyncDeps): Promise<void> {
  for (let from = 0; from < appeared.length; from += mostAppearedAtOnce) {
    await deps.onNumbersAppeared?.([...new Set(appeared.slice(from, from + mostAppearedAtOnce))]);
    await nextTurn();
  }
}

function isOfThisSourceAlone(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && (error.kind === 'missing' || error.kind === 'rejected');
}
