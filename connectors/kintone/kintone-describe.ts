/** A form in the words of the port. Pure. */
import type { FieldDescription, FieldType, ObjectDescription } from '../connector.ts';
import type { FormField, KintoneForm } from './kintone-form.ts';

const TYPES: Readonly<Record<string, FieldType>> = {
  SINGLE_LINE_TEXT: 'string',
  MULTI_LINE_TEXT: 'text',
  RICH_TEXT: 'text',
  NUMBER: 'number',
  CALC: 'number',
  RECORD_NUMBER: 'string',
  DROP_DOWN: 'picklist',
  RADIO_BUTTON: 'picklist',
  CHECK_BOX: 'multiPicklist',
  MULTI_SELECT: 'multiPicklist',
  CATEGORY: 'multiPicklist',
  DATE: 'date',
  TIME: 'time',
  DATETIME: 'dateTime',
  CREATED_TIME: 'dateTime',
  UPDATED_TIME: 'dateTime',
  USER_SELECT: 'user',
  CREATOR: 'user',
  MODIFIER: 'user',
  STATUS_ASSIGNEE: 'user',
  STATUS: 'string',
  FILE: 'file',
  SUBTABLE: 'table',
};

const LINKS: Readonly<Record<string, FieldType>> = { CALL: 'phone', MAIL: 'email', WEB: 'url' };

/** What the hub can fill in. Files, tables and the cells of tables are not among it. */
const WRITABLE = new Set([
  'SINGLE_LINE_TEXT',
  'MULTI_LINE_TEXT',
  'RICH_TEXT',
  'NUMBER',
  'DROP_DOWN',
  'RADIO_BUTTON',
  'CHECK_BOX',
  'MULTI_SELECT',
  'DATE',
  'TIME',
  'DATETIME',
  'LINK',
  'USER_SELECT',
  'ORGANIZATION_SELECT',
  'GROUP_SELECT',
]);

/** Kinds that hold no value of a record: related records, groups, labels. */
const WITHOUT_VALUE = new Set(['REFERENCE_TABLE', 'GROUP', 'LABEL', 'SPACER', 'HR']);

const RECORD_ID: FieldDescription = {
  name: '$id',
  label: 'ID',
  type: 'id',
  length: null,
  required: false,
  unique: true,
  usableAsKey: false,
  createable: false,
  updateable: false,
  picklist: null,
  restricted: false,
  referenceTo: [],
};

export function describeForm(object: string, label: string, form: KintoneForm): ObjectDescription {
  const fields = [...form.fields.values()].filter((field) => !WITHOUT_VALUE.has(field.type)).map(describeField);
  return { object, label, fields: [RECORD_ID, ...fields] };
}

export function isWritable(field: FormField): boolean {
  return WRITABLE.has(field.type) && field.table === null && !field.isCopied;
}

/** kintone takes only these as the key of an upsert, and only with "prohibit duplicate values". */
export function isUsableAsKey(field: FormField): boolean {
  const fits = field.type === 'SINGLE_LINE_TEXT' || field.type === 'NUMBER';
  return fits && field.unique && field.table === null && field.lookup == null;
}

function describeField(field: FormField): FieldDescription {
  const options = Object.entries(field.options ?? {}).sort(([, left], [, right]) => left.index - right.index);
  return {
    name: field.code,
    label: field.label === '' ? field.code : field.label,
    type: typeOf(field),
    length: lengthOf(field),
    required: field.required && field.table === null && !hasDefault(field),
    unique: field.unique,
    usableAsKey: isUsableAsKey(field),
    createable: isWritable(field),
    updateable: isWritable(field),
    picklist: field.options === undefined ? null : options.map(([value]) => value),
    restricted: field.options !== undefined,
    referenceTo: field.lookup == null ? [] : [field.lookup.relatedApp.app],
  };
}

/** A text that prohibits duplicates takes 64 characters, whatever its settings say. */
const LONGEST_UNIQUE = 64;

function lengthOf({ type, unique, maxLength }: FormField): number | null {
  const most = maxLength === '' ? null : Number(maxLength);
  const isText = type === 'SINGLE_LINE_TEXT' || type === 'LINK';
  return unique && isText ? Math.min(most ?? LONGEST_UNIQUE, LONGEST_UNIQUE) : most;
}

function typeOf(field: FormField): FieldType {
  if (field.lookup != null) return 'reference';
  if (field.type === 'LINK') return LINKS[field.protocol] ?? 'url';
  if (field.type === 'NUMBER' && field.displayScale === '0') return 'integer';
  return TYPES[field.type] ?? 'other';
}

function hasDefault(field: FormField): boolean {
  const { defaultValue } = field;
  if (field.defaultNowValue) return true;
  return Array.isArray(defaultValue) ? defaultValue.length > 0 : typeof defaultValue === 'string' && defaultValue !== '';
}
