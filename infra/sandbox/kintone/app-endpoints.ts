/** app.json and apps.json: the apps that are deployed. */
import { SEEING } from './access.ts';
import type { AppEntry } from './app-settings.ts';
import { failures } from './failures.ts';
import { tooMany } from './kintone-failure.ts';
import { idArgument, listArgument, textArgument, wholeNumber } from './request-arguments.ts';
import { nameOf, type People } from './sandbox-people.ts';
import { demandApp, type Endpoint } from './sandbox-state.ts';
import { entryOf } from './settings-state.ts';

const MOST_APPS = 100;

export const getApp: Endpoint = (call) => {
  const { app } = demandApp(call, idArgument(call.args, 'id'));
  return appView(entryOf(call.state, app.id), call.state.people);
};

/** API tokens may not call it: they belong to one app and know of no other. */
export const getApps: Endpoint = ({ args, caller, state }) => {
  if (caller.isTokenOnly) throw failures.tokenMayNot();
  const limit = wholeNumber(args.limit, 'limit', MOST_APPS) ?? MOST_APPS;
  if (limit < 1 || limit > MOST_APPS) throw tooMany('limit', MOST_APPS);
  const offset = wholeNumber(args.offset, 'offset', 0) ?? 0;
  const ids = listArgument(args, 'ids')?.map(String) ?? null;
  const codes = listArgument(args, 'codes')?.map(String) ?? null;
  const isInSpace = (listArgument(args, 'spaceIds') ?? []).length > 0;
  const name = textArgument(args, 'name').toLowerCase();
  const apps = [...state.apps.values()]
    .map((records) => records.app)
    .filter((app) => SEEING.some((right) => caller.may(app.id, right)))
    .filter((app) => !isInSpace && (ids === null || ids.includes(app.id)) && (codes === null || codes.includes(app.code)))
    .filter((app) => app.name.toLowerCase().includes(name))
    .toSorted((left, right) => Number(left.id) - Number(right.id));
  return { apps: apps.slice(offset, offset + limit).map((app) => appView(entryOf(state, app.id), state.people)) };
};

function appView({ live, preview, createdAt, creator, modifiedAt, modifier }: AppEntry, people: People): object {
  const { definition, general } = live ?? preview;
  return {
    appId: definition.id,
    code: definition.code,
    name: definition.name,
    description: general.description,
    spaceId: null,
    threadId: null,
    createdAt: new Date(createdAt).toISOString(),
    creator: { code: creator, name: nameOf(people, creator) },
    modifiedAt: new Date(modifiedAt).toISOString(),
    modifier: { code: modifier, name: nameOf(people, modifier) },
  };
}
