import { choice, decimal, field, flag, phone, READ_ONLY, reference, text } from './field-builders.ts';
import { address, object, owner, ownerOrQueue, personName } from './object-builder.ts';

/** Whom the company knows and what it sells them. An admin's own fields end in `__c`. */

const LEAD_SOURCES = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];

const account = object({ name: 'Account', label: 'Account', labelJa: '取引先', prefix: '001' }, [
  text('Name', 255, { nillable: false }),
  owner,
  reference('MasterRecordId', ['Account'], READ_ONLY),
  reference('ParentId', ['Account'], { children: 'ChildAccounts' }),
  choice('Type', ['Prospect', 'Customer - Direct', 'Customer - Channel', 'Other']),
  choice('Industry', ['Manufacturing', 'Construction', 'Retail', 'Healthcare', 'Finance', 'Other']),
  phone('Phone'),
  phone('Fax'),
  field('Website', 'url', { length: 255 }),
  text('AccountNumber', 40),
  field('NumberOfEmployees', 'int', { length: 8, label: 'Employees' }),
  decimal('AnnualRevenue', 'currency', 0),
  field('Description', 'textarea', { length: 32000 }),
  text('Customer_Code__c', 20, { label: 'Customer Code', externalId: true, unique: true }),
  ...address('Billing'),
]);

const contact = object({ name: 'Contact', label: 'Contact', labelJa: '取引先責任者', prefix: '003' }, [
  ...personName,
  owner,
  reference('MasterRecordId', ['Contact'], READ_ONLY),
  reference('AccountId', ['Account'], { children: 'Contacts', cascades: true }),
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
  choice('LeadSource', LEAD_SOURCES),
  field('Description', 'textarea', { length: 32000 }),
  ...address('Mailing'),
]);

const lead = object({ name: 'Lead', label: 'Lead', labelJa: 'リード', prefix: '00Q' }, [
  ...personName,
  ownerOrQueue,
  reference('MasterRecordId', ['Lead'], READ_ONLY),
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
  choice('LeadSource', LEAD_SOURCES),
  choice('Rating', ['Hot', 'Warm', 'Cold']),
  flag('IsConverted', READ_ONLY),
  field('ConvertedDate', 'date', READ_ONLY),
  reference('ConvertedAccountId', ['Account'], READ_ONLY),
  reference('ConvertedContactId', ['Contact'], READ_ONLY),
  reference('ConvertedOpportunityId', ['Opportunity'], READ_ONLY),
  flag('DoNotCall'),
  field('Description', 'textarea', { length: 32000 }),
]);

const opportunity = object({ name: 'Opportunity', label: 'Opportunity', labelJa: '商談', prefix: '006' }, [
  text('Name', 120, { nillable: false }),
  owner,
  reference('AccountId', ['Account'], { children: 'Opportunities', cascades: true }),
  choice(
    'StageName',
    ['Prospecting', 'Qualification', 'Proposal/Price Quote', 'Negotiation/Review', 'Closed Won', 'Closed Lost'],
    {
      nillable: false,
      label: 'Stage',
    },
  ),
  field('CloseDate', 'date', { nillable: false }),
  decimal('Amount', 'currency', 2),
  decimal('Probability', 'percent', 0),
  choice('Type', ['Existing Business', 'New Business']),
  choice('LeadSource', LEAD_SOURCES),
  flag('IsClosed', READ_ONLY),
  flag('IsWon', READ_ONLY),
  field('Description', 'textarea', { length: 32000 }),
]);

export const customerObjects = [account, contact, lead, opportunity] as const;
