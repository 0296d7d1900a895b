import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallRecord } from '../../../src/calls/call.ts';
import { createRouting, type RoutingDeps, routingDefaults } from '../../../src/routing/routing.ts';
import { createHandClock, type HandClock } from '../../support/ami-clock.ts';
import { callRecord } from '../../support/call-records.ts';
import { known, nobody, record, routingAgents, rule } from '../../support/routing-facts.ts';

let clock: HandClock;
let warned: Readonly<Record<string, unknown>>[];
let asked: string[];
const SATO = '005AA0000000001AAA';
const never = () => new Promise<never>(() => {});

beforeEach(() => {
  clock = createHandClock(Date.parse('2026-11-25T00:00:00Z'));
  warned = [];
  asked = [];
});

function routing(given: Partial<RoutingDeps> = {}, settings = {}) {
  return createRouting(
    {
      resolveCaller: async () => known(record({ owners: [SATO] })),
      earlierCalls: async (number): Promise<readonly CallRecord[]> => {
        asked.push(number);
        return [callRecord({ startedAt: '2026-11-20T00:00:00.000Z', spokeWith: ['1002'] })];
      },
      blocked: { find: async () => null },
      rules: () => [rule({ when: { did: ['+81398765432'] }, queue: 'vip' }), rule({ queue: 'support' })],
      agents: routingAgents,
      numbers: { region: 'JP' },
      now: clock.now,
      after: clock.after,
      log: (_level, _message, fields) => void warned.push(fields),
      ...given,
    },
    { ...routingDefaults, ...settings },
  );
}

const question = { number: '090-1234-5678', did: '03-9876-5432' };

test('everything that answers at once is told, and no timer is left behind', async () => {
  expect(await routing().ask(question)).toEqual({
    callerKind: 'known',
    customerName: '山田 太郎',
    lastAgent: { extension: '1002', at: '2026-11-20T00:00:00.000Z' },
    ownerAgent: '1001',
    blocked: null,
    queue: 'vip',
    greeting: null,
    missing: [],
  });
  expect(asked).toEqual(['+819012345678']);
  expect(clock.waiting()).toEqual([]);
});

test('what is late is left out; the rest is told when the time is over', async () => {
  const answer = routing({ earlierCalls: never, blocked: { find: never } }).ask(question);
  clock.advance(799);
  expect(await Promise.race([answer, Promise.resolve('still waiting')])).toBe('still waiting');
  clock.advance(1);
  expect(await answer).toMatchObject({
    callerKind: 'known',
    ownerAgent: '1001',
    lastAgent: null,
    queue: 'vip',
    missing: ['earlierCalls', 'blocked'],
  });
  expect(warned).toEqual([
    { source: 'earlierCalls', reason: 'the time limit' },
    { source: 'blocked', reason: 'the time limit' },
  ]);
});

test('while a CRM is asked, the directory’s word counts', async () => {
  const answer = routing({
    resolveCaller: (_customer, _signal, onInterim) => {
      onInterim({ ...known(record({ owners: [SATO] })), unasked: ['kintone'] });
      return never();
    },
  }).ask(question);
  await nextTurn();
  clock.advance(800);
  expect(await answer).toMatchObject({ callerKind: 'known', ownerAgent: '1001', missing: ['caller'] });
});

test('a caller the directory does not know is not called unknown before the CRM has said so', async () => {
  const answer = routing({
    resolveCaller: (_customer, _signal, onInterim) => {
      onInterim({ ...nobody, unasked: ['kintone'] });
      return never();
    },
  }).ask(question);
  clock.advance(800);
  expect(await answer).toMatchObject({ callerKind: null, customerName: null });
});

test('a source that fails, or throws at once, takes nothing else away', async () => {
  const secret = 'the number +819012345678 is not here';
  const answer = await routing({
    earlierCalls: async () => Promise.reject(new RangeError(secret)),
    blocked: {
      find: () => {
        throw new TypeError(secret);
      },
    },
  }).ask(question);
  expect(answer).toMatchObject({ callerKind: 'known', missing: expect.arrayContaining(['earlierCalls', 'blocked']) });
  expect(JSON.stringify(warned)).not.toContain('1234');
});

test('the time limit is a setting', async () => {
  const answer = routing({ earlierCalls: never }, { timeLimitMs: 200 }).ask(question);
  await nextTurn();
  clock.advance(200);
  expect(await answer).toMatchObject({ callerKind: 'known', missing: ['earlierCalls'] });
});

test('while sources hang, the questions waiting for them stay bounded, and everybody is still answered', async () => {
  const hanging = routing({ resolveCaller: never, earlierCalls: never, blocked: { find: never } });
  const answers = Array.from({ length: 300 }, () => hanging.ask(question));
  expect(clock.waiting()).toHaveLength(300);
  clock.advance(800);
  for (const answer of await Promise.all(answers)) expect(answer.missing).toHaveLength(3);
  expect(await hanging.ask(question)).toMatchObject({ callerKind: null, queue: 'vip' });
  expect(warned.at(-1)).toMatchObject({ reason: 'too many questions wait already' });
});

test.each([
  [true, { reason: 'withheld' }],
  [false, null],
])('withheld callers are blocked as a class when the setting says so: %s', async (blockWithheld, blocked) => {
  for (const number of ['anonymous', '非通知', '']) {
    const answer = await routing({ resolveCaller: async () => ({ ...nobody, kind: 'withheld' }) }, { blockWithheld }).ask({
      number,
      did: null,
    });
    expect(answer).toMatchObject({ callerKind: 'withheld', blocked });
  }
  expect(asked).toEqual([]);
});

test('a blocked number is told with its reason', async () => {
  const find = async (number: string) => ({ pattern: number as never, reason: '迷惑電話', by: '1001', at: 0, until: null });
  expect(await routing({ blocked: { find } }).ask(question)).toMatchObject({ blocked: { reason: '迷惑電話' } });
});

test.each(['9'.repeat(200), `'; drop table calls; --`, '"\r\nSET VARIABLE X 1', '\u0000', '1001'])(
  'a caller id of %j is answered like any other, without asking for what is no number',
  async (number) => {
    expect(await routing({ resolveCaller: async () => nobody }).ask({ number, did: number })).toMatchObject({
      callerKind: expect.any(String),
      blocked: null,
      lastAgent: null,
      queue: 'support',
    });
    expect(asked).toEqual([]);
  },
);
