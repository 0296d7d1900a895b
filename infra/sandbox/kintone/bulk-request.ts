/** bulkRequest.json: up to twenty writes in one transaction. */
import { failures } from './failures.ts';
import { KintoneFailure, tooMany } from './kintone-failure.ts';
import { putAssignees, putStatus, putStatuses } from './process-endpoints.ts';
import { deleteRecords, postRecord, postRecords, putRecord, putRecords } from './record-endpoints.ts';
import { bodyArguments, isObject, requiredList, textArgument } from './request-arguments.ts';
import type { Endpoint, EndpointCall } from './sandbox-state.ts';

const MOST_REQUESTS = 20;

/** A bulkRequest of which one part was refused: everything is taken back, and the answer tells which. */
export class BulkFailure extends Error {
  override readonly name = 'BulkFailure';
  readonly failure: KintoneFailure;
  readonly index: number;
  readonly size: number;

  constructor(failure: KintoneFailure, index: number, size: number) {
    super(`part ${index} of ${size} was refused: ${failure.message}`, { cause: failure });
    this.failure = failure;
    this.index = index;
    this.size = size;
  }
}

/** The calls that may be parts: those that write records. */
export const WRITING: Readonly<Record<string, Endpoint>> = {
  'POST record.json': postRecord,
  'PUT record.json': putRecord,
  'POST records.json': postRecords,
  'PUT records.json': putRecords,
  'DELETE records.json': deleteRecords,
  'PUT record/status.json': putStatus,
  'PUT records/status.json': putStatuses,
  'PUT record/assignees.json': putAssignees,
};

export const postBulkRequest: Endpoint = (call) => {
  const requests = requiredList(call.args, 'requests');
  if (requests.length > MOST_REQUESTS) throw tooMany('requests', MOST_REQUESTS);
  const results = requests.map((request, index) => {
    try {
      return runPart(request, call);
    } catch (error) {
      if (error instanceof KintoneFailure) throw new BulkFailure(error, index, requests.length);
      throw error;
    }
  });
  return { results };
};

function runPart(request: unknown, call: EndpointCall): object {
  if (!isObject(request)) throw failures.malformedJson();
  const path = /^\/k\/v1\/(.+)$/.exec(textArgument(request, 'api'))?.[1] ?? '';
  const key = `${textArgument(request, 'method')} ${path}`;
  const endpoint = Object.hasOwn(WRITING, key) ? WRITING[key] : undefined;
  if (endpoint === undefined) throw failures.noSuchApi();
  const { state, caller, undo } = call;
  return endpoint({ state, caller, undo, args: bodyArguments(request.payload) });
}
