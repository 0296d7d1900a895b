import {
  beginOriginate,
  followOriginate,
  type OriginateProgress,
} from '../../../../src/telephony/commands/originate-progress.ts';
import type { ChannelFacts, DialStatus, TelephonyEvent } from '../../../../src/telephony/telephony-event.ts';
import { eventsOf } from '../../../support/traces.ts';

const at = 0;
const mine = 'toritsugi-key-0001';

function leg(id: string, facts: Partial<ChannelFacts> = {}): ChannelFacts {
  return {
    ...{ id, linkedId: mine, party: 'line', extension: null, localPair: null, localHalf: null, outgoing: true, up: false },
    ...{ callerNumber: null, callerName: null, dialled: null },
    ...facts,
  };
}

const agent = leg(mine, { party: 'phone', extension: '1003' });
const line = leg('line-1');

const rings: TelephonyEvent = { type: 'dialBegun', at, source: null, target: agent, number: null };
const picksUp: TelephonyEvent = { type: 'channelAnswered', at, channelId: mine };
const calls = (target: ChannelFacts): TelephonyEvent => ({ type: 'dialBegun', at, source: agent, target, number: '0312345678' });
const ends = (targetId: string, status: DialStatus): TelephonyEvent => ({ type: 'dialEnded', at, targetId, status });
const hangsUp = (channelId: string, cause: number | null): TelephonyEvent => ({ type: 'channelHungUp', at, channelId, cause });
const reports = (answered: boolean, channelId: string | null = mine): TelephonyEvent => ({
  ...{ type: 'originateReported', at, answered, channelId, extension: '1003', number: '0312345678' },
});
const meets = (channel: ChannelFacts, kind: 'conversation' | 'holding' = 'conversation'): TelephonyEvent => ({
  ...{ type: 'bridgeEntered', at, bridgeId: 'b', kind, channel },
});

function follow(goal: OriginateProgress['goal'], ...events: TelephonyEvent[]): OriginateProgress {
  return events.reduce(followOriginate, beginOriginate({ channelId: mine, extension: '1003', goal }));
}

describe('the agent', () => {
  test.each<[string, TelephonyEvent[], OriginateProgress['result']]>([
    ['lets it ring', [rings, reports(false), hangsUp(mine, 19)], 'agentNoAnswer'],
    ['lets it ring, and an older Asterisk gives no cause', [rings, hangsUp(mine, null), reports(false, null)], 'agentNoAnswer'],
    ['declines', [rings, ends(mine, 'noAnswer'), reports(false), hangsUp(mine, 21)], 'agentDeclined'],
    ['is busy', [rings, ends(mine, 'busy'), reports(false), hangsUp(mine, 17)], 'agentBusy'],
    ['has no phone that is switched on', [reports(false)], 'agentUnreachable'],
    ['has none, and the PBX does not say which leg it means', [reports(false, null)], 'agentUnreachable'],
    ['rings no more because the hub has called it off', [rings, hangsUp(mine, 16)], 'agentHungUp'],
    ['rings', [rings], null],
  ])('%s', (_, events, result) => {
    expect(follow('conversation', ...events).result).toBe(result);
  });
});

