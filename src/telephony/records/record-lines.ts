import { parse } from 'csv-parse/sync';
import type { PbxTimes } from './pbx-time.ts';
import { type Columns, cdrRow, celRow, columnName, queueLogRow } from './record-columns.ts';
import { columnsOf, type Layout, layoutOf, type RecordKind } from './record-layout.ts';
import type { CdrRow, CelRow, QueueLogRow, RecordRows } from './record-rows.ts';

/** Reads one record's text; a file is cut into them by `createRecordCutter`. */

export type RecordRow =
  | { readonly kind: 'cel'; readonly row: CelRow }
  | { readonly kind: 'cdr'; readonly row: CdrRow }
  | { readonly kind: 'queueLog'; readonly row: QueueLogRow };

/** The moment by which its source is in order: CDR is written when the call is over. */
export function writtenAt(one: RecordRow): number {
  return one.kind === 'cdr' ? one.row.endAt : one.row.at;
}

/** Sorts rows of all kinds apart. */
export function rowsApart(rows: readonly RecordRow[]): RecordRows {
  const cel: CelRow[] = [];
  const cdr: CdrRow[] = [];
  const queueLog: QueueLogRow[] = [];
  for (const one of rows) {
    if (one.kind === 'cel') cel.push(one.row);
    else if (one.kind === 'cdr') cdr.push(one.row);
    else queueLog.push(one.row);
  }
  return { cel, cdr, queueLog };
}

export interface RecordReader {
  /** Null when the text is no record of this kind. */
  read(text: string): RecordRow | null;
}

/** `columns`: names by position where a file has none of the customary forms. */
export function createRecordReader(kind: RecordKind, times: PbxTimes, columns: Layout | null = null): RecordReader {
  let layout = columns;

  function columnsIn(text: string): Columns | null {
    if (kind === 'queueLog') return queueLogColumns(text);
    if (text.startsWith('{')) return jsonColumns(text);
    const record = csvRecord(text);
    if (record === null) return null;
    layout ??= layoutOf(kind, record);
    // A file may change its form when the configuration does.
    const own = columns ?? layoutOf(kind, record) ?? layout;
    return own === null || record.length < own.length - 2 ? null : columnsOf(own, record);
  }

  return {
    read(text) {
      const found = columnsIn(text);
      return found === null ? null : rowOf(kind, found, times);
    },
  };
}

export function rowOf(kind: RecordKind, columns: Columns, times: PbxTimes): RecordRow | null {
  switch (kind) {
    case 'cel': {
      const row = celRow(columns, times);
      return row && { kind, row };
    }
    case 'cdr': {
      const row = cdrRow(columns, times);
      return row && { kind, row };
    }
    case 'queueLog': {
      const row = queueLogRow(columns, times);
      return row && { kind, row };
    }
  }
}

function csvRecord(text: string): readonly string[] | null {
  const plain = plainFields(text);
  if (plain !== null) return plain;
  try {
    const records = parse(text, { relax_column_count: true, relax_quotes: true, bom: true }) as string[][];
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** Records as Asterisk writes them are cut at once, ten times as fast; null for whatever is not quite regular. */
function plainFields(text: string): string[] | null {
  const fields: string[] = [];
  for (let start = 0; start <= text.length; ) {
    const isQuoted = text[start] === '"';
    const end = isQuoted ? endOfQuoted(text, start) : nextComma(text, start);
    if (end === 0 || (end < text.length && text[end] !== ',')) return null;
    const field = isQuoted ? text.slice(start + 1, end - 1).replaceAll('""', '"') : text.slice(start, end);
    if (!isQuoted && field.includes('"')) return null;
    fields.push(field);
    start = end + 1;
  }
  return fields;
}

/** Behind the mark that closes the field; 0 when none does. */
function endOfQuoted(text: string, start: number): number {
  let close = text.indexOf('"', start + 1);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  return close + 1;
}

function nextComma(text: string, start: number): number {
  const comma = text.indexOf(',', start);
  return comma === -1 ? text.length : comma;
}

/** `format = json` of cel_custom and cdr_custom. */
function jsonColumns(text: string): Columns | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    return new Map(Object.entries(value).map(([name, field]) => [columnName(name), textOf(field)]));
  } catch {
    return null;
  }
}

function textOf(field: unknown): string {
  if (typeof field === 'string') return field;
  return typeof field === 'number' ? String(field) : field === null || field === undefined ? '' : JSON.stringify(field);
}

/** `time|callid|queue|agent|event|data…` */
function queueLogColumns(text: string): Columns | null {
  const [time, callid, queuename, agent, event, ...data] = text.split('|');
  if (time === undefined || callid === undefined || queuename === undefined || agent === undefined || event === undefined)
    return null;
  return new Map(Object.entries({ time, callid, queuename, agent, event, data: data.join('|') }));
}
