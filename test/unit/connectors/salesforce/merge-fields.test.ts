import type { FieldDescription, FieldOwner, FieldValue, RecordWrite } from '../../../../connectors/connector.ts';
import { fieldsToRead, mergeFields } from '../../../../connectors/salesforce/merge-fields.ts';

function described(fields: Record<string, Partial<FieldDescription>>): ReadonlyMap<string, FieldDescription> {
  const defaults = {
    label: '',
    type: 'string',
    length: 255,
    required: false,
    unique: false,
    usableAsKey: false,
    createable: true,
    updateable: true,
  } as const;
  return new Map(
    Object.entries(fields).map(([name, over]) => [
      name,
      { name, ...defaults, picklist: null, restricted: false, referenceTo: [], ...over },
    ]),
  );
}

const fields = described({ Subject: {}, Description: { length: 20 }, TaskSubtype: { updateable: false } });

function write(values: Record<string, FieldValue>, owners: Record<string, FieldOwner> = {}): RecordWrite {
  return { object: 'Task', key: { field: 'Key__c', value: 'k' }, fields: values, owners };
}

test('a new record gets everything, whoever owns it', () => {
  const wanted = { Subject: 'a', Description: 'b', TaskSubtype: 'Call' };
  expect(mergeFields(write(wanted, { Subject: 'theirs', Description: 'append' }), null, fields)).toEqual(wanted);
});

test.each([
  ['ours', 'typed', 'wanted', 'wanted'],
  ['ours', 'typed', null, null],
  ['fillEmpty', 'typed', 'wanted', undefined],
  ['fillEmpty', null, 'wanted', 'wanted'],
  ['fillEmpty', '', 'wanted', 'wanted'],
  ['append', null, 'wanted', 'wanted'],
  ['append', 'typed', 'wanted', 'typed\nwanted'],
  ['append', 'typed\nwanted', 'wanted', undefined],
  ['append', 'typed\r\nwanted', 'wanted', undefined],
  ['append', 'unwanted', 'wanted', 'unwanted\nwanted'],
  ['append', 'typed', null, undefined],
  ['append', 'typed here', 'wanted there', 'typed here\nwanted t…'],
  ['append', 'typed up to the brim', 'wanted', undefined],
  ['theirs', null, 'wanted', undefined],
  ['theirs', 'typed', 'wanted', undefined],
] as const)('a field that is %s, holds %j and is wanted to be %j is sent as %j', (owner, stored, wanted, sent) => {
  const merged = mergeFields(write({ Description: wanted }, { Description: owner }), { Description: stored }, fields);
  expect(merged.Description).toBe(sent);
});

test('what nobody may change after the create is not sent again', () => {
  expect(mergeFields(write({ TaskSubtype: 'Call', Subject: 'a' }), {}, fields)).toEqual({ Subject: 'a' });
});

test('only fields whose stored value matters are read', () => {
  const wanted = write({ Subject: 'a', Description: 'b', TaskSubtype: 'Call' }, { Description: 'append' });
  expect(fieldsToRead(wanted, fields)).toEqual(['Description', 'TaskSubtype']);
  expect(fieldsToRead({ ...wanted, key: null }, fields)).toEqual([]);
});
