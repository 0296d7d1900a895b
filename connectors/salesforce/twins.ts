import { Rejected, Unreachable } from '../connector.ts';
import { parseQueryBody } from './caller-rows.ts';
import { translateRowFailure, type VendorError } from './salesforce-errors.ts';
import type { SalesforceSession } from './salesforce-session.ts';
import { soqlString } from './soql-text.ts';
import { parseVendorErrors } from './vendor-refusal.ts';

/**
 * An activity's external id cannot be made unique in the org, so two upserts at the same moment may leave twins, and from then on
 * the service refuses to choose between them.
 */

/** The only objects whose records we remove: they are call logs with our own key. A customer's record is never deleted. */
const ACTIVITIES = new Set(['Task', 'Event']);
const MOST_TWINS = 50;

export function isTwinError(errors: readonly VendorError[]): boolean {
  return errors.some(({ errorCode }) => errorCode === 'DUPLICATE_EXTERNAL_ID' || errorCode === 'MULTIPLE_CHOICES');
}

/** Keeps the oldest and deletes the rest; answers with the id of the one kept. @throws ConnectorError */
export async function removeTwins(
  twin: { readonly object: string; readonly key: { readonly field: string; readonly value: string } },
  session: SalesforceSession,
  signal: AbortSignal,
): Promise<string> {
  const { object, key } = twin;
  const about = `Salesforce holds several ${object} records with the same ${key.field}`;
  if (!ACTIVITIES.has(object)) {
    const message = `${about}. Delete all but one, and make the field unique.`;
    throw new Rejected(message, [{ field: key.field, code: 'DUPLICATE_EXTERNAL_ID', message }]);
  }
  const statement = `SELECT Id FROM ${object} WHERE ${key.field} = ${soqlString(key.value)} ORDER BY CreatedDate, Id LIMIT ${MOST_TWINS}`;
  const { body } = await session.request({ method: 'GET', path: `/query?q=${encodeURIComponent(statement)}`, about }, signal);
  const [oldest, ...others] = parseQueryBody(body, about).records.map((row) => String(row.Id));
  if (oldest === undefined) throw new Unreachable(`${about}, but now it shows none. It will be tried again.`);
  if (others.length === 0) return oldest;
  const path = `/composite/sobjects?ids=${others.join(',')}&allOrNone=false`;
  const { body: rows } = await session.request({ method: 'DELETE', path, about }, signal);
  const errors = Array.isArray(rows)
    ? rows.flatMap((row: { success?: unknown; errors?: unknown }) => (row.success === true ? [] : parseVendorErrors(row.errors)))
    : [];
  if (errors.length > 0) throw translateRowFailure(errors, `${about}, and our user cannot delete the later ones`);
  return oldest;
}
