import { expectLeg } from '../../../src/calls/tracker.ts';
import { createStory } from '../../support/pbx-story.ts';

type Story = ReturnType<typeof createStory>;

function inConversation(pbx: Story, extension = '1001') {
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const agent = pbx.ring(caller, extension);
  pbx.wait(2);
  const bridge = pbx.connect(caller, agent);
  pbx.wait(10);
  return { caller, agent, bridge };
}

describe('a transfer', () => {
  test('to an outside number leaves through the trunk and is still one call', () => {
    const pbx = createStory();
    const { caller, agent } = inConversation(pbx);
    pbx.blindTransfer(agent, '09011110001');
    pbx.end(agent);
    const outside = pbx.dialOut(caller, '09011110001');
    pbx.wait(5);
    pbx.connect(caller, outside);
    pbx.wait(20);
    pbx.hangUp(outside);
    pbx.end(caller);
    const call = pbx.onlyCall();
    expect(call).toMatchObject({ direction: 'inbound', customer: { raw: '09012345678' }, spokeWith: ['1001'], talkSeconds: 35 });
    expect(call.transfers).toMatchObject([{ kind: 'blind', from: '1001', to: '09011110001', answered: true }]);
  });

  test('that nobody answers ends the conversation at the transfer', () => {
    const pbx = createStory();
    const { caller, agent } = inConversation(pbx);
    pbx.blindTransfer(agent, '1002');
    pbx.end(agent);
    pbx.ring(caller, '1002');
    pbx.wait(20);
    pbx.hangUp(caller);
    expect(pbx.onlyCall()).toMatchObject({ talkSeconds: 10, transfers: [{ to: '1002', answered: false }], hangupBy: 'customer' });
  });

  test('that comes back to the one who made it was not answered, but the conversation went on', () => {
    const pbx = createStory();
    const { caller, agent } = inConversation(pbx);
    pbx.blindTransfer(agent, '1002');
    pbx.end(agent);
    const other = pbx.ring(caller, '1002');
    pbx.wait(20);
    pbx.fail(other, 'noAnswer');
    const again = pbx.ring(caller, '1001');
    pbx.wait(2);
    pbx.connect(caller, again);
    pbx.wait(5);
    pbx.hangUp(again);
    pbx.end(caller);
    expect(pbx.onlyCall()).toMatchObject({ talkSeconds: 37, transfers: [{ to: '1002', answered: false }], spokeWith: ['1001'] });
  });

  test('by feature code does not count the dialling of the code as a hold', () => {
    const pbx = createStory();
    const { caller, agent } = inConversation(pbx);
    pbx.tell({ type: 'holdStarted', channelId: agent.id });
    pbx.wait(3);
    pbx.tell({ type: 'holdEnded', channelId: agent.id });
    pbx.blindTransfer(agent, '1002', false);
    pbx.end(agent);
    const other = pbx.ring(caller, '1002');
    pbx.wait(1);
    pbx.connect(caller, other);
    pbx.wait(4);
    pbx.hangUp(caller);
    expect(pbx.onlyCall()).toMatchObject({ holdSeconds: 0, talkByAgent: { '1001': 13, '1002': 4 } });
  });

  test('by the phone after a real hold keeps the hold', () => {
    const pbx = createStory();
    const { caller, agent } = inConversation(pbx);
    pbx.tell({ type: 'holdStarted', channelId: agent.id });
    pbx.wait(6);
    pbx.tell({ type: 'holdEnded', channelId: agent.id });
    pbx.blindTransfer(agent, '1002', true);
    pbx.end(agent);
    pbx.hangUp(caller);
    expect(pbx.onlyCall()).toMatchObject({ holdSeconds: 6, talkByAgent: { '1001': 10 } });
  });

  test('that nobody announces is recognised by the change of agents', () => {
    const pbx = createStory();
    const { caller, agent, bridge } = inConversation(pbx);
    pbx.leave(caller, bridge);
    pbx.end(agent);
    const other = pbx.ring(caller, '1009');
    pbx.wait(3);
    pbx.connect(caller, other);
    pbx.wait(2);
    pbx.hangUp(caller);
    expect(pbx.onlyCall().transfers).toMatchObject([{ kind: 'blind', from: '1001', to: '1009', answered: true }]);
  });

  test('after a consultation joins the consultation to the call, whichever leg the phone names first', () => {
    for (const isSwapped of [false, true]) {
      const pbx = createStory();
      const { caller, agent, bridge } = inConversation(pbx);
      pbx.tell({ type: 'holdStarted', channelId: agent.id });
      const second = pbx.callFromPhone('1001', '1009');
      const expert = pbx.ring(second, '1009');
      pbx.wait(2);
      pbx.connect(second, expert);
      pbx.wait(5);
      pbx.leave(agent, bridge);
      pbx.enter(expert, bridge);
      const [first, other] = isSwapped ? [second, agent] : [agent, second];
      const [transferee, target] = isSwapped ? [expert, caller] : [caller, expert];
      pbx.attendedTransfer({ firstLegId: first.id, secondLegId: other.id, transfereeId: transferee.id, targetId: target.id });
      pbx.end(agent);
      pbx.end(second);
      pbx.wait(10);
      pbx.hangUp(expert);
      pbx.end(caller);
      const call = pbx.onlyCall();
      expect(call.transfers).toMatchObject([{ kind: 'attended', from: '1001', to: '1009', answered: true }]);
      expect(call).toMatchObject({
        holdSeconds: 7,
        talkByAgent: { '1001': 10, '1009': 10 },
        rang: ['1001', '1009'],
        hangupBy: 'agent',
      });
      expect(pbx.told.find(({ type }) => type === 'callMerged')).toMatchObject({
        absorbed: `main-${second.id}`,
        call: { record: { id: call.id } },
      });
      expect(call.linkedIds).toEqual([caller.id, second.id]);
    }
  });

  test('to an outside expert after a consultation names the number', () => {
    const pbx = createStory();
    const { caller, agent, bridge } = inConversation(pbx);
    const second = pbx.callFromPhone('1001', '0312340000');
    const expert = pbx.dialOut(second, '0312340000');
    pbx.connect(second, expert);
    pbx.wait(5);
    pbx.leave(agent, bridge);
    pbx.enter(expert, bridge);
    pbx.attendedTransfer({ firstLegId: agent.id, secondLegId: second.id, transfereeId: caller.id, targetId: expert.id });
    pbx.end(agent);
    pbx.end(second);
    pbx.wait(5);
    pbx.hangUp(caller);
    const call = pbx.onlyCall();
    expect(call.customer?.raw).toBe('09012345678');
    expect(call.transfers).toMatchObject([{ kind: 'attended', from: '1001', to: '0312340000', answered: true }]);
  });

  test('of an outbound call is a transfer of the same customer', () => {
    const pbx = createStory();
    const agent = pbx.callFromPhone('1003', '09011110001');
    const customer = pbx.dialOut(agent, '09011110001');
    pbx.wait(3);
    const bridge = pbx.connect(agent, customer);
    pbx.wait(5);
    pbx.blindTransfer(agent, '1009');
    pbx.leave(customer, bridge);
    pbx.end(agent);
    const other = pbx.ring(customer, '1009');
    pbx.wait(2);
    pbx.connect(customer, other);
    pbx.wait(4);
    pbx.hangUp(customer);
    expect(pbx.onlyCall()).toMatchObject({
      ...{
        direction: 'outbound',
        placedBy: '1003',
        customer: { raw: '09011110001' },
        rang: ['1009'],
        spokeWith: ['1003', '1009'],
      },
      ...{ transfers: [{ kind: 'blind', from: '1003', to: '1009', answered: true }], talkSeconds: 11, hangupBy: 'customer' },
    });
  });

  test('to a queue goes to the queue’s number, and the call keeps its own wait', () => {
    const pbx = createStory();
    const { caller, agent } = inConversation(pbx);
    pbx.blindTransfer(agent, '600');
    pbx.end(agent);
    pbx.join({ ...caller, dialled: '600' }, 'sales');
    const other = pbx.ring(caller, '1002');
    pbx.wait(7);
    pbx.leaveQueue(caller, 'sales');
    pbx.connect(caller, other);
    pbx.wait(3);
    pbx.hangUp(caller);
    expect(pbx.onlyCall()).toMatchObject({
      waitSeconds: 2,
      talkSeconds: 20,
      transfers: [{ to: '600', answered: true }],
      queues: ['sales'],
    });
  });

  test.each(['picks up', 'declines'])('out of parking by a phone that the hub rings is one call throughout: it %s', (what) => {
    const pbx = createStory();
    const { caller, agent } = inConversation(pbx);
    pbx.tell({ type: 'parked', channelId: caller.id, byExtension: '1001' });
    pbx.enter(caller, 'lot', 'holding');
    pbx.end(agent);
    pbx.wait(20);
    expectLeg(pbx.tracker, 'main', 'toritsugi-retrieve', caller.id);
    const leg = { id: 'toritsugi-retrieve', linkedId: 'toritsugi-retrieve', extension: '1009', outgoing: true };
    const back = pbx.ring(null, '1009', leg);
    expect(pbx.live()).toMatchObject([{ phase: 'parked', ringing: ['1009'], record: { spokeWith: ['1001'] } }]);
    if (what === 'declines') {
      pbx.fail(back, 'busy', 21);
      expect(pbx.live()).toMatchObject([{ phase: 'parked', ringing: [], record: { spokeWith: ['1001'], transfers: [] } }]);
    } else {
      pbx.answer(back);
      pbx.leave(caller, 'lot');
      pbx.enter(caller, 'new');
      pbx.enter(back, 'new');
      expect(pbx.live()).toMatchObject([{ phase: 'talking', talking: ['1009'] }]);
    }
    pbx.hangUp(caller);
    const transfers = what === 'declines' ? [] : [{ kind: 'park', from: '1001', to: '1009', answered: true }];
    expect(pbx.onlyCall()).toMatchObject({ transfers, rang: ['1001', '1009'], hangupBy: 'customer' });
    expect(new Set(pbx.told.map(({ call }) => call.record.id)).size).toBe(1);
  });

  test('into parking and out again by another is a parking; back to the one who parked it is none', () => {
    for (const [retriever, transfers] of [
      ['1009', [{ kind: 'park', from: '1001', to: '1009', answered: true }]],
      ['1001', []],
    ] as const) {
      const pbx = createStory();
      const { caller, agent } = inConversation(pbx);
      pbx.blindTransfer(agent, '700');
      pbx.tell({ type: 'parked', channelId: caller.id, byExtension: '1001' });
      pbx.enter(caller, 'lot', 'holding');
      pbx.end(agent);
      expect(pbx.live()[0]?.phase).toBe('parked');
      pbx.wait(20);
      const back = pbx.callFromPhone(retriever, '701');
      pbx.leave(caller, 'lot');
      pbx.enter(caller, 'new');
      pbx.enter(back, 'new');
      pbx.wait(5);
      pbx.hangUp(caller);
      expect(pbx.onlyCall().transfers).toMatchObject(transfers);
      expect(pbx.onlyCall()).toMatchObject({ talkSeconds: 35, holdSeconds: 0 });
    }
  });
});
