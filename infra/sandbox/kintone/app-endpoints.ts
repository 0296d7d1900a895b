/** app.json, apps.json, app/form/fields.json and app/form/layout.json. */
import { type AppDefinition, type FieldProperty, SYSTEM_KINDS } from './app-definition.ts';
import { failures, tooMany } from './kintone-failure.ts';
import { idArgument, listArgument, textArgument, wholeNumber } from './request-arguments.ts';
import { demandApp, type Endpoint, type EndpointCall } from './sandbox-state.ts';

const MOST_APPS = 100;

export const getApp: Endpoint = (call) => {
  return appView(demandApp(call, idArgument(call.args, 'id')).app);
};

/** API tokens may not call it: they belong to one app and know of no other. */
export const getApps: Endpoint = (call) => {
  if (call.caller.isTokenOnly) throw failures.tokenMayNot();
  const { args } = call;
  const limit = wholeNumber(args.limit, 'limit', MOST_APPS) ?? MOST_APPS;
  if (limit < 1 || limit > MOST_APPS) throw tooMany('limit', MOST_APPS);
  const offset = wholeNumber(args.offset, 'offset', 0) ?? 0;
  const ids = listArgument(args, 'ids')?.map(String) ?? null;
  const name = textArgument(args, 'name').toLowerCase();
  const apps = [...call.state.apps.values()]
    .map((records) => records.app)
    .filter((app) => (ids === null || ids.includes(app.id)) && app.name.toLowerCase().includes(name));
  return { apps: apps.slice(offset, offset + limit).map(appView) };
};

export const getFormFields: Endpoint = (call) => {
  const app = readableForm(call);
  const properties = Object.values(app.fields).map((field) => [field.code, field]);
  return { properties: Object.fromEntries(properties), revision: '1' };
};

/** One row a field, tables by themselves: the sandbox draws no forms. */
export const getFormLayout: Endpoint = (call) => {
  const shown = Object.values(readableForm(call).fields).filter((field) => !SYSTEM_KINDS.includes(field.type));
  const cell = (field: FieldProperty) => ({ type: field.type, code: field.code, size: { width: '193' } });
  const layout = shown.map((field) =>
    field.type === 'SUBTABLE'
      ? { type: 'SUBTABLE', code: field.code, fields: Object.values(field.fields ?? {}).map(cell) }
      : { type: 'ROW', fields: [cell(field)] },
  );
  return { layout, revision: '1' };
};

function readableForm(call: EndpointCall): AppDefinition {
  const id = idArgument(call.args, 'app');
  const { app } = demandApp(call, id);
  if (!call.caller.may(id, 'view') && !call.caller.may(id, 'add')) throw failures.tokenMayNot();
  return app;
}

const CREATED = '2026-04-01T00:00:00.000Z';
const ADMINISTRATOR = { code: 'Administrator', name: 'Administrator' };

function appView(app: AppDefinition): object {
  return {
    appId: app.id,
    code: app.code,
    name: app.name,
    description: '',
    spaceId: null,
    threadId: null,
    createdAt: CREATED,
    creator: ADMINISTRATOR,
    modifiedAt: CREATED,
    modifier: ADMINISTRATOR,
  };
}
