import { parseQueryBody, valueAt } from './caller-rows.ts';
import { type FieldDescriptions, fieldsToRead, type StoredFields } from './merge-fields.ts';
import type { SalesforceSession } from './salesforce-session.ts';
import { chunkLiterals, soqlString } from './soql-text.ts';
import { sameKey, type WriteChunk } from './write-plan.ts';

/** Room for keys in the address of a query; the vendor refuses addresses from about 16 KB. */
const ROOM_FOR_KEYS = 11_000;

/** The stored values that decide what may be overwritten, by key; nothing is asked when every field is ours. */
export async function readExisting(
  chunk: WriteChunk,
  described: FieldDescriptions,
  session: SalesforceSession,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, StoredFields>> {
  const existing = new Map<string, StoredFields>();
  const fields = [...new Set(chunk.writes.flatMap(({ write }) => fieldsToRead(write, described)))].filter((field) =>
    described.has(field),
  );
  if (chunk.keyField === null || fields.length === 0 || described.get(chunk.keyField)?.usableAsKey !== true) return existing;
  const keys = new Set(
    chunk.writes.flatMap(({ write }) => (write.key === null || write.key.value.trim() === '' ? [] : [write.key.value])),
  );
  const about = `Salesforce did not tell what its ${chunk.object} records hold, so nothing was overwritten`;
  for (const literals of chunkLiterals([...keys].map(soqlString), ROOM_FOR_KEYS)) {
    const statement = `SELECT ${['Id', chunk.keyField, ...fields].join(',')} FROM ${chunk.object} WHERE ${chunk.keyField} IN (${literals.join(',')}) ORDER BY CreatedDate, Id`;
    const { body } = await session.request({ method: 'GET', path: `/query?q=${encodeURIComponent(statement)}`, about }, signal);
    for (const row of parseQueryBody(body, about).records) {
      const key = sameKey(String(valueAt(row, chunk.keyField)));
      // Among twins the oldest counts: it is the one that stays.
      if (!existing.has(key)) existing.set(key, Object.fromEntries(fields.map((field) => [field, valueAt(row, field)])));
    }
  }
  return existing;
}
