import type { SnapshotChannel } from '../../../src/telephony/telephony-event.ts';
import { createStory } from '../../support/pbx-story.ts';

const present = (channel: SnapshotChannel['channel'], more: Partial<SnapshotChannel> = {}): SnapshotChannel => ({
  ...{ channel: { ...channel, up: true }, ringing: false, bridgeId: null, queue: null, ageMs: 0 },
  ...more,
});

const snapshot = (channels: readonly SnapshotChannel[]) =>
  ({ type: 'snapshotTaken', channels, bridges: [], parked: [] }) as const;

test('a call that went on unheard goes on, and its time counts', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  const agent = pbx.ring(caller, '1001');
  const bridgeId = pbx.connect(caller, agent);
  pbx.wait(5);
  pbx.tell({ type: 'connectionLost' });
  pbx.wait(10);
  pbx.tell({ type: 'pbxBooted', bootedAt: pbx.now - 3_600_000 });
  pbx.tell(snapshot([present(caller, { bridgeId }), present(agent, { bridgeId })]));
  pbx.wait(5);
  pbx.hangUp(caller);
  expect(pbx.onlyCall()).toMatchObject({ talkSeconds: 20, talkByAgent: { '1001': 20 }, result: 'answered', transfers: [] });
});

test('a call that ended unheard is closed as of the loss of the connection, and nobody is blamed for the end', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  pbx.connect(caller, pbx.ring(caller, '1001'));
  pbx.wait(5);
  pbx.tell({ type: 'connectionLost' });
  pbx.wait(30);
  pbx.tell(snapshot([]));
  expect(pbx.onlyCall()).toMatchObject({ talkSeconds: 5, result: 'answered', hangupBy: null });
});

test('a call whose queue was joined and left unheard learns its queue from what the PBX shows', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  pbx.tell({ type: 'connectionLost' });
  pbx.wait(5);
  pbx.tell(snapshot([present(caller, { queue: 'sales' })]));
  pbx.hangUp(caller);
  expect(pbx.onlyCall()).toMatchObject({ queue: 'sales', queues: ['sales'] });
});

test('a call the PBX took down with it has failed', () => {
  const pbx = createStory();
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  pbx.connect(caller, pbx.ring(caller, '1001'));
  pbx.wait(5);
  pbx.tell({ type: 'connectionLost' });
  pbx.wait(30);
  pbx.tell({ type: 'pbxBooted', bootedAt: pbx.now });
  expect(pbx.onlyCall()).toMatchObject({ talkSeconds: 5, answered: true, result: 'failed', hangupBy: 'pbx' });
});

test('legs left behind by a call that ended unheard never take its id again', () => {
  const pbx = createStory();
  const phone = { id: '900.2', linkedId: '900.1', party: 'phone', extension: '1006', localPair: null, localHalf: null } as const;
  const rest = { up: true, callerName: null, callerNumber: '1006', dialled: null, outgoing: true };
  pbx.tell(snapshot([present({ ...phone, ...rest }), present({ ...phone, ...rest, id: '900.3', extension: '1007' })]));
  expect(pbx.live().map(({ record }) => record.id)).toEqual(['main-900.2']);
});

test('a call that began unheard is picked up with its direction, its queue and its agent', () => {
  const pbx = createStory();
  const line = { id: '900.1', linkedId: '900.1', party: 'line', extension: null, localPair: null, localHalf: null } as const;
  const phone = { ...line, id: '900.2', party: 'phone', extension: '1006' } as const;
  const rest = { up: true, callerName: null, dialled: null };
  pbx.wait(10);
  pbx.tell(
    snapshot([
      present({ ...phone, ...rest, outgoing: true, callerNumber: '1006' }, { bridgeId: 'b', ageMs: 4000 }),
      present({ ...line, ...rest, outgoing: false, callerNumber: '0901' }, { bridgeId: 'b', queue: 'support', ageMs: 6000 }),
    ]),
  );
  pbx.tell({ type: 'didLearned', channelId: '900.1', number: '0312345680' });
  expect(pbx.live()).toMatchObject([
    {
      phase: 'talking',
      record: { id: 'main-900.1', direction: 'inbound', queue: 'support', did: '0312345680', spokeWith: ['1006'] },
    },
  ]);
});
