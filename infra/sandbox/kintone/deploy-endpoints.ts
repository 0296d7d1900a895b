/** preview/app.json and preview/app/deploy.json: a new app, and settings that take effect. */
import { z } from 'zod';
import { newSettings } from './app-settings.ts';
import { checked } from './checked-settings.ts';
import { failures } from './failures.ts';
import { byCode, systemFields } from './field-builders.ts';
import { demandRightFormulas } from './field-definitions.ts';
import { invalid, invalidChoice, REQUIRED, tooLong, tooMany } from './kintone-failure.ts';
import { flagArgument, isObject, requiredList, requiredText, wholeNumber } from './request-arguments.ts';
import type { Endpoint } from './sandbox-state.ts';
import { demandRevision, entryOf, previewSettings, storeEntry } from './settings-state.ts';

const LONGEST_NAME = 64;
const MOST_APPS = 300;
/** The service counts the making of an app as two changes. */
const FIRST_REVISION = 2;

/** API tokens belong to an app, and there is none yet. Spaces are left out. */
export const postApp: Endpoint = (call) => {
  const { args, state, caller } = call;
  if (caller.isTokenOnly) throw failures.tokenMayNot();
  const name = requiredText(args, 'name');
  if (name.length > LONGEST_NAME) throw invalid({ name: [tooLong(LONGEST_NAME)] });
  if (args.space !== undefined || args.thread !== undefined) throw failures.noPermission();
  const id = String(Math.max(0, ...[...state.settings.keys()].map(Number)) + 1);
  const preview = newSettings({ id, code: '', name, fields: byCode(systemFields()) }, FIRST_REVISION);
  const made = { createdAt: state.now(), creator: caller.name, modifiedAt: state.now(), modifier: caller.name };
  storeEntry(call, id, { live: null, preview, ...made, deploy: 'SUCCESS' });
  return { app: id, revision: String(preview.revision) };
};

const wanted = z.object({ app: z.coerce.string().regex(/^\d+$/), revision: z.unknown().optional() });

export const postDeploy: Endpoint = (call) => {
  const { args, state } = call;
  const sent = requiredList(args, 'apps');
  if (sent.length === 0) throw invalid({ apps: [REQUIRED] });
  if (sent.length > MOST_APPS) throw tooMany('apps', MOST_APPS);
  const isReverting = flagArgument(args, 'revert');
  const apps = sent.map((each, index) => {
    const { app, revision } = checked(wanted, isObject(each) ? each : {}, `apps[${index}]`);
    demandRevision(previewSettings(call, app), app, wholeNumber(revision, `apps[${index}].revision`, null));
    if (entryOf(state, app).deploy === 'PROCESSING') throw failures.databaseLocked();
    if (!isReverting) demandRightFormulas(entryOf(state, app).preview.definition);
    return app;
  });
  if (new Set(apps).size < apps.length) throw invalidChoice('apps');
  for (const app of apps) storeEntry(call, app, { ...entryOf(state, app), deploy: 'PROCESSING' });
  const deployment = { apps, revert: isReverting, doneAt: state.now() + state.deployMs };
  state.deployments.push(deployment);
  call.undo.push(() => state.deployments.splice(state.deployments.indexOf(deployment), 1));
  return {};
};

export const getDeploy: Endpoint = (call) => {
  const apps = requiredList(call.args, 'apps').map(String);
  if (apps.length > MOST_APPS) throw tooMany('apps', MOST_APPS);
  return {
    apps: apps.map((app) => {
      previewSettings(call, app);
      return { app, status: entryOf(call.state, app).deploy };
    }),
  };
};
