/** app/actions.json, as it is and as it will be: buttons that begin a record of another app. */
import { z } from 'zod';
import { type AppDefinition, findField } from './app-definition.ts';
import type { AppSettings } from './app-settings.ts';
import { checked, text } from './checked-settings.ts';
import { failures } from './failures.ts';
import { invalid, REQUIRED } from './kintone-failure.ts';
import { type AppAction, idsOf, numbered } from './more-settings.ts';
import type { Endpoint, EndpointCall } from './sandbox-state.ts';
import { demandEntities, person } from './setting-entities.ts';
import { changePreview, liveSettings, previewSettings } from './settings-state.ts';
import { demandRightFilter } from './view-endpoints.ts';

export const getActions: Endpoint = (call) => actionsView(liveSettings(call));
export const getPreviewActions: Endpoint = (call) => actionsView(previewSettings(call));

function actionsView({ more, revision }: AppSettings): object {
  return { actions: more.actions.byName, revision: String(revision) };
}

const mapping = z.discriminatedUnion('srcType', [
  z.object({ srcType: z.literal('FIELD'), srcField: text, destField: text }),
  z.object({ srcType: z.literal('RECORD_URL'), destField: text }),
]);
const action = z.object({
  ...{ index: text, name: text.optional(), filterCond: text.optional() },
  destApp: z.object({ app: text.optional(), code: text.optional() }).optional(),
  mappings: z.array(mapping).optional(),
  entities: z.array(person).optional(),
});
const EVERYONE = { type: 'GROUP', code: 'everyone' } as const;

/** All actions at once; of a known one only what is sent changes. */
export const putActions: Endpoint = (call) => {
  const sent = Object.entries(checked(z.record(z.string(), action), call.args.actions, 'actions'));
  const { more, revision } = changePreview(call, (settings) => {
    const before = settings.more.actions;
    const rows = sent.map(([key, each]) => {
      const known = Object.hasOwn(before.byName, key) ? before.byName[key] : undefined;
      return [key, each.name ?? key, actionOf(call, settings.definition, each, known, `actions[${key}]`)] as const;
    });
    return { ...settings, more: { ...settings.more, actions: numbered(before, rows) } };
  });
  return { actions: idsOf(more.actions), revision: String(revision) };
};

function actionOf(
  call: EndpointCall,
  app: AppDefinition,
  sent: z.infer<typeof action>,
  known: AppAction | undefined,
  path: string,
): AppAction {
  const target = sent.destApp === undefined ? known?.destApp : targetOf(call, sent.destApp, path);
  const mappings: AppAction['mappings'] | undefined = sent.mappings ?? known?.mappings;
  if (target === undefined) throw invalid({ [`${path}.destApp`]: [REQUIRED] });
  if (mappings === undefined) throw invalid({ [`${path}.mappings`]: [REQUIRED] });
  const other = call.state.apps.get(target.app)?.app;
  if (other === undefined) throw failures.noSuchApp(target.app);
  for (const each of mappings) {
    if (each.srcField !== undefined && findField(app, each.srcField) === null) throw failures.noSuchFormField(each.srcField);
    if (findField(other, each.destField) === null) throw failures.noSuchFormField(each.destField);
  }
  const filterCond = sent.filterCond ?? known?.filterCond ?? '';
  demandRightFilter(call, app, filterCond);
  demandEntities(call, app, sent.entities ?? []);
  return { index: sent.index, destApp: target, mappings, entities: sent.entities ?? known?.entities ?? [EVERYONE], filterCond };
}

/** By id, or by the app's code. */
function targetOf(call: EndpointCall, { app, code }: { app?: string | undefined; code?: string | undefined }, path: string) {
  const apps = [...call.state.apps.values()].map((records) => records.app);
  if (app === undefined && (code === undefined || code === '')) throw invalid({ [`${path}.destApp.app`]: [REQUIRED] });
  const found = apps.find((each) => (app === undefined ? each.code === code : each.id === app));
  if (found === undefined) throw failures.noSuchApp(app ?? code ?? '');
  return { app: found.id, code: found.code };
}
