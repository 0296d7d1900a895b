/** app/status.json, as it is and as it will be: the process of an app. */
import { z } from 'zod';
import type { AppDefinition, ProcessAction, ProcessManagement, ProcessState } from './app-definition.ts';
import type { AppSettings } from './app-settings.ts';
import { checked, flag, text } from './checked-settings.ts';
import { invalid, type Wording } from './kintone-failure.ts';
import type { Endpoint, EndpointCall } from './sandbox-state.ts';
import { changePreview, liveSettings, previewSettings } from './settings-state.ts';
import { demandRightFilter } from './view-endpoints.ts';

export const getProcess: Endpoint = (call) => processView(liveSettings(call));
export const getPreviewProcess: Endpoint = (call) => processView(previewSettings(call));

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
function byCreator(app: AppDefinition): ProcessState['assignee'] {
  const code = Object.values(app.fields).find(({ type }) => type === 'CREATOR')?.code ?? null;
  return { type: 'ONE', entities: [{ entity: { type: 'FIELD_ENTITY', code }, includeSubs: false }] };
}
const WRONG_START: Wording = {
  ja: '最初のステータスの作業者には、作成者だけを指定できます。',
  en: 'Only the record creator can be the assignee of the first status.',
  zh: '第一个状态的执行者只能指定创建人。',
};
const NO_PROCESS: ProcessManagement = { enable: false, states: {}, actions: [] };

export const putProcess: Endpoint = (call) => {
  const sent = checked(process, call.args, '');
  const { revision } = changePreview(call, (settings) => {
    const { definition } = settings;
    const before = definition.process ?? NO_PROCESS;
    const states = sent.states === undefined ? before.states : readStates(definition, sent.states);
    const actions = sent.actions ?? before.actions;
    demandRightStart(definition, Object.values(states));
    for (const [index, action] of actions.entries()) demandRightAction(call, definition, states, action, `actions[${index}]`);
    return { ...settings, definition: { ...definition, process: { enable: sent.enable ?? before.enable, states, actions } } };
  });
  return { revision: String(revision) };
};

/** In the first state only whoever made the record works on it, or nobody in particular. @throws KintoneFailure CB_VA01 */
function demandRightStart(app: AppDefinition, states: readonly ProcessState[]): void {
  const [first] = states.toSorted((left, right) => Number(left.index) - Number(right.index));
  if (first === undefined) return;
  const { type, entities } = first.assignee;
  const isCreator = ({ entity: { type: kind, code } }: (typeof entities)[number]): boolean =>
    kind === 'FIELD_ENTITY' && app.fields[code ?? '']?.type === 'CREATOR';
  if (type === 'ONE' && entities.length <= 1 && entities.every(isCreator)) return;
  throw invalid({ [`states[${first.name}].assignee`]: [WRONG_START] });
}

type SentStates = NonNullable<z.infer<typeof process>['states']>;

function readStates(app: AppDefinition, sent: SentStates): ProcessManagement['states'] {
  const states = Object.entries(sent).map(([key, { name, index, assignee }]) => {
    return [name ?? key, { name: name ?? key, index, assignee: assignee ?? byCreator(app) }];
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
        {
          ja: `「${action[end]}」というステータスはありません。`,
          en: `There is no status "${action[end]}".`,
          zh: `不存在“${action[end]}”状态。`,
        },
      ],
    });
  }
  demandRightFilter(call, app, action.filterCond);
}
