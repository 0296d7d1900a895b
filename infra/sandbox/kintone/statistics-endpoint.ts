/** apps/statistics.json: how big every app is, and how often it was asked today. */
import type { AppRecords } from './app-records.ts';
import { failures } from './failures.ts';
import { nameOf } from './sandbox-people.ts';
import type { Endpoint, SandboxState } from './sandbox-state.ts';
import { entryOf } from './settings-state.ts';

export const getStatistics: Endpoint = ({ state, caller }) => {
  if (caller.isTokenOnly) throw failures.tokenMayNot();
  return { apps: [...state.settings.keys()].map((id) => statisticsOf(id, state)) };
};

function statisticsOf(id: string, state: SandboxState): object {
  const { live, preview, createdAt, creator, modifiedAt, modifier } = entryOf(state, id);
  const { definition, more } = live ?? preview;
  const { desktop, mobile } = more.customization;
  const customized = [desktop, mobile].some(({ js, css }) => js.length + css.length > 0);
  const records = state.apps.get(id);
  const person = (code: string) => ({ code, name: nameOf(state.people, code) });
  return {
    ...{ id, name: definition.name, space: null, appGroup: 'Public' },
    status: live === null ? 'NOT_ACTIVATED' : live.revision === preview.revision ? 'ACTIVATED' : 'CHANGED',
    recordUpdatedAt: latestChange(records),
    recordCount: String(records?.size() ?? 0),
    fieldCount: String(Object.keys(definition.fields).length),
    dailyRequestCount: String(state.usage.today().get(id) ?? 0),
    ...{ storageUsage: '0', customized },
    ...{ creator: person(creator), createdAt: second(createdAt), modifier: person(modifier), modifiedAt: second(modifiedAt) },
  };
}

/** An empty text where there are no records. */
function latestChange(records: AppRecords | undefined): string {
  let latest = 0;
  for (const { updatedAt } of records?.all() ?? []) latest = Math.max(latest, updatedAt);
  return latest === 0 ? '' : second(latest);
}

function second(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
