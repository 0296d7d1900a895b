import type { RecordWrite } from '../../connectors/connector.ts';
import type { OwedRecord, SentKey } from './owed-record.ts';

/** What is sent, and the key to remember; or why it must not be sent. */
export type FixedWrite =
  | { readonly write: RecordWrite; readonly key: SentKey }
  | { readonly problem: { readonly code: 'mapping'; readonly message: string } };

/**
 * Pure. A record keeps the key it was first sent with, whatever the mapping or a merged call makes of it later: a second key would be
 * a second record. A mapping that moves to another object or key field may take along what the CRM has not got yet.
 */
export function fixKey(record: Pick<OwedRecord, 'key' | 'remoteId'>, write: RecordWrite): FixedWrite {
  const wanted: SentKey = { object: write.object, field: write.key?.field ?? null, value: write.key?.value ?? null };
  const sent = record.key;
  if (sent === null) return { write, key: wanted };
  if (sent.object === wanted.object && sent.field === wanted.field) return { write: withKey(write, sent), key: sent };
  if (record.remoteId === null) return { write, key: wanted };
  const message =
    `The CRM has this record already, as ${sent.object} ${record.remoteId}; the mapping now writes ${wanted.object} by ` +
    `${wanted.field ?? 'no key'} and would make a second one. Discard this entry, or let the mapping write ${sent.object} by ${sent.field ?? 'no key'}.`;
  return { problem: { code: 'mapping', message } };
}

function withKey(write: RecordWrite, { field, value }: SentKey): RecordWrite {
  if (field === null || value === null) return write;
  const fields = field in write.fields ? { ...write.fields, [field]: value } : write.fields;
  return { ...write, key: { field, value }, fields };
}
