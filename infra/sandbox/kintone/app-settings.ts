/** An app's settings, which exist twice: as they are, and as they will be once they are deployed. */
import type { AppDefinition, FieldProperty } from './app-definition.ts';
import { EMPTY_KINDS, SYSTEM_KINDS } from './app-definition.ts';
import type { RoundingMode } from './exact-decimal.ts';
import { type Origins, SAME } from './form-origins.ts';
import { type MoreSettings, NOTHING_MORE } from './more-settings.ts';

export interface LayoutField {
  readonly type: string;
  readonly code?: string;
  readonly label?: string;
  readonly elementId?: string;
  readonly size?: Readonly<Record<string, string>>;
}

export interface LayoutRow {
  readonly type: 'ROW';
  readonly fields: readonly LayoutField[];
}

export type LayoutPart =
  | LayoutRow
  | { readonly type: 'SUBTABLE'; readonly code: string; readonly fields: readonly LayoutField[] }
  | { readonly type: 'GROUP'; readonly code: string; readonly layout: readonly LayoutRow[] };

export interface View {
  readonly id: string;
  readonly index: string;
  readonly name: string;
  readonly type: 'LIST' | 'CALENDAR' | 'CUSTOM';
  readonly filterCond: string;
  readonly sort: string;
  readonly [more: string]: unknown;
}

/** What stands on the general page of the settings. */
export interface GeneralSettings {
  readonly description: string;
  readonly icon: { readonly type: 'PRESET'; readonly key: string };
  readonly theme: string;
  readonly titleField: { readonly selectionMode: 'AUTO' | 'MANUAL'; readonly code: string };
  readonly enableThumbnails: boolean;
  readonly enableBulkDeletion: boolean;
  readonly enableComments: boolean;
  readonly enableDuplicateRecord: boolean;
  readonly enableInlineRecordEditing: boolean;
  readonly numberPrecision: { readonly digits: string; readonly decimalPlaces: string; readonly roundingMode: RoundingMode };
  readonly firstMonthOfFiscalYear: string;
}

/** What a person, a group or an organisation may do in an app; the first that fits the asker counts. */
export interface AppRight {
  readonly entity: { readonly type: 'USER' | 'ORGANIZATION' | 'GROUP' | 'CREATOR'; readonly code: string | null };
  readonly includeSubs: boolean;
  readonly appEditable: boolean;
  readonly recordViewable: boolean;
  readonly recordAddable: boolean;
  readonly recordEditable: boolean;
  readonly recordDeletable: boolean;
  readonly recordImportable: boolean;
  readonly recordExportable: boolean;
}

export interface AppSettings {
  readonly definition: AppDefinition;
  readonly layout: readonly LayoutPart[];
  readonly views: Readonly<Record<string, View>>;
  /** Numbers of views that are gone are not given again. */
  readonly lastViewId?: number;
  readonly general: GeneralSettings;
  readonly rights: readonly AppRight[];
  readonly more: MoreSettings;
  /** Of settings to come: what their fields are called in the app as it is. */
  readonly origins: Origins;
  /** One counter for all settings of the app. */
  readonly revision: number;
}

export type DeployStatus = 'PROCESSING' | 'SUCCESS' | 'FAIL' | 'CANCEL';

export interface AppEntry {
  /** Null until the app is deployed for the first time. */
  readonly live: AppSettings | null;
  readonly preview: AppSettings;
  readonly createdAt: number;
  /** Login names. */
  readonly creator: string;
  readonly modifiedAt: number;
  readonly modifier: string;
  readonly deploy: DeployStatus;
}

const GENERAL: GeneralSettings = {
  description: '',
  icon: { type: 'PRESET', key: 'APP72' },
  theme: 'WHITE',
  titleField: { selectionMode: 'AUTO', code: '' },
  ...{ enableThumbnails: true, enableBulkDeletion: false, enableComments: true, enableDuplicateRecord: true },
  enableInlineRecordEditing: true,
  numberPrecision: { digits: '16', decimalPlaces: '4', roundingMode: 'HALF_EVEN' },
  firstMonthOfFiscalYear: '4',
};

const RECORDS_ONLY = {
  ...{ recordViewable: true, recordAddable: true, recordEditable: true, recordDeletable: true },
  ...{ appEditable: false, recordImportable: false, recordExportable: false, includeSubs: false },
};
const EVERYTHING = { ...RECORDS_ONLY, appEditable: true, recordImportable: true, recordExportable: true };

const CREATOR: AppRight = { entity: { type: 'CREATOR', code: null }, ...EVERYTHING };
/** As the service makes it: whoever made the app manages it, and everybody works with its records. */
const RIGHTS_OF_A_NEW_APP: readonly AppRight[] = [CREATOR, { entity: { type: 'GROUP', code: 'everyone' }, ...RECORDS_ONLY }];
/** Whoever signs in to the sandbox may try everything in the apps it begins with. */
const OPEN_RIGHTS: readonly AppRight[] = [CREATOR, { entity: { type: 'GROUP', code: 'everyone' }, ...EVERYTHING }];

export function newSettings(definition: AppDefinition, revision: number): AppSettings {
  return {
    definition,
    layout: layoutOf(definition),
    views: {},
    general: GENERAL,
    rights: RIGHTS_OF_A_NEW_APP,
    more: NOTHING_MORE,
    origins: SAME,
    revision,
  };
}

/** An app the sandbox begins with: deployed, and open to everybody who signs in. */
export function seededEntry(definition: AppDefinition, at: number): AppEntry {
  const settings = { ...newSettings(definition, 1), rights: OPEN_RIGHTS };
  const made = { createdAt: at, creator: 'Administrator', modifiedAt: at, modifier: 'Administrator' };
  return { live: settings, preview: settings, ...made, deploy: 'SUCCESS' };
}

/** One row a field, tables by themselves. */
function layoutOf(definition: AppDefinition): readonly LayoutPart[] {
  return Object.values(definition.fields).flatMap((field) => layoutPart(field) ?? []);
}

/** Null for fields that stand in every app and in no layout. */
export function layoutPart(field: FieldProperty): LayoutPart | null {
  if (field.type === 'SUBTABLE') {
    return { type: 'SUBTABLE', code: field.code, fields: Object.values(field.fields ?? {}).map(layoutField) };
  }
  if (field.type === 'GROUP') return { type: 'GROUP', code: field.code, layout: [] };
  return SYSTEM_KINDS.includes(field.type) ? null : { type: 'ROW', fields: [layoutField(field)] };
}

export function layoutField(field: FieldProperty): LayoutField {
  return EMPTY_KINDS.includes(field.type)
    ? { type: field.type, code: field.code }
    : { type: field.type, code: field.code, size: { width: '193' } };
}
