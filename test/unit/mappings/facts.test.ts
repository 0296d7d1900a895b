import { choiceLabel } from '../../../src/mappings/choices.ts';
import { facts, findFact } from '../../../src/mappings/facts.ts';
import { factsOf } from '../../../src/mappings/facts-of-call.ts';
import { callOf, factsOfCall, japanese, yamada } from './call-builders.ts';

const agents = [{ extension: '1002', name: '鈴木 花子', users: { salesforce: '005AA', kintone: 'suzuki' } }];

test('every fact a call gives is in the documented vocabulary, and of its type', () => {
  const everything = factsOfCall(
    {
      transfers: [{ kind: 'blind', from: '1001', to: '1002' }] as never,
      outcome: { code: 'won', label: '成約' },
      notes: 'x',
      followUp: { dueAt: '2026-01-06T01:00:00.000Z', note: '見積', state: 'open', reopened: false },
      leadId: 'L1',
      placedBy: '1001',
      recordings: ['a.wav'],
      customer: { raw: '0312345678', number: '+81312345678', name: 'ヤマダ' } as never,
      spokeWith: ['1001', '1002'],
    },
    { match: yamada, agents },
  ).values;
  const jsType = {
    string: 'string',
    phone: 'string',
    choice: 'string',
    dateTime: 'string',
    integer: 'number',
    number: 'number',
    boolean: 'boolean',
  };
  for (const [name, value] of Object.entries(everything)) {
    const fact = findFact(name, ['who', 'what']);
    expect([name, fact?.name]).toEqual([name, name]);
    if (fact?.type === 'list') expect(Array.isArray(value)).toBe(true);
    else expect([name, typeof value]).toEqual([name, jsType[fact?.type ?? 'string']]);
  }
  expect(facts.map(({ name }) => name).filter((name) => !(name in everything))).toEqual([]);
});

test('facts that every ended call has are there for a withheld, missed, unmatched call as well', () => {
  const { values } = factsOfCall({
    customer: { raw: null, number: null, withheld: true } as never,
    answered: false,
    answeredAt: null,
    answeredBy: null,
    spokeWith: [],
    rang: [],
    queue: null,
    queues: [],
    did: null,
    hangupBy: null,
    hangupCause: null,
  });
  for (const { name } of facts.filter(({ always }) => always)) expect(values).toHaveProperty([name]);
  expect(values).toMatchObject({ missed: true, 'customer.withheld': true, match: false });
});

test('the agent of a call is the last one who spoke, else who dialled, else nobody', () => {
  const agentOf = (example: Parameters<typeof factsOfCall>[0]) => factsOfCall(example, { agents }).values;
  expect(agentOf({ spokeWith: ['1001', '1002'] })).toMatchObject({
    'agent.extension': '1002',
    'agent.name': '鈴木 花子',
    'agent.user': '005AA',
  });
  expect(agentOf({ spokeWith: [], answeredBy: null, placedBy: '1001' })).toMatchObject({
    agent: true,
    'agent.extension': '1001',
  });
  expect(agentOf({ spokeWith: [], answeredBy: null })).toMatchObject({ agent: false });
});

test('the label of an outcome is that of the configured outcome in the language of the CRM', () => {
  const outcomes = [
    { code: 'won', label: { ja: '成約', en: 'Won' }, directions: ['inbound'], needsRecall: false, shortcut: null },
  ] as const;
  const record = callOf({ outcome: { code: 'won', label: 'Won' } });
  const input = { connector: 'kintone', record, match: null, matchKind: null, agents: [], outcomes, style: japanese };
  expect(factsOf(input).values['outcome.label']).toBe('成約');
  expect(factsOf({ ...input, outcomes: [] }).values['outcome.label']).toBe('Won');
});

test('choices are said in Japanese and English, and a word that is none stays itself', () => {
  expect([choiceLabel('inbound', 'ja'), choiceLabel('noAnswer', 'en'), choiceLabel('toString', 'ja')]).toEqual([
    '着信',
    'No answer',
    'toString',
  ]);
});
