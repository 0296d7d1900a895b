/** Every endpoint there is, by method and path. */
import type { Caller } from './access.ts';
import { getApp, getApps } from './app-endpoints.ts';
import { postBulkRequest, WRITING } from './bulk-request.ts';
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
import { isLeftOut } from './left-out.ts';
import { getPreviewProcess, getProcess, putProcess } from './process-settings-endpoints.ts';
import { getRecord, getRecords } from './record-endpoints.ts';
import { evaluateRights, getPreviewRights, getRights, putPreviewRights, putRights } from './rights-endpoints.ts';
import type { Endpoint } from './sandbox-state.ts';
import { getPreviewSettings, getSettings, putSettings } from './settings-endpoints.ts';
import { getStatistics } from './statistics-endpoint.ts';
import { getPreviewViews, getViews, putViews } from './view-endpoints.ts';

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
  const key = `${method} ${path}`;
  const endpoint = Object.hasOwn(ALL, key) ? ALL[key] : undefined;
  if (endpoint === undefined) throw failures.noSuchApi();
  return endpoint;
}
