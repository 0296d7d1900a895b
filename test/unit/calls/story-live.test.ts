import { createStory } from '../../support/pbx-story.ts';

const phasesOf = (pbx: ReturnType<typeof createStory>) => pbx.told.map(({ type, call }) => `${type} ${call.phase}`);

test('the phones that ring are told at once, and no longer when one of them answers', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const first = pbx.ring(caller, '1001');
  const second = pbx.ring(caller, '1002');
  expect(pbx.live()[0]).toMatchObject({ phase: 'ringing', ringing: ['1001', '1002'], talking: [] });
  pbx.connect(caller, second);
  pbx.fail(first, 'cancelled', 26);
  expect(pbx.live()[0]).toMatchObject({ phase: 'talking', ringing: [], talking: ['1002'] });
});

test('a held customer is still the agent’s customer', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const agent = pbx.ring(caller, '1001');
  const bridge = pbx.connect(caller, agent);
  pbx.tell({ type: 'holdStarted', channelId: agent.id });
  expect(pbx.live()[0]).toMatchObject({ phase: 'held', talking: ['1001'] });
  pbx.leave(agent, bridge);
  expect(pbx.live()[0]).toMatchObject({ phase: 'held', talking: ['1001'] });
});

test('the customer is not on hold while another agent in the conversation still talks', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const agent = pbx.ring(caller, '1001');
  const bridge = pbx.connect(caller, agent);
  pbx.enter(pbx.callFromPhone('1002', '*55'), bridge);
  pbx.tell({ type: 'holdStarted', channelId: agent.id });
  pbx.wait(5);
  pbx.hangUp(caller);
  expect(pbx.onlyCall()).toMatchObject({ holdSeconds: 0, spokeWith: ['1001', '1002'] });
});

test('every call is told from its start through its changes to its end, once each', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  pbx.join(caller, 'sales');
  const agent = pbx.ring(caller, '1001');
  pbx.leaveQueue(caller, 'sales');
  pbx.connect(caller, agent);
  pbx.hangUp(caller);
  pbx.end(agent);
  const phases = phasesOf(pbx);
  expect(phases[0]).toBe('callStarted started');
  expect(phases.filter((phase) => phase.startsWith('callStarted'))).toHaveLength(1);
  expect(phases.at(-1)).toBe('callEnded ended');
  expect(phases).toEqual(expect.arrayContaining(['callChanged waiting', 'callChanged ringing', 'callChanged talking']));
});

test('a call that is over is over: later news of its channels changes nothing', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const agent = pbx.ring(caller, '1001');
  pbx.connect(caller, agent);
  pbx.hangUp(caller);
  const told = pbx.told.length;
  pbx.tell({ type: 'channelCreated', channel: caller });
  pbx.enter(caller, 'late');
  pbx.tell({ type: 'dialEnded', targetId: agent.id, status: 'answered' });
  pbx.end(agent);
  expect(pbx.told).toHaveLength(told);
  expect(pbx.tracker.channels.size).toBe(0);
});

test('an agent’s leg that outlives its customer never takes the old call’s id again', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const agent = pbx.ring(caller, '1001');
  pbx.connect(caller, agent);
  pbx.hangUp(caller);
  pbx.ring(agent, '1002');
  expect(pbx.live().map(({ record }) => record.id)).not.toContain(`main-${caller.id}`);
  expect(pbx.live()).toHaveLength(1);
});

test('a call that is nothing but Local channels so far is not told', () => {
  const pbx = createStory();
  const [one] = pbx.localPair(null, '1002');
  pbx.tell({ type: 'dialBegun', source: null, target: one, number: null });
  expect(pbx.told).toEqual([]);
});

test('events may come in another order on different channels', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const agent = pbx.channel({ extension: '1001', outgoing: true, linkedId: caller.id });
  pbx.enter(agent, 'b');
  pbx.enter(caller, 'b');
  pbx.tell({ type: 'dialBegun', source: caller, target: { ...agent, up: true }, number: null });
  pbx.tell({ type: 'dialEnded', targetId: agent.id, status: 'answered' });
  pbx.wait(4);
  pbx.end(agent);
  pbx.hangUp(caller);
  expect(pbx.onlyCall()).toMatchObject({ rang: ['1001'], answeredBy: '1001', talkSeconds: 4, result: 'answered' });
});

test('without linked ids the dial tells to which call a leg belongs', () => {
  const pbx = createStory();
  const caller = pbx.channel({ party: 'line', linkedId: null, callerNumber: '09012345678', dialled: '0312345679' });
  const agent = pbx.channel({ extension: '1001', outgoing: true, linkedId: null });
  expect(pbx.live()).toHaveLength(1);
  pbx.tell({ type: 'dialBegun', source: caller, target: agent, number: null });
  pbx.connect(caller, agent);
  pbx.hangUp(agent);
  pbx.end(caller);
  expect(pbx.onlyCall()).toMatchObject({ rang: ['1001'], spokeWith: ['1001'], linkedIds: [caller.id], hangupBy: 'agent' });
});
