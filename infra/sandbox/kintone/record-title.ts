/** What stands for a record in notices: its first text, else its number. Pure. */
import type { AppDefinition } from './app-definition.ts';
import type { StoredRecord } from './app-records.ts';

export function recordTitle(app: AppDefinition, record: StoredRecord): string {
  const code = app.titleField ?? Object.values(app.fields).find((each) => each.type === 'SINGLE_LINE_TEXT')?.code;
  const value = code === undefined ? null : record.values[code];
  return typeof value === 'string' && value !== '' ? value : String(record.id);
}
