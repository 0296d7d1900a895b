/** record.json and records.json. */

import type { AppRecords } from './app-records.ts';
import { failures } from './failures.ts';
import { AT_LEAST_ONE, DELETED_AT_ONCE, invalid, REQUIRED, type Wording } from './kintone-failure.ts';
import { parseQuery } from './query-parser.ts';
import { selectRecords } from './record-selection.ts';
import type { SentRecord } from './record-values.ts';
import { recordViewer, viewRecord } from './record-view.ts';
import { deleteRows, insertRows, type SentUpdate, updateRows, type Written } from './record-writing.ts';
import {
  type Arguments,
  flagArgument,
  idArgument,
  isObject,
  limitedRows,
  listArgument,
  requiredList,
  textArgument,
  wholeNumber,
} from './request-arguments.ts';
import { demandApp, type Endpoint, type EndpointCall, queryWorld, writingOf } from './sandbox-state.ts';

const ID_AND_KEY: Wording = {
  ja: 'idとupdateKeyは同時に指定できません。',
  en: 'id and updateKey cannot be specified together.',
  zh: 'id和updateKey不能同时指定。',
};

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
  const written = insertRows([sentRecord(call.args.record)], () => 'record', writingOf(call, records));
  notify(call, 'ADD_RECORD', records, written);
  const [view] = written.map(writtenView);
  return { id: view?.id, revision: view?.revision };
};

export const postRecords: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'add');
  const rows = limitedRows(requiredList(call.args, 'records'), 'records', 'add').map(sentRecord);
  const written = insertRows(rows, (index) => `records[${index}]`, writingOf(call, records)).map(writtenView);
  return { ids: written.map((row) => row.id), revisions: written.map((row) => row.revision) };
};

/** There is no `upsert` here: the real service ignores the argument. */
export const putRecord: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'edit');
  const written = updateRows([sentUpdate(call.args, 'record')], () => 'record', false, writingOf(call, records));
  notify(call, 'UPDATE_RECORD', records, written);
  return { revision: written.map(writtenView)[0]?.revision };
};

export const putRecords: Endpoint = (call) => {
  const upsert = flagArgument(call.args, 'upsert');
  const app = idArgument(call.args, 'app');
  const records = upsert ? demandApp(call, app, 'edit', 'add') : demandApp(call, app, 'edit');
  const rows = limitedRows(requiredList(call.args, 'records'), 'records', 'update').map((row, index) => {
    const path = `records[${index}]`;
    if (!isObject(row)) throw invalid({ [path]: [REQUIRED] });
    return sentUpdate(row, path);
  });
  const written = updateRows(rows, (index) => `records[${index}]`, upsert, writingOf(call, records)).map(writtenView);
  if (upsert) return { records: written };
  return { records: written.map(({ id, revision }) => ({ id, revision })) };
};

export const deleteRecords: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'delete');
  const sent = listArgument(call.args, 'ids') ?? [];
  if (sent.length === 0) throw invalid({ ids: [REQUIRED, DELETED_AT_ONCE] });
  const ids = limitedRows(sent, 'ids', 'delete').map((id, index) => wholeNumber(id, `ids[${index}]`, 0) ?? 0);
  const revisions = (listArgument(call.args, 'revisions') ?? []).map((each, index) =>
    wholeNumber(each, `revisions[${index}]`, null),
  );
  deleteRows(ids, revisions, writingOf(call, records));
  return {};
};

function writtenView({ record, operation }: Written): {
  readonly id: string;
  readonly revision: string;
  readonly operation: string;
} {
  return { id: String(record.id), revision: String(record.revision), operation };
}

/** Only what is written one by one is told by webhook. */
function notify(
  call: EndpointCall,
  type: 'ADD_RECORD' | 'UPDATE_RECORD',
  records: AppRecords,
  written: readonly Written[],
): void {
  for (const { record } of written) call.notices?.push({ type, app: records.app, record });
}

/** A record may be left out altogether: then only defaults are stored. */
function sentRecord(value: unknown): SentRecord {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw failures.malformedJson();
  return value;
}

function sentUpdate(row: Arguments, path: string): SentUpdate {
  const { updateKey: key = null } = row;
  if (key !== null && !isObject(key)) throw failures.malformedJson();
  const id = wholeNumber(row.id, `${path}.id`, null);
  if (id !== null && id < 1) throw invalid({ [`${path}.id`]: [AT_LEAST_ONE] });
  if (id !== null && key !== null) throw invalid({ [`${path}.updateKey`]: [ID_AND_KEY] });
  return {
    id,
    updateKey: key === null ? null : { field: textArgument(key, 'field'), value: textArgument(key, 'value') },
    revision: wholeNumber(row.revision, `${path}.revision`, null),
    record: sentRecord(row.record),
  };
}
