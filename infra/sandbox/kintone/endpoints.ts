/** Every endpoint there is, by method and path. */
import type { Caller } from './access.ts';
import { getActions, getPreviewActions, putActions } from './action-endpoints.ts';
import { getApp, getApps } from './app-endpoints.ts';
import { postBulkRequest, WRITING } from './bulk-request.ts';
import { deleteComment, getComments, postComment } from './comment-endpoints.ts';
import { deleteCursor, getCursor, postCursor } from './cursor-endpoints.ts';
import {
  getAdminNotes,
  getCustomization,
  getPlugins,
  getPreviewAdminNotes,
  getPreviewCustomization,
  getPreviewPlugins,
  postPlugins,
  putAdminNotes,
  putCustomization,
} from './customize-endpoints.ts';
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
import {
  getGeneral,
  getPerRecord,
  getPreviewGeneral,
  getPreviewPerRecord,
  getPreviewReminder,
  getReminder,
  putGeneral,
  putPerRecord,
  putReminder,
} from './notification-endpoints.ts';
import { getPreviewProcess, getProcess, putProcess } from './process-settings-endpoints.ts';
import { getRecord, getRecords } from './record-endpoints.ts';
import { getPreviewReports, getReports, putReports } from './report-endpoints.ts';
import {
  evaluateRights,
  getNoRights,
  getPreviewNoRights,
  getPreviewRights,
  getRights,
  putPreviewRights,
  putRights,
} from './rights-endpoints.ts';
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
  'GET record/acl.json': getNoRights,
  'GET preview/record/acl.json': getPreviewNoRights,
  'GET field/acl.json': getNoRights,
  'GET preview/field/acl.json': getPreviewNoRights,
  'GET records/acl/evaluate.json': evaluateRights,
  'GET app/reports.json': getReports,
  'GET preview/app/reports.json': getPreviewReports,
  'PUT preview/app/reports.json': putReports,
  'GET app/actions.json': getActions,
  'GET preview/app/actions.json': getPreviewActions,
  'PUT preview/app/actions.json': putActions,
  'GET app/notifications/general.json': getGeneral,
  'GET preview/app/notifications/general.json': getPreviewGeneral,
  'PUT preview/app/notifications/general.json': putGeneral,
  'GET app/notifications/perRecord.json': getPerRecord,
  'GET preview/app/notifications/perRecord.json': getPreviewPerRecord,
  'PUT preview/app/notifications/perRecord.json': putPerRecord,
  'GET app/notifications/reminder.json': getReminder,
  'GET preview/app/notifications/reminder.json': getPreviewReminder,
  'PUT preview/app/notifications/reminder.json': putReminder,
  'GET app/customize.json': getCustomization,
  'GET preview/app/customize.json': getPreviewCustomization,
  'PUT preview/app/customize.json': putCustomization,
  'GET app/plugins.json': getPlugins,
  'GET preview/app/plugins.json': getPreviewPlugins,
  'POST preview/app/plugins.json': postPlugins,
  'GET app/adminNotes.json': getAdminNotes,
  'GET preview/app/adminNotes.json': getPreviewAdminNotes,
  'PUT preview/app/adminNotes.json': putAdminNotes,
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
