/** What an app of the sandbox is made of: the shapes of `app/form/fields.json` as far as the sandbox knows them. */

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
  | 'USER_SELECT'
  | 'SUBTABLE'
  | 'RECORD_NUMBER'
  | 'CREATOR'
  | 'CREATED_TIME'
  | 'MODIFIER'
  | 'UPDATED_TIME';

export const SYSTEM_KINDS: readonly FieldKind[] = ['RECORD_NUMBER', 'CREATOR', 'CREATED_TIME', 'MODIFIER', 'UPDATED_TIME'];

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
  readonly defaultValue?: unknown;
  readonly defaultNowValue?: boolean;
  readonly entities?: readonly unknown[];
  readonly lookup?: LookupProperty;
  /** Cells of a SUBTABLE. */
  readonly fields?: Readonly<Record<string, FieldProperty>>;
}

export interface AppDefinition {
  readonly id: string;
  /** The app code; when set, record numbers read `CODE-1`. */
  readonly code: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldProperty>>;
}

/** A person who can sign in or be chosen in a USER_SELECT field. */
export interface SandboxUser {
  readonly code: string;
  readonly name: string;
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
