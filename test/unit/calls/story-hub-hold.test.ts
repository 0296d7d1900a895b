import type { CallId } from '../../../src/calls/call.ts';
import { liveLegs } from '../../../src/calls/tracker-legs.ts';
import { createStory } from '../../support/pbx-story.ts';

type Story = ReturnType<typeof createStory>;

/** The hub holds by taking both ends into a waiting bridge: nobody ever says "hold". */
function inConversation(pbx: Story) {
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const agent = pbx.ring(caller, '1001');
  pbx.wait(2);
  const bridge = pbx.connect(caller, agent);
  pbx.wait(10);
  return { caller, agent, bridge };
}

type Ends = ReturnType<typeof inConversation>;

function hold(pbx: Story, { caller, agent, bridge }: Ends): void {
  pbx.leave(caller, bridge);
  pbx.enter(caller, 'waiting', 'holding');
  pbx.leave(agent, bridge);
  pbx.enter(agent, 'waiting', 'holding');
}

function resume(pbx: Story, { caller, agent }: Ends, bridge: string): void {
  pbx.leave(agent, 'waiting');
  pbx.leave(caller, 'waiting');
  pbx.enter(caller, bridge);
  pbx.enter(agent, bridge);
}

describe('a customer whom the hub puts on hold', () => {
  test('is on hold for as long as nobody is there, and the conversation is one', () => {
    const pbx = createStory();
    const ends = inConversation(pbx);
    hold(pbx, ends);
    expect(pbx.live()).toMatchObject([{ phase: 'held', talking: ['1001'] }]);
    pbx.wait(4);
    resume(pbx, ends, 'again');
    expect(pbx.live()).toMatchObject([{ phase: 'talking', talking: ['1001'] }]);
    pbx.wait(6);
    pbx.hangUp(ends.caller);
    pbx.end(ends.agent);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ talkSeconds: 20, holdSeconds: 4, talkByAgent: { '1001': 16 }, transfers: [], hangupBy: 'customer' },
    });
  });

  test('also when the agent is heard to leave last, or never goes into the waiting bridge', () => {
    const pbx = createStory();
    const { caller, agent, bridge } = inConversation(pbx);
    pbx.enter(caller, 'waiting', 'holding');
    pbx.leave(agent, bridge);
    pbx.wait(3);
    expect(pbx.live()).toMatchObject([{ phase: 'held' }]);
    pbx.enter(caller, 'again');
    pbx.enter(agent, 'again');
    pbx.wait(1);
    pbx.hangUp(agent);
    pbx.end(caller);
    expect(pbx.onlyCall()).toMatchObject({ holdSeconds: 3, hangupBy: 'agent' });
  });

  test('and whose agent hangs up was left by the agent', () => {
    const pbx = createStory();
    const ends = inConversation(pbx);
    hold(pbx, ends);
    pbx.wait(5);
    pbx.hangUp(ends.agent);
    pbx.end(ends.caller);
    expect(pbx.onlyCall()).toMatchObject({ talkSeconds: 15, holdSeconds: 5, hangupBy: 'agent' });
  });

  test('and is then sent to another agent was transferred, not held, from then on', () => {
    const pbx = createStory();
    const ends = inConversation(pbx);
    hold(pbx, ends);
    pbx.wait(4);
    pbx.leave(ends.caller, 'waiting');
    const other = pbx.ring(ends.caller, '1002');
    pbx.end(ends.agent);
    pbx.wait(3);
    pbx.connect(ends.caller, other);
    pbx.wait(5);
    pbx.hangUp(ends.caller);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ holdSeconds: 4, talkSeconds: 22, spokeWith: ['1001', '1002'] },
      transfers: [{ kind: 'blind', from: '1001', to: '1002', answered: true }],
    });
  });

  test('waits in parking when it is said so, which is no hold', () => {
    const pbx = createStory();
    const { caller, agent, bridge } = inConversation(pbx);
    pbx.leave(caller, bridge);
    pbx.enter(caller, 'lot', 'holding');
    pbx.tell({ type: 'parked', channelId: caller.id, byExtension: '1001' });
    pbx.end(agent);
    pbx.wait(8);
    expect(pbx.live()).toMatchObject([{ phase: 'parked' }]);
    pbx.hangUp(caller);
    expect(pbx.onlyCall()).toMatchObject({ holdSeconds: 0 });
  });
});

describe('a colleague who is asked on the same leg', () => {
  function consult(pbx: Story, { caller, agent, bridge }: Ends) {
    pbx.leave(agent, bridge);
    // The two ends of the move are told in no certain order.
    const colleague = pbx.ring(agent, '1002');
    pbx.leave(caller, bridge);
    pbx.enter(caller, 'waiting', 'holding');
    pbx.wait(2);
    const asking = pbx.connect(agent, colleague);
    pbx.wait(3);
    return { colleague, asking };
  }

  test('sees the customer meanwhile, and takes over by an attended transfer', () => {
    const pbx = createStory();
    const ends = inConversation(pbx);
    const { colleague, asking } = consult(pbx, ends);
    expect(pbx.live()).toMatchObject([{ phase: 'held', talking: ['1001', '1002'] }]);
    expect(pbx.told.at(-1)?.call.talking).toEqual(['1001', '1002']);
    pbx.leave(ends.caller, 'waiting');
    pbx.enter(ends.caller, 'together');
    pbx.leave(colleague, asking);
    pbx.enter(colleague, 'together');
    pbx.end(ends.agent);
    pbx.wait(6);
    pbx.hangUp(ends.caller);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ holdSeconds: 5, talkSeconds: 21, spokeWith: ['1001', '1002'], talkByAgent: { '1001': 10, '1002': 6 } },
      transfers: [{ kind: 'attended', from: '1001', to: '1002', answered: true }],
    });
  });

  test('has not spoken with the customer when the agent goes back alone', () => {
    const pbx = createStory();
    const ends = inConversation(pbx);
    const { colleague, asking } = consult(pbx, ends);
    pbx.leave(ends.agent, asking);
    pbx.leave(ends.caller, 'waiting');
    pbx.enter(ends.caller, 'again');
    pbx.enter(ends.agent, 'again');
    pbx.end(colleague);
    pbx.wait(2);
    pbx.hangUp(ends.agent);
    pbx.end(ends.caller);
    expect(pbx.onlyCall()).toMatchObject({ holdSeconds: 5, spokeWith: ['1001'], transfers: [], rang: ['1001', '1002'] });
  });
});

test('the ends of a live call are told with who holds and who waits', () => {
  const pbx = createStory();
  const ends = inConversation(pbx);
  const id = pbx.live()[0]?.record.id ?? ('' as CallId);
  expect(liveLegs(pbx.tracker, id)).toEqual([
    { channelId: `main-${ends.caller.id}`, extension: null, isCustomer: true, isUp: true, isWaiting: false, isHolder: false },
    { channelId: `main-${ends.agent.id}`, extension: '1001', isCustomer: false, isUp: true, isWaiting: false, isHolder: false },
  ]);
  hold(pbx, ends);
  expect(liveLegs(pbx.tracker, id)).toMatchObject([{ isWaiting: true }, { isWaiting: true, isHolder: true }]);
  expect(liveLegs(pbx.tracker, 'main-nothing' as CallId)).toEqual([]);
});
