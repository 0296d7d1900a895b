import { createStory } from '../../support/pbx-story.ts';

describe('an outbound call', () => {
  test('that finds the first trunk down goes on over the second', () => {
    const pbx = createStory();
    const agent = pbx.callFromPhone('1003', '09011110001');
    const dead = pbx.dialOut(agent, '09011110001');
    pbx.fail(dead, 'unreachable', 34);
    const customer = pbx.dialOut(agent, '09011110001');
    pbx.wait(3);
    pbx.connect(agent, customer);
    pbx.wait(8);
    pbx.hangUp(customer);
    expect(pbx.onlyCall()).toMatchObject({ result: 'answered', waitSeconds: 3, talkSeconds: 8, hangupBy: 'customer', rang: [] });
  });

  test('is outbound from the first digit, before any line is seized', () => {
    const pbx = createStory();
    pbx.callFromPhone('1003', '09011110001');
    expect(pbx.live()).toMatchObject([{ record: { direction: 'outbound', placedBy: '1003', customer: { raw: '09011110001' } } }]);
  });

  test('with an access digit before the number is to the number that was sent', () => {
    const pbx = createStory();
    const agent = pbx.callFromPhone('1003', '909011110001');
    const customer = pbx.dialOut(agent, '09011110001');
    pbx.fail(customer, 'busy', 17);
    pbx.end(agent, 17);
    expect(pbx.onlyCall()).toMatchObject({ customer: { raw: '09011110001', number: '+819011110001' }, result: 'busy' });
  });

  test('to an emergency number is outbound because it leaves on a line', () => {
    const pbx = createStory();
    const agent = pbx.callFromPhone('1003', '119');
    const customer = pbx.dialOut(agent, '119');
    pbx.connect(agent, customer);
    pbx.hangUp(agent);
    pbx.end(customer);
    expect(pbx.onlyCall()).toMatchObject({ direction: 'outbound', customer: { raw: '119', number: null }, hangupBy: 'agent' });
  });

  test('that the agent gives up while it rings is abandoned', () => {
    const pbx = createStory();
    const agent = pbx.callFromPhone('1003', '09011110001');
    const customer = pbx.dialOut(agent, '09011110001');
    pbx.wait(6);
    pbx.tell({ type: 'hangupRequested', channelId: agent.id });
    pbx.fail(customer, 'cancelled');
    pbx.end(agent);
    expect(pbx.onlyCall()).toMatchObject({ result: 'abandoned', hangupBy: 'agent', waitSeconds: 6 });
  });

  test('made by clicking waits from the moment the agent picked up', () => {
    const pbx = createStory();
    const agent = pbx.ring(null, '1002');
    pbx.wait(4);
    pbx.answer(agent);
    pbx.tell({ type: 'originateReported', answered: true, channelId: agent.id, extension: '1002', number: '09011110001' });
    const customer = pbx.dialOut(agent, '09011110001');
    pbx.wait(5);
    pbx.connect(agent, customer);
    pbx.wait(2);
    pbx.hangUp(agent);
    pbx.end(customer);
    expect(pbx.onlyCall()).toMatchObject({ rang: ['1002'], placedBy: '1002', waitSeconds: 5, spokeWith: ['1002'] });
  });

  test('made by clicking that the agent lets ring is to the customer all the same', () => {
    const pbx = createStory();
    const agent = pbx.ring(null, '1002');
    pbx.wait(6);
    pbx.tell({ type: 'originateReported', answered: false, channelId: null, extension: '1002', number: '09011110001' });
    pbx.end(agent, 19);
    expect(pbx.onlyCall()).toMatchObject({
      direction: 'outbound',
      customer: { raw: '09011110001' },
      result: 'noAnswer',
      waitSeconds: 6,
    });
  });

  test('put together by an application from two calls of its own is placed by the agent', () => {
    const pbx = createStory();
    const agent = pbx.ring(null, '1002');
    pbx.wait(3);
    pbx.answer(agent);
    const customer = pbx.channel({ party: 'line', outgoing: true });
    pbx.tell({ type: 'dialBegun', source: null, target: customer, number: '09011110001' });
    pbx.wait(4);
    pbx.connect(agent, customer);
    pbx.wait(10);
    pbx.hangUp(customer);
    pbx.end(agent);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ id: `main-${agent.id}`, direction: 'outbound', placedBy: '1002', customer: { raw: '09011110001' }, rang: ['1002'] },
      ...{ waitSeconds: 4, talkSeconds: 10, spokeWith: ['1002'], hangupBy: 'customer' },
    });
  });

  test('begun by the PBX with the customer, who then reaches an agent, is outbound', () => {
    const pbx = createStory();
    const customer = pbx.channel({ party: 'line', outgoing: true });
    pbx.tell({ type: 'dialBegun', source: null, target: customer, number: '09011110001' });
    pbx.wait(3);
    pbx.answer(customer);
    pbx.join(customer, 'callbacks');
    const agent = pbx.ring(customer, '1004');
    pbx.wait(2);
    pbx.connect(customer, agent);
    pbx.wait(9);
    pbx.hangUp(agent);
    pbx.end(customer);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ direction: 'outbound', customer: { raw: '09011110001' }, rang: ['1004'], spokeWith: ['1004'] },
      ...{ queue: 'callbacks', talkSeconds: 9, hangupBy: 'agent' },
    });
  });
});

describe('an internal call', () => {
  test('into a queue has no customer', () => {
    const pbx = createStory();
    const agent = pbx.callFromPhone('1008', '600');
    pbx.join(agent, 'sales');
    const other = pbx.ring(agent, '1001');
    pbx.wait(3);
    pbx.leaveQueue(agent, 'sales');
    pbx.connect(agent, other);
    pbx.wait(5);
    pbx.hangUp(other);
    pbx.end(agent);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ direction: 'internal', customer: null, did: null, placedBy: '1008', queue: 'sales', answeredBy: '1001' },
      ...{ waitSeconds: 3, talkSeconds: 5, result: 'answered', hangupBy: 'agent' },
    });
  });

  test('made by clicking one colleague for another is internal, whatever number the phone shows', () => {
    const pbx = createStory();
    const agent = pbx.channel({ extension: '1002', outgoing: true });
    pbx.tell({ type: 'dialBegun', source: null, target: { ...agent, callerNumber: '0312345678' }, number: null });
    pbx.answer(agent);
    const other = pbx.ring(agent, '1003');
    pbx.connect(agent, other);
    pbx.hangUp(agent);
    pbx.end(other);
    expect(pbx.onlyCall()).toMatchObject({ direction: 'internal', customer: null, placedBy: '1002', answeredBy: '1003' });
  });
});
