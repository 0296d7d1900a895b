import type { CallId } from '../../../src/calls/call.ts';
import type { LiveLeg } from '../../../src/calls/tracker-legs.ts';
import type { CommandRequest } from '../../../src/desk/command.ts';
import { type Plan, type PlanPorts, planCommand } from '../../../src/desk/command-plan.ts';

const callId = 'main-1' as CallId;

const leg = (channelId: string, facts: Partial<LiveLeg> = {}): LiveLeg => ({
  ...{ channelId, extension: null, isCustomer: false, isUp: true, isWaiting: false, isHolder: false },
  ...facts,
});
const customer = leg('line', { isCustomer: true });
const held = leg('line', { isCustomer: true, isWaiting: true });
const agent = leg('phone-1', { extension: '1001' });
const holder = leg('phone-1', { extension: '1001', isHolder: true });
const colleague = leg('phone-2', { extension: '1002' });

function plan(request: CommandRequest, legs: readonly LiveLeg[], who = '1001'): Plan {
  const ports: PlanPorts = {
    readDestination(typed) {
      if (/^10\d\d$/.test(typed)) return { kind: 'inside', dial: typed };
      return /^0\d{9,10}$/.test(typed) ? { kind: 'outside', dial: typed } : { kind: 'refused', because: 'unreadable' };
    },
    legsOf: () => legs,
    isSupervisor: (extension) => extension === '1009',
    callerIdOf: (list) => (list === 'spring' ? '0398765432' : null),
  };
  return planCommand(request, who, ports);
}

const about = (kind: 'hangUp' | 'hold' | 'resume' | 'park' | 'retrieve' | 'completeTransfer'): CommandRequest => ({
  kind,
  callId,
});
const order = (facts: object) => ({ kind: 'order', order: expect.objectContaining(facts) });
const refused = (because: string) => ({ kind: 'refused', because });

describe('placing a call', () => {
  test.each<[string, CommandRequest, object]>([
    ['outside', { kind: 'call', to: '0312345678', list: null }, order({ extension: '1001', dial: '0312345678', callerId: null })],
    ['for a list', { kind: 'call', to: '0312345678', list: 'spring' }, order({ callerId: '0398765432' })],
    [
      'a colleague, who sees the extension',
      { kind: 'call', to: '1002', list: 'spring' },
      order({ dial: '1002', callerId: null }),
    ],
    ['oneself', { kind: 'call', to: '1001', list: null }, refused('ownExtension')],
    ['nobody', { kind: 'call', to: 'Local/1', list: null }, refused('unreadable')],
  ])('%s', (_, request, planned) => {
    expect(plan(request, [])).toEqual(planned);
  });
});

describe('a call that goes on', () => {
  const consult: CommandRequest = { kind: 'consult', callId, to: '1002' };
  const blind: CommandRequest = { kind: 'blindTransfer', callId, to: '1002' };
  const ends = { agentChannelId: 'phone-1', customerChannelId: 'line' };
  test.each<[string, CommandRequest, readonly LiveLeg[], object]>([
    ['hold', about('hold'), [customer, agent], order({ kind: 'hold', ...ends })],
    ['hold twice', about('hold'), [held, holder], refused('notTalking')],
    [
      'hold before it is answered',
      about('hold'),
      [customer, leg('phone-1', { extension: '1001', isUp: false })],
      refused('notTalking'),
    ],
    ['hold without a customer', about('hold'), [agent], refused('notTalking')],
    ['resume', about('resume'), [held, holder], order({ kind: 'resume', ...ends })],
    ['resume what is not held', about('resume'), [customer, agent], refused('notHeld')],
    ['park', about('park'), [customer, agent], order({ kind: 'park', ...ends, isHeld: false })],
    ['park out of a hold', about('park'), [held, holder], order({ kind: 'park', isHeld: true })],
    ['blind transfer', blind, [customer, agent], order({ ...ends, dial: '1002', isHeld: false })],
    ['blind transfer outside', { ...blind, to: '0312345678' }, [held, holder], order({ dial: '0312345678', isHeld: true })],
    ['blind transfer to oneself', { ...blind, to: '1001' }, [customer, agent], refused('ownExtension')],
    ['blind transfer nowhere', { ...blind, to: '&' }, [customer, agent], refused('unreadable')],
    ['consult', consult, [customer, agent], order({ ...ends, agentExtension: '1001', colleague: '1002' })],
    ['consult somebody outside', { ...consult, to: '0312345678' }, [customer, agent], refused('notAnExtension')],
    ['complete', about('completeTransfer'), [held, holder, colleague], order({ ...ends, colleagueChannelId: 'phone-2' })],
    [
      'complete while it rings',
      about('completeTransfer'),
      [held, holder, leg('phone-2', { extension: '1002', isUp: false })],
      refused('noColleague'),
    ],
    ['complete without anybody', about('completeTransfer'), [held, holder], refused('noColleague')],
    ['hold a colleague', about('hold'), [agent, colleague], order({ agentChannelId: 'phone-1', customerChannelId: 'phone-2' })],
  ])('%s', (_, request, legs, planned) => {
    expect(plan(request, legs)).toEqual(planned);
  });

  test.each([about('hold'), about('resume'), about('park'), about('completeTransfer'), about('hangUp'), consult, blind])(
    '$kind: of others’ calls only by a supervisor, of ended ones by nobody',
    (request) => {
      const legs = [...(request.kind === 'hold' ? [customer, agent] : [held, holder]), colleague];
      expect(plan(request, legs, '1005')).toEqual(refused('notAllowed'));
      expect(plan(request, [], '1001')).toEqual(refused('gone'));
      expect(plan({ ...request, ...('to' in request && { to: '1003' }) }, legs, '1009').kind).toBe('order');
    },
  );
});

