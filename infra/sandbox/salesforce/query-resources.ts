import type { ApiAnswer, ApiCall, Org } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { selectedFields } from './record-json.ts';
import { parseSoql } from './soql/parse.ts';
import { runQuery } from './soql/run.ts';
import { runSearch } from './sosl.ts';

/** `GET /query?q=` and `/queryAll?q=` */
export function queryResource(call: ApiCall, org: Org): ApiAnswer {
  const statement = call.params.get('q');
  if (statement === null || statement.trim() === '') throw new ApiError(400, 'MALFORMED_QUERY', 'SOQL statement is required');
  const everything = call.segments[0] === 'queryAll';
  const plan = runQuery(parseSoql(statement), org.store, (row) => everything || row.IsDeleted !== true);
  if (plan.fields === null) return { status: 200, body: { totalSize: plan.rows.length, done: true, records: [] } };
  const fields = plan.fields;
  const records = plan.rows.map((row) => selectedFields(row, fields, org.store, call.base));
  const size = pageSize(call, org);
  if (records.length <= size) return { status: 200, body: { totalSize: records.length, done: true, records } };
  return { status: 200, body: page(call, records, { cursor: org.cursors.keep(records), offset: 0, size }) };
}

/** `GET /query/<locator>-<offset>`, as `nextRecordsUrl` says. */
export function queryMoreResource(call: ApiCall, org: Org): ApiAnswer {
  const [, cursor = '', offset = ''] = /^(.+)-(\d+)$/.exec(call.segments[1] ?? '') ?? [];
  const records = org.cursors.read(cursor);
  if (records === null) throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  return { status: 200, body: page(call, records, { cursor, offset: Number(offset), size: pageSize(call, org) }) };
}

function page(call: ApiCall, records: readonly object[], place: { cursor: string; offset: number; size: number }): object {
  const end = place.offset + place.size;
  const body = { totalSize: records.length, done: end >= records.length, records: records.slice(place.offset, end) };
  return body.done ? body : { ...body, nextRecordsUrl: `${call.base}/${call.segments[0]}/${place.cursor}-${end}` };
}

function pageSize(call: ApiCall, org: Org): number {
  const wanted = /batchSize=(\d+)/.exec(call.header('sforce-query-options') ?? '')?.[1];
  const size = wanted === undefined ? 2000 : Math.min(2000, Math.max(200, Number(wanted)));
  return Math.min(size, org.pageRows);
}

/** `GET /search?q=` */
export function searchResource(call: ApiCall, org: Org): ApiAnswer {
  const hits = runSearch(call.params.get('q') ?? '', org.store, org.isIndexed);
  return {
    status: 200,
    body: { searchRecords: hits.map(({ row, fields }) => selectedFields(row, fields, org.store, call.base)) },
  };
}
