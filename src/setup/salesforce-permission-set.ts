/** What the hub's user may do, and nothing more: read callers, write the mapping's fields. Pure. */
import type { Mapping } from '../mappings/mapping-schema.ts';
import { isCustomName, type WantedCustomField } from './salesforce-custom-fields.ts';
import { wantedRecords } from './wanted-records.ts';
import { type XmlNode, xmlDocument } from './xml-text.ts';

export const permissionSetName = 'Toritsugi';

/** Standard fields that a permission set can open; the others are always open or always required, and naming one fails the deployment. */
const opened: Readonly<Record<string, readonly string[]>> = {
  Contact: ['Phone', 'MobilePhone', 'HomePhone', 'OtherPhone', 'AccountId', 'Department', 'Title', 'Email'],
  Lead: ['Phone', 'MobilePhone', 'Title', 'Email'],
  Account: ['Phone', 'Type', 'Industry'],
  Task: ['Description', 'ActivityDate', 'WhoId', 'WhatId'],
};
/** Reading these depends on reading accounts. */
const belowAccount = new Set(['Contact', 'Opportunity', 'Case']);
const activities = new Set(['Task', 'Event']);

export function permissionSetXml(mapping: Mapping, custom: readonly WantedCustomField[]): string {
  return xmlDocument('PermissionSet', [
    { description: 'What Toritsugi needs to find callers and to write calls.' },
    ...fieldPermissions(mapping, custom),
    { hasActivationRequired: false },
    { label: permissionSetName },
    ...objectPermissions(mapping),
    ...userPermissions(mapping).map((name) => ({ userPermissions: [{ enabled: true }, { name }] })),
  ]);
}

function fieldPermissions(mapping: Mapping, custom: readonly WantedCustomField[]): readonly XmlNode[] {
  const editable = new Map<string, boolean>();
  const open = (object: string, field: string, write: boolean) => {
    const isOpened = isCustomName(field) || opened[object]?.includes(field);
    const name = `${object}.${field}`;
    if (isOpened) editable.set(name, write || (editable.get(name) ?? false));
  };
  for (const { object, phones, card, link, owner } of mapping.callers) {
    const read = [...phones, ...card.map(({ from }) => from), ...Object.values(link), ...[owner ?? []].flat()];
    for (const field of read.filter((one) => !one.includes('.'))) open(object, field, false);
  }
  for (const { object, fields } of wantedRecords(mapping)) for (const { name } of fields) open(object, name, true);
  for (const { object, field } of custom) open(object, field.name, true);
  return [...editable]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([field, write]) => ({ fieldPermissions: [{ editable: write }, { field }, { readable: true }] }));
}

/** Tasks and events are opened by user permissions instead. */
function objectPermissions(mapping: Mapping): readonly XmlNode[] {
  const written = wantedRecords(mapping).map(({ object }) => object);
  const read = mapping.callers.map(({ object }) => object);
  const below = [...written, ...read].some((object) => belowAccount.has(object)) ? ['Account'] : [];
  const objects = [...new Set([...read, ...below, ...written])].filter((object) => !activities.has(object));
  return objects.toSorted().map((object) => {
    const write = written.includes(object);
    return {
      objectPermissions: [
        ...[{ allowCreate: write }, { allowDelete: false }, { allowEdit: write }, { allowRead: true }],
        ...[{ modifyAllRecords: false }, { object }, { viewAllRecords: false }],
      ],
    };
  });
}

function userPermissions(mapping: Mapping): readonly string[] {
  const written = wantedRecords(mapping).map(({ object }) => object);
  const activity = written.some((object) => activities.has(object)) ? ['ActivitiesAccess'] : [];
  const edit = [...(written.includes('Event') ? ['EditEvent'] : []), ...(written.includes('Task') ? ['EditTask'] : [])];
  return [...activity, 'ApiEnabled', ...edit];
}
