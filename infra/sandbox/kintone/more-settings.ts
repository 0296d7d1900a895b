/** What an app's settings hold besides its form: graphs, actions, notifications, scripts, notes. The sandbox keeps them and runs none. */
import type { FileValue } from './field-values.ts';

/** Under its name; numbers of what is gone are not given again. */
export interface Numbered<T> {
  readonly byName: Readonly<Record<string, T & { readonly id: string; readonly name: string }>>;
  readonly lastId: number;
}

export type CustomFile = { readonly type: 'URL'; readonly url: string } | { readonly type: 'FILE'; readonly file: FileValue };

export interface CustomFiles {
  readonly js: readonly CustomFile[];
  readonly css: readonly CustomFile[];
}

export interface Customization {
  readonly scope: 'ALL' | 'ADMIN' | 'NONE';
  readonly desktop: CustomFiles;
  readonly mobile: CustomFiles;
}

export interface MoreSettings {
  readonly reports: Numbered<object>;
  readonly actions: Numbered<AppAction>;
  readonly general: { readonly notifications: readonly object[]; readonly notifyToCommenter: boolean };
  readonly perRecord: readonly object[];
  readonly reminder: { readonly notifications: readonly object[]; readonly timezone: string };
  readonly customization: Customization;
  readonly adminNotes: { readonly content: string; readonly includeInTemplateAndDuplicates: boolean };
}

export interface AppAction {
  readonly index: string;
  readonly destApp: { readonly app: string; readonly code: string };
  readonly mappings: readonly { readonly srcType: string; readonly srcField?: string; readonly destField: string }[];
  readonly entities: readonly object[];
  readonly filterCond: string;
}

const NONE: Numbered<never> = { byName: {}, lastId: 0 };
const NO_FILES: CustomFiles = { js: [], css: [] };

export const NOTHING_MORE: MoreSettings = {
  reports: NONE,
  actions: NONE,
  general: { notifications: [], notifyToCommenter: true },
  perRecord: [],
  reminder: { notifications: [], timezone: 'Asia/Tokyo' },
  customization: { scope: 'ALL', desktop: NO_FILES, mobile: NO_FILES },
  adminNotes: { content: '', includeInTemplateAndDuplicates: false },
};

/** All at once: those that are not sent are gone, those of a known name keep their number. */
export function numbered<T>(before: Numbered<T>, sent: readonly (readonly [key: string, name: string, value: T])[]): Numbered<T> {
  let { lastId } = before;
  const entries = sent.map(([key, name, value]) => {
    const known = Object.hasOwn(before.byName, key) ? before.byName[key] : undefined;
    if (known === undefined) lastId += 1;
    return [name, { ...value, name, id: known?.id ?? String(lastId) }];
  });
  return { byName: Object.fromEntries(entries), lastId };
}

export function idsOf({ byName }: Numbered<unknown>): Readonly<Record<string, { readonly id: string }>> {
  return Object.fromEntries(Object.entries(byName).map(([name, { id }]) => [name, { id }]));
}
