import type { Org } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import { readLine } from '../bulk/ingest-columns.ts';
import type { ObjectDefinition } from '../object-definition.ts';
import type { ParsedValues } from '../parsed-values.ts';
import { convertLead, mergeRecords, purgeRecord, undeleteRecord } from '../record-lifecycle.ts';
import type { Saver } from '../saving.ts';
import { findField, findObject } from '../schema.ts';
import { childrenNamed, childText, type XmlElement, type XmlValue } from './xml.ts';

/** One call of the partner SOAP API: what it asks, and the `result` it is answered with. @throws ApiError, which becomes a fault */
export type SoapCall = (call: XmlElement, org: Org, by: Saver) => XmlValue;

/** What only this API can do, and what clients ask it besides. Everything else is refused. */
export const SOAP_CALLS: Readonly<Record<string, SoapCall>> = {
  convertLead: (call, org, by) => childrenNamed(call, 'leadConverts').map((each) => result(() => convert(each, org, by))),
  merge: (call, org, by) => {
    const requests = [...childrenNamed(call, 'mergeRequests'), ...childrenNamed(call, 'request')];
    return requests.map((each) => result(() => merge(each, org, by)));
  },
  undelete: (call, org, by) => idsOf(call).map((id) => result(() => ({ id: undeleteRecord(org, id, by) }))),
  emptyRecycleBin: (call, org) => idsOf(call).map((id) => result(() => ({ id: purgeRecord(org, id) }))),
  getServerTimestamp: (_call, org) => ({ timestamp: new Date(org.now()).toISOString() }),
  getUserInfo: (_call, org, by) => userInfo(org, by),
};

function idsOf(call: XmlElement): readonly string[] {
  return childrenNamed(call, 'ids').map(({ text }) => text);
}

/** A row's refusal is part of the answer. */
function result(work: () => Readonly<Record<string, XmlValue>>): XmlValue {
  try {
    return { ...work(), success: true };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { errors: [{ fields: error.fields, message: error.message, statusCode: error.errorCode }], success: false };
  }
}

function convert(sent: XmlElement, org: Org, by: Saver): Readonly<Record<string, XmlValue>> {
  const leadId = childText(sent, 'leadId') ?? '';
  const { accountId, contactId, opportunityId } = convertLead(
    org,
    {
      leadId,
      convertedStatus: childText(sent, 'convertedStatus') ?? '',
      accountId: childText(sent, 'accountId'),
      contactId: childText(sent, 'contactId'),
      createsOpportunity: childText(sent, 'doNotCreateOpportunity') !== 'true',
      opportunityName: childText(sent, 'opportunityName'),
    },
    by,
  );
  return { accountId, contactId, leadId, opportunityId };
}

function merge(sent: XmlElement, org: Org, by: Saver): Readonly<Record<string, XmlValue>> {
  const [master] = childrenNamed(sent, 'masterRecord');
  if (master === undefined) throw new ApiError(400, 'REQUIRED_FIELD_MISSING', 'masterRecord is required');
  const object = findObject(childText(master, 'type') ?? '', org.schema);
  if (object === undefined)
    throw new ApiError(400, 'INVALID_TYPE', `sObject type '${childText(master, 'type')}' is not supported.`);
  const id = childText(master, 'Id') ?? '';
  const losers = childrenNamed(sent, 'recordToMergeIds').map(({ text }) => text);
  const merged = mergeRecords(org, { object, id, values: valuesOf(master, object) }, losers, by);
  return { id, mergedRecordIds: merged.mergedRecordIds, updatedRelatedIds: merged.updatedRelatedIds };
}

function valuesOf(record: XmlElement, object: ObjectDefinition): ParsedValues {
  const sent = record.children.filter(({ name }) => !['type', 'Id', 'fieldsToNull'].includes(name));
  const emptied = childrenNamed(record, 'fieldsToNull').map(({ text }) => ({ name: text, text: '#N/A' }));
  const cells = [...sent, ...emptied];
  const columns = cells.map(({ name }) => {
    const field = findField(object, name);
    if (field === undefined) throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on entity '${object.name}'`);
    return { field, parent: null };
  });
  return readLine(
    columns,
    cells.map(({ text }) => text),
  );
}

function userInfo(org: Org, { userId }: Saver): XmlValue {
  const user = org.store.get(userId);
  return {
    organizationId: org.organizationId,
    organizationName: String(org.store.get(org.organizationId)?.Name ?? ''),
    userEmail: String(user?.Email ?? ''),
    userFullName: String(user?.Name ?? ''),
    userId,
    userName: String(user?.Username ?? ''),
    userType: 'Standard',
    userLocale: String(user?.LocaleSidKey ?? 'ja_JP'),
    userLanguage: String(user?.LanguageLocaleKey ?? 'ja'),
    userTimeZone: String(user?.TimeZoneSidKey ?? 'Asia/Tokyo'),
  };
}
