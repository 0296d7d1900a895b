/** GET records, as both the look-up and the reading of changes use it. */
import type { GateRequest } from './kintone-gate.ts';
import { isObject, type KintoneRecord } from './kintone-values.ts';

export interface RecordsAnswer {
  readonly records: readonly KintoneRecord[];
  readonly total: number | null;
}

export interface RecordsQuery {
  readonly app: string;
  readonly query: string;
  readonly fields: readonly string[];
  /** Counting costs kintone time: asked for only where it is shown. */
  readonly totalCount?: boolean;
}

export function recordsRequest(query: RecordsQuery): GateRequest<RecordsAnswer> {
  const { fields, totalCount = false, ...rest } = query;
  return {
    app: query.app,
    doing: `read records of app ${query.app}`,
    send: (client) => client.record.getRecords({ ...rest, fields: [...fields], totalCount }),
    read: readRecords,
  };
}

function readRecords(answer: unknown): RecordsAnswer | null {
  if (!isObject(answer) || !Array.isArray(answer.records) || !answer.records.every(isObject)) return null;
  const total = Number(answer.totalCount ?? Number.NaN);
  return { records: answer.records, total: Number.isInteger(total) ? total : null };
}
