import type { RecordWrite } from '../connector.ts';

/** How a batch is cut into requests. Pure. */

export interface PlannedWrite {
  /** Place in the caller's batch. */
  readonly index: number;
  readonly write: RecordWrite;
}

/** Records that may travel in one request: one object, one key field, no key twice. */
export interface WriteChunk {
  readonly object: string;
  /** Null for plain creates. */
  readonly keyField: string | null;
  readonly writes: readonly PlannedWrite[];
}

export const MOST_RECORDS = 200;

/** Chunks in an order that keeps writes of the same key in the order of the batch: a repeated key goes into a later chunk. */
export function planChunks(batch: readonly RecordWrite[]): readonly WriteChunk[] {
  const waves: Map<string, PlannedWrite[]>[] = [];
  const seen = new Map<string, number>();
  batch.forEach((write, index) => {
    const group = `${write.object} ${write.key?.field ?? ''}`;
    const wave = write.key === null ? 0 : countUp(seen, `${group} ${sameKey(write.key.value)}`);
    const groups = waves[wave] ?? new Map<string, PlannedWrite[]>();
    waves[wave] = groups;
    groups.set(group, [...(groups.get(group) ?? []), { index, write }]);
  });
  return waves.flatMap((groups) => [...groups.values()].flatMap(cutIntoChunks));
}

/** The service does not tell keys apart by case, nor by blanks around them. */
export function sameKey(key: string): string {
  return key.trim().toLowerCase();
}

function countUp(seen: Map<string, number>, key: string): number {
  const count = seen.get(key) ?? 0;
  seen.set(key, count + 1);
  return count;
}

function cutIntoChunks(writes: readonly PlannedWrite[]): readonly WriteChunk[] {
  const [first] = writes;
  if (first === undefined) return [];
  const chunk = { object: first.write.object, keyField: first.write.key?.field ?? null };
  return Array.from({ length: Math.ceil(writes.length / MOST_RECORDS) }, (_, part) => ({
    ...chunk,
    writes: writes.slice(part * MOST_RECORDS, (part + 1) * MOST_RECORDS),
  }));
}
