/** record.json and records.json. */
import { failures, invalid, REQUIRED, tooMany } from './kintone-failure.ts';
import { parseQuery } from './query-parser.ts';
import { selectRecords } from './record-selection.ts';
import type { SentRecord } from './record-values.ts';
import { recordViewer, viewRecord } from './record-view.ts';
import { deleteRows, insertRows, type SentUpdate, updateRows } from './record-writing.ts';
import {
  type Arguments,
  flagArgument,
  idArgument,
  isObject,
  listArgument,
  requiredList,
  textArgument,
  wholeNumber,
} from './request-arguments.ts';
import { demandApp, type Endpoint, queryWorld, writingOf } from './sandbox-state.ts';

const MOST_ROWS = 100;

export const getRecord: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'view');
  const id = idArgument(call.args, 'id');
  const record = records.get(Number(id));
  if (record === undefined) throw failures.noSuchRecord(id);
  return { record: viewRecord(records.app, record, null, call.state.people) };
};

export const getRecords: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'view');
  const fields = listArgument(call.args, 'fields')?.map(String) ?? null;
  const query = parseQuery(textArgument(call.args, 'query'));
  const wants = { total: flagArgument(call.args, 'totalCount'), everything: false };
  const selection = selectRecords(records, query, queryWorld(call), wants);
  return {
    records: selection.records.map(recordViewer(records.app, fields, call.state.people)),
    totalCount: selection.total === null ? null : String(selection.total),
  };
};

export const postRecord: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'add');
  const [written] = insertRows([sentRecord(call.args.record, 'record')], () => 'record', writingOf(call, records));
  return { id: written?.id, revision: written?.revision };
};

export const postRecords: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'add');
  const rows = limited(requiredList(call.args, 'records'), 'records').map((row, index) => sentRecord(row, `records[${index}]`));
  const written = insertRows(rows, (index) => `records[${index}]`, writingOf(call, records));
  return { ids: written.map((row) => row.id), revisions: written.map((row) => row.revision) };
};

/** There is no `upsert` here: the real service ignores the argument. */
export const putRecord: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'edit');
  const [written] = updateRows([sentUpdate(call.args, 'record')], () => 'record', false, writingOf(call, records));
  return { revision: written?.revision };
};

export const putRecords: Endpoint = (call) => {
  const upsert = flagArgument(call.args, 'upsert');
  const app = idArgument(call.args, 'app');
  const records = upsert ? demandApp(call, app, 'edit', 'add') : demandApp(call, app, 'edit');
  const rows = limited(requiredList(call.args, 'records'), 'records').map((row, index) => {
    const path = `records[${index}]`;
    if (!isObject(row)) throw invalid({ [path]: [REQUIRED] });
    return sentUpdate(row, path);
  });
  const written = updateRows(rows, (index) => `records[${index}]`, upsert, writingOf(call, records));
  if (upsert) return { records: written };
  return { records: written.map(({ id, revision }) => ({ id, revision })) };
};

export const deleteRecords: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'delete');
  const ids = limited(requiredList(call.args, 'ids'), 'ids').map((id, index) => wholeNumber(id, `ids[${index}]`, 0) ?? 0);
  const revisions = (listArgument(call.args, 'revisions') ?? []).map((each, index) =>
    wholeNumber(each, `revisions[${index}]`, null),
  );
  if (ids.length === 0) throw invalid({ ids: [REQUIRED] });
  deleteRows(ids, revisions, writingOf(call, records));
  return {};
};

function limited(rows: readonly unknown[], name: string): readonly unknown[] {
  if (rows.length > MOST_ROWS) throw tooMany(name, MOST_ROWS);
  return rows;
}

/** A record may be left out altogether: then only defaults are stored. */
function sentRecord(value: unknown, path: string): SentRecord {
  if (value === undefined || value === null) return {};
  if (!isObject(value))
    throw invalid({ [path]: [{ ja: 'レコードの指定が正しくありません。', en: 'A record object is expected.' }] });
  return value;
}

function sentUpdate(row: Arguments, path: string): SentUpdate {
  const key = row.updateKey;
  return {
    id: wholeNumber(row.id, `${path}.id`, null),
    updateKey: isObject(key) ? { field: textArgument(key, 'field'), value: textArgument(key, 'value') } : null,
    revision: wholeNumber(row.revision, `${path}.revision`, null),
    record: sentRecord(row.record, `${path}.record`),
  };
}
