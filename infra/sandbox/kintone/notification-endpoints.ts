/** app/notifications/*.json, as they are and as they will be: who is told what. The sandbox keeps them and tells nobody. */
import { z } from 'zod';
import type { AppDefinition } from './app-definition.ts';
import type { AppSettings } from './app-settings.ts';
import { checked, flag, text } from './checked-settings.ts';
import { failures } from './failures.ts';
import { invalidChoice } from './kintone-failure.ts';
import type { MoreSettings } from './more-settings.ts';
import type { Endpoint, EndpointCall } from './sandbox-state.ts';
import { demandEntities, personOrField } from './setting-entities.ts';
import { changePreview, managedSettings, previewSettings } from './settings-state.ts';
import { demandRightFilter } from './view-endpoints.ts';

export const getGeneral: Endpoint = (call) => generalView(managedSettings(call));
export const getPreviewGeneral: Endpoint = (call) => generalView(previewSettings(call));
export const getPerRecord: Endpoint = (call) => perRecordView(managedSettings(call));
export const getPreviewPerRecord: Endpoint = (call) => perRecordView(previewSettings(call));
export const getReminder: Endpoint = (call) => reminderView(managedSettings(call));
export const getPreviewReminder: Endpoint = (call) => reminderView(previewSettings(call));

function generalView({ more, revision }: AppSettings): object {
  return { ...more.general, revision: String(revision) };
}
function perRecordView({ more, revision }: AppSettings): object {
  return { notifications: more.perRecord, revision: String(revision) };
}
function reminderView({ more, revision }: AppSettings): object {
  return { ...more.reminder, revision: String(revision) };
}

const MOST_TARGETS = 100;
const no = flag.default(false);
const target = z.object({ entity: personOrField, includeSubs: no });
const targets = z.array(target).min(1).max(MOST_TARGETS);
const general = z.object({
  notifications: z
    .array(target.extend({ recordAdded: no, recordEdited: no, commentAdded: no, statusChanged: no, fileImported: no }))
    .optional(),
  notifyToCommenter: flag.optional(),
});
const perRecord = z.object({ notifications: z.array(z.object({ filterCond: text, title: text.default(''), targets })) });
const timing = z.union([
  z.object({
    code: text,
    daysLater: text.pipe(z.string().regex(/^-?\d{1,3}$/)),
    time: z.string().regex(/^([01]\d|2[0-3]):[0-5]0$/),
  }),
  z.object({
    ...{ code: text, daysLater: text.pipe(z.string().regex(/^-?\d{1,3}$/)) },
    hoursLater: text.pipe(z.string().regex(/^-?\d{1,3}$/)),
  }),
]);
const reminder = z.object({
  notifications: z.array(z.object({ timing, filterCond: text.default(''), title: text.default(''), targets })).optional(),
  timezone: z.string().optional(),
});

export const putGeneral: Endpoint = (call) => {
  const sent = checked(general, call.args, '');
  return change(call, ({ definition, more }) => {
    for (const { entity } of sent.notifications ?? []) demandEntities(call, definition, [entity]);
    const { notifications, notifyToCommenter } = more.general;
    return {
      general: {
        notifications: sent.notifications ?? notifications,
        notifyToCommenter: sent.notifyToCommenter ?? notifyToCommenter,
      },
    };
  });
};

export const putPerRecord: Endpoint = (call) => {
  const { notifications } = checked(perRecord, call.args, '');
  return change(call, ({ definition }) => {
    for (const each of notifications) demandRightTargets(call, definition, each);
    return { perRecord: notifications };
  });
};

const DATED: readonly string[] = ['DATE', 'DATETIME', 'CREATED_TIME', 'UPDATED_TIME'];

export const putReminder: Endpoint = (call) => {
  const sent = checked(reminder, call.args, '');
  if (sent.timezone !== undefined && !isZone(sent.timezone)) throw invalidChoice('timezone');
  return change(call, ({ definition, more }) => {
    for (const each of sent.notifications ?? []) {
      const { code } = each.timing;
      const kind = Object.hasOwn(definition.fields, code) ? definition.fields[code]?.type : undefined;
      if (kind === undefined || !DATED.includes(kind)) throw failures.noSuchFormField(code);
      demandRightTargets(call, definition, each);
    }
    const { notifications, timezone } = more.reminder;
    return { reminder: { notifications: sent.notifications ?? notifications, timezone: sent.timezone ?? timezone } };
  });
};

function isZone(name: string): boolean {
  return name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name);
}

type Targets = z.infer<typeof targets>;

function demandRightTargets(
  call: EndpointCall,
  app: AppDefinition,
  sent: { readonly filterCond: string; readonly targets: Targets },
): void {
  demandRightFilter(call, app, sent.filterCond);
  demandEntities(
    call,
    app,
    sent.targets.map(({ entity }) => entity),
  );
}

function change(call: EndpointCall, part: (settings: AppSettings) => Partial<MoreSettings>): object {
  const { revision } = changePreview(call, (settings) => ({ ...settings, more: { ...settings.more, ...part(settings) } }));
  return { revision: String(revision) };
}
