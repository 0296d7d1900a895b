/**
 * What an app's form lacks for what a mapping writes into it. Only ever adds: a field is never removed, renamed or given another
 * type, and what cannot be done without that is told as a conflict. Pure.
 */
import type { FormField } from './kintone-form.ts';

export interface WantedField {
  readonly name: string;
  readonly kind: 'text' | 'longText' | 'integer' | 'number' | 'date' | 'time' | 'dateTime' | 'choice' | 'user';
  readonly choices: readonly string[];
  readonly isKey: boolean;
}

/** An app's form as it is (null: never published) and as it will be once somebody publishes it. */
export interface AppForm {
  readonly live: FormState | null;
  readonly preview: FormState;
}

export interface FormState {
  readonly fields: ReadonlyMap<string, FormField>;
  readonly layout: readonly LayoutPart[];
}

export interface LayoutPart {
  readonly type: string;
  readonly fields?: readonly { readonly code?: string | undefined }[] | undefined;
}

/** A view of a new app: what is open, the next due first. */
export interface WantedView {
  readonly name: string;
  readonly columns: readonly string[];
  readonly open: { readonly field: string; readonly value: string };
  readonly dueBy: string;
}

export type FormStep =
  | { readonly kind: 'addField'; readonly code: string; readonly property: FieldProperty }
  | { readonly kind: 'makeUnique'; readonly code: string }
  | { readonly kind: 'addChoices'; readonly code: string; readonly choices: readonly string[] }
  /** The new fields, in rows at the end of the form; whatever was there stays where it is. */
  | { readonly kind: 'arrange'; readonly rows: readonly (readonly string[])[] }
  /** Unless somebody has made views by then. */
  | ({ readonly kind: 'addView' } & WantedView)
  | { readonly kind: 'publish' };

export type FieldProperty = Readonly<Record<string, unknown>> & { readonly type: string; readonly code: string };

export type FormConflict =
  | { readonly kind: 'otherType'; readonly code: string; readonly type: string; readonly wanted: string }
  | { readonly kind: 'copied' | 'inTable'; readonly code: string }
  /** Required, and the mapping does not fill it: kintone would refuse every record. */
  | { readonly kind: 'requiredUnfilled'; readonly code: string }
  /** Somebody's changes that are not published yet would be published along with ours. */
  | { readonly kind: 'unpublished'; readonly codes: readonly string[] };

export interface FormPlan {
  /** In the order in which they are done; [] when there is nothing to do. */
  readonly steps: readonly FormStep[];
  readonly conflicts: readonly FormConflict[];
}

const types = {
  text: 'SINGLE_LINE_TEXT',
  longText: 'MULTI_LINE_TEXT',
  integer: 'NUMBER',
  number: 'NUMBER',
  date: 'DATE',
  time: 'TIME',
  dateTime: 'DATETIME',
  choice: 'DROP_DOWN',
  user: 'USER_SELECT',
} as const satisfies Readonly<Record<WantedField['kind'], string>>;

const texts = ['SINGLE_LINE_TEXT', 'MULTI_LINE_TEXT', 'RICH_TEXT'];
const choosing = ['DROP_DOWN', 'RADIO_BUTTON'];
/** Types that do as well as the one we would make. */
const alsoFits: Partial<Record<WantedField['kind'], readonly string[]>> = {
  text: [...texts, 'LINK', ...choosing],
  longText: texts,
  choice: [...choosing, ...texts],
  user: texts,
};

/** A further field of this set-up (related records); `property` null when it is there already. */
export interface OwnField {
  readonly code: string;
  readonly property: FieldProperty | null;
}

/** `view`: for an app that was never published; the views of any other are its people's. */
export function planForm(
  wanted: readonly WantedField[],
  form: AppForm,
  ours: readonly OwnField[],
  view: WantedView | null = null,
): FormPlan {
  const { fields } = form.preview;
  const steps: FormStep[] = [];
  const conflicts: FormConflict[] = [];
  for (const want of wanted) {
    const field = fields.get(want.name);
    if (field === undefined) steps.push({ kind: 'addField', code: want.name, property: propertyOf(want) });
    else {
      const conflict = conflictOf(want, field);
      if (conflict === null) steps.push(...mendingOf(want, field));
      else conflicts.push(conflict);
    }
  }
  for (const { code, property } of ours) {
    const field = fields.get(code);
    if (property === null) continue;
    if (field === undefined) steps.push({ kind: 'addField', code, property });
    else conflicts.push({ kind: 'otherType', code, type: field.type, wanted: property.type });
  }
  const codes = [...wanted.map(({ name }) => name), ...ours.map(({ code }) => code)];
  if (wanted.length > 0) conflicts.push(...unfilled(fields, codes));
  const foreign = foreignChanges(form, codes);
  if (foreign.length > 0) conflicts.push({ kind: 'unpublished', codes: foreign });
  const isNew = (code: string) => !(form.live?.fields.has(code) ?? false);
  const rows = rowsOf(wanted.filter(({ name }) => isNew(name) && !conflicts.some((one) => 'code' in one && one.code === name)));
  if (rows.length > 1 && !isArranged(form.preview.layout, rows)) steps.push({ kind: 'arrange', rows });
  if (view !== null && form.live === null) steps.push({ kind: 'addView', ...view });
  if (steps.length > 0 || form.live === null || codes.some((code) => isChanged(form, code))) steps.push({ kind: 'publish' });
  return { steps, conflicts };
}

