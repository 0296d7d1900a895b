import type { CallRecord } from '../../../src/calls/call.ts';
import { differences, truthOf } from '../../support/judge-calls.ts';
import { eventsOf, recordsOf, scenarios } from '../../support/traces.ts';
import { celTableOf, filedRecordsOf, writtenRowsOf, writtenScenarios } from '../../support/written-records.ts';

/** What the files cannot know stands in `unknowable.json`; everything else is exact. */

describe('CEL, CDR and the queue log of every scenario give exactly the calls that happened', () => {
  test.each(writtenScenarios())('%s', (scenario) => {
    expect(differences(filedRecordsOf(scenario, writtenRowsOf(scenario)), truthOf(scenario), 'files')).toEqual([]);
  });

  test('the files are there', () => {
    expect(writtenScenarios().length).toBeGreaterThanOrEqual(30);
  });
});

/** `cel.conf` as Asterisk ships it. */
const sampleEvents = new Set('APP_START CHAN_START CHAN_END ANSWER HANGUP BRIDGE_ENTER BRIDGE_EXIT'.split(' '));
const sampleApps = new Set(['Dial', 'Park']);

describe('so does CEL as the sample configuration writes it, but for holds and the kind of a transfer', () => {
  test.each(writtenScenarios())('%s', (scenario) => {
    const rows = writtenRowsOf(scenario);
    const cel = rows.cel.filter(({ event, app }) => sampleEvents.has(event) && (event !== 'APP_START' || sampleApps.has(app)));
    expect(differences(filedRecordsOf(scenario, { ...rows, cel }), truthOf(scenario), 'sampleCel')).toEqual([]);
  });
});

describe('CDR and the queue log, where there is no CEL, give them as well as they can', () => {
  test.each(writtenScenarios())('%s', (scenario) => {
    const rows = writtenRowsOf(scenario, ['cdr.csv', 'queue_log']);
    expect(differences(filedRecordsOf(scenario, rows), truthOf(scenario), 'cdr')).toEqual([]);
  });
});

/** Facts of which the judge says nothing. */
const facts = ['id', 'linkedIds', 'hangupBy', 'hangupCause', 'answeredBy', 'placedBy', 'customer', 'did', 'result'] as const;

function told(records: readonly CallRecord[], which: readonly (typeof facts)[number][]) {
  return records.map((record) => Object.fromEntries(which.map((fact) => [fact, record[fact]]))).sort(byId);
}

function byId(a: { readonly [fact: string]: unknown }, b: { readonly [fact: string]: unknown }): number {
  return String(a.id).localeCompare(String(b.id));
}

describe('a call that is filled in is told as it would have been heard', () => {
  // In 24 and 34 not everything was heard; of 42 and 53 CEL alone does not know voicemail and the number that was called.
  const heardWhole = scenarios().filter((scenario) => !/^(24|34|42|53)-/.test(scenario));

  test.each(heardWhole)('%s, from a CEL table with all columns', (scenario) => {
    const filed = filedRecordsOf(scenario, { cel: celTableOf(scenario), cdr: [], queueLog: [] });
    expect(told(filed, facts)).toEqual(told(recordsOf(eventsOf(scenario)), facts));
  });

  test.each(writtenScenarios().filter((scenario) => heardWhole.includes(scenario)))('%s, from the files', (scenario) => {
    const known = facts.filter((fact) => fact !== 'hangupCause' && fact !== 'hangupBy');
    const heard = recordsOf(eventsOf(scenario));
    const ids = new Set(heard.map(({ id }) => id));
    const filed = filedRecordsOf(scenario, writtenRowsOf(scenario)).filter(({ id }) => ids.has(id));
    expect(told(filed, known)).toEqual(told(heard, known));
    // Without the column `extra` a hang-up by command of the hub looks like the caller's own.
    if (scenario === '32-hub-actions') return;
    for (const { id, hangupBy } of filed) {
      const truth = heard.find((record) => record.id === id)?.hangupBy;
      expect([null, truth]).toContain(hangupBy);
    }
  });
});
