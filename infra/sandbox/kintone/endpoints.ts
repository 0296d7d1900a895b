/** Every endpoint there is, by method and path; bulkRequest runs the writing ones among them in one transaction. */
import { getApp, getApps, getFormFields, getFormLayout } from './app-endpoints.ts';
import { deleteCursor, getCursor, postCursor } from './cursor-endpoints.ts';
import { failures, KintoneFailure, tooMany } from './kintone-failure.ts';
import { deleteRecords, getRecord, getRecords, postRecord, postRecords, putRecord, putRecords } from './record-endpoints.ts';
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

const WRITING: Readonly<Record<string, Endpoint>> = {
  'POST record.json': postRecord,
  'PUT record.json': putRecord,
  'POST records.json': postRecords,
  'PUT records.json': putRecords,
  'DELETE records.json': deleteRecords,
};

const postBulkRequest: Endpoint = (call) => {
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
  if (!isObject(request)) throw failures.malformed();
  const path = /^\/k\/v1\/(.+)$/.exec(textArgument(request, 'api'))?.[1] ?? '';
  const endpoint = findIn(WRITING, textArgument(request, 'method').toUpperCase(), path);
  return endpoint({ ...call, args: bodyArguments(request.payload) });
}

const ALL: Readonly<Record<string, Endpoint>> = {
  ...WRITING,
  'GET record.json': getRecord,
  'GET records.json': getRecords,
  'POST records/cursor.json': postCursor,
  'GET records/cursor.json': getCursor,
  'DELETE records/cursor.json': deleteCursor,
  'POST bulkRequest.json': postBulkRequest,
  'GET app.json': getApp,
  'GET apps.json': getApps,
  'GET app/form/fields.json': getFormFields,
  'GET app/form/layout.json': getFormLayout,
};

/** `path` is what follows `/k/v1/`. @throws KintoneFailure for what the sandbox leaves out. */
export function findEndpoint(method: string, path: string): Endpoint {
  return findIn(ALL, method, path);
}

function findIn(endpoints: Readonly<Record<string, Endpoint>>, method: string, path: string): Endpoint {
  const key = `${method} ${path}`;
  const endpoint = Object.hasOwn(endpoints, key) ? endpoints[key] : undefined;
  if (endpoint === undefined) throw failures.noSuchApi();
  return endpoint;
}
