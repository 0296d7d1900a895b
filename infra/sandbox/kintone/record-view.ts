/** A stored record as the service answers with it: every value wrapped, ids and revisions as strings. */
import { type AppDefinition, EMPTY_KINDS, type FieldProperty } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import { emptyValue, toMinute, type WireValue } from './field-values.ts';
import { progressOf } from './process-state.ts';
import { nameOf, type People } from './sandbox-people.ts';

export type RecordView = Readonly<Record<string, { readonly type: string; readonly value: WireValue }>>;

interface Column {
  readonly code: string;
  readonly type: string;
  readonly valueIn: (record: StoredRecord) => WireValue;
}

/** `fields` null or empty: all of them; codes the app does not know are left out silently. */
export function recordViewer(
  app: AppDefinition,
  fields: readonly string[] | null,
  people: People,
): (record: StoredRecord) => RecordView {
  const wanted = fields === null || fields.length === 0 ? null : new Set(fields);
  const all: readonly Column[] = [
    ...Object.values(app.fields).flatMap((field) => columnOf(app, field, people) ?? []),
    { code: '$id', type: '__ID__', valueIn: (record) => String(record.id) },
    { code: '$revision', type: '__REVISION__', valueIn: (record) => String(record.revision) },
  ];
  const columns = all.filter(({ code }) => wanted === null || wanted.has(code));
  return (record) => {
    const view: Record<string, { type: string; value: WireValue }> = {};
    for (const { code, type, valueIn } of columns) view[code] = { type, value: valueIn(record) };
    return view;
  };
}

export function viewRecord(
  app: AppDefinition,
  record: StoredRecord,
  fields: readonly string[] | null,
  people: People,
): RecordView {
  return recordViewer(app, fields, people)(record);
}

/** Null for what stands in no record: drawn fields, and those of functions that are switched off. */
function columnOf(app: AppDefinition, field: FieldProperty, people: People): Column | null {
  const { code, type } = field;
  const isOfProcess = type === 'STATUS' || type === 'STATUS_ASSIGNEE';
  if (EMPTY_KINDS.includes(type) || type === 'CATEGORY' || (isOfProcess && app.process?.enable !== true)) return null;
  return { code, type, valueIn: valueReader(app, field, people) };
}

function valueReader(app: AppDefinition, field: FieldProperty, people: People): Column['valueIn'] {
  const person = (code: string) => ({ code, name: nameOf(people, code) });
  const empty = emptyValue(field);
  switch (field.type) {
    case 'RECORD_NUMBER':
      return (record) => (app.code === '' ? String(record.id) : `${app.code}-${record.id}`);
    case 'CREATED_TIME':
      return (record) => toMinute(record.createdAt);
    case 'UPDATED_TIME':
      return (record) => toMinute(record.updatedAt);
    case 'CREATOR':
      return (record) => person(record.creator);
    case 'MODIFIER':
      return (record) => person(record.modifier);
    case 'STATUS':
      return (record) => progressOf(app, record).status;
    case 'STATUS_ASSIGNEE':
      return (record) => progressOf(app, record).assignees.map(person);
    default:
      return (record) => record.values[field.code] ?? empty;
  }
}
