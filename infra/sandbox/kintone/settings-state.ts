/** Where every change of an app's settings goes through: who may make it, on which revision, and when it takes effect. */
import { SEEING } from './access.ts';
import { type AppRecords, openAppRecords } from './app-records.ts';
import type { AppEntry, AppSettings, DeployStatus } from './app-settings.ts';
import { failures } from './failures.ts';
import { withRenamedSource } from './field-renaming.ts';
import { type Origins, SAME } from './form-origins.ts';
import { idArgument, wholeNumber } from './request-arguments.ts';
import type { EndpointCall, SandboxState } from './sandbox-state.ts';

/** @throws KintoneFailure GAIA_AP01, GAIA_NO01, CB_NO02 */
export function liveSettings(call: EndpointCall, id = idArgument(call.args, 'app')): AppSettings {
  const live = entryOf(call.state, id).live;
  if (live === null) throw failures.noSuchApp(id);
  if (!SEEING.some((right) => call.caller.may(id, right))) call.caller.demand(id, ['view']);
  return live;
}

/** Of an app as it is, for those who manage it. */
export function managedSettings(call: EndpointCall): AppSettings {
  const id = idArgument(call.args, 'app');
  const settings = liveSettings(call, id);
  call.caller.demand(id, ['admin']);
  return settings;
}

export function previewSettings(call: EndpointCall, id = idArgument(call.args, 'app')): AppSettings {
  const { preview } = entryOf(call.state, id);
  call.caller.demand(id, ['admin']);
  return preview;
}

export function entryOf(state: SandboxState, id: string): AppEntry {
  const entry = state.settings.get(id);
  if (entry === undefined) throw failures.noSuchApp(id);
  return entry;
}

/** Puts new settings where the old ones were, a revision further. @throws KintoneFailure GAIA_CO03 */
export function changePreview(call: EndpointCall, change: (settings: AppSettings) => Omit<AppSettings, 'revision'>): AppSettings {
  const id = idArgument(call.args, 'app');
  const before = previewSettings(call, id);
  demandRevision(before, id, wholeNumber(call.args.revision, 'revision', null));
  const preview = { ...change(before), revision: before.revision + 1 };
  storeEntry(call, id, { ...entryOf(call.state, id), preview });
  return preview;
}

export function demandRevision(settings: AppSettings, id: string, revision: number | null): void {
  if (revision !== null && revision !== -1 && revision !== settings.revision) throw failures.settingsConflict(id);
}

export function storeEntry(call: EndpointCall, id: string, entry: AppEntry): void {
  const { settings, now } = call.state;
  const before = settings.get(id);
  settings.set(id, { ...entry, modifiedAt: now(), modifier: call.caller.name });
  call.undo.push(() => {
    if (before === undefined) settings.delete(id);
    else settings.set(id, before);
  });
}

/** Apps whose settings are taken over together: one that fails holds the others back. */
export interface Deployment {
  readonly apps: readonly string[];
  readonly revert: boolean;
  readonly doneAt: number;
}

/** What was to be done by now is done: the sandbox has no clockwork of its own. */
export function settleDeployments(state: SandboxState): void {
  const now = state.now();
  const due = state.deployments.filter(({ doneAt }) => doneAt <= now);
  if (due.length === 0) return;
  state.deployments.splice(0, state.deployments.length, ...state.deployments.filter(({ doneAt }) => doneAt > now));
  for (const deployment of due) settle(state, deployment);
}

function settle(state: SandboxState, { apps, revert }: Deployment): void {
  const failing = revert ? [] : apps.filter((id) => breaksRecords(state, id));
  for (const id of apps) {
    const entry = entryOf(state, id);
    const mark = (deploy: DeployStatus, change: Partial<AppEntry> = {}) =>
      state.settings.set(id, { ...entry, ...change, deploy });
    if (revert) mark('SUCCESS', entry.live === null ? {} : { preview: entry.live });
    else if (failing.length > 0) mark(failing.includes(id) ? 'FAIL' : 'CANCEL');
    else {
      takeOver(state, id, entry.preview);
      const settled = { ...entry.preview, origins: SAME };
      mark('SUCCESS', { live: settled, preview: settled });
      followRenamedFields(state, id, entry.preview.origins.fields);
    }
  }
}

/** Other apps' lookups go on reading the fields they read. */
function followRenamedFields(state: SandboxState, id: string, renamed: Origins['fields']): void {
  if (Object.keys(renamed).length === 0) return;
  const follow = (settings: AppSettings): AppSettings => {
    const fields = Object.values(settings.definition.fields).map((field) => [field.code, withRenamedSource(field, id, renamed)]);
    return { ...settings, definition: { ...settings.definition, fields: Object.fromEntries(fields) } };
  };
  for (const [other, entry] of state.settings) {
    const live = entry.live === null ? null : follow(entry.live);
    state.settings.set(other, { ...entry, live, preview: follow(entry.preview) });
    if (live !== null) state.apps.get(other)?.redefine(live.definition, SAME);
  }
}

function takeOver(state: SandboxState, id: string, { definition, origins }: AppSettings): void {
  const records = state.apps.get(id);
  if (records === undefined) state.apps.set(id, openAppRecords(definition));
  else records.redefine(definition, origins);
}

/** A field cannot prohibit duplicates that are there already. */
function breaksRecords(state: SandboxState, id: string): boolean {
  const records = state.apps.get(id);
  if (records === undefined) return false;
  const fields = Object.values(entryOf(state, id).preview.definition.fields);
  return fields.some(
    (field) => field.unique === true && records.app.fields[field.code]?.unique !== true && hasDuplicates(records, field.code),
  );
}

function hasDuplicates(records: AppRecords, code: string): boolean {
  const seen = new Set<string>();
  for (const { values } of records.all()) {
    const value = values[code];
    if (typeof value !== 'string' || value === '') continue;
    if (seen.has(value)) return true;
    seen.add(value);
  }
  return false;
}
