import { createFirstSnapshot } from '../../../src/telephony/first-snapshot.ts';
import { createEarJoiner, type Ear } from '../../../src/telephony/join-ears.ts';
import type { TelephonyEvent } from '../../../src/telephony/telephony-event.ts';

const snapshot = (at: number): TelephonyEvent => ({ type: 'snapshotTaken', at, channels: [], bridges: [], parked: [] });
const hungUp = (at: number, channelId: string): TelephonyEvent => ({ type: 'channelHungUp', at, channelId, cause: 16 });
const lost = (at: number): TelephonyEvent => ({ type: 'connectionLost', at });

type Step = readonly [Ear, TelephonyEvent | 'opened'];

function told(steps: readonly Step[]): string[] {
  const beginning = createFirstSnapshot(createEarJoiner());
  return steps.flatMap(([ear, what]) => (what === 'opened' ? beginning.opened(ear) : beginning.hear(ear, what))).map(words);
}

function words(event: TelephonyEvent): string {
  return event.type === 'channelHungUp' ? `hungUp ${event.channelId}` : `${event.type} ${event.at}`;
}

test('the first ear to have opened begins, with what it said before its snapshot', () => {
  expect(told([['ami', hungUp(1, 'a')]])).toEqual([]);
  expect(
    told([
      ['ami', hungUp(1, 'a')],
      ['ami', snapshot(2)],
      ['ami', 'opened'],
      ['ami', hungUp(3, 'b')],
    ]),
  ).toEqual(['hungUp a', 'snapshotTaken 2', 'hungUp b']);
});

test('what the other ear said meanwhile comes behind that snapshot, its own snapshot is not needed, and nothing comes twice', () => {
  const steps: Step[] = [
    ['ami', hungUp(1, 'early')],
    ['ari', hungUp(2, 'early')],
    ['ari', hungUp(3, 'late')],
    ['ari', snapshot(3)],
    ['ami', snapshot(4)],
    ['ami', 'opened'],
    ['ari', 'opened'],
    ['ami', hungUp(5, 'late')],
  ];
  expect(told(steps)).toEqual(['hungUp early', 'snapshotTaken 4', 'hungUp late']);
});

test('either ear may be the first', () => {
  const steps: Step[] = [
    ['ami', hungUp(1, 'a')],
    ['ari', snapshot(2)],
    ['ari', 'opened'],
    ['ami', snapshot(3)],
    ['ami', 'opened'],
  ];
  expect(told(steps)).toEqual(['snapshotTaken 2', 'hungUp a']);
});

test('an ear that opens while the other is open goes straight on', () => {
  const steps: Step[] = [
    ['ami', snapshot(1)],
    ['ami', 'opened'],
    ['ari', hungUp(2, 'a')],
    ['ari', snapshot(3)],
    ['ari', 'opened'],
  ];
  expect(told(steps)).toEqual(['snapshotTaken 1', 'hungUp a']);
});

test('an ear that is lost before it has opened leaves nothing behind', () => {
  const steps: Step[] = [
    ['ami', hungUp(1, 'a')],
    ['ami', lost(2)],
    ['ari', snapshot(3)],
    ['ari', 'opened'],
  ];
  expect(told(steps)).toEqual(['connectionLost 2', 'snapshotTaken 3']);
});

test('when no ear hears any more, both begin anew', () => {
  const steps: Step[] = [
    ['ami', snapshot(1)],
    ['ami', 'opened'],
    ['ari', snapshot(1)],
    ['ari', 'opened'],
    ['ami', lost(2)],
    ['ari', hungUp(3, 'a')],
    ['ari', lost(4)],
    ['ami', snapshot(5)],
    ['ami', 'opened'],
  ];
  expect(told(steps)).toEqual(['snapshotTaken 1', 'hungUp a', 'connectionLost 4', 'snapshotTaken 5']);
});

test('a PBX that does not come to an end with its lists is listened to without them', () => {
  const beginning = createFirstSnapshot(createEarJoiner());
  let heard = 0;
  for (let at = 0; at < 20_010; at += 1) heard += beginning.hear('ami', hungUp(at, `c${at}`)).length;
  expect(heard).toBe(20_010);
});
