import type { CallRecord } from '../../../src/calls/call.ts';
import { createTracker, type Tracker } from '../../../src/calls/tracker.ts';
import { restoreCalls, type SavedCall, saveCall } from '../../../src/calls/tracker-save.ts';
import { eventsOf, recordsOf, scenarios, trackerSettings } from '../../support/traces.ts';

/** As the journal does it: every live call by itself, through JSON. */
function afterRestart(tracker: Tracker): Tracker {
  const saved = [...tracker.calls.keys()].map((id) => JSON.parse(JSON.stringify(saveCall(tracker, id))) as SavedCall);
  const fresh = createTracker(trackerSettings);
  expect(restoreCalls(fresh, saved, tracker.lostAt.get('main') ?? null)).toEqual([]);
  return fresh;
}

const asText = (records: readonly CallRecord[]) => JSON.stringify(records);

describe('a tracker that is saved and restored after every single event tells the same calls', () => {
  test.each(scenarios().filter((scenario) => scenario !== '27-load'))('%s', (scenario) => {
    const events = eventsOf(scenario);
    expect(asText(recordsOf(events, afterRestart))).toBe(asText(recordsOf(events)));
  });

  test('27-load, every twentieth event', () => {
    const events = eventsOf('27-load');
    const restarted = recordsOf(events, (tracker, index) => (index % 20 === 0 ? afterRestart(tracker) : tracker));
    expect(asText(restarted)).toBe(asText(recordsOf(events)));
  });
});

test('a saved call of another version is left alone and handed back', () => {
  const foreign = { version: 1 } as unknown as SavedCall;
  const tracker = createTracker(trackerSettings);
  expect(restoreCalls(tracker, [foreign], null)).toEqual([foreign]);
  expect(tracker.calls.size).toBe(0);
});

test('there is nothing to save of a call that is not live', () => {
  expect(saveCall(createTracker(trackerSettings), 'main-1.1' as CallRecord['id'])).toBeNull();
});