test('whoever is consulted has no say about the customer', () => {
  const legs = [held, holder, colleague];
  for (const request of [about('resume'), about('completeTransfer'), about('park')]) {
    expect(plan(request, legs, '1002')).toEqual(refused('notAllowed'));
    expect(plan(request, legs, '1009').kind).toBe('order');
  }
  expect(plan(about('hangUp'), legs, '1002')).toEqual(order({ channelIds: ['phone-2'] }));
});

describe('hanging up', () => {
  test.each<[string, readonly LiveLeg[], string, object]>([
    [
      'ends the customer’s leg too when nobody else is there',
      [customer, agent],
      '1001',
      order({ channelIds: ['phone-1', 'line'] }),
    ],
    ['leaves the customer with the colleague', [customer, agent, colleague], '1001', order({ channelIds: ['phone-1'] })],
    [
      'of a phone that still rings is declining',
      [customer, leg('phone-1', { extension: '1001', isUp: false })],
      '1001',
      order({ channelIds: ['phone-1'] }),
    ],
    ['by a supervisor ends everything', [customer, agent], '1009', order({ channelIds: ['phone-1', 'line'] })],
  ])('%s', (_, legs, who, planned) => {
    expect(plan(about('hangUp'), legs, who)).toEqual(planned);
  });
});

describe('retrieving', () => {
  test('anybody may take a parked call', () => {
    expect(plan(about('retrieve'), [held], '1005')).toEqual(order({ extension: '1005', parkedChannelId: 'line' }));
  });
  test('a held one is not parked, nor is one that is talked with', () => {
    expect(plan(about('retrieve'), [held, holder], '1005')).toEqual(refused('notParked'));
    expect(plan(about('retrieve'), [customer], '1005')).toEqual(refused('notParked'));
    expect(plan(about('retrieve'), [], '1005')).toEqual(refused('gone'));
  });
});

describe('listening in', () => {
  const spy: CommandRequest = { kind: 'spy', callId, mode: 'whisper', extension: null };
  test.each<[string, CommandRequest, readonly LiveLeg[], string, object]>([
    ['is for supervisors', spy, [customer, agent], '1001', refused('notAllowed')],
    [
      'beside the agent who speaks',
      spy,
      [customer, agent],
      '1009',
      order({ extension: '1009', mode: 'whisper', agentChannelId: 'phone-1', agentExtension: '1001' }),
    ],
    [
      'beside the agent who is named',
      { ...spy, extension: '1002' },
      [customer, agent, colleague],
      '1009',
      order({ agentChannelId: 'phone-2' }),
    ],
    ['not beside somebody who is not there', { ...spy, extension: '1002' }, [customer, agent], '1009', refused('notTalking')],
    [
      'not before anybody has answered',
      spy,
      [customer, leg('p', { extension: '1001', isUp: false })],
      '1009',
      refused('notTalking'),
    ],
    ['not to oneself', spy, [customer, leg('p', { extension: '1009' })], '1009', refused('ownExtension')],
    ['not when it is over', spy, [], '1009', refused('gone')],
  ])('%s', (_, request, legs, who, planned) => {
    expect(plan(request, legs, who)).toEqual(planned);
  });
});
