/** Every endpoint there is, by method and path; bulkRequest runs the writing ones among them in one transaction. */
import type { Caller } from './access.ts';
import { getApp, getApps } from './app-endpoints.ts';
import { deleteComment, getComments, postComment } from './comment-endpoints.ts';
import { deleteCursor, getCursor, postCursor } from './cursor-endpoints.ts';
import { getDeploy, postApp, postDeploy } from './deploy-endpoints.ts';
import { failures } from './failures.ts';
import { getFile, postFile } from './file-endpoints.ts';
import {
  deleteFields,
  getFields,
  getLayout,
  getPreviewFields,
  getPreviewLayout,
  postFields,
  putFields,
  putLayout,
} from './form-endpoints.ts';
import { KintoneFailure, tooMany } from './kintone-failure.ts';
import { isLeftOut } from './left-out.ts';
import { putAssignees, putStatus, putStatuses } from './process-endpoints.ts';
import { getPreviewProcess, getProcess, putProcess } from './process-settings-endpoints.ts';
import { deleteRecords, getRecord, getRecords, postRecord, postRecords, putRecord, putRecords } from './record-endpoints.ts';
import { bodyArguments, isObject, requiredList, textArgument } from './request-arguments.ts';
import { evaluateRights, getPreviewRights, getRights, putPreviewRights, putRights } from './rights-endpoints.ts';
import type { Endpoint, EndpointCall } from './sandbox-state.ts';
import { getPreviewSettings, getSettings, putSettings } from './settings-endpoints.ts';
import { getStatistics } from './statistics-endpoint.ts';
import { getPreviewViews, getViews, putViews } from './view-endpoints.ts';

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
  'PUT record/status.json': putStatus,
  'PUT records/status.json': putStatuses,
  'PUT record/assignees.json': putAssignees,
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
  const { state, caller, undo } = call;
  return endpoint({ state, caller, undo, args: bodyArguments(request.payload) });
}

const ALL: Readonly<Record<string, Endpoint>> = {
  ...WRITING,
  'GET record.json': getRecord,
  'GET records.json': getRecords,
  'POST records/cursor.json': postCursor,
  'GET records/cursor.json': getCursor,
  'DELETE records/cursor.json': deleteCursor,
  'POST record/comment.json': postComment,
  'DELETE record/comment.json': deleteComment,
  'GET record/comments.json': getComments,
  'POST file.json': postFile,
  'GET file.json': getFile,
  'POST bulkRequest.json': postBulkRequest,
  'GET app.json': getApp,
  'GET apps.json': getApps,
  'GET apps/statistics.json': getStatistics,
  'POST preview/app.json': postApp,
  'GET preview/app/deploy.json': getDeploy,
  'POST preview/app/deploy.json': postDeploy,
  'GET app/form/fields.json': getFields,
  'GET preview/app/form/fields.json': getPreviewFields,
  'POST preview/app/form/fields.json': postFields,
  'PUT preview/app/form/fields.json': putFields,
  'DELETE preview/app/form/fields.json': deleteFields,
  'GET app/form/layout.json': getLayout,
  'GET preview/app/form/layout.json': getPreviewLayout,
  'PUT preview/app/form/layout.json': putLayout,
  'GET app/views.json': getViews,
  'GET preview/app/views.json': getPreviewViews,
  'PUT preview/app/views.json': putViews,
  'GET app/settings.json': getSettings,
  'GET preview/app/settings.json': getPreviewSettings,
  'PUT preview/app/settings.json': putSettings,
  'GET app/status.json': getProcess,
  'GET preview/app/status.json': getPreviewProcess,
  'PUT preview/app/status.json': putProcess,
  'GET app/acl.json': getRights,
  'PUT app/acl.json': putRights,
  'GET preview/app/acl.json': getPreviewRights,
  'PUT preview/app/acl.json': putPreviewRights,
  'GET records/acl/evaluate.json': evaluateRights,
};

/**
 * `path` is what follows `/k/v1/`. What the sandbox leaves out of the service's calls is refused as the service refuses it
 * to those who may not use it. @throws KintoneFailure GAIA_NO01, CB_NO02, CB_NO01
 */
export function findEndpoint(method: string, path: string, caller: Caller): Endpoint {
  if (isLeftOut(method, path)) throw caller.isTokenOnly ? failures.tokenMayNot() : failures.noPermission();
  return findIn(ALL, method, path);
}

function findIn(endpoints: Readonly<Record<string, Endpoint>>, method: string, path: string): Endpoint {
  const key = `${method} ${path}`;
  const endpoint = Object.hasOwn(endpoints, key) ? endpoints[key] : undefined;
  if (endpoint === undefined) throw failures.noSuchApi();
  return endpoint;
}
