/** A stored record as the service answers with it: every value wrapped, ids and revisions as strings. */
import type { AppDefinition, FieldProperty, SandboxUser } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';
import { emptyValue, toMinute, type WireValue } from './field-values.ts';

export type RecordView = Readonly<Record<string, { readonly type: string; readonly value: WireValue }>>;

/** `fields` null or empty: all of them; codes the app does not know are left out silently. */
export function viewRecord(
  app: AppDefinition,
  record: StoredRecord,
  fields: readonly string[] | null,
  users: readonly SandboxUser[],
): RecordView {
  const wanted = fields === null || fields.length === 0 ? null : new Set(fields);
  const view: Record<string, { type: string; value: WireValue }> = {};
  const show = (code: string, type: string, value: WireValue): void => {
    if (wanted === null || wanted.has(code)) view[code] = { type, value };
  };
  for (const field of Object.values(app.fields)) show(field.code, field.type, fieldValue(app, record, field, users));
  show('$id', '__ID__', String(record.id));
  show('$revision', '__REVISION__', String(record.revision));
  return view;
}

function fieldValue(app: AppDefinition, record: StoredRecord, field: FieldProperty, users: readonly SandboxUser[]): WireValue {
  const person = (code: string): WireValue => ({ code, name: users.find((user) => user.code === code)?.name ?? code });
  switch (field.type) {
    case 'RECORD_NUMBER':
      return app.code === '' ? String(record.id) : `${app.code}-${record.id}`;
    case 'CREATED_TIME':
      return toMinute(record.createdAt);
    case 'UPDATED_TIME':
      return toMinute(record.updatedAt);
    case 'CREATOR':
      return person(record.creator);
    case 'MODIFIER':
      return person(record.modifier);
    default:
      return record.values[field.code] ?? emptyValue(field);
  }
}
