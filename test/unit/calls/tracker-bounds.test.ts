import { createTracker, expectLeg, liveCalls, type Tracker, track } from '../../../src/calls/tracker.ts';
import type { ChannelFacts, TelephonyEvent } from '../../../src/telephony/telephony-event.ts';
import { createStory } from '../../support/pbx-story.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { trackerSettings } from '../../support/traces.ts';

const limits = { maxCalls: 50, maxChannels: 200, maxBridges: 40, maxListItems: 10, maxRemembered: 100, maxSilenceMs: 3_600_000 };

function held(tracker: Tracker): Readonly<Record<string, number>> {
  const lists = [...tracker.calls.values()].flatMap((call) => [
    ...[call.aliases, call.linkedIds, call.rang, call.queues, call.spokeWith, call.transfers, call.recordings],
  ]);
  return {
    calls: tracker.calls.size,
    channels: tracker.channels.size,
    bridges: tracker.bridges.size,
    linkedIds: tracker.callOfLinkedId.size,
    halves: tracker.localHalves.size,
    gone: tracker.goneChannels.size,
    longestList: Math.max(0, ...lists.map((list) => list.length)),
  };
}

function garbage(random: () => number, at: number): TelephonyEvent {
  const pick = <Item>(...items: readonly [Item, ...Item[]]): Item => items[Math.floor(random() * items.length)] ?? items[0];
  const id = () => `${Math.floor(random() * 5_000)}.${Math.floor(random() * 3)}`;
  const channel = (): ChannelFacts => ({
    ...{ id: id(), linkedId: pick(null, id()), party: pick('phone', 'line', 'helper') },
    ...{ extension: String(1000 + Math.floor(random() * 500)), localPair: pick(null, `Local/${id()}`), localHalf: pick(1, 2) },
    ...{
      outgoing: random() < 0.5,
      up: random() < 0.5,
      callerNumber: pick(null, '0901'),
      callerName: null,
      dialled: pick(null, '1001'),
    },
  });
  const channelId = id();
  const bridgeId = `b${Math.floor(random() * 500)}`;
  return pick<TelephonyEvent>(
    { type: 'channelCreated', at, channel: channel() },
    { type: 'dialBegun', at, source: pick(null, channel()), target: channel(), number: pick(null, '0901') },
    { type: 'dialEnded', at, targetId: channelId, status: pick('answered', 'busy', 'noAnswer', 'cancelled', 'unreachable') },
    { type: 'bridgeEntered', at, bridgeId, kind: pick('conversation', 'conference', 'holding'), channel: channel() },
    { type: 'bridgeLeft', at, bridgeId, channelId },
    { type: 'queueJoined', at, channel: channel(), queue: id() },
    { type: 'queueLeft', at, channelId, queue: id() },
    { type: 'holdStarted', at, channelId },
    { type: 'holdEnded', at, channelId },
    { type: 'hangupRequested', at, channelId },
    { type: 'channelHungUp', at, channelId, cause: pick(null, 16, 17) },
    { type: 'blindTransferred', at, transfererId: channelId, to: id(), byPhone: random() < 0.5 },
    { type: 'attendedTransferred', at, firstLegId: channelId, secondLegId: id(), transfereeId: id(), targetId: pick(null, id()) },
    { type: 'parked', at, channelId, byExtension: null },
    { type: 'recordingStarted', at, channelId, file: id() },
    { type: 'originateReported', at, answered: true, channelId: pick(null, channelId), extension: '1001', number: '09011110001' },
  );
}

test('whatever a mad PBX tells, no more than the limits is held, and nothing breaks', () => {
  const random = seededRandom(7);
  const tracker = createTracker({ ...trackerSettings, limits });
  for (let index = 0; index < 20_000; index += 1) track(tracker, garbage(random, index * 100));
  const sizes = held(tracker);
  expect(sizes.calls).toBeLessThanOrEqual(limits.maxCalls);
  expect(sizes.channels).toBeLessThanOrEqual(limits.maxChannels);
  expect(sizes.bridges).toBeLessThanOrEqual(limits.maxBridges);
  expect(sizes.gone).toBeLessThanOrEqual(limits.maxRemembered);
  expect(sizes.longestList).toBeLessThanOrEqual(limits.maxListItems);
  expect(sizes.linkedIds).toBeLessThanOrEqual(limits.maxCalls * limits.maxListItems);
  expect(sizes.halves).toBeLessThanOrEqual(limits.maxChannels);
  for (const { record } of liveCalls(tracker)) {
    expect(Math.min(record.waitSeconds, record.talkSeconds, record.holdSeconds)).toBeGreaterThanOrEqual(0);
  }
});

test('after two thousand calls nothing is left of them but their remembered ids', () => {
  const pbx = createStory({ limits });
  for (let index = 0; index < 2_000; index += 1) {
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    const agent = pbx.ring(caller, '1001');
    pbx.connect(caller, agent);
    pbx.hangUp(caller);
    pbx.end(agent);
  }
  expect(held(pbx.tracker)).toEqual({ calls: 0, channels: 0, bridges: 0, linkedIds: 0, halves: 0, gone: 100, longestList: 0 });
  expect(pbx.ended()).toHaveLength(2_000);
});

test('legs that never come are not expected for ever', () => {
  const tracker = createTracker({ ...trackerSettings, limits });
  for (let index = 0; index < 1_000; index += 1) expectLeg(tracker, 'main', `toritsugi-${index}`, '1763838000.1');
  expect(tracker.expectedLegs.size).toBe(limits.maxRemembered);
  expect(tracker.expectedLegs.has('main-toritsugi-999')).toBe(true);
});

test('a call of which nothing is heard for too long is closed, and nobody is said to have ended it', () => {
  const pbx = createStory({ limits });
  const caller = pbx.callFromOutside('09012345678', '0312345679');
  pbx.connect(caller, pbx.ring(caller, '1001'));
  pbx.wait(3_700);
  pbx.callFromPhone('1009', '1008');
  expect(pbx.onlyCall()).toMatchObject({ customer: { raw: '09012345678' }, hangupBy: null });
});
