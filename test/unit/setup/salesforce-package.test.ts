import { readFileSync } from 'node:fs';
import { readXml, type XmlElement } from '../../../infra/sandbox/salesforce/soap/xml.ts';
import { checkMappingText } from '../../../src/mappings/check-mapping-file.ts';
import type { Mapping } from '../../../src/mappings/mapping-schema.ts';
import { judgeFields } from '../../../src/setup/salesforce-check.ts';
import { customFields } from '../../../src/setup/salesforce-custom-fields.ts';
import { salesforceInstructions } from '../../../src/setup/salesforce-instructions.ts';
import { salesforcePackage } from '../../../src/setup/salesforce-package.ts';
import { describedField, describedObject } from './described-object.ts';

function mappingOf(text: string): Mapping {
  const { mapping, problems } = checkMappingText(text, { descriptions: new Map(), outcomes: [], locale: 'ja' });
  if (mapping === null) throw new Error(JSON.stringify(problems));
  return mapping;
}

const shipped = () => mappingOf(readFileSync('mappings/salesforce.yaml', 'utf8'));
const rich = () =>
  mappingOf(`
connector: salesforce
callers: [{ object: Contact, phones: [Phone, Direct_Line__c], name: Name }]
callLog:
  object: Call_Log__c
  key: Call_Id__c
  fields:
    Name: { from: call.id }
    Result__c: { from: result, map: { answered: 'A & B', abandoned: <gone> }, default: other }
    Seconds__c: { from: talkSeconds, as: integer }
    Waited__c: { from: waitSeconds }
    Began__c: { from: startedAt }
    Day__c: { from: startedAt, as: date }
    Notes__c: { from: notes, limit: 32000 }
    Agent__c: { from: agent.user }
followUp: { object: Task, key: Toritsugi_Call_Id__c, fields: { Remarks__c: { from: notes } } }
`);

/** Every element of the Metadata API's types that we write; the service refuses any other. */
const known: Readonly<Record<string, readonly string[]>> = {
  Package: ['types', 'version'],
  types: ['members', 'name'],
  CustomObject: ['fields'],
  fields: [
    ...['fullName', 'description', 'label', 'required', 'externalId', 'length', 'type', 'unique', 'caseSensitive'],
    ...['precision', 'scale', 'visibleLines', 'valueSet'],
  ],
  valueSet: ['restricted', 'valueSetDefinition'],
  valueSetDefinition: ['sorted', 'value'],
  value: ['fullName', 'default', 'label'],
  PermissionSet: [
    ...['description', 'fieldPermissions', 'hasActivationRequired', 'label', 'objectPermissions', 'userPermissions'],
  ],
  fieldPermissions: ['editable', 'field', 'readable'],
  objectPermissions: [
    ...['allowCreate', 'allowDelete', 'allowEdit', 'allowRead', 'modifyAllRecords', 'object', 'viewAllRecords'],
  ],
  userPermissions: ['enabled', 'name'],
};

function strangers(element: XmlElement): readonly string[] {
  const wrong = element.children.filter(({ name }) => !(known[element.name] ?? []).includes(name));
  return [...wrong.map(({ name }) => `${element.name}.${name}`), ...element.children.flatMap(strangers)];
}

const textOf = (element: XmlElement, name: string) => element.children.find((child) => child.name === name)?.text;

