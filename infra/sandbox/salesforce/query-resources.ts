import { type ApiAnswer, type ApiCall, type Org, queryWorld, versionOf } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { columnMetadata } from './column-metadata.ts';
import type { KeptResult } from './query-cursors.ts';
import { explain } from './query-plan.ts';
import { type RenderWorld, selectedFields } from './record-json.ts';
import { parseSoql } from './soql/parse.ts';
import { chooseChildren, runQuery } from './soql/run.ts';
import { withinScope } from './soql/scope.ts';
import { runSearch } from './sosl.ts';

const LARGEST_PAGE = 2000;
const SMALLEST_PAGE = 200;
/** Older versions answer a search with the bare array. */
const SEARCH_ANSWERS_OBJECT = 37;

/** `GET /query?q=` and `/queryAll?q=`; with `columns=true` or `explain=` about the query instead of its answer. */
export function queryResource(call: ApiCall, org: Org): ApiAnswer {
  const world = queryWorld(org, call.segments[0] === 'queryAll');
  const explained = call.params.get('explain');
  if (explained !== null) return { status: 200, body: explain(withinScope(parseSoql(explained), call.userId), world) };
  const statement = call.params.get('q');
  if (statement === null) throw new ApiError(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  const query = withinScope(parseSoql(statement), call.userId);
  if (call.params.get('columns') === 'true') return { status: 200, body: columnMetadata(query, world) };
  const result = runQuery(query, world);
  switch (result.kind) {
    case 'count':
      return { status: 200, body: { totalSize: result.total, done: true, records: [] } };
    case 'groups':
      return { status: 200, body: { totalSize: result.records.length, done: true, records: result.records } };
    case 'rows':
      return { status: 200, body: firstPage({ ...result, world }, call, org) };
  }
}

/** `GET /query/<locator>-<offset>`, as `nextRecordsUrl` says. */
export function queryMoreResource(call: ApiCall, org: Org): ApiAnswer {
  const [, cursor = '', offset = ''] = /^(.+)-(\d+)$/.exec(call.segments[1] ?? '') ?? [];
  const kept = org.cursors.read(cursor);
  if (kept === null) throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  return { status: 200, body: page(kept, { cursor, offset: Number(offset) }, call, org) };
}

function firstPage(result: KeptResult, call: ApiCall, org: Org): object {
  const isLong = result.rows.length > pageSize(call, org);
  return page(result, { cursor: isLong ? org.cursors.keep(result) : '', offset: 0 }, call, org);
}

/** Only the rows of this page are made into JSON, so that it costs what it holds and not what the whole result does. */
function page(result: KeptResult, place: { cursor: string; offset: number }, call: ApiCall, org: Org): object {
  const { rows, prepared, world } = result;
  const end = place.offset + pageSize(call, org);
  const render: RenderWorld = {
    store: org.store,
    base: call.base,
    children: (parent, { relationship, query }) => {
      const children = chooseChildren(parent, relationship, query, world);
      return children.length === 0 ? null : firstPage({ prepared: query, rows: children, world }, call, org);
    },
  };
  const records = rows
    .slice(place.offset, end)
    // What was deleted since the first page is gone.
    .filter(world.isThere)
    .map((row) => selectedFields(row, prepared.columns, render));
  const body = { totalSize: rows.length, done: end >= rows.length, records };
  return body.done ? body : { ...body, nextRecordsUrl: `${call.base}/query/${place.cursor}-${end}` };
}

function pageSize(call: ApiCall, org: Org): number {
  const wanted = /batchSize=(\d+)/i.exec(call.header('sforce-query-options') ?? '')?.[1];
  const size = wanted === undefined ? LARGEST_PAGE : Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, Number(wanted)));
  return Math.min(size, org.pageRows);
}

/** `GET /search?q=` */
export function searchResource(call: ApiCall, org: Org): ApiAnswer {
  const hits = runSearch(call.params.get('q') ?? '', queryWorld(org), org.isIndexed);
  const render: RenderWorld = { store: org.store, base: call.base, children: () => null };
  const searchRecords = hits.map(({ row, columns }) => selectedFields(row, columns, render));
  return { status: 200, body: versionOf(call) >= SEARCH_ANSWERS_OBJECT ? { searchRecords } : searchRecords };
}
