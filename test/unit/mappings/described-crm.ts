import type { FieldDescription, ObjectDescription } from '../../../connectors/connector.ts';
import type { Descriptions } from '../../../src/mappings/descriptions.ts';

type Part = Partial<FieldDescription>;

function field(name: string, part: Part = {}): FieldDescription {
  return {
    name,
    label: name,
    type: 'string',
    length: null,
    required: false,
    unique: false,
    usableAsKey: false,
    createable: true,
    updateable: true,
    picklist: null,
    restricted: false,
    referenceTo: [],
    ...part,
  };
}

const readOnly: Part = { createable: false, updateable: false };
const phones = ['Phone', 'MobilePhone', 'HomePhone', 'OtherPhone'].map((name) => field(name, { type: 'phone', length: 40 }));
const person = [field('Id', { type: 'id', ...readOnly }), field('Name', { length: 121, ...readOnly }), ...phones];

function object(name: string, fields: readonly FieldDescription[]): ObjectDescription {
  return { object: name, label: name, fields };
}

/** Objects as a Salesforce org describes them, with a few awkward fields of its own. */
export const describedCrm: Descriptions = new Map<string, ObjectDescription | null>([
  [
    'Task',
    object('Task', [
      field('Subject', { length: 255 }),
      field('Status', { type: 'picklist', length: 40, picklist: ['Not Started', 'Completed'], restricted: true }),
      field('Priority', { type: 'picklist', picklist: ['High', 'Normal'] }),
      field('CallType', { type: 'picklist', length: 40, picklist: ['Internal', 'Inbound', 'Outbound'], restricted: true }),
      field('CallDurationInSeconds', { type: 'integer', length: 8 }),
      field('CallDisposition', { length: 20 }),
      field('ActivityDate', { type: 'date' }),
      field('Started__c', { type: 'dateTime' }),
      field('Topics__c', { type: 'multiPicklist', picklist: ['sales', 'support'], restricted: true }),
      field('Missed__c', { type: 'boolean' }),
      field('Branch__c', { length: 80, required: true }),
      field('Description', { type: 'text', length: 32000 }),
      field('WhoId', { type: 'reference', referenceTo: ['Contact', 'Lead'] }),
      field('WhatId', { type: 'reference', referenceTo: ['Account'] }),
      field('TaskSubtype', { type: 'picklist', picklist: ['Task', 'Call'], restricted: true, updateable: false }),
      field('CompletedDateTime', { type: 'dateTime', ...readOnly }),
      field('Files__c', { type: 'file' }),
      field('Call_Id__c', { length: 80, unique: true, usableAsKey: true }),
      field('Short_Id__c', { length: 20, unique: true, usableAsKey: true }),
      field('Loose_Id__c', { length: 80 }),
    ]),
  ],
  [
    'Contact',
    object('Contact', [
      ...person,
      field('AccountId', { type: 'reference', referenceTo: ['Account'] }),
      field('Birthdate', { type: 'date' }),
    ]),
  ],
  ['Lead', object('Lead', [...person, field('Company')])],
  ['Account', object('Account', [...person, field('Type')])],
  ['Kontakt', null],
]);