/** The layout with these rows at its end, and without the rows that held one of their fields alone. */
export function arrangedLayout(layout: readonly LayoutPart[], rows: readonly (readonly string[])[]): readonly LayoutPart[] {
  const codes = rows.flat();
  const isMoved = ({ type, fields = [] }: LayoutPart) =>
    type === 'ROW' && fields.length > 0 && fields.every(({ code }) => code !== undefined && codes.includes(code));
  const moved = layout.filter(isMoved).flatMap(({ fields = [] }) => fields);
  const fresh = rows.map((row) => ({
    type: 'ROW',
    fields: row.flatMap((code) => moved.find((field) => field.code === code) ?? []),
  }));
  return [...layout.filter((part) => !isMoved(part)), ...fresh.filter(({ fields }) => fields.length > 0)];
}

function isArranged(layout: readonly LayoutPart[], rows: readonly (readonly string[])[]): boolean {
  const tail = layout.slice(-rows.length).map(({ fields = [] }) => fields.map(({ code }) => code));
  return JSON.stringify(tail) === JSON.stringify(rows);
}

function propertyOf({ name, kind, choices, isKey }: WantedField): FieldProperty {
  const property = { type: types[kind], code: name, label: name };
  if (kind === 'choice') return { ...property, options: optionsOf(choices, 0) };
  return isKey ? { ...property, unique: true } : property;
}

export function optionsOf(choices: readonly string[], from: number) {
  return Object.fromEntries(choices.map((choice, index) => [choice, { label: choice, index: String(from + index) }]));
}

function conflictOf({ name, kind, isKey }: WantedField, field: FormField): FormConflict | null {
  if (field.table !== null) return { kind: 'inTable', code: name };
  if (field.isCopied || (isKey && field.lookup != null)) return { kind: 'copied', code: name };
  const fits = isKey ? [types.text] : [types[kind], ...(alsoFits[kind] ?? [])];
  return (fits as readonly string[]).includes(field.type)
    ? null
    : { kind: 'otherType', code: name, type: field.type, wanted: types[kind] };
}

function mendingOf({ name, isKey, kind, choices }: WantedField, field: FormField): readonly FormStep[] {
  if (isKey && !field.unique) return [{ kind: 'makeUnique', code: name }];
  if (kind !== 'choice' || field.options === undefined) return [];
  const missing = choices.filter((choice) => !Object.hasOwn(field.options ?? {}, choice));
  return missing.length === 0 ? [] : [{ kind: 'addChoices', code: name, choices: missing }];
}

function unfilled(fields: AppForm['preview']['fields'], codes: readonly string[]): readonly FormConflict[] {
  const hasDefault = ({ defaultValue, defaultNowValue }: FormField) =>
    defaultNowValue || (Array.isArray(defaultValue) ? defaultValue.length > 0 : Boolean(defaultValue));
  return [...fields.values()]
    .filter((field) => field.required && field.table === null && !codes.includes(field.code) && !hasDefault(field))
    .map(({ code }) => ({ kind: 'requiredUnfilled', code }));
}

/** Codes of other people's fields that differ between the form as it is and as it will be; `(layout)` for the layout. */
function foreignChanges(form: AppForm, ours: readonly string[]): readonly string[] {
  if (form.live === null) return [];
  const all = new Set([...form.live.fields.keys(), ...form.preview.fields.keys()]);
  const codes = [...all].filter((code) => !ours.includes(code) && isChanged(form, code));
  const without = (layout: readonly LayoutPart[]) => JSON.stringify(layoutWithout(layout, ours));
  const isMoved = without(form.live.layout) !== without(form.preview.layout);
  return codes.length === 0 && isMoved ? ['(layout)'] : codes;
}

function isChanged({ live, preview }: AppForm, code: string): boolean {
  return JSON.stringify(live?.fields.get(code)) !== JSON.stringify(preview.fields.get(code));
}

function layoutWithout(layout: readonly LayoutPart[], codes: readonly string[]): readonly LayoutPart[] {
  return layout.flatMap((part) => {
    if (part.type !== 'ROW' || part.fields === undefined) return [part];
    const fields = part.fields.filter(({ code }) => code === undefined || !codes.includes(code));
    return fields.length === 0 && part.fields.length > 0 ? [] : [{ ...part, fields }];
  });
}

const mostInARow = 3;

/** Short fields three in a row, long ones alone. */
function rowsOf(wanted: readonly WantedField[]): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let open: string[] | null = null;
  for (const { name, kind } of wanted) {
    if (kind === 'longText') {
      rows.push([name]);
      open = null;
    } else if (open === null || open.length >= mostInARow) {
      open = [name];
      rows.push(open);
    } else open.push(name);
  }
  return rows;
}
