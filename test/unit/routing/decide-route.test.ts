import { decideRoute } from '../../../src/routing/decide-route.ts';
import { ambiguous, known, nobody, record, routingAnswer, routingFacts, rule } from '../../support/routing-facts.ts';

const SATO = '005AA0000000001AAA';
const SUZUKI = '005AA0000000002BBB';

test('of a stranger nothing is said', () => {
  expect(decideRoute(routingFacts())).toEqual(routingAnswer());
});

describe('who is calling', () => {
  test.each([
    ['a known caller is named', known(record()), { callerKind: 'known', customerName: '山田 太郎' }],
    [
      'several possible records give no name',
      ambiguous(record(), record({ id: '003BB' })),
      { callerKind: 'ambiguous', customerName: null },
    ],
    ['a withheld caller is told as such', { ...nobody, kind: 'withheld' as const }, { callerKind: 'withheld' }],
    ['nobody is unknown while a CRM could not be asked', { ...nobody, unasked: ['kintone'] }, { callerKind: null }],
    [
      'a known caller stays known while another CRM could not be asked',
      { ...known(record()), unasked: ['kintone'] },
      { callerKind: 'known' },
    ],
    ['what was not found out in time is left open', null, { callerKind: null, customerName: null }],
  ])('%s', (_what, match, expected) => {
    expect(decideRoute(routingFacts({ match }))).toMatchObject(expected);
  });
});

describe('whose customer it is', () => {
  const kintone = { connector: 'kintone', object: 'customers', id: '1' };
  test.each([
    ['the agent whose user owns the record', known(record({ owners: [SATO] })), '1001'],
    ['also when the agent’s user was copied with 15 characters', known(record({ owners: [SUZUKI] })), '1002'],
    ['nobody when the owner is no agent', known(record({ owners: ['005ZZ0000000009AAA'] })), null],
    ['nobody when the mapping names no field', known(record()), null],
    ['the first agent of a field with several users', known(record({ ...kintone, owners: ['tanaka', 'sato'] })), '1001'],
    ['nobody whose user has this name in another CRM', known(record({ ...kintone, owners: [SATO] })), null],
    [
      'the first CRM’s owner who is an agent',
      known(record({ owners: ['005ZZ0000000009AAA'] }), record({ ...kintone, owners: ['sato'] })),
      '1001',
    ],
    ['the owner of every possible record', ambiguous(record({ owners: [SATO] }), record({ id: 'b', owners: [SATO] })), '1001'],
    [
      'nobody when possible records have different owners',
      ambiguous(record({ owners: [SATO] }), record({ id: 'b', owners: [SUZUKI] })),
      null,
    ],
    ['nobody when one of the possible records has no owner', ambiguous(record({ owners: [SATO] }), record({ id: 'b' })), null],
    ['nobody when it is not known who calls', null, null],
  ])('%s', (_what, match, ownerAgent) => {
    expect(decideRoute(routingFacts({ match })).ownerAgent).toBe(ownerAgent);
  });

  test('a record the operators did not mean has no say', () => {
    const meant = record({ id: 'meant', owners: [SUZUKI] });
    const match = { ...known(meant), records: [record({ id: 'other', owners: [SATO] }), meant] };
    expect(decideRoute(routingFacts({ match }))).toMatchObject({ ownerAgent: '1002', customerName: '山田 太郎' });
  });
});

describe('who spoke last with this number', () => {
  const at = (day: number, ...spokeWith: string[]) => ({
    startedAt: `2026-11-${String(day).padStart(2, '0')}T01:00:00.000Z`,
    spokeWith,
  });
  test.each([
    [
      'the last one to speak in the last call',
      [at(20, '1001', '1002'), at(10, '1003')],
      { extension: '1002', at: '2026-11-20T01:00:00.000Z' },
    ],
    [
      'calls in which nobody spoke are passed over',
      [at(20), at(19), at(10, '1003')],
      { extension: '1003', at: '2026-11-10T01:00:00.000Z' },
    ],
    [
      'who is no agent any more is passed over',
      [at(20, '1001', '9999'), at(10, '1003')],
      { extension: '1001', at: '2026-11-20T01:00:00.000Z' },
    ],
    [
      'also when that leaves an earlier call',
      [at(20, '9999'), at(10, '1003')],
      { extension: '1003', at: '2026-11-10T01:00:00.000Z' },
    ],
    ['nobody when it is too long ago', [{ startedAt: '2026-10-31T23:59:59.999Z', spokeWith: ['1001'] }], null],
    ['nobody when there was no call', [], null],
  ])('%s', (_what, earlierCalls, lastAgent) => {
    expect(decideRoute(routingFacts({ earlierCalls })).lastAgent).toEqual(lastAgent);
  });
});

describe('which queue and which greeting', () => {
  const vip = rule({ when: { card: { ランク: ['A', 'S'] } }, queue: 'vip', greeting: 'vip-welcome' });
  const toll = rule({ when: { did: ['+81120111222'], caller: ['unknown', 'withheld'] }, queue: 'sales' });
  const owned = rule({ when: { caller: ['known'], owner: true }, greeting: 'welcome-back' });
  const rest = rule({ queue: 'support' });
  const rules = [vip, toll, owned, rest];
  const ranked = (value: string) => known(record({ card: [{ label: 'ランク', value }] }));

  test.each([
    ['a line of the card', { match: ranked('A') }, { queue: 'vip', greeting: 'vip-welcome' }],
    ['another value of that line', { match: ranked('B') }, { queue: 'support', greeting: null }],
    ['the number dialled and who calls', { did: '+81120111222' }, { queue: 'sales' }],
    ['the same number, a known caller', { did: '+81120111222', match: known(record()) }, { queue: 'support' }],
    ['another number', { did: '+81398765432' }, { queue: 'support' }],
    ['no number said', { did: null }, { queue: 'support' }],
    ['an owner', { match: known(record({ owners: [SATO] })) }, { queue: null, greeting: 'welcome-back' }],
    ['it is not known in time who calls', { did: '+81120111222', match: null }, { queue: 'support' }],
  ])('%s decides', (_what, given, expected) => {
    expect(decideRoute(routingFacts({ rules, ...given }))).toMatchObject(expected);
  });

  test('without a rule that fits nothing is said', () => {
    expect(decideRoute(routingFacts({ rules: [toll] }))).toMatchObject({ queue: null, greeting: null });
  });

  test('a rule may ask that nobody owns the customer', () => {
    const free = rule({ when: { owner: false }, queue: 'open' });
    expect(decideRoute(routingFacts({ rules: [free] })).queue).toBe('open');
    expect(decideRoute(routingFacts({ rules: [free], match: known(record({ owners: [SATO] })) })).queue).toBeNull();
  });
});

test('a blocked number is told with its reason, and what is missing with it', () => {
  expect(decideRoute(routingFacts({ block: { reason: '迷惑電話' }, missing: ['caller'] }))).toMatchObject({
    blocked: { reason: '迷惑電話' },
    missing: ['caller'],
  });
});
