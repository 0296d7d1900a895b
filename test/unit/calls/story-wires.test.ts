import type { ChannelFacts } from '../../../src/telephony/telephony-event.ts';
import { createStory } from '../../support/pbx-story.ts';

type Story = ReturnType<typeof createStory>;

/** A leg leaves Tokyo for Osaka and arrives there; both dialplans name the wire. */
function wireToOsaka(pbx: Story, from: ChannelFacts, { number, shown }: { number: string; shown: string }) {
  pbx.hear('tokyo');
  const leaving = pbx.dialOut(from, number);
  pbx.tell({ type: 'wireLearned', channelId: leaving.id, wire: leaving.id });
  pbx.hear('osaka');
  const arriving = pbx.callFromOutside(shown, number);
  pbx.tell({ type: 'wireLearned', channelId: arriving.id, wire: leaving.id });
  return { leaving, arriving };
}

const settings = { pbx: 'tokyo' };

describe('a call over two PBXs', () => {
  test('of a customer who reaches a queue at the other PBX is one call, answered when a person answers there', () => {
    const pbx = createStory(settings);
    const customer = pbx.callFromOutside('09012345678', '0312345678');
    const { leaving, arriving } = wireToOsaka(pbx, customer, { number: '600', shown: '09012345678' });
    pbx.tell({ type: 'channelAnswered', channelId: arriving.id });
    pbx.join(arriving, 'osaka-sales');
    pbx.hear('tokyo');
    pbx.connect(customer, leaving);
    pbx.wait(10);
    pbx.hear('osaka');
    const agent = pbx.ring(arriving, '2001');
    pbx.wait(5);
    pbx.leaveQueue(arriving, 'osaka-sales');
    pbx.connect(arriving, agent);
    pbx.wait(20);
    pbx.hear('tokyo');
    pbx.hangUp(customer);
    pbx.end(leaving);
    pbx.hear('osaka');
    pbx.end(arriving);
    pbx.end(agent);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ id: `tokyo-${customer.id}`, pbx: 'tokyo', direction: 'inbound', customer: { number: '+819012345678' } },
      ...{ did: '0312345678', queue: 'osaka-sales', rang: ['2001'], answeredBy: '2001', spokeWith: ['2001'] },
      ...{ waitSeconds: 15, talkSeconds: 20, result: 'answered', hangupBy: 'customer' },
    });
    expect(pbx.onlyCall().linkedIds).toEqual([customer.id, `osaka-${arriving.id}`]);
    expect(pbx.live()).toEqual([]);
  });

  test('between two inside phones is an internal call, however the trunk between them looked', () => {
    const pbx = createStory(settings);
    const caller = pbx.callFromPhone('1001', '2001');
    const { leaving, arriving } = wireToOsaka(pbx, caller, { number: '2001', shown: '1001' });
    const called = pbx.ring(arriving, '2001');
    pbx.wait(3);
    pbx.connect(arriving, called);
    pbx.hear('tokyo');
    pbx.connect(caller, leaving);
    pbx.wait(30);
    pbx.hangUp(caller);
    pbx.end(leaving);
    pbx.hear('osaka');
    pbx.end(arriving);
    pbx.end(called);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ direction: 'internal', customer: null, placedBy: '1001', rang: ['2001'], answeredBy: '2001', talkSeconds: 30 },
    });
  });

  test('that an agent transfers to the other PBX stays one call with both agents', () => {
    const pbx = createStory(settings);
    const customer = pbx.callFromOutside('09012345678', '0312345678');
    const first = pbx.ring(customer, '1001');
    pbx.wait(2);
    const bridge = pbx.connect(customer, first);
    pbx.wait(10);
    pbx.blindTransfer(first, '2001');
    pbx.leave(first, bridge);
    pbx.leave(customer, bridge);
    pbx.end(first);
    const { leaving, arriving } = wireToOsaka(pbx, customer, { number: '2001', shown: '09012345678' });
    const second = pbx.ring(arriving, '2001');
    pbx.wait(4);
    pbx.connect(arriving, second);
    pbx.hear('tokyo');
    pbx.connect(customer, leaving);
    pbx.wait(6);
    pbx.hangUp(customer);
    expect(pbx.onlyCall()).toMatchObject({
      spokeWith: ['1001', '2001'],
      talkByAgent: { '1001': 10, '2001': 6 },
      transfers: [{ kind: 'blind', from: '1001', to: '2001', answered: true }],
    });
  });

  test('is not answered by the queue of the other PBX, even when its answer is heard before the name of the wire', () => {
    const pbx = createStory(settings);
    const customer = pbx.callFromOutside('09012345678', '0312345678');
    const leaving = pbx.dialOut(customer, '600');
    pbx.tell({ type: 'wireLearned', channelId: leaving.id, wire: leaving.id });
    pbx.connect(customer, leaving);
    pbx.hear('osaka');
    const arriving = pbx.callFromOutside('09012345678', '600');
    pbx.tell({ type: 'wireLearned', channelId: arriving.id, wire: leaving.id });
    pbx.join(arriving, 'osaka-sales');
    pbx.wait(8);
    pbx.hear('tokyo');
    pbx.hangUp(customer);
    expect(pbx.onlyCall()).toMatchObject({ answered: false, result: 'abandoned', waitSeconds: 8, talkSeconds: 0 });
  });

  test('transferred to the other PBX reaches nobody before a person answers there', () => {
    const pbx = createStory(settings);
    const customer = pbx.callFromOutside('09012345678', '0312345678');
    const first = pbx.ring(customer, '1001');
    const bridge = pbx.connect(customer, first);
    pbx.wait(10);
    pbx.blindTransfer(first, '600');
    pbx.leave(first, bridge);
    pbx.leave(customer, bridge);
    pbx.end(first);
    const leaving = pbx.dialOut(customer, '600');
    pbx.tell({ type: 'wireLearned', channelId: leaving.id, wire: leaving.id });
    pbx.connect(customer, leaving);
    pbx.hear('osaka');
    const arriving = pbx.callFromOutside('09012345678', '600');
    pbx.tell({ type: 'wireLearned', channelId: arriving.id, wire: leaving.id });
    pbx.wait(20);
    pbx.hear('tokyo');
    pbx.hangUp(customer);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ spokeWith: ['1001'], talkSeconds: 10, talkByAgent: { '1001': 10 } },
      transfers: [{ kind: 'blind', from: '1001', to: '600', answered: false }],
    });
  });

  test.each(['at once', 'after the line was dialled', 'after the customer had answered'] as const)(
    'that goes out over the line of the other PBX is an outbound call, even when the name of the wire is heard %s',
    (when) => {
      const pbx = createStory(settings);
      const agent = pbx.callFromPhone('1001', '09012345678');
      const leaving = pbx.dialOut(agent, '09012345678');
      const learnAtTokyo = () => {
        pbx.hear('tokyo');
        pbx.tell({ type: 'wireLearned', channelId: leaving.id, wire: leaving.id });
        pbx.hear('osaka');
      };
      if (when === 'at once') learnAtTokyo();
      pbx.hear('osaka');
      const arriving = pbx.callFromOutside('1001', '09012345678');
      pbx.tell({ type: 'wireLearned', channelId: arriving.id, wire: leaving.id });
      const line = pbx.dialOut(arriving, '09012345678');
      if (when === 'after the line was dialled') learnAtTokyo();
      pbx.wait(5);
      pbx.connect(arriving, line);
      if (when === 'after the customer had answered') learnAtTokyo();
      pbx.hear('tokyo');
      pbx.connect(agent, leaving);
      pbx.wait(20);
      pbx.hear('osaka');
      pbx.hangUp(line);
      pbx.end(arriving);
      pbx.hear('tokyo');
      pbx.end(leaving);
      pbx.end(agent);
      expect(pbx.onlyCall()).toMatchObject({
        ...{ direction: 'outbound', customer: { number: '+819012345678' }, placedBy: '1001' },
        ...{ spokeWith: ['1001'], talkSeconds: 20, result: 'answered', hangupBy: 'customer' },
      });
    },
  );

  test.each([
    ['internal', '2001'],
    ['outbound', '09012345678'],
  ])('whose arrival is heard before its beginning is %s, and was placed by whoever began it', (direction, number) => {
    const pbx = createStory(settings);
    pbx.hear('osaka');
    const arriving = pbx.callFromOutside('1001', number);
    pbx.tell({ type: 'wireLearned', channelId: arriving.id, wire: 'w' });
    const called = direction === 'internal' ? pbx.ring(arriving, number) : pbx.dialOut(arriving, number);
    pbx.wait(1);
    pbx.hear('tokyo');
    const caller = pbx.callFromPhone('1001', number);
    const leaving = pbx.dialOut(caller, number);
    pbx.tell({ type: 'wireLearned', channelId: leaving.id, wire: 'w' });
    pbx.wait(3);
    pbx.hear('osaka');
    pbx.connect(arriving, called);
    pbx.hear('tokyo');
    pbx.connect(caller, leaving);
    pbx.wait(30);
    pbx.hangUp(caller);
    pbx.end(leaving);
    pbx.hear('osaka');
    pbx.end(arriving);
    pbx.end(called);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ direction, placedBy: '1001', answeredBy: direction === 'internal' ? '2001' : null },
      ...{ talkSeconds: 30, result: 'answered', hangupBy: 'agent' },
    });
  });

  test('of which the other PBX says nothing is an outside call at each', () => {
    const pbx = createStory(settings);
    const customer = pbx.callFromOutside('09012345678', '0312345678');
    const leaving = pbx.dialOut(customer, '2001');
    pbx.tell({ type: 'wireLearned', channelId: leaving.id, wire: leaving.id });
    pbx.wait(1);
    pbx.hear('osaka');
    pbx.callFromOutside('09012345678', '2001');
    expect(pbx.live().map(({ record }) => [record.pbx, record.direction])).toEqual([
      ['tokyo', 'inbound'],
      ['osaka', 'inbound'],
    ]);
  });

  test('lives on at the one when the other is lost and comes back', () => {
    const pbx = createStory(settings);
    const customer = pbx.callFromOutside('09012345678', '0312345678');
    const { leaving, arriving } = wireToOsaka(pbx, customer, { number: '2001', shown: '09012345678' });
    const agent = pbx.ring(arriving, '2001');
    const bridge = pbx.connect(arriving, agent);
    pbx.hear('tokyo');
    pbx.connect(customer, leaving);
    pbx.hear('osaka');
    pbx.tell({ type: 'connectionLost' });
    pbx.wait(30);
    pbx.tell({ type: 'pbxBooted', bootedAt: pbx.now - 3_600_000 });
    const place = { ringing: false, bridgeId: bridge, queue: null, ageMs: 30_000 };
    pbx.tell({
      type: 'snapshotTaken',
      channels: [arriving, agent].map((channel) => ({ ...place, channel: { ...channel, up: true } })),
      bridges: [{ bridgeId: bridge, kind: 'conversation' }],
      parked: [],
    });
    pbx.hear('tokyo');
    pbx.wait(10);
    pbx.hangUp(customer);
    expect(pbx.onlyCall()).toMatchObject({ talkSeconds: 40, talkByAgent: { '2001': 40 }, result: 'answered' });
  });
});

test('what two PBXs call by the same ids are different channels, bridges and calls', () => {
  const pbx = createStory(settings);
  const here = pbx.callFromOutside('09011111111', '0312345678');
  pbx.wait(1);
  pbx.hear('osaka');
  pbx.tell({ type: 'channelCreated', channel: { ...here, callerNumber: '09022222222' } });
  expect(pbx.live().map(({ record }) => [record.id, record.customer?.raw])).toEqual([
    [`tokyo-${here.id}`, '09011111111'],
    [`osaka-${here.id}`, '09022222222'],
  ]);
  pbx.end(here);
  expect(pbx.live().map(({ record }) => record.pbx)).toEqual(['tokyo']);
});
