import { type Connector, type RecordWrite, Rejected, type WriteResult } from '../../connectors/connector.ts';

/** A CRM in memory that keeps one record per key, as every connector promises, and fails when told to. */
export interface RememberingCrm extends Pick<Connector, 'write'> {
  /** By key, or by number for records without one. */
  readonly records: ReadonlyMap<string, RecordWrite>;
  /** The sizes of the batches it was sent, failed ones included. */
  readonly requests: readonly number[];
  /** Thrown instead of an answer, before or after everything was committed; null works. */
  failing: { readonly error: unknown; readonly after: boolean } | null;
  /** The answer for single records; undefined: they are taken. */
  refuse: (write: RecordWrite) => WriteResult | undefined;
  /** Runs while a write is on its way. */
  during: () => Promise<void>;
}

export function createRememberingCrm(): RememberingCrm {
  const records = new Map<string, RecordWrite>();
  const requests: number[] = [];
  const crm: RememberingCrm = {
    records,
    requests,
    failing: null,
    refuse: () => undefined,
    during: async () => {},
    async write(batch) {
      requests.push(batch.length);
      await crm.during();
      const { failing } = crm;
      if (failing !== null && !failing.after) throw failing.error;
      const results = batch.map((write) => crm.refuse(write) ?? take(write));
      if (failing !== null) throw failing.error;
      return results;
    },
  };

  function take(write: RecordWrite): WriteResult {
    const key = write.key === null ? String(records.size) : write.key.value;
    const created = !records.has(key);
    records.set(key, write);
    return { ok: true, id: `remote-${key}`, created };
  }
  return crm;
}

export function rejected(message: string): WriteResult {
  const fields = [{ field: 'Subject', code: 'STRING_TOO_LONG', message }];
  return { ok: false, error: new Rejected(message, fields) };
}
