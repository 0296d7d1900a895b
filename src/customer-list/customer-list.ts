/**
 * Customers who stand in no CRM but in a file (Excel, CSV): imported into the directory under a name of their own. They pop like a
 * CRM's customers; there is no page to open for them, nothing is written for them, and nobody else is asked about them.
 */
import type { CallerRecord, CallerSource } from '../../connectors/connector.ts';
import type { MatchedRecord } from '../callers/caller-match.ts';

/** The list among the sources of callers; last, so that a CRM's record of the same person comes first. */
export const customerList = { connector: 'customers', objects: ['customers'] } as const;

/** The same for every file: were it made of a file's columns, another column would make the directory forget the list. */
export const customerSource: CallerSource = { object: customerList.objects[0], phones: ['phone'], name: 'name', fields: [] };

/** The card is what the columns held at the import, in their order. */
export function presentCustomer({ object, id, name, values }: CallerRecord): MatchedRecord {
  const card = Object.entries(values).map(([label, value]) => ({ label, value: String(value) }));
  return { connector: customerList.connector, object, id, name, url: '', card, link: {} };
}
