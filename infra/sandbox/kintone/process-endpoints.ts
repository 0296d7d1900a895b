/** record/status.json, records/status.json and record/assignees.json. */
import type { AppRecords, StoredRecord } from './app-records.ts';
import { failures } from './failures.ts';
import { invalid, REQUIRED, sizeBetween } from './kintone-failure.ts';
import { processFailures } from './process-failures.ts';
import { demandUser, isForOneOnly, progressAfter } from './process-moves.ts';
import { type Progress, progressOf } from './process-state.ts';
import { compareRevision } from './record-writing.ts';
import {
  type Arguments,
  idArgument,
  isObject,
  limitedRows,
  requiredList,
  requiredText,
  textArgument,
  wholeNumber,
} from './request-arguments.ts';
import { demandApp, type Endpoint, type EndpointCall, queryWorld } from './sandbox-state.ts';

const MOST_ASSIGNEES = 100;
/** The service counts the new status and the new assignees as a change each. */
const REVISIONS_OF_A_MOVE = 2;

export const putStatus: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'view', 'edit');
  const moved = move(call, records, call.args, '');
  call.notices?.push({ type: 'UPDATE_STATUS', app: records.app, record: moved });
  return { revision: String(moved.revision) };
};

export const putStatuses: Endpoint = (call) => {
  const records = demandApp(call, idArgument(call.args, 'app'), 'view', 'edit');
  const rows = limitedRows(requiredList(call.args, 'records'), 'records', 'update');
  const moved = rows.map((row, index) => move(call, records, isObject(row) ? row : {}, `records[${index}].`));
  return { records: moved.map(({ id, revision }) => ({ id: String(id), revision: String(revision) })) };
};

export const putAssignees: Endpoint = (call) => {
  const { args, state, caller } = call;
  const records = demandApp(call, idArgument(args, 'app'), 'view');
  const { app } = records;
  if (app.process?.enable !== true) throw processFailures.processDisabled();
  const record = recordOf(records, args, '');
  const wanted = [...new Set(requiredList(args, 'assignees').map(String))];
  if (wanted.length > MOST_ASSIGNEES) throw invalid({ assignees: [sizeBetween(0, MOST_ASSIGNEES)] });
  const { status, assignees } = progressOf(app, record);
  if (!assignees.includes(caller.name) && !caller.may(app.id, 'admin')) throw failures.noPermission();
  for (const code of wanted) demandUser(code, state.people);
  if (wanted.length > 1 && isForOneOnly(app, status)) throw processFailures.oneAssigneeOnly(status);
  return { revision: String(store(call, records, record, { status, assignees: wanted }, 1).revision) };
};

function move(call: EndpointCall, records: AppRecords, row: Arguments, path: string): StoredRecord {
  const action = requiredText(row, 'action', `${path}action`);
  const record = recordOf(records, row, path);
  const assignee = textArgument(row, 'assignee') || null;
  const progress = progressAfter(records.app, record, { action, assignee }, queryWorld(call), call.state.people);
  return store(call, records, record, progress, REVISIONS_OF_A_MOVE);
}

/** @throws KintoneFailure GAIA_RE01, GAIA_CO02 */
function recordOf(records: AppRecords, row: Arguments, path: string): StoredRecord {
  const id = wholeNumber(row.id, `${path}id`, null);
  if (id === null) throw invalid({ [`${path}id`]: [REQUIRED] });
  const record = records.get(id);
  if (record === undefined) throw failures.noSuchRecord(String(id));
  compareRevision(record, wholeNumber(row.revision, `${path}revision`, null));
  return record;
}

function store(call: EndpointCall, records: AppRecords, record: StoredRecord, progress: Progress, steps: number): StoredRecord {
  const moved = {
    ...{ ...record, progress, revision: record.revision + steps },
    ...{ updatedAt: call.state.now(), modifier: call.caller.name },
  };
  records.put(moved, call.undo);
  return moved;
}
