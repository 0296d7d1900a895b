/** Where an action leads a record, and who works on it there. Pure. */
import type { AppDefinition, ProcessAction, ProcessEntity, ProcessState } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import { failures } from './failures.ts';
import { PERSON_KINDS } from './field-values.ts';
import { processFailures } from './process-failures.ts';
import { type Progress, progressOf, statesInOrder } from './process-state.ts';
import { compileCondition, type QueryWorld } from './query-evaluation.ts';
import { parseQuery } from './query-parser.ts';
import type { People } from './sandbox-people.ts';

export interface Move {
  readonly action: string;
  /** Who is to work on it then; null: nobody was named. */
  readonly assignee: string | null;
}

/** @throws KintoneFailure GAIA_ST02, GAIA_IL03, GAIA_NT01, GAIA_SA01, GAIA_IL26 */
export function progressAfter(app: AppDefinition, record: StoredRecord, move: Move, world: QueryWorld, people: People): Progress {
  if (app.process?.enable !== true) throw processFailures.processDisabled();
  const now = progressOf(app, record);
  const action = app.process.actions.find((each) => each.name === move.action && each.from === now.status);
  if (action === undefined || !isOpenTo(app, action, record, world)) throw processFailures.statusNotChanged();
  if (now.assignees.length > 0 && !now.assignees.includes(world.user)) throw processFailures.notTheAssignee();
  const from = app.process.states[now.status];
  const others = now.assignees.filter((code) => code !== world.user);
  // Where everybody has to act, each leaves the list and the last one moves the record.
  if (from?.assignee.type === 'ALL' && others.length > 0) return { status: now.status, assignees: others };
  const to = app.process.states[action.to];
  return { status: action.to, assignees: to === undefined ? [] : assigneesIn(to, app, record, move.assignee, people) };
}

function isOpenTo(app: AppDefinition, action: ProcessAction, record: StoredRecord, world: QueryWorld): boolean {
  return compileCondition(app, parseQuery(action.filterCond).condition, world)(record);
}

function assigneesIn(
  state: ProcessState,
  app: AppDefinition,
  record: StoredRecord,
  named: string | null,
  people: People,
): readonly string[] {
  const candidates = [...new Set(state.assignee.entities.flatMap((entity) => membersOf(entity, app, record, people)))];
  if (state.assignee.type !== 'ONE') return candidates;
  if (state.assignee.entities.length === 0) return [];
  if (named === null) throw processFailures.assigneeNeeded();
  demandUser(named, people);
  if (!candidates.includes(named)) throw processFailures.assigneeNeeded();
  return [named];
}

export function demandUser(code: string, people: People): void {
  if (!people.users.some((user) => user.code === code)) throw failures.noSuchPerson('USER_SELECT', code);
}

function membersOf({ entity }: ProcessEntity, app: AppDefinition, record: StoredRecord, people: People): readonly string[] {
  const code = entity.code ?? '';
  switch (entity.type) {
    case 'USER':
      return people.users.some((user) => user.code === code) ? [code] : [];
    case 'ORGANIZATION':
      return people.users.filter((user) => user.organization === code).map((user) => user.code);
    case 'GROUP':
      return code === 'everyone' ? people.users.map((user) => user.code) : ['Administrator'];
    default:
      return fieldMembers(app, record, code);
  }
}

/** Whoever a field of the record names: its creator, its modifier, or the users chosen in it. */
function fieldMembers(app: AppDefinition, record: StoredRecord, code: string): readonly string[] {
  const type = app.fields[code]?.type;
  if (type === 'CREATOR') return [record.creator];
  if (type === 'MODIFIER') return [record.modifier];
  const value = record.values[code];
  if (type === undefined || !PERSON_KINDS.has(type) || !Array.isArray(value)) return [];
  return (value as readonly { readonly code: string }[]).map((person) => person.code);
}

/** In the first and the last state of a process one person at most works on a record. */
export function isForOneOnly(app: AppDefinition, status: string): boolean {
  const states = statesInOrder(app);
  return status === states[0]?.name || status === states.at(-1)?.name;
}
