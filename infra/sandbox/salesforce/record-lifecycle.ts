import type { Org } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { toInstant } from './instants.ts';
import type { ObjectDefinition } from './object-definition.ts';
import type { ParsedValues } from './parsed-values.ts';
import { normaliseId } from './record-ids.ts';
import type { Row, Value } from './record-store.ts';
import { liveRecord, type Saver, updateRecord } from './saving.ts';
import { childRelationships, findObject, objectOfId, schema } from './schema.ts';

/** What happens to records beyond being created, changed and deleted: the REST resources have none of it. */

const MOST_MERGED = 2;
const CONVERTED_STATUS = 'Closed - Converted';

export interface MergeResult {
  readonly mergedRecordIds: readonly string[];
  /** Records that pointed at one of the merged ones. */
  readonly updatedRelatedIds: readonly string[];
}

/** The losers go into the recycle bin and name the master; what pointed at them points at it from now on. @throws ApiError */
export function mergeRecords(
  org: Org,
  master: { readonly object: ObjectDefinition; readonly id: string; readonly values: ParsedValues },
  loserIds: readonly string[],
  by: Saver,
): MergeResult {
  const { object } = master;
  if (!object.fields.has('MasterRecordId'))
    throw new ApiError(400, 'INVALID_OPERATION', `${object.name} records cannot be merged`);
  if (loserIds.length === 0 || loserIds.length > MOST_MERGED) {
    throw new ApiError(400, 'INVALID_OPERATION', `One or ${MOST_MERGED} records can be merged into another`);
  }
  const kept = liveRecord(org, object, master.id);
  const losers = loserIds.map((id) => liveRecord(org, object, id));
  if (losers.includes(kept)) throw new ApiError(400, 'INVALID_OPERATION', 'A record cannot be merged into itself');
  return org.store.transact(() => {
    updateRecord(org, { object, id: String(kept.Id) }, master.values, by);
    const related = losers.flatMap((loser) => repoint(org, object, loser.Id ?? null, kept.Id ?? null, by.userId));
    for (const loser of losers) {
      org.store.update(object, String(loser.Id), { MasterRecordId: kept.Id ?? null }, by.userId);
      org.store.remove(object, String(loser.Id), by.userId);
    }
    return { mergedRecordIds: losers.map(({ Id }) => String(Id)), updatedRelatedIds: related };
  });
}

/** @returns the ids of what has pointed at the one and points at the other now */
function repoint(org: Org, object: ObjectDefinition, from: Value, to: Value, userId: string): readonly string[] {
  return childRelationships(object, schema).flatMap(({ object: child, field }) => {
    const rows = org.store.find(child, field.name, from).filter((row) => row[field.name] === from && row.IsDeleted !== true);
    for (const row of rows) org.store.update(child, String(row.Id), { [field.name]: to }, userId);
    return rows.map(({ Id }) => String(Id));
  });
}

export interface LeadConversion {
  readonly leadId: string;
  readonly convertedStatus: string;
  /** Into these instead of new ones. */
  readonly accountId: string | null;
  readonly contactId: string | null;
  readonly createsOpportunity: boolean;
  readonly opportunityName: string | null;
}

export interface ConvertedLead {
  readonly accountId: string;
  readonly contactId: string;
  readonly opportunityId: string | null;
}

/** The lead becomes a contact of an account, and stays behind, read-only. @throws ApiError */
export function convertLead(org: Org, conversion: LeadConversion, by: Saver): ConvertedLead {
  const lead = liveRecord(org, definition('Lead'), conversion.leadId);
  if (lead.IsConverted === true) throw new ApiError(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  if (conversion.convertedStatus !== CONVERTED_STATUS) {
    throw new ApiError(400, 'INVALID_STATUS', `invalid convertedStatus: ${conversion.convertedStatus}`);
  }
  return org.store.transact(() => {
    const create = (object: string, values: Row): string => String(org.store.insert(definition(object), values, by.userId).Id);
    const into = (object: string, id: string | null): string | null =>
      id === null ? null : String(liveRecord(org, definition(object), id).Id);
    const accountId = into('Account', conversion.accountId) ?? create('Account', accountOf(lead));
    const contactId = into('Contact', conversion.contactId) ?? create('Contact', { ...contactOf(lead), AccountId: accountId });
    const opportunityId = conversion.createsOpportunity
      ? create('Opportunity', { ...opportunityOf(lead, org), AccountId: accountId, ...named(conversion.opportunityName) })
      : null;
    repoint(org, definition('Lead'), lead.Id ?? null, contactId, by.userId);
    const converted: Row = {
      IsConverted: true,
      Status: CONVERTED_STATUS,
      ConvertedDate: toInstant(org.now()).slice(0, 10),
      ConvertedAccountId: accountId,
      ConvertedContactId: contactId,
      ConvertedOpportunityId: opportunityId,
    };
    org.store.update(definition('Lead'), String(lead.Id), converted, by.userId);
    return { accountId, contactId, opportunityId };
  });
}

function definition(name: string): ObjectDefinition {
  const found = findObject(name);
  if (found === undefined) throw new Error(`The sandbox org has no ${name}`);
  return found;
}

function accountOf(lead: Row): Row {
  return { Name: lead.Company ?? null, Phone: lead.Phone ?? null, OwnerId: lead.OwnerId ?? null };
}

function contactOf(lead: Row): Row {
  const names = ['LastName', 'FirstName', 'Salutation', 'Title', 'Phone', 'MobilePhone', 'Fax', 'Email', 'LeadSource', 'OwnerId'];
  return Object.fromEntries(names.map((name) => [name, lead[name] ?? null]));
}

function opportunityOf(lead: Row, org: Org): Row {
  const closes = toInstant(org.now() + 90 * 86_400_000).slice(0, 10);
  return { Name: `${lead.Company}-`, StageName: 'Prospecting', CloseDate: closes, OwnerId: lead.OwnerId ?? null };
}

function named(name: string | null): Row {
  return name === null ? {} : { Name: name };
}

/** Out of the recycle bin. @throws ApiError when it does not lie there */
export function undeleteRecord(org: Org, sent: string, by: Saver): string {
  const { object, row } = deletedRecord(org, sent);
  org.store.restore(object, String(row.Id), by.userId);
  return String(row.Id);
}

/** Out of the recycle bin and out of the world. @throws ApiError when it does not lie there */
export function purgeRecord(org: Org, sent: string): string {
  const { object, row } = deletedRecord(org, sent);
  org.store.purge(object, String(row.Id));
  return String(row.Id);
}

function deletedRecord(org: Org, sent: string): { readonly object: ObjectDefinition; readonly row: Row } {
  const id = normaliseId(sent);
  const object = id === null ? undefined : objectOfId(id);
  if (id === null || object === undefined) throw new ApiError(400, 'MALFORMED_ID', `bad id ${sent}`, ['Id']);
  const row = org.store.get(id);
  if (row === undefined) throw new ApiError(404, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  if (row.IsDeleted !== true) throw new ApiError(400, 'UNDELETE_FAILED', 'Entity is not in the recycle bin');
  return { object, row };
}
