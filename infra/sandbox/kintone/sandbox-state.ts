/** All a running sandbox knows, and what every endpoint is given. */
import type { Account, ApiToken, Caller, Right } from './access.ts';
import type { AppDefinition } from './app-definition.ts';
import { type AppRecords, openAppRecords, type Undo } from './app-records.ts';
import { type AppEntry, seededEntry } from './app-settings.ts';
import { failures } from './failures.ts';
import { type FileStore, openFileStore } from './file-store.ts';
import type { Notice } from './notices.ts';
import type { QueryWorld } from './query-evaluation.ts';
import type { WriteWorld, Writing } from './record-writing.ts';
import type { Arguments } from './request-arguments.ts';
import { choosable, type People } from './sandbox-people.ts';
import type { Deployment } from './settings-state.ts';
import { openUsage, type Usage } from './usage.ts';

/** An open cursor: the ids it found, and how far it was read. */
export interface Cursor {
  readonly app: string;
  readonly ids: readonly number[];
  readonly fields: readonly string[] | null;
  readonly size: number;
  readonly at: number;
  readonly usedAt: number;
}

export interface SandboxState {
  /** Of the apps that are deployed. */
  readonly apps: Map<string, AppRecords>;
  readonly settings: Map<string, AppEntry>;
  /** Under way: they take effect when their time has come. */
  readonly deployments: Deployment[];
  readonly deployMs: number;
  readonly people: People;
  readonly accounts: readonly Account[];
  readonly tokens: readonly ApiToken[];
  readonly cursors: Map<string, Cursor>;
  readonly files: FileStore;
  readonly usage: Usage;
  readonly now: () => number;
  readonly newId: () => string;
  readonly indexLagMs: number;
  /** Fields that every write is refused for: the fault `refuseField`. */
  readonly refusedFields: Set<string>;
}

/** One request to one endpoint, also inside a bulkRequest. */
export interface EndpointCall {
  readonly state: SandboxState;
  readonly caller: Caller;
  readonly args: Arguments;
  /** The changes of the whole request: whoever catches a failure takes them back. */
  readonly undo: Undo;
  /** Gathers what is told by webhook; left out where nobody is told, as for parts of a bulkRequest. */
  readonly notices?: Notice[];
}

export type Endpoint = (call: EndpointCall) => object;

/** The day the apps were made that a sandbox begins with. */
const CREATED = Date.parse('2026-04-01T00:00:00Z');

export function openState(
  apps: readonly AppDefinition[],
  rest: Omit<SandboxState, 'apps' | 'settings' | 'deployments' | 'cursors' | 'files' | 'usage' | 'refusedFields'>,
): SandboxState {
  const opened = new Map(apps.map((app) => [app.id, openAppRecords(app)]));
  const settings = new Map(apps.map((app) => [app.id, seededEntry(app, CREATED)]));
  return {
    ...rest,
    apps: opened,
    settings,
    deployments: [],
    cursors: new Map(),
    files: openFileStore(rest),
    usage: openUsage(rest.now),
    refusedFields: new Set(),
  };
}

/** The app's records, when there is such an app and the caller may do all this with it. */
export function demandApp(call: EndpointCall, id: string, ...rights: readonly Right[]): AppRecords {
  const records = call.state.apps.get(id);
  if (records === undefined) throw failures.noSuchApp(id);
  call.caller.demand(id, rights);
  return records;
}

export function queryWorld(call: EndpointCall): QueryWorld {
  const { state, caller } = call;
  return {
    now: state.now(),
    user: caller.name,
    organization: state.people.users.find((user) => user.code === caller.name)?.organization ?? null,
    isKnownPerson: (kind, code) => choosable(state.people, kind).some((each) => each.code === code),
    indexLagMs: state.indexLagMs,
  };
}

export function writingOf(call: EndpointCall, records: AppRecords): Writing {
  const { state, caller } = call;
  const world: WriteWorld = {
    now: state.now(),
    visibleApp: (app) => (caller.may(app, 'view') ? (state.apps.get(app) ?? null) : null),
    refusedFields: state.refusedFields,
    people: state.people,
    files: state.files,
    mayForge: caller.may(records.app.id, 'admin'),
    writer: caller.name,
  };
  return { records, world, undo: call.undo, problems: new Map() };
}
