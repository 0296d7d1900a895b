import { differences, truthOf } from '../../support/judge-calls.ts';
import { eventsOf, recordsOf, scenarios } from '../../support/traces.ts';

describe('every recorded scenario gives exactly the calls that happened', () => {
  test.each(scenarios())('%s', (scenario) => {
    expect(differences(recordsOf(eventsOf(scenario)), truthOf(scenario))).toEqual([]);
  });
});

test('the recordings are there', () => {
  expect(scenarios().length).toBeGreaterThanOrEqual(46);
});
