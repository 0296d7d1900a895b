import type { FieldDescription, FieldOwner, FieldValue, RecordWrite } from '../connector.ts';

/** Whose word counts. Pure: from the desired record and the record as it stands to the fields that are sent. */

export type FieldDescriptions = ReadonlyMap<string, FieldDescription>;
export type StoredFields = Readonly<Record<string, FieldValue>>;

const CUT_MARK = '…';

/** Who owns a field; what the org lets nobody change after the create counts as theirs. */
export function ownerOf(write: RecordWrite, field: string, described: FieldDescriptions): FieldOwner {
  return described.get(field)?.updateable === false ? 'theirs' : (write.owners[field] ?? 'ours');
}

/** Fields whose stored value decides what is sent. */
export function fieldsToRead(write: RecordWrite, described: FieldDescriptions): readonly string[] {
  if (write.key === null || write.isFirst === true) return [];
  return Object.keys(write.fields).filter((field) => ownerOf(write, field, described) !== 'ours');
}

/** `existing` is null when there is no record with this key yet: then everything is filled in, whoever owns it. */
export function mergeFields(
  write: RecordWrite,
  existing: StoredFields | null,
  described: FieldDescriptions,
): Record<string, FieldValue> {
  const merged: Record<string, FieldValue> = {};
  for (const [field, value] of Object.entries(write.fields)) {
    const owner = existing === null ? 'ours' : ownerOf(write, field, described);
    const stored = existing?.[field] ?? null;
    if (owner === 'ours' || (owner !== 'theirs' && isEmpty(stored))) merged[field] = value;
    else if (owner === 'append' && !isEmpty(value)) {
      const text = append(String(stored), String(value), described.get(field)?.length ?? null);
      if (text !== stored) merged[field] = text;
    }
  }
  return merged;
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Below what stands there, once; a text that would become too long is cut at our end, never at theirs. */
function append(stored: string, ours: string, limit: number | null): string {
  if (holds(stored, ours)) return stored;
  const text = `${stored}\n${ours}`;
  if (limit === null || text.length <= limit) return text;
  const room = limit - CUT_MARK.length;
  if (stored.length + 1 >= room) return stored;
  return `${text.slice(0, room)}${CUT_MARK}`;
}

function holds(stored: string, ours: string): boolean {
  const plain = (text: string) => text.replace(/\r\n?/g, '\n').trim();
  return `\n${plain(stored)}\n`.includes(`\n${plain(ours)}\n`);
}
