import { createEarJoiner, type Ear } from '../../../src/telephony/join-ears.ts';
import type { ChannelFacts, TelephonyEvent } from '../../../src/telephony/telephony-event.ts';

const channel: ChannelFacts = {
  id: '1.1',
  linkedId: null,
  party: 'phone',
  extension: '1001',
  localPair: null,
  localHalf: null,
  outgoing: true,
  up: true,
  callerNumber: null,
  callerName: null,
  dialled: null,
};

const answered: TelephonyEvent = { type: 'channelAnswered', at: 1, channelId: '1.1' };
const held: TelephonyEvent = { type: 'holdStarted', at: 2, channelId: '1.1' };
const unheld: TelephonyEvent = { type: 'holdEnded', at: 3, channelId: '1.1' };
const lost: TelephonyEvent = { type: 'connectionLost', at: 4 };
const snapshot: TelephonyEvent = { type: 'snapshotTaken', at: 5, channels: [], bridges: [], parked: [] };

function heard(...told: readonly (readonly [Ear, TelephonyEvent])[]): string[] {
  const joiner = createEarJoiner();
  return told.flatMap(([ear, event]) => joiner.hear(ear, event).map(({ type }) => type));
}

test('what both ears tell goes through once, whoever is first', () => {
  expect(heard(['ami', answered], ['ari', answered], ['ari', held], ['ami', held])).toEqual(['channelAnswered', 'holdStarted']);
});

test('what happens twice goes through twice, even when one ear is a whole hold ahead', () => {
  const ahead = [held, unheld, held, unheld].map((event) => ['ari', event] as const);
  const behind = [held, unheld, held, unheld].map((event) => ['ami', event] as const);
  expect(heard(...ahead, ...behind)).toEqual(['holdStarted', 'holdEnded', 'holdStarted', 'holdEnded']);
});

test('what only one ear tells goes through', () => {
  expect(heard(['ari', answered], ['ami', held], ['ari', unheld])).toEqual(['channelAnswered', 'holdStarted', 'holdEnded']);
});

test('the connection is lost when neither ear hears any more', () => {
  expect(heard(['ami', answered], ['ari', answered], ['ami', lost])).toEqual(['channelAnswered']);
  expect(heard(['ami', answered], ['ari', answered], ['ami', lost], ['ari', lost])).toEqual([
    'channelAnswered',
    'connectionLost',
  ]);
});

test('what one ear missed while it was deaf is not waited for', () => {
  const told = heard(['ami', answered], ['ari', answered], ['ami', lost], ['ari', held], ['ari', unheld], ['ami', held]);
  expect(told).toEqual(['channelAnswered', 'holdStarted', 'holdEnded']);
  expect(heard(['ari', held], ['ami', lost], ['ami', held])).toEqual(['holdStarted', 'holdStarted']);
});

test('the snapshot of an ear that came back while the other listened is not needed; after a gap it is', () => {
  expect(heard(['ami', snapshot])).toEqual(['snapshotTaken']);
  expect(heard(['ari', answered], ['ami', snapshot])).toEqual(['channelAnswered']);
  expect(heard(['ari', answered], ['ari', lost], ['ami', snapshot])).toEqual([
    'channelAnswered',
    'connectionLost',
    'snapshotTaken',
  ]);
});

test('a restart is dated back to when either ear last heard anything', () => {
  const joiner = createEarJoiner();
  joiner.hear('ari', answered);
  joiner.hear('ami', lost);
  expect(joiner.hear('ami', { type: 'pbxBooted', at: 90, bootedAt: 80 })).toEqual([{ type: 'pbxBooted', at: 4, bootedAt: 80 }]);
});

test('a linked id, which only AMI knows, is learnt although ARI was first', () => {
  const joiner = createEarJoiner();
  const entered: TelephonyEvent = { type: 'bridgeEntered', at: 1, bridgeId: 'b', kind: 'conversation', channel };
  joiner.hear('ari', entered);
  const linked = { ...channel, linkedId: '1.0' };
  expect(joiner.hear('ami', { ...entered, channel: linked })).toEqual([{ type: 'channelCreated', at: 1, channel: linked }]);
});
