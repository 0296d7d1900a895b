/** Where a record stands in its app's process management. Pure. */
import type { AppDefinition, ProcessState } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';

export interface Progress {
  readonly status: string;
  /** Login names. */
  readonly assignees: readonly string[];
}

/** A record that was never moved stands in the first state. */
export function progressOf(app: AppDefinition, record: StoredRecord): Progress {
  return record.progress ?? { status: statesInOrder(app)[0]?.name ?? '', assignees: [] };
}

export function statesInOrder(app: AppDefinition): readonly ProcessState[] {
  return Object.values(app.process?.states ?? {}).toSorted((left, right) => Number(left.index) - Number(right.index));
}
