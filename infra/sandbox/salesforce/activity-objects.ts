import { choice, field, flag, READ_ONLY, reference, text } from './field-builders.ts';
import { object, ownerOrQueue } from './object-builder.ts';

/** What is done with customers. */

const task = object({ name: 'Task', label: 'Task', labelJa: 'ToDo', prefix: '00T' }, [
  field('Subject', 'combobox', { length: 255, choices: ['Call', 'Email', 'Send Letter', 'Send Quote', 'Other'] }),
  choice('Status', ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'], {
    nillable: false,
    defaultValue: 'Not Started',
  }),
  choice('Priority', ['High', 'Normal', 'Low'], { nillable: false, defaultValue: 'Normal' }),
  ownerOrQueue,
  reference('WhoId', ['Contact', 'Lead'], { label: 'Name', children: 'Tasks' }),
  reference('WhatId', ['Account', 'Opportunity', 'Case'], { label: 'Related To', children: 'Tasks' }),
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

const caseObject = object({ name: 'Case', label: 'Case', labelJa: 'ケース', prefix: '500' }, [
  ownerOrQueue,
  reference('ContactId', ['Contact'], { children: 'Cases' }),
  reference('AccountId', ['Account'], { children: 'Cases' }),
  text('Subject', 255),
  choice('Status', ['New', 'Working', 'Escalated', 'Closed'], { defaultValue: 'New' }),
  choice('Priority', ['High', 'Medium', 'Low'], { defaultValue: 'Medium' }),
  choice('Origin', ['Phone', 'Email', 'Web']),
  flag('IsClosed', READ_ONLY),
  field('Description', 'textarea', { length: 32000 }),
]);

export const activityObjects = [task, caseObject] as const;
