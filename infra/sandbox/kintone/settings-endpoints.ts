/** app/settings.json, app/views.json and app/status.json, as they are and as they will be. */
import { z } from 'zod';
import type { AppDefinition, ProcessAction, ProcessManagement, ProcessState } from './app-definition.ts';
import type { AppSettings, GeneralSettings, View } from './app-settings.ts';
import { checked } from './checked-settings.ts';
import { failures } from './failures.ts';
import { invalid, tooLong } from './kintone-failure.ts';
import { compileCondition } from './query-evaluation.ts';
import { parseQuery } from './query-parser.ts';
import { type Endpoint, type EndpointCall, queryWorld } from './sandbox-state.ts';
import { changePreview, entryOf, liveSettings, previewSettings } from './settings-state.ts';

const flag = z
  .union([z.boolean(), z.literal('true'), z.literal('false')])
  .transform((value) => value === true || value === 'true');
const text = z.coerce.string();

export const getSettings: Endpoint = (call) => generalView(liveSettings(call));
export const getPreviewSettings: Endpoint = (call) => generalView(previewSettings(call));

function generalView({ definition, general, revision }: AppSettings): object {
  return { name: definition.name, ...general, revision: String(revision) };
}

const general = z.object({
  name: text.pipe(z.string().min(1)).optional(),
  description: text.optional(),
  icon: z.object({ type: z.literal('PRESET'), key: z.string().regex(/^APP([1-9]|[1-8]\d|90)$/) }).optional(),
  theme: z.enum(['WHITE', 'CLIPBOARD', 'BINDER', 'PENCIL', 'CLIPS', 'RED', 'GREEN', 'BLUE', 'YELLOW', 'BLACK']).optional(),
  titleField: z.object({ selectionMode: z.enum(['AUTO', 'MANUAL']), code: text.default('') }).optional(),
  ...{ enableThumbnails: flag.optional(), enableBulkDeletion: flag.optional(), enableComments: flag.optional() },
  ...{ enableDuplicateRecord: flag.optional(), enableInlineRecordEditing: flag.optional() },
  numberPrecision: z
    .object({
      digits: text,
      decimalPlaces: text.pipe(z.string().regex(/^\d$|^10$/)),
      roundingMode: z.enum(['HALF_EVEN', 'UP', 'DOWN']),
    })
    .optional(),
  firstMonthOfFiscalYear: text.pipe(z.string().regex(/^([1-9]|1[0-2])$/)).optional(),
});
const LONGEST_NAME = 64;

/** Icons of one's own are left out. */
export const putSettings: Endpoint = (call) => {
  const { name, ...sent } = checked(general, call.args, '');
  if (name !== undefined && name.length > LONGEST_NAME) throw invalid({ name: [tooLong(LONGEST_NAME)] });
  const { revision } = changePreview(call, (settings) => {
    const changed = { ...settings.general, ...defined(sent) } as GeneralSettings;
    const { selectionMode, code } = changed.titleField;
    if (selectionMode === 'MANUAL' && settings.definition.fields[code] === undefined) throw failures.noSuchFormField(code);
    const definition: AppDefinition = {
      ...settings.definition,
      name: name ?? settings.definition.name,
      decimalPlaces: Number(changed.numberPrecision.decimalPlaces),
      commentsOff: !changed.enableComments,
      ...(selectionMode === 'MANUAL' ? { titleField: code } : {}),
    };
    return { ...settings, general: changed, definition };
  });
  return { revision: String(revision) };
};

function defined(sent: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined));
}

export const getViews: Endpoint = (call) => viewsView(liveSettings(call));
export const getPreviewViews: Endpoint = (call) => viewsView(previewSettings(call));

function viewsView({ views, revision }: AppSettings): object {
  return { views, revision: String(revision) };
}

const shown = { index: text, name: text.optional(), filterCond: text.default(''), sort: text.default('') };
const view = z.discriminatedUnion('type', [
  z.object({ type: z.literal('LIST'), ...shown, fields: z.array(text).default([]) }),
  z.object({ type: z.literal('CALENDAR'), ...shown, date: text.optional(), title: text.optional() }),
  z.object({
    ...{ type: z.literal('CUSTOM'), ...shown, html: text.default(''), pager: flag.default(true) },
    device: z.enum(['DESKTOP', 'ANY']).default('ANY'),
  }),
]);

/** All views at once: those that are not sent are gone, those of a known name keep their id. */
export const putViews: Endpoint = (call) => {
  const sent = checked(z.record(z.string(), view), call.args.views, 'views');
  const { views, revision } = changePreview(call, (settings) => {
    let last = Math.max(0, ...Object.values(settings.views).map(({ id }) => Number(id)), settings.lastViewId ?? 0);
    const named = Object.entries(sent).map(([key, each]): readonly [string, View] => {
      demandRightView(call, settings.definition, each);
      const name = each.name ?? key;
      const known = settings.views[key];
      if (known === undefined) last += 1;
      return [name, { ...each, name, id: known?.id ?? String(last) }];
    });
    return { ...settings, views: Object.fromEntries(named), lastViewId: last };
  });
  const ids = Object.entries(views).map(([name, { id }]) => [name, { id }]);
  return { views: Object.fromEntries(ids), revision: String(revision) };
};