describe('the customer', () => {
  const up = [rings, picksUp, ends(mine, 'answered'), reports(true), calls(line)];
  test.each<[string, TelephonyEvent[], OriginateProgress['result']]>([
    ['answers', [ends('line-1', 'answered')], 'answered'],
    ['is met before the answer is told', [meets(line), meets(agent)], 'answered'],
    ['is busy', [ends('line-1', 'busy')], 'customerBusy'],
    ['lets it ring', [ends('line-1', 'noAnswer'), hangsUp('line-1', null), hangsUp(mine, 16)], 'customerNoAnswer'],
    [
      'declines, told after the agent was let go',
      [ends('line-1', 'noAnswer'), hangsUp(mine, 21), hangsUp('line-1', 21)],
      'customerDeclined',
    ],
    ['has a number that is not in use', [ends('line-1', 'unreachable'), hangsUp('line-1', 1)], 'numberUnknown'],
    ['has one not in use, told late', [ends('line-1', 'noAnswer'), hangsUp(mine, 1), hangsUp('line-1', 1)], 'numberUnknown'],
    ['cannot be reached over this line; another may follow', [ends('line-1', 'unreachable'), hangsUp('line-1', 34)], null],
    [
      'cannot be reached over any line',
      [ends('line-1', 'unreachable'), hangsUp('line-1', 34), hangsUp(mine, 34)],
      'lineUnavailable',
    ],
    ['is not waited for', [ends('line-1', 'cancelled'), hangsUp(mine, 16)], 'agentHungUp'],
    ['is not waited for, the line goes first', [hangsUp('line-1', 16), hangsUp(mine, 16)], 'agentHungUp'],
  ])('%s', (_, events, result) => {
    expect(follow('conversation', ...up, ...events).result).toBe(result);
  });

  test('answers on the second line', () => {
    const second = leg('line-2');
    const events = [ends('line-1', 'unreachable'), hangsUp('line-1', 34), calls(second), ends('line-2', 'answered')];
    expect(follow('conversation', ...up, ...events).result).toBe('answered');
  });

  test('is not reached because the dialplan leads nowhere', () => {
    expect(follow('conversation', rings, picksUp, hangsUp(mine, 16)).result).toBe('failed');
  });

  test('rings through a Local pair, whose halves are nobody', () => {
    const half = leg('half-1', { party: 'helper' });
    const progress = follow('conversation', rings, picksUp, calls(half), ends('half-1', 'busy'));
    expect(progress.result).toBeNull();
    const through: TelephonyEvent = {
      type: 'dialBegun',
      at,
      source: leg('half-2', { party: 'helper' }),
      target: line,
      number: null,
    };
    expect([through, ends('line-1', 'busy')].reduce(followOriginate, progress).result).toBe('customerBusy');
  });
});

test('tells how far it is', () => {
  expect(follow('conversation').stage).toBeNull();
  expect(follow('conversation', rings).stage).toBe('agentRinging');
  expect(follow('conversation', rings, picksUp, calls(line)).stage).toBe('farEndCalled');
  const ringing: TelephonyEvent = { type: 'channelRinging', at, channelId: 'line-1' };
  expect(follow('conversation', rings, picksUp, calls(line), ringing).stage).toBe('farEndRinging');
});

test('whoever only listens has arrived with picking up', () => {
  expect(follow('pickUp', rings, picksUp).result).toBe('answered');
});

describe('a consultation', () => {
  const colleague = leg('phone-2', { party: 'phone', extension: '1004', linkedId: 'another' });
  test.each<[string, TelephonyEvent[], OriginateProgress['result']]>([
    ['is answered', [meets(colleague), meets(agent)], 'answered'],
    ['finds the colleague busy', [ends('phone-2', 'busy'), meets(agent)], 'customerBusy'],
    ['rings in vain', [ends('phone-2', 'noAnswer'), meets(agent)], 'customerNoAnswer'],
    [
      'is called off while it rings: the agent is back with the customer',
      [ends('phone-2', 'cancelled'), meets(agent)],
      'agentHungUp',
    ],
    ['begins with a wait', [meets(agent, 'holding')], null],
  ])('%s', (_, events, result) => {
    expect(follow('consultation', calls(colleague), ...events).result).toBe(result);
  });
});

test('other calls mean nothing', () => {
  const others = eventsOf('04-ring-group').filter(({ type }) => type !== 'snapshotTaken');
  const begun = follow('conversation', rings);
  expect(others.reduce(followOriginate, begun)).toBe(begun);
});

test('what the PBX no longer knows after a break is not known', () => {
  const snapshot: TelephonyEvent = { type: 'snapshotTaken', at, channels: [], bridges: [], parked: [] };
  expect(follow('conversation', rings, snapshot).result).toBe('unknown');
  expect(follow('conversation', snapshot).result).toBeNull();
});

describe('as recorded', () => {
  test.each([
    ['10-click-to-call', ['answered']],
    ['11-click-to-call-fail', ['agentNoAnswer', 'agentBusy', 'customerBusy']],
    ['60-hub-hold', ['answered']],
  ] as const)('%s', (scenario, results) => {
    const events = eventsOf(scenario);
    const firstLegs = events.flatMap((event) => (event.type === 'dialBegun' && event.source === null ? [event.target] : []));
    const told = firstLegs.map(({ id, extension }) => {
      const begun = beginOriginate({ channelId: id, extension, goal: 'conversation' });
      const from = events.findIndex((event) => event.type === 'dialBegun' && event.target.id === id);
      return events.slice(from).reduce(followOriginate, begun).result;
    });
    expect(told).toEqual(results);
  });
});
