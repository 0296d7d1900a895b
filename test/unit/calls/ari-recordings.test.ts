import { createTracker, type Tracker, track } from '../../../src/calls/tracker.ts';
import { restoreCalls, type SavedCall, saveCall } from '../../../src/calls/tracker-save.ts';
import { createEarJoiner } from '../../../src/telephony/join-ears.ts';
import { mergeByTime } from '../../../src/telephony/replay/merge-by-time.ts';
import type { TelephonyEvent } from '../../../src/telephony/telephony-event.ts';
import { differences, truthOf } from '../../support/judge-calls.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { ariEventsOf, ariScenarios, eventsOf, recordsOf, trackerSettings } from '../../support/traces.ts';

test('the recordings are there', () => {
  expect(ariScenarios().length).toBeGreaterThanOrEqual(30);
});

describe('ARI alone gives exactly the calls that happened', () => {
  test.each(ariScenarios())('%s', (scenario) => {
    expect(differences(recordsOf(ariEventsOf(scenario)), truthOf(scenario), 'ari')).toEqual([]);
  });
});

describe('AMI and ARI together give each call exactly once', () => {
  test.each(ariScenarios())('%s', (scenario) => {
    const events = joined(eventsOf(scenario), ariEventsOf(scenario));
    expect(differences(recordsOf(events), truthOf(scenario), 'both')).toEqual([]);
    expect(callsToldMoreThanOnce(events)).toEqual([]);
  });
});

describe('whichever of the two is late, and however much, the calls are the same', () => {
  test.each(ariScenarios())('%s', (scenario) => {
    const random = seededRandom(11);
    const [ami, ari] = [eventsOf(scenario), ariEventsOf(scenario)];
    for (const mostMs of [10, 250]) {
      const late = (events: readonly TelephonyEvent[]) => delayed(events, () => Math.round(random() * mostMs));
      for (const events of [joined(late(ami), ari), joined(ami, late(ari)), joined(late(ami), late(ari))]) {
        expect(differences(recordsOf(events), truthOf(scenario), 'both')).toEqual([]);
      }
    }
  });
});

describe('a tracker that hears ARI, saved and restored after every single event, tells the same calls', () => {
  test.each(ariScenarios().filter((scenario) => scenario !== '27-load'))('%s', (scenario) => {
    const events = ariEventsOf(scenario);
    expect(recordsOf(events, afterRestart)).toEqual(recordsOf(events));
  });
});

function joined(ami: readonly TelephonyEvent[], ari: readonly TelephonyEvent[]): TelephonyEvent[] {
  const joiner = createEarJoiner();
  return [...mergeByTime(ami.values(), ari.values())].flatMap(({ ear, event }) => joiner.hear(ear, event));
}

/** Each event later than it was, in the same order. */
function delayed(events: readonly TelephonyEvent[], delayMs: () => number): TelephonyEvent[] {
  let last = 0;
  return events.map((event) => {
    last = Math.max(last, event.at + delayMs());
    return { ...event, at: last };
  });
}

function callsToldMoreThanOnce(events: readonly TelephonyEvent[]): string[] {
  const tracker = createTracker(trackerSettings);
  const told = events.flatMap((event) => [...track(tracker, event)]);
  const ends = told
    .filter(({ type }) => type === 'callStarted' || type === 'callEnded')
    .map(({ type, call }) => `${type} ${call.record.id}`);
  return ends.filter((end, index) => ends.indexOf(end) !== index);
}

function afterRestart(tracker: Tracker): Tracker {
  const saved = [...tracker.calls.keys()].map((id) => JSON.parse(JSON.stringify(saveCall(tracker, id))) as SavedCall);
  const fresh = createTracker(trackerSettings);
  expect(restoreCalls(fresh, saved, tracker.lostAt.get('main') ?? null)).toEqual([]);
  return fresh;
}
