/** All a running sandbox knows, and what every endpoint is given. */
import type { Account, ApiToken, Caller, Right } from './access.ts';
import type { AppDefinition } from './app-definition.ts';
import { type AppRecords, openAppRecords, type Undo } from './app-records.ts';
import { failures } from './kintone-failure.ts';
import type { QueryWorld } from './query-evaluation.ts';
import type { WriteWorld, Writing } from './record-writing.ts';
import type { Arguments } from './request-arguments.ts';
import { choosable, type People } from './sandbox-people.ts';

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
  readonly apps: ReadonlyMap<string, AppRecords>;
  readonly people: People;
  readonly accounts: readonly Account[];
  readonly tokens: readonly ApiToken[];
  readonly cursors: Map<string, Cursor>;
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
}

export type Endpoint = (call: EndpointCall) => object;

export function openState(
  apps: readonly AppDefinition[],
  rest: Omit<SandboxState, 'apps' | 'cursors' | 'refusedFields'>,
): SandboxState {
  const opened = new Map(apps.map((app) => [app.id, openAppRecords(app)]));
  return { ...rest, apps: opened, cursors: new Map(), refusedFields: new Set() };
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
    writer: caller.name,
  };
  return { records, world, undo: call.undo, problems: new Map() };
}

export function takeBack(undo: Undo): void {
  for (const step of undo.toReversed()) step();
}
