/** records/cursor.json: a list of ids fixed at its making, read page by page, ten at most at a time. */

import { invalid, SYNTAX } from './kintone-failure.ts';
import { queryFailures } from './query-failures.ts';
import { parseQuery } from './query-parser.ts';
import { selectRecords } from './record-selection.ts';
import { recordViewer } from './record-view.ts';
import { idArgument, listArgument, textArgument, wholeNumber } from './request-arguments.ts';
import { demandApp, type Endpoint, queryWorld, type SandboxState } from './sandbox-state.ts';

const MOST_CURSORS = 10;
const LIFETIME_MS = 10 * 60_000;
const MOST_ROWS = 500;

export const postCursor: Endpoint = (call) => {
  const { args, state } = call;
  const app = idArgument(args, 'app');
  const records = demandApp(call, app, 'view');
  const query = parseQuery(textArgument(args, 'query'));
  if (query.limit !== null || query.offset !== null) throw invalid({ query: [SYNTAX] });
  const size = wholeNumber(args.size, 'size', 100) ?? 100;
  if (size < 1 || size > MOST_ROWS) {
    throw invalid({
      size: [{ ja: '1以上500以下の値を指定してください。', en: 'Specify a value from 1 to 500.', zh: '请指定1到500之间的值。' }],
    });
  }
  dropExpired(state);
  if (state.cursors.size >= MOST_CURSORS) throw queryFailures.tooManyCursors();
  const selected = selectRecords(records, query, queryWorld(call), { total: false, everything: true }).records;
  const id = state.newId();
  const fields = listArgument(args, 'fields')?.map(String) ?? null;
  state.cursors.set(id, { app, ids: selected.map((record) => record.id), fields, size, at: 0, usedAt: state.now() });
  return { id, totalCount: String(selected.length) };
};

export const getCursor: Endpoint = (call) => {
  const { state } = call;
  const id = textArgument(call.args, 'id');
  dropExpired(state);
  const cursor = state.cursors.get(id);
  if (cursor === undefined) throw queryFailures.noSuchCursor();
  const records = demandApp(call, cursor.app, 'view');
  const end = cursor.at + cursor.size;
  const next = end < cursor.ids.length;
  if (next) state.cursors.set(id, { ...cursor, at: end, usedAt: state.now() });
  else state.cursors.delete(id);
  const page = cursor.ids.slice(cursor.at, end).flatMap((each) => records.get(each) ?? []);
  return { records: page.map(recordViewer(records.app, cursor.fields, state.people)), next };
};

export const deleteCursor: Endpoint = (call) => {
  if (!call.state.cursors.delete(textArgument(call.args, 'id'))) throw queryFailures.noSuchCursor();
  return {};
};

function dropExpired(state: SandboxState): void {
  const now = state.now();
  for (const [id, cursor] of state.cursors) {
    if (now - cursor.usedAt > LIFETIME_MS) state.cursors.delete(id);
  }
}
