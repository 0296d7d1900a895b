import { createJournal, JournalClosed, JournalFull, type JournalSettings } from '../../../src/calls/journal.ts';
import type { TrackedCall } from '../../../src/calls/ledger-rows.ts';
import { callEvent, callRecord, liveRecord } from '../../support/call-records.ts';

/** A ledger that remembers its transactions and fails as long as it is told to. */
function rememberingLedger() {
  const ledger = {
    written: [] as (readonly TrackedCall[])[],
    fail: (_: readonly TrackedCall[]): boolean => false,
    async write(calls: readonly TrackedCall[]) {
      if (ledger.fail(calls)) throw new Error('database is locked');
      ledger.written.push(calls);
    },
  };
  return ledger;
}

function open(given: Partial<JournalSettings> = {}) {
  const ledger = rememberingLedger();
  const logged: string[] = [];
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const journal = createJournal({ ledger, log: (_, message) => logged.push(message), wait, ...given });
  return { ledger, journal, logged, waits };
}

const idsOf = (calls: readonly TrackedCall[]) => calls.map(({ record }) => record.id as string);

test('writes everything of one turn in one transaction, and of each call only its latest state', async () => {
  const { ledger, journal } = open();
  journal.record(callEvent(liveRecord({ id: 'main-1.1' })), 1);
  journal.record(callEvent(liveRecord({ id: 'main-1.2' })), 1);
  journal.record(callEvent(callRecord({ id: 'main-1.1' })), null);
  expect(journal.pending).toBe(2);
  await journal.flush();
  expect(ledger.written).toEqual([
    [
      { record: callRecord({ id: 'main-1.1' }), state: null, absorbed: [], since: 1 },
      { record: liveRecord({ id: 'main-1.2' }), state: 1, absorbed: [], since: 2 },
    ],
  ]);
  expect(journal.pending).toBe(0);
});

test('tries again what the ledger could not take, in smaller transactions, and says so', async () => {
  const { ledger, journal, logged, waits } = open();
  let failures = 0;
  ledger.fail = () => {
    failures += 1;
    return failures <= 3;
  };
  for (const id of ['main-1.1', 'main-1.2', 'main-1.3']) journal.record(callEvent(callRecord({ id })), null);
  await journal.flush();
  expect(ledger.written.flatMap(idsOf).sort()).toEqual(['main-1.1', 'main-1.2', 'main-1.3']);
  expect(waits).toEqual([100, 200, 400]);
  expect(logged).toHaveLength(3);
});

test('lets one call that cannot be written hold up no other', async () => {
  const { ledger, journal } = open({ maxBatch: 4 });
  ledger.fail = (calls) => idsOf(calls).includes('main-1.2');
  for (const id of ['main-1.1', 'main-1.2', 'main-1.3', 'main-1.4']) journal.record(callEvent(callRecord({ id })), null);
  await journal.close();
  expect(ledger.written.flatMap(idsOf).sort()).toEqual(['main-1.1', 'main-1.3', 'main-1.4']);
  expect(journal.pending).toBe(1);
});

test('keeps both what was told before a failed write and what was told during it', async () => {
  const { ledger, journal } = open();
  let first = true;
  ledger.fail = () => {
    if (!first) return false;
    first = false;
    journal.record(callEvent(callRecord({ id: 'main-1.1' })), null);
    return true;
  };
  journal.record(callEvent(liveRecord({ id: 'main-1.1' }), 'main-1.9'), 1);
  await journal.flush();
  expect(ledger.written).toEqual([[{ record: callRecord({ id: 'main-1.1' }), state: null, absorbed: ['main-1.9'], since: 1 }]]);
});

test('refuses to hear more calls than it can keep, but goes on with those it has', async () => {
  const { ledger, journal } = open({ maxPending: 2 });
  ledger.fail = () => true;
  journal.record(callEvent(liveRecord({ id: 'main-1.1' })), 1);
  journal.record(callEvent(liveRecord({ id: 'main-1.2' })), 1);
  journal.record(callEvent(callRecord({ id: 'main-1.1' })), null);
  expect(() => journal.record(callEvent(liveRecord({ id: 'main-1.3' })), 1)).toThrow(JournalFull);
  ledger.fail = () => false;
  await journal.close();
});

test('ends without the database, names the calls it could not write, and keeps nobody waiting for them', async () => {
  const { ledger, journal, logged } = open();
  ledger.fail = () => true;
  journal.record(callEvent(callRecord({ id: 'main-1.1' })), null);
  const waiting = expect(journal.flush()).rejects.toThrow(JournalClosed);
  await journal.close();
  expect(logged.at(-1)).toBe('calls could not be written into the ledger');
  await waiting;
});

test('has nothing to wait for when nothing was told', async () => {
  const { journal } = open();
  await journal.flush();
  await journal.close();
});
