/** app/views.json, as it is and as it will be. */
import { z } from 'zod';
import type { AppDefinition } from './app-definition.ts';
import type { AppSettings, View } from './app-settings.ts';
import { checked, flag, text } from './checked-settings.ts';
import { failures } from './failures.ts';
import { compileCondition } from './query-evaluation.ts';
import { parseQuery } from './query-parser.ts';
import { type Endpoint, type EndpointCall, queryWorld } from './sandbox-state.ts';
import { changePreview, liveSettings, previewSettings } from './settings-state.ts';

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

/** A condition that is kept for later is checked at once. @throws KintoneFailure GAIA_IQ03, GAIA_IQ11, CB_VA01 */
export function demandRightFilter(call: EndpointCall, app: AppDefinition, filter: string): void {
  compileCondition(app, parseQuery(filter).condition, queryWorld(call));
}
