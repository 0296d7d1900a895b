import { choice, field, flag, phone, READ_ONLY, reference, text } from './field-builders.ts';
import type { FieldDefinition, ObjectDefinition } from './object-definition.ts';

const user = ['User'] as const;

const system: readonly FieldDefinition[] = [
  field('Id', 'id', { length: 18, nillable: false, ...READ_ONLY }),
  flag('IsDeleted', READ_ONLY),
  field('CreatedDate', 'datetime', { nillable: false, ...READ_ONLY }),
  reference('CreatedById', user, { nillable: false, ...READ_ONLY }),
  field('LastModifiedDate', 'datetime', { nillable: false, ...READ_ONLY }),
  reference('LastModifiedById', user, { nillable: false, ...READ_ONLY }),
  field('SystemModstamp', 'datetime', { nillable: false, ...READ_ONLY }),
];
/** The creator owns what names no owner. */
const owner = reference('OwnerId', user, { nillable: false });

const personName: readonly FieldDefinition[] = [
  text('LastName', 80, { nillable: false }),
  text('FirstName', 40),
  choice('Salutation', ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'], { length: 40 }),
  text('Name', 121, { nillable: false, ...READ_ONLY }),
];

const address = (kind: string): readonly FieldDefinition[] => [
  text(`${kind}PostalCode`, 20),
  text(`${kind}State`, 80),
  text(`${kind}City`, 40),
  field(`${kind}Street`, 'textarea', { length: 255 }),
  text(`${kind}Country`, 80),
];

function object(
  identity: Pick<ObjectDefinition, 'name' | 'label' | 'labelJa' | 'prefix'>,
  fields: readonly FieldDefinition[],
  abilities: { writable: boolean; searchable: boolean } = { writable: true, searchable: true },
): ObjectDefinition {
  return { ...identity, ...abilities, fields: new Map([...system, ...fields].map((each) => [each.name, each])) };
}

const account = object({ name: 'Account', label: 'Account', labelJa: '取引先', prefix: '001' }, [
  text('Name', 255, { nillable: false }),
  owner,
  reference('ParentId', ['Account']),
  choice('Type', ['Prospect', 'Customer - Direct', 'Customer - Channel', 'Other']),
  choice('Industry', ['Manufacturing', 'Construction', 'Retail', 'Healthcare', 'Finance', 'Other']),
  phone('Phone'),
  phone('Fax'),
  field('Website', 'url', { length: 255 }),
  text('AccountNumber', 40),
  field('Description', 'textarea', { length: 32000 }),
  ...address('Billing'),
]);

const contact = object({ name: 'Contact', label: 'Contact', labelJa: '取引先責任者', prefix: '003' }, [
  ...personName,
  owner,
  reference('AccountId', ['Account']),
  text('Title', 128),
  text('Department', 80),
  phone('Phone'),
  phone('MobilePhone'),
  phone('HomePhone'),
  phone('OtherPhone'),
  phone('AssistantPhone'),
  phone('Fax'),
  field('Email', 'email', { length: 80 }),
  field('Birthdate', 'date'),
  choice('LeadSource', ['Web', 'Phone Inquiry', 'Partner Referral', 'Other']),
  field('Description', 'textarea', { length: 32000 }),
  ...address('Mailing'),
]);

const lead = object({ name: 'Lead', label: 'Lead', labelJa: 'リード', prefix: '00Q' }, [
  ...personName,
  owner,
  text('Company', 255, { nillable: false }),
  text('Title', 128),
  phone('Phone'),
  phone('MobilePhone'),
  phone('Fax'),
  field('Email', 'email', { length: 80 }),
  choice('Status', ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'], {
    nillable: false,
    defaultValue: 'Open - Not Contacted',
  }),
  choice('LeadSource', ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other']),
  choice('Rating', ['Hot', 'Warm', 'Cold']),
  flag('IsConverted', READ_ONLY),
  flag('DoNotCall'),
  field('Description', 'textarea', { length: 32000 }),
]);

const task = object({ name: 'Task', label: 'Task', labelJa: 'ToDo', prefix: '00T' }, [
  field('Subject', 'combobox', { length: 255, choices: ['Call', 'Email', 'Send Letter', 'Send Quote', 'Other'] }),
  choice('Status', ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'], {
    nillable: false,
    defaultValue: 'Not Started',
  }),
  choice('Priority', ['High', 'Normal', 'Low'], { nillable: false, defaultValue: 'Normal' }),
  owner,
  reference('WhoId', ['Contact', 'Lead'], { label: 'Name' }),
  reference('WhatId', ['Account'], { label: 'Related To' }),
  reference('AccountId', ['Account'], READ_ONLY),
  field('ActivityDate', 'date', { label: 'Due Date Only' }),
  field('Description', 'textarea', { length: 32000 }),
  choice('CallType', ['Internal', 'Inbound', 'Outbound'], { length: 40, restricted: true }),
  field('CallDurationInSeconds', 'int', { length: 8, label: 'Call Duration' }),
  text('CallDisposition', 255, { label: 'Call Result' }),
  text('CallObject', 255, { label: 'Call Object Identifier' }),
  choice('TaskSubtype', ['Task', 'Email', 'ListEmail', 'Cadence', 'Call', 'LinkedIn'], {
    length: 40,
    restricted: true,
    updateable: false,
    defaultValue: 'Task',
  }),
  flag('IsClosed', READ_ONLY),
  flag('IsHighPriority', READ_ONLY),
  field('CompletedDateTime', 'datetime', READ_ONLY),
  flag('IsReminderSet'),
  field('ReminderDateTime', 'datetime'),
  text('Toritsugi_Call_Id__c', 80, { label: 'Toritsugi Call Id', externalId: true }),
]);

const readOnlyObject = { writable: false, searchable: false };

const userObject = object(
  { name: 'User', label: 'User', labelJa: 'ユーザー', prefix: '005' },
  [
    text('Username', 80, { nillable: false }),
    text('LastName', 80, { nillable: false }),
    text('FirstName', 40),
    text('Name', 121, { nillable: false, ...READ_ONLY }),
    field('Email', 'email', { length: 128, nillable: false }),
    flag('IsActive'),
    phone('Phone'),
    phone('MobilePhone'),
    text('Extension', 40),
    text('TimeZoneSidKey', 40),
    text('LocaleSidKey', 40),
    text('LanguageLocaleKey', 40),
  ],
  readOnlyObject,
);

const organization = object(
  { name: 'Organization', label: 'Organization', labelJa: '組織', prefix: '00D' },
  [
    text('Name', 80, { nillable: false }),
    text('InstanceName', 5),
    flag('IsSandbox'),
    field('TrialExpirationDate', 'datetime'),
    text('NamespacePrefix', 15),
    text('OrganizationType', 40),
    text('DefaultLocaleSidKey', 40),
    text('TimeZoneSidKey', 40),
  ],
  readOnlyObject,
);

/** What the sandbox org has; an admin's own fields end in `__c`. */
export const orgObjects: readonly ObjectDefinition[] = [account, contact, lead, task, userObject, organization];
