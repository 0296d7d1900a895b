/** What an app of the sandbox is made of: the shapes of `app/form/fields.json` as far as the sandbox knows them. */
import type { NumberPrecision } from './exact-decimal.ts';

export type FieldKind =
  | 'SINGLE_LINE_TEXT'
  | 'MULTI_LINE_TEXT'
  | 'RICH_TEXT'
  | 'NUMBER'
  | 'DROP_DOWN'
  | 'RADIO_BUTTON'
  | 'CHECK_BOX'
  | 'MULTI_SELECT'
  | 'DATE'
  | 'TIME'
  | 'DATETIME'
  | 'LINK'
  | 'CALC'
  | 'FILE'
  | 'USER_SELECT'
  | 'ORGANIZATION_SELECT'
  | 'GROUP_SELECT'
  | 'SUBTABLE'
  | 'REFERENCE_TABLE'
  | 'GROUP'
  | 'RECORD_NUMBER'
  | 'CREATOR'
  | 'CREATED_TIME'
  | 'MODIFIER'
  | 'UPDATED_TIME'
  | 'STATUS'
  | 'STATUS_ASSIGNEE'
  | 'CATEGORY';

/** Fields every app has from its making on: nobody adds or removes them. */
export const SYSTEM_KINDS: readonly FieldKind[] = [
  ...(['RECORD_NUMBER', 'CREATOR', 'CREATED_TIME', 'MODIFIER', 'UPDATED_TIME'] as const),
  ...(['STATUS', 'STATUS_ASSIGNEE', 'CATEGORY'] as const),
];

/** Fields that are drawn in the form and hold nothing. */
export const EMPTY_KINDS: readonly FieldKind[] = ['REFERENCE_TABLE', 'GROUP'];

export interface LookupProperty {
  readonly relatedApp: { readonly app: string; readonly code: string };
  readonly relatedKeyField: string;
  readonly fieldMappings: readonly { readonly field: string; readonly relatedField: string }[];
  readonly lookupPickerFields: readonly string[];
  readonly filterCond: string;
  readonly sort: string;
}

export interface FieldProperty {
  readonly type: FieldKind;
  readonly code: string;
  readonly label: string;
  readonly noLabel?: boolean;
  readonly required?: boolean;
  readonly unique?: boolean;
  /** Numbers and lengths are strings on the wire; an empty string means none. */
  readonly maxLength?: string;
  readonly minLength?: string;
  readonly maxValue?: string;
  readonly minValue?: string;
  readonly digit?: boolean;
  readonly displayScale?: string;
  readonly unit?: string;
  readonly unitPosition?: 'BEFORE' | 'AFTER';
  readonly protocol?: 'WEB' | 'CALL' | 'MAIL';
  readonly options?: Readonly<Record<string, { readonly label: string; readonly index: string }>>;
  readonly align?: 'HORIZONTAL' | 'VERTICAL';
  readonly defaultValue?: unknown;
  readonly defaultNowValue?: boolean;
  readonly entities?: readonly unknown[];
  readonly lookup?: LookupProperty;
  /** Of a calculated field, or of a text that is put together by itself. */
  readonly expression?: string;
  readonly format?: string;
  readonly hideExpression?: boolean;
  /** Pixels, of the pictures in a file field. */
  readonly thumbnailSize?: string;
  /** Of STATUS, STATUS_ASSIGNEE and CATEGORY: whether the function is switched on. */
  readonly enabled?: boolean;
  /** Cells of a SUBTABLE. */
  readonly fields?: Readonly<Record<string, FieldProperty>>;
}

/** Who works on a record in a state: people, or whoever a field of the record names. */
export interface ProcessEntity {
  readonly entity: { readonly type: string; readonly code: string | null };
  readonly includeSubs: boolean;
}

export interface ProcessState {
  readonly name: string;
  readonly index: string;
  readonly assignee: { readonly type: 'ONE' | 'ALL' | 'ANY'; readonly entities: readonly ProcessEntity[] };
}

export interface ProcessAction {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** A query: only records that answer it take the action. */
  readonly filterCond: string;
}

export interface ProcessManagement {
  readonly enable: boolean;
  readonly states: Readonly<Record<string, ProcessState>>;
  readonly actions: readonly ProcessAction[];
}

export interface AppDefinition {
  readonly id: string;
  /** The app code; when set, record numbers read `CODE-1`. */
  readonly code: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldProperty>>;
  /** Left out: never set up. */
  readonly process?: ProcessManagement;
  /** The field that stands for a record; left out: the first text. */
  readonly titleField?: string;
  /** Of its numbers; left out: the service's usual one. */
  readonly precision?: NumberPrecision;
  readonly commentsOff?: boolean;
}

export interface FoundField {
  readonly property: FieldProperty;
  /** The table the field stands in, null for a field of the record itself. */
  readonly table: string | null;
}

/** A field of the record or a cell of one of its tables, by its code. */
export function findField(app: AppDefinition, code: string): FoundField | null {
  const own = Object.hasOwn(app.fields, code) ? app.fields[code] : undefined;
  if (own !== undefined) return { property: own, table: null };
  for (const table of Object.values(app.fields)) {
    const cell = table.fields !== undefined && Object.hasOwn(table.fields, code) ? table.fields[code] : undefined;
    if (cell !== undefined) return { property: cell, table: table.code };
  }
  return null;
}
