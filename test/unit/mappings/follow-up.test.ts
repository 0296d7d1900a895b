import type { CallFollowUp } from '../../../src/calls/call.ts';
import { renderFollowUp } from '../../../src/mappings/apply-mapping.ts';
import { checkMappingText } from '../../../src/mappings/check-mapping-file.ts';
import { followUpKey } from '../../../src/mappings/record-key.ts';
import { factsOfCall, mappingOf } from './call-builders.ts';
import { describedCrm } from './described-crm.ts';

const callLog = 'callLog: { object: Task, key: Id__c, fields: { Subject: { from: direction } } }';
const status = '{ from: followUp.state, map: { open: Open, cancelled: Gone }, owner: theirs }';
const rules = `{ Due: { from: followUp.dueAt }, Note: { from: followUp.note, default: null }, Status: ${status} }`;
const mapping = mappingOf(`
connector: salesforce
${callLog}
followUp: { object: Task, key: Id__c, fields: ${rules} }
`);
const later = { dueAt: '2026-01-06T01:00:00Z', note: null, state: 'open', reopened: false } as const;
const written = (followUp: CallFollowUp | null) => renderFollowUp(mapping, factsOfCall({ followUp }), null).write;

test('a call without a follow-up writes none', () => {
  expect(written(null)).toBeNull();
});

test('beside the call log it has a key of its own; in an object or under a field of its own the call’s', () => {
  expect(written(later)?.key).toEqual({ field: 'Id__c', value: 'main-1767574800.1-followUp' });
  for (const part of ['object: Todo, key: Id__c', 'object: Task, key: Other__c']) {
    const apart = mappingOf(`connector: salesforce\n${callLog}\nfollowUp: { ${part}, fields: ${rules} }`);
    expect(followUpKey(apart, 'main-1.1')).toBe('main-1.1');
  }
  const besideOutcome = mappingOf(`
connector: salesforce
callLog: { object: Call__c, key: Id__c, fields: { Subject: { from: direction } } }
outcome: { object: Task, key: Id__c, fields: { Subject: { from: outcome.label } } }
followUp: { object: Task, key: Id__c, fields: ${rules} }
`);
  expect(followUpKey(besideOutcome, 'main-1.1')).toBe('main-1.1-followUp');
});

test('its state is theirs until it is taken back; from then on it is ours', () => {
  expect(written(later)).toMatchObject({
    fields: { Status: 'Open', Due: later.dueAt, Note: null },
    owners: { Status: 'theirs' },
  });
  expect(written({ ...later, state: 'cancelled' })).toMatchObject({ fields: { Status: 'Gone' }, owners: {} });
  expect(written({ ...later, reopened: true })).toMatchObject({ fields: { Status: 'Open' }, owners: {} });
});

function problemsOf(part: string): readonly string[] {
  const text = `connector: salesforce\nfollowUp: { ${part} }`;
  const descriptions = new Map([...describedCrm, ['Todo', null]]);
  return checkMappingText(text, { descriptions, outcomes: [], locale: 'ja' }).problems.map(({ code, path }) => `${code} ${path}`);
}

test.each([
  ['object: Todo, key: Id__c, fields: {}', ['noFollowUpObject followUp.object']],
  ['object: Task, fields: { Branch__c: { value: x } }', ['keyMissing followUp']],
  ['object: Task, key: Short_Id__c, fields: { Branch__c: { value: x } }', ['keyTooShort followUp.key']],
  [
    'object: Task, key: Call_Id__c, fields: { Branch__c: { value: x }, Status: { from: followUp.state } }',
    ['choicesNotInPicklist followUp.fields.Status.from'],
  ],
  [
    "object: Task, key: Call_Id__c, when: followUp.state == 'done', fields: { Branch__c: { value: x } }",
    ['unknownChoice followUp.when'],
  ],
])('its part of a mapping is checked: %s', (part, problems) => {
  expect(problemsOf(part)).toEqual(problems);
});
