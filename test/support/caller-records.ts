import type { CallerRecord, CallerSource, ChangePage } from '../../connectors/connector.ts';

export const contacts: CallerSource = {
  object: 'Contact',
  phones: ['Phone', 'MobilePhone'],
  name: 'Name',
  fields: ['Account.Name'],
};
export const leads: CallerSource = { object: 'Lead', phones: ['Phone'], name: 'Name', fields: [] };

/** A record of `object` with its telephone fields as written in the CRM. */
export function callerRecord(
  id: string,
  phones: Readonly<Record<string, string>>,
  more: Partial<CallerRecord> = {},
): CallerRecord {
  return {
    object: 'Contact',
    id,
    name: `Name of ${id}`,
    phones: Object.entries(phones).map(([field, value]) => ({ field, value })),
    values: { 'Account.Name': 'Sakura Trading' },
    modifiedAt: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

export function changePage(records: readonly CallerRecord[], more: Partial<ChangePage> = {}): ChangePage {
  return { records, deleted: [], cursor: 'c1', total: null, ...more };
}