function demandRightView(call: EndpointCall, app: AppDefinition, each: z.infer<typeof view>): void {
  const codes = each.type === 'LIST' ? each.fields : each.type === 'CALENDAR' ? [each.date ?? '', each.title ?? ''] : [];
  const unknown = codes.find((code) => code !== '' && app.fields[code] === undefined);
  if (unknown !== undefined) throw failures.noSuchFormField(unknown);
  demandRightFilter(call, app, each.filterCond);
  if (each.sort !== '') parseQuery(`order by ${each.sort}`);
}

function demandRightFilter(call: EndpointCall, app: AppDefinition, filter: string): void {
  compileCondition(app, parseQuery(filter).condition, queryWorld(call));
}

export const getStatus: Endpoint = (call) => processView(liveSettings(call));
export const getPreviewStatus: Endpoint = (call) => processView(previewSettings(call));

/** An app in which nobody ever set up a process has neither states nor actions. */
function processView({ definition, revision }: AppSettings): object {
  const { enable, states, actions } = definition.process ?? { enable: false, states: null, actions: null };
  return { enable, states, actions, revision: String(revision) };
}

const entity = z.object({
  entity: z.object({
    type: z.enum(['USER', 'GROUP', 'ORGANIZATION', 'FIELD_ENTITY', 'CUSTOM_FIELD']),
    code: text.nullable().default(null),
  }),
  includeSubs: flag.default(false),
});
const process = z.object({
  enable: flag.optional(),
  states: z
    .record(
      z.string(),
      z.object({
        name: text.optional(),
        index: text,
        assignee: z.object({ type: z.enum(['ONE', 'ALL', 'ANY']), entities: z.array(entity) }).optional(),
      }),
    )
    .optional(),
  actions: z.array(z.object({ name: text, from: text, to: text, filterCond: text.default('') })).optional(),
});

/** Unless it is said otherwise, whoever made a record works on it. */
const BY_CREATOR: ProcessState['assignee'] = {
  type: 'ONE',
  entities: [{ entity: { type: 'FIELD_ENTITY', code: '作成者' }, includeSubs: false }],
};
const NO_PROCESS: ProcessManagement = { enable: false, states: {}, actions: [] };

export const putStatus: Endpoint = (call) => {
  const sent = checked(process, call.args, '');
  const { revision } = changePreview(call, (settings) => {
    const { definition } = settings;
    const before = definition.process ?? NO_PROCESS;
    const states = sent.states === undefined ? before.states : readStates(sent.states);
    const actions = sent.actions ?? before.actions;
    for (const [index, action] of actions.entries()) demandRightAction(call, definition, states, action, `actions[${index}]`);
    return { ...settings, definition: { ...definition, process: { enable: sent.enable ?? before.enable, states, actions } } };
  });
  return { revision: String(revision) };
};

type SentStates = NonNullable<z.infer<typeof process>['states']>;

function readStates(sent: SentStates): ProcessManagement['states'] {
  const states = Object.entries(sent).map(([key, { name, index, assignee }]) => {
    return [name ?? key, { name: name ?? key, index, assignee: assignee ?? BY_CREATOR }];
  });
  return Object.fromEntries(states);
}

function demandRightAction(
  call: EndpointCall,
  app: AppDefinition,
  states: ProcessManagement['states'],
  action: ProcessAction,
  path: string,
): void {
  for (const end of ['from', 'to'] as const) {
    if (states[action[end]] !== undefined) continue;
    throw invalid({
      [`${path}.${end}`]: [
        { ja: `「${action[end]}」というステータスはありません。`, en: `There is no status "${action[end]}".` },
      ],
    });
  }
  demandRightFilter(call, app, action.filterCond);
}

/** Every app of the domain, for whoever counts. */
export const getStatistics: Endpoint = ({ state, caller }) => {
  if (caller.isTokenOnly) throw failures.tokenMayNot();
  const apps = [...state.settings.keys()].map((id) => statisticsOf(id, { state, caller, args: {}, undo: [] }));
  return { apps };
};

function statisticsOf(id: string, { state }: EndpointCall): object {
  const { live, preview, createdAt, creator, modifiedAt, modifier } = entryOf(state, id);
  const { definition } = live ?? preview;
  const records = state.apps.get(id);
  const person = (code: string) => ({ code, name: state.people.users.find((user) => user.code === code)?.name ?? code });
  const time = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
  return {
    ...{ id, name: definition.name, space: null, appGroup: 'Public' },
    status: live === null ? 'NOT_ACTIVATED' : live.revision === preview.revision ? 'ACTIVATED' : 'CHANGED',
    recordUpdatedAt: latestChange(records) ?? '',
    recordCount: String(records?.size() ?? 0),
    fieldCount: String(Object.keys(definition.fields).length),
    dailyRequestCount: String(state.usage.today().get(id) ?? 0),
    ...{ storageUsage: '0', customized: false },
    ...{ creator: person(creator), createdAt: time(createdAt), modifier: person(modifier), modifiedAt: time(modifiedAt) },
  };
}

function latestChange(records: ReturnType<EndpointCall['state']['apps']['get']>): string | null {
  const latest = [...(records?.all() ?? [])].reduce((last, { updatedAt }) => Math.max(last, updatedAt), 0);
  return latest === 0 ? null : `${new Date(latest).toISOString().slice(0, 19)}Z`;
}
