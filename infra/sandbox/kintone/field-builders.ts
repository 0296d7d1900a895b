/** Short ways to write field definitions in the shape the service answers with. */
import type { FieldKind, FieldProperty, LookupProperty } from './app-definition.ts';

export interface FieldTicks {
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly maxLength?: number;
  readonly defaultValue?: unknown;
  readonly lookup?: LookupProperty;
}

function base(type: FieldKind, code: string, ticks: FieldTicks) {
  const lookup = ticks.lookup === undefined ? {} : { lookup: ticks.lookup };
  return { type, code, label: code, noLabel: false, required: ticks.required ?? false, ...lookup };
}

export function text(code: string, ticks: FieldTicks = {}): FieldProperty {
  return {
    ...base('SINGLE_LINE_TEXT', code, ticks),
    unique: ticks.unique ?? false,
    minLength: '',
    maxLength: ticks.maxLength === undefined ? '' : String(ticks.maxLength),
    defaultValue: ticks.defaultValue ?? '',
    ...(ticks.lookup === undefined ? { expression: '', hideExpression: false } : {}),
  };
}

export function multiLine(code: string, ticks: FieldTicks = {}): FieldProperty {
  return { ...base('MULTI_LINE_TEXT', code, ticks), defaultValue: ticks.defaultValue ?? '' };
}

export function number(code: string, ticks: FieldTicks = {}): FieldProperty {
  return {
    ...base('NUMBER', code, ticks),
    unique: ticks.unique ?? false,
    minValue: '',
    maxValue: '',
    digit: false,
    displayScale: '',
    unit: '',
    unitPosition: 'BEFORE',
    defaultValue: ticks.defaultValue ?? '',
  };
}

export function phoneLink(code: string, ticks: FieldTicks = {}): FieldProperty {
  return {
    ...base('LINK', code, ticks),
    unique: ticks.unique ?? false,
    minLength: '',
    maxLength: ticks.maxLength === undefined ? '' : String(ticks.maxLength),
    protocol: 'CALL',
    defaultValue: '',
  };
}

export function link(code: string, protocol: 'WEB' | 'MAIL', ticks: FieldTicks = {}): FieldProperty {
  return { ...phoneLink(code, ticks), protocol };
}

function chosenOf(type: FieldKind, code: string, choices: readonly string[], ticks: FieldTicks): FieldProperty {
  const options = Object.fromEntries(choices.map((label, index) => [label, { label, index: String(index) }]));
  return { ...base(type, code, ticks), options, defaultValue: ticks.defaultValue ?? '' };
}

export function dropDown(code: string, choices: readonly string[], ticks: FieldTicks = {}): FieldProperty {
  return chosenOf('DROP_DOWN', code, choices, ticks);
}

/** A radio button always has a value: the first choice unless another is the default. */
export function radio(code: string, choices: readonly string[], ticks: FieldTicks = {}): FieldProperty {
  return {
    ...chosenOf('RADIO_BUTTON', code, choices, { defaultValue: choices[0] ?? '', ...ticks, required: true }),
    align: 'HORIZONTAL',
  };
}

export function checkBox(code: string, choices: readonly string[], ticks: FieldTicks = {}): FieldProperty {
  return { ...chosenOf('CHECK_BOX', code, choices, { defaultValue: [], ...ticks }), align: 'HORIZONTAL' };
}

export function date(code: string, ticks: FieldTicks = {}): FieldProperty {
  return { ...base('DATE', code, ticks), unique: ticks.unique ?? false, defaultValue: '', defaultNowValue: false };
}

export function dateTime(code: string, ticks: FieldTicks = {}): FieldProperty {
  return { ...base('DATETIME', code, ticks), unique: ticks.unique ?? false, defaultValue: '', defaultNowValue: false };
}

export function userSelect(code: string, ticks: FieldTicks = {}): FieldProperty {
  return { ...base('USER_SELECT', code, ticks), entities: [], defaultValue: [] };
}

export function table(code: string, cells: readonly FieldProperty[]): FieldProperty {
  return { type: 'SUBTABLE', code, label: code, noLabel: false, fields: byCode(cells) };
}

/** The fields every app has, under the codes a Japanese administrator's app gets. */
export function systemFields(): readonly FieldProperty[] {
  const named = (type: FieldKind, code: string): FieldProperty => ({ type, code, label: code, noLabel: false });
  const off = (type: FieldKind, code: string): FieldProperty => ({ type, code, label: code, enabled: false });
  return [
    named('RECORD_NUMBER', 'レコード番号'),
    named('CREATOR', '作成者'),
    named('CREATED_TIME', '作成日時'),
    named('MODIFIER', '更新者'),
    named('UPDATED_TIME', '更新日時'),
    off('STATUS', 'ステータス'),
    off('STATUS_ASSIGNEE', '作業者'),
    off('CATEGORY', 'カテゴリー'),
  ];
}

export function byCode(fields: readonly FieldProperty[]): Readonly<Record<string, FieldProperty>> {
  return Object.fromEntries(fields.map((field) => [field.code, field]));
}
