import { renderCallLog, renderOutcome } from '../../../src/mappings/apply-mapping.ts';
import { callLogWith, describedAs, factsOfCall, mappingOf, yamada } from './call-builders.ts';

function fieldsOf(rules: Readonly<Record<string, string>>, ...[example, told]: Parameters<typeof factsOfCall>) {
  return renderCallLog(callLogWith(rules), factsOfCall(example, told), null).write?.fields;
}

describe('what a rule gives', () => {
  test('a fact, a constant, a text with facts in it, and the first fact that is known', () => {
    const rules = {
      A: '{ from: queue }',
      B: '{ value: Completed }',
      C: '{ template: "{{ direction | label }} {{ customer.number | national }}" }',
      D: '{ firstOf: [notes, outcome.label, queue] }',
    };
    expect(fieldsOf(rules)).toEqual({ A: 'sales', B: 'Completed', C: '着信 090-1234-5678', D: 'sales' });
  });

  test('leaves a field alone when nothing is known, and empties it when the default is null', () => {
    expect(fieldsOf({ A: '{ from: notes }', B: '{ from: notes, default: null }', C: '{ from: notes, default: なし }' })).toEqual({
      B: null,
      C: 'なし',
    });
  });

  test('an empty note or list counts as nothing known', () => {
    expect(fieldsOf({ A: '{ from: notes }', B: '{ firstOf: [recordings, queue] }' }, { notes: '', recordings: [] })).toEqual({
      B: 'sales',
    });
  });

  test('zero seconds and "no" are values, not nothing', () => {
    expect(fieldsOf({ A: '{ from: talkSeconds }', B: '{ from: missed, default: true }' }, { talkSeconds: 0 })).toEqual({
      A: 0,
      B: false,
    });
  });

  test('a map turns our words into those of the CRM; what it leaves out takes the default', () => {
    const rules = {
      A: '{ from: direction, map: { inbound: Inbound } }',
      B: '{ from: result, map: { busy: Busy }, default: Other }',
    };
    expect(fieldsOf(rules)).toEqual({ A: 'Inbound', B: 'Other' });
    expect(fieldsOf({ A: '{ from: direction, map: { inbound: Inbound } }' }, { direction: 'outbound' })).toEqual({});
  });

  test('a map answers with its own words alone, never with what every object has', () => {
    expect(fieldsOf({ A: '{ from: notes, map: { a: b }, default: none }' }, { notes: 'constructor' })).toEqual({ A: 'none' });
  });

  test('whole seconds are rounded, and a day is the day of the call centre', () => {
    const rules = {
      A: '{ from: talkSeconds, as: integer }',
      B: '{ from: startedAt, as: date }',
      C: '{ from: startedAt, as: time }',
    };
    expect(fieldsOf(rules, { talkSeconds: 33.5, startedAt: '2026-01-05T15:30:00.000Z' })).toEqual({
      A: 34,
      B: '2026-01-06',
      C: '00:30',
    });
  });

  test('lists are joined for a text field, and one value becomes a list where the CRM wants several', () => {
    const rules = { A: '{ from: spokeWith, as: string }', B: '{ from: queue, as: list }' };
    expect(fieldsOf(rules, { spokeWith: ['1001', '1002'] })).toEqual({ A: '1001, 1002', B: ['sales'] });
  });

  test('what cannot be read as a number takes the default', () => {
    expect(fieldsOf({ A: '{ from: notes, as: integer, default: 0 }' }, { notes: '来週' })).toEqual({ A: 0 });
  });

  test('a condition keeps a field untouched', () => {
    const rules = {
      A: '{ from: match.link.who, when: match }',
      B: "{ value: long, when: talkSeconds > 30 and direction == 'inbound' }",
    };
    expect(fieldsOf(rules, { talkSeconds: 20 })).toEqual({});
    expect(fieldsOf(rules, { talkSeconds: 40 }, { match: yamada })).toEqual({ A: '003AA', B: 'long' });
  });
});

describe('text that does not fit', () => {
  const long = 'あ'.repeat(300);

  test('is cut to the length of the field and marked, and that is said', () => {
    const description = describedAs([{ name: 'Subject', length: 255 }]);
    const { write, warnings } = renderCallLog(
      callLogWith({ Subject: '{ from: notes }' }),
      factsOfCall({ notes: long }),
      description,
    );
    expect(write?.fields.Subject).toBe(`${'あ'.repeat(254)}…`);
    expect(warnings).toEqual([{ field: 'Subject', reason: 'cut' }]);
  });

  test('is cut to the limit of the rule where that is less', () => {
    expect(fieldsOf({ A: '{ from: notes, limit: 10 }' }, { notes: long })).toEqual({ A: `${'あ'.repeat(9)}…` });
  });

  test('of several lines goes on one line into a field that has one', () => {
    const description = describedAs([{ name: 'Subject' }, { name: 'Description', type: 'text' }]);
    const mapping = callLogWith({ Subject: '{ from: notes }', Description: '{ from: notes }' });
    const { write } = renderCallLog(mapping, factsOfCall({ notes: ' 一行目\r\n二行目 ' }), description);
    expect(write?.fields).toEqual({ Subject: '一行目 二行目', Description: ' 一行目\n二行目 ' });
  });

  test('loses characters no CRM can store', () => {
    expect(fieldsOf({ A: '{ from: notes }' }, { notes: 'a\u0000b\u0007c\ud800' })).toEqual({ A: 'abc\ufffd' });
  });
});