function read(mapping: Mapping) {
  const files = salesforcePackage(mapping, '67.0');
  const roots = new Map([...files].map(([name, text]) => [name, readXml(text)]));
  const root = (name: string) => {
    const found = roots.get(name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };
  const field = (file: string, name: string) => {
    const found = root(file).children.find((child) => textOf(child, 'fullName') === name);
    return found === undefined ? null : Object.fromEntries(found.children.map((child) => [child.name, child.text]));
  };
  const permissions = root('permissionsets/Toritsugi.permissionset').children;
  const named = (kind: string, key: string) =>
    permissions.filter(({ name }) => name === kind).map((one) => [textOf(one, key), one] as const);
  return { files, roots, root, field, named };
}

test.each([
  ['the shipped mapping', shipped],
  ['a mapping of custom objects', rich],
])('the package of %s is well formed and holds what its manifest names, nothing else', (_, mapping) => {
  const { roots, root } = read(mapping());
  expect([...roots.values()].flatMap(strangers)).toEqual([]);
  const types = root('package.xml').children.filter(({ name }) => name === 'types');
  const members = types.flatMap(({ children }) => children.filter(({ name }) => name === 'members').map(({ text }) => text));
  const fields = [...roots].flatMap(([name, { children }]) => {
    const object = /^objects\/(.*)\.object$/.exec(name)?.[1];
    return object === undefined ? [] : children.map((child) => `${object}.${textOf(child, 'fullName')}`);
  });
  expect(members.toSorted()).toEqual([...fields, 'Toritsugi'].toSorted());
  expect(textOf(root('package.xml'), 'version')).toBe('67.0');
});

test('the field of an activity is an external id and not unique; that of another object is both', () => {
  expect(read(shipped()).field('objects/Activity.object', 'Toritsugi_Call_Id__c')).toMatchObject({
    ...{ type: 'Text', length: '80', externalId: 'true', required: 'false' },
  });
  expect(read(shipped()).field('objects/Activity.object', 'Toritsugi_Call_Id__c')).not.toHaveProperty('unique');
  expect(read(rich()).field('objects/Call_Log__c.object', 'Call_Id__c')).toMatchObject({
    ...{ externalId: 'true', unique: 'true', caseSensitive: 'true' },
  });
});

test('a field is of the kind that its rule gives, within what the object allows', () => {
  const { field } = read(rich());
  const typeOf = (name: string) => field('objects/Call_Log__c.object', name)?.type;
  expect(['Result__c', 'Seconds__c', 'Waited__c', 'Began__c', 'Day__c', 'Notes__c', 'Agent__c'].map(typeOf)).toEqual([
    ...['Picklist', 'Number', 'Number', 'DateTime', 'Date', 'LongTextArea', 'Text'],
  ]);
  expect(field('objects/Activity.object', 'Remarks__c')).toMatchObject({ type: 'TextArea' });
  expect(field('objects/Call_Log__c.object', 'Name')).toBeNull();
  expect(read(rich()).files.get('objects/Call_Log__c.object')).toContain('<fullName>A &amp; B</fullName>');
});

test('the permission set lets our user read callers and write the mapping’s fields, and no more', () => {
  const { named } = read(shipped());
  const editable = named('fieldPermissions', 'field').filter(([, one]) => textOf(one, 'editable') === 'true');
  expect(editable.map(([name]) => name)).toEqual([
    ...['Task.ActivityDate', 'Task.Description', 'Task.Toritsugi_Call_Id__c', 'Task.WhatId', 'Task.WhoId'],
  ]);
  const readable = named('fieldPermissions', 'field').map(([name]) => name);
  expect(readable).toEqual(expect.arrayContaining(['Contact.Phone', 'Lead.MobilePhone', 'Account.Phone']));
  // Required and universal fields take no permission: naming one fails the whole deployment.
  expect(readable).not.toEqual(expect.arrayContaining(['Lead.Company']));
  expect(readable).not.toEqual(expect.arrayContaining(['Contact.OwnerId']));
  const objects = named('objectPermissions', 'object');
  expect(objects.map(([name]) => name)).toEqual(['Account', 'Contact', 'Lead']);
  for (const [, one] of objects) {
    expect(
      ['allowCreate', 'allowEdit', 'allowDelete', 'viewAllRecords', 'modifyAllRecords'].map((key) => textOf(one, key)),
    ).toEqual(Array.from({ length: 5 }, () => 'false'));
  }
  expect(named('userPermissions', 'name').map(([name]) => name)).toEqual(['ActivitiesAccess', 'ApiEnabled', 'EditTask']);
});

test('a custom object that is written may be created and edited; reading contacts brings reading accounts', () => {
  const { named } = read(rich());
  const rights = named('objectPermissions', 'object').map(([name, one]) => [name, textOf(one, 'allowCreate')]);
  expect(rights).toEqual([
    ['Account', 'false'],
    ['Call_Log__c', 'true'],
    ['Contact', 'false'],
  ]);
  const fields = named('fieldPermissions', 'field').map(([name, one]) => [name, textOf(one, 'editable')]);
  expect(fields).toContainEqual(['Contact.Direct_Line__c', 'false']);
  expect(fields).toContainEqual(['Task.Remarks__c', 'true']);
});

test('the instructions name fields, layouts and the app to make, in both languages', () => {
  const texts = [...salesforceInstructions(customFields(shipped())).values()];
  expect(texts).toHaveLength(2);
  for (const text of texts) expect(text).toMatch(/Activity\.Toritsugi_Call_Id__c[\s\S]*Task[\s\S]*setup salesforce --check/);
});

const write = { createable: true, updateable: true };
const keyField = describedField('Call_Id__c', { ...write, usableAsKey: true, unique: true });

function verdicts(fields: Parameters<typeof describedObject>[1]) {
  const mapping = mappingOf(
    'connector: salesforce\ncallLog: { object: Call_Log__c, key: Call_Id__c, fields: { Result__c: { from: result } } }',
  );
  return judgeFields(mapping, new Map([['Call_Log__c', fields.length === 0 ? null : describedObject('Call_Log__c', fields)]]));
}

test.each<[string, Parameters<typeof describedObject>[1], readonly object[]]>([
  ['all is there', [keyField, describedField('Result__c', write)], [{ kind: 'fine', object: 'Call_Log__c', fields: 2 }]],
  ['the object is not', [], [{ kind: 'noObject', object: 'Call_Log__c', isActivity: false }]],
  [
    'the object is closed',
    [describedField('Call_Id__c', {})],
    [{ kind: 'objectClosed', object: 'Call_Log__c', isActivity: false }],
  ],
  ['a field is hidden', [keyField], [{ kind: 'noField', object: 'Call_Log__c', field: 'Result__c', isCustom: true }]],
  [
    'a field may not be set',
    [keyField, describedField('Result__c', {})],
    [{ kind: 'notWritable', object: 'Call_Log__c', field: 'Result__c', isCustom: true }],
  ],
  [
    'the key is none',
    [describedField('Call_Id__c', write), describedField('Result__c', write)],
    [{ kind: 'notKey', object: 'Call_Log__c', field: 'Call_Id__c' }],
  ],
  [
    'the key repeats',
    [describedField('Call_Id__c', { ...write, usableAsKey: true }), describedField('Result__c', write)],
    [{ kind: 'notUnique', object: 'Call_Log__c', field: 'Call_Id__c' }],
  ],
])('when %s, the check says so', (_, fields, expected) => {
  expect(verdicts(fields)).toEqual(expected);
});
