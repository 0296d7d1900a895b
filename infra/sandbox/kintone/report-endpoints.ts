/** app/reports.json, as it is and as it will be: the graphs of an app. */
import { z } from 'zod';
import { type AppDefinition, findField } from './app-definition.ts';
import type { AppSettings } from './app-settings.ts';
import { checked, flag, text } from './checked-settings.ts';
import { failures } from './failures.ts';
import { invalid, REQUIRED } from './kintone-failure.ts';
import { idsOf, numbered } from './more-settings.ts';
import type { Endpoint, EndpointCall } from './sandbox-state.ts';
import { changePreview, liveSettings, previewSettings } from './settings-state.ts';
import { demandRightFilter } from './view-endpoints.ts';

export const getReports: Endpoint = (call) => reportsView(liveSettings(call));
export const getPreviewReports: Endpoint = (call) => reportsView(previewSettings(call));

function reportsView({ more, revision }: AppSettings): object {
  return { reports: more.reports.byName, revision: String(revision) };
}

/** These are drawn in one of three ways, which has to be said. */
const MODED: readonly string[] = ['BAR', 'COLUMN', 'AREA', 'SPLINE_AREA'];
const PERIODS = ['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE'] as const;
const DATED: readonly string[] = ['DATE', 'DATETIME', 'CREATED_TIME', 'UPDATED_TIME', 'TIME'];
const MOST_GROUPS = 3;
const MOST_AGGREGATIONS = 10;

const dayOfMonth = text.pipe(z.string().regex(/^([1-9]|[12]\d|3[01])$/));
const lastOfMonth = z.union([z.literal('END_OF_MONTH'), dayOfMonth]);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]0$/);
const period = z.discriminatedUnion('every', [
  z.object({ every: z.literal('YEAR'), month: text.pipe(z.string().regex(/^([1-9]|1[0-2])$/)), dayOfMonth, time }),
  z.object({
    every: z.literal('QUARTER'),
    pattern: z.enum(['JAN_APR_JUL_OCT', 'FEB_MAY_AUG_NOV', 'MAR_JUN_SEP_DEC']),
    dayOfMonth: lastOfMonth,
    time,
  }),
  z.object({ every: z.literal('MONTH'), dayOfMonth: lastOfMonth, time }),
  z.object({
    every: z.literal('WEEK'),
    dayOfWeek: z.enum(['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY']),
    time,
  }),
  z.object({ every: z.literal('DAY'), time }),
  z.object({ every: z.literal('HOUR'), minute: text.pipe(z.enum(['0', '10', '20', '30', '40', '50'])) }),
]);
const report = z.object({
  chartType: z.enum(['BAR', 'COLUMN', 'PIE', 'LINE', 'PIVOT_TABLE', 'TABLE', 'AREA', 'SPLINE', 'SPLINE_AREA']),
  chartMode: z.enum(['NORMAL', 'STACKED', 'PERCENTAGE']).optional(),
  ...{ index: text, name: text.optional(), filterCond: text.default('') },
  groups: z
    .array(z.object({ code: text, per: z.enum(PERIODS).optional() }))
    .min(1)
    .max(MOST_GROUPS),
  aggregations: z
    .array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('COUNT') }),
        z.object({ type: z.enum(['SUM', 'AVERAGE', 'MAX', 'MIN']), code: text }),
      ]),
    )
    .min(1)
    .max(MOST_AGGREGATIONS)
    .default([{ type: 'COUNT' }]),
  sorts: z.array(z.object({ by: z.enum(['TOTAL', 'GROUP1', 'GROUP2', 'GROUP3']), order: z.enum(['ASC', 'DESC']) })).default([]),
  periodicReport: z
    .object({ active: flag.default(true), period: period.optional() })
    .nullable()
    .default(null),
});
type SentReport = z.infer<typeof report>;

/** All graphs at once: those that are not sent are gone. */
export const putReports: Endpoint = (call) => {
  const sent = Object.entries(checked(z.record(z.string(), report), call.args.reports, 'reports'));
  const { more, revision } = changePreview(call, (settings) => {
    for (const [key, each] of sent) demandRightReport(call, settings.definition, each, `reports[${key}]`);
    const rows = sent.map(([key, each]) => [key, each.name ?? key, each] as const);
    return { ...settings, more: { ...settings.more, reports: numbered(settings.more.reports, rows) } };
  });
  return { reports: idsOf(more.reports), revision: String(revision) };
};

function demandRightReport(call: EndpointCall, app: AppDefinition, sent: SentReport, path: string): void {
  if (MODED.includes(sent.chartType) && sent.chartMode === undefined) throw invalid({ [`${path}.chartMode`]: [REQUIRED] });
  for (const [index, { code, per }] of sent.groups.entries()) {
    const found = findField(app, code);
    if (found === null) throw failures.noSuchFormField(code);
    const isDated = DATED.includes(found.property.type);
    if (isDated && per === undefined) throw invalid({ [`${path}.groups[${index}].per`]: [REQUIRED] });
  }
  for (const each of sent.aggregations) {
    if (each.type !== 'COUNT' && findField(app, each.code) === null) throw failures.noSuchFormField(each.code);
  }
  demandRightFilter(call, app, sent.filterCond);
}