describe('what our user may not do', () => {
  test('a field it may not see or write is left out with a warning, and the call is still logged', () => {
    const description = describedAs([{ name: 'Subject' }, { name: 'Locked', createable: false }]);
    const mapping = callLogWith({ Subject: '{ value: a }', Locked: '{ value: b }', Hidden: '{ value: c }' });
    const { write, warnings } = renderCallLog(mapping, factsOfCall(), description);
    expect(write?.fields).toEqual({ Subject: 'a' });
    expect(warnings).toEqual([
      { field: 'Locked', reason: 'notWritable' },
      { field: 'Hidden', reason: 'unknownField' },
    ]);
  });

  test('a field that can be set on create only is never written again', () => {
    const description = describedAs([{ name: 'TaskSubtype', updateable: false }]);
    const { write } = renderCallLog(callLogWith({ TaskSubtype: '{ value: Call }' }), factsOfCall(), description);
    expect(write).toMatchObject({ fields: { TaskSubtype: 'Call' }, owners: { TaskSubtype: 'theirs' } });
  });
});

test('a template that fails for one call costs that field and a warning, never the call', () => {
  const mapping = callLogWith({
    A: '{ value: a }',
    B: `{ template: "{% for i in (1..100000000) %}x{% endfor %}", default: none }`,
  });
  const { write, warnings } = renderCallLog(mapping, factsOfCall(), null);
  expect(write?.fields).toEqual({ A: 'a', B: 'none' });
  expect(warnings).toEqual([{ field: 'B', reason: 'templateFailed' }]);
});

describe('the record', () => {
  test('is found again by the id of the call', () => {
    const { write } = renderCallLog(callLogWith({ A: '{ value: a }' }), factsOfCall({ id: 'main-1.5' }), null);
    expect(write).toMatchObject({ object: 'Task', key: { field: 'Call_Id__c', value: 'main-1.5' } });
  });

  test('has no key only where the mapping says it may repeat', () => {
    const mapping = mappingOf('connector: salesforce\ncallLog: { object: Task, mayRepeat: true, fields: { A: { value: a } } }');
    expect(renderCallLog(mapping, factsOfCall(), null).write?.key).toBeNull();
  });

  test('says which fields are not ours alone, and never empties those', () => {
    const rules = {
      A: '{ from: notes, owner: append }',
      B: '{ from: queue, owner: fillEmpty }',
      C: '{ from: leadId, default: null, owner: theirs }',
    };
    const { write } = renderCallLog(callLogWith(rules), factsOfCall({ notes: 'x' }), null);
    expect(write).toMatchObject({ fields: { A: 'x', B: 'sales' }, owners: { A: 'append', B: 'fillEmpty' } });
    expect(write?.fields).not.toHaveProperty('C');
  });

  test('of an internal call is not written unless the mapping asks for it', () => {
    const internal = factsOfCall({ direction: 'internal', customer: null });
    expect(renderCallLog(callLogWith({ A: '{ value: a }' }), internal, null).write).toBeNull();
    expect(
      renderCallLog(callLogWith({ A: '{ value: a }' }, "  when: direction == 'internal'"), internal, null).write,
    ).not.toBeNull();
  });
});

describe('the outcome', () => {
  const inCallLog = `
connector: salesforce
callLog: { object: Task, key: Call_Id__c, fields: { Subject: { value: call } } }
outcome: { fields: { Result: { from: outcome.label }, Notes: { from: notes } } }
`;
  const apart = inCallLog.replace('outcome: {', 'outcome: { object: Result__c, key: Call__c,');

  test('comes into the same record when it is chosen later', () => {
    const mapping = mappingOf(inCallLog);
    expect(renderCallLog(mapping, factsOfCall(), null).write?.fields).toEqual({ Subject: 'call' });
    const later = factsOfCall({ outcome: { code: 'won', label: '成約' }, notes: '来週' });
    expect(renderCallLog(mapping, later, null).write).toMatchObject({
      key: { field: 'Call_Id__c' },
      fields: { Subject: 'call', Result: '成約', Notes: '来週' },
    });
    expect(renderOutcome(mapping, later, null).write).toBeNull();
  });

  test('is a record of its own when the mapping names another object, and only once there is one', () => {
    const mapping = mappingOf(apart);
    const later = factsOfCall({ outcome: { code: 'won', label: '成約' } });
    expect(renderCallLog(mapping, later, null).write?.fields).toEqual({ Subject: 'call' });
    expect(renderOutcome(mapping, later, null).write).toMatchObject({
      object: 'Result__c',
      key: { field: 'Call__c' },
      fields: { Result: '成約' },
    });
    expect(renderOutcome(mapping, factsOfCall(), null).write).toBeNull();
  });
});
