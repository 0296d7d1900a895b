/** A process of its own that writes calls into a SQLite file as fast as it can, until it is killed. Says each number it has committed. */
import { createJournal } from '../../src/calls/journal.ts';
import { createLedger } from '../../src/calls/ledger-store.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { createOwing } from '../../src/write-back/owing.ts';
import { callEvent, callRecord, liveRecord } from './call-records.ts';

let ids = 0;
const store = openDatabase({ url: process.argv[2] ?? '' });
const companion = createOwing({
  owedFor: () => [{ connector: 'salesforce', purpose: 'callLog' }],
  now: Date.now,
  newId: () => {
    ids += 1;
    return `${process.pid}-${ids}`;
  },
});
const ledger = createLedger({ store, companion, committed: () => {} });
const journal = createJournal({ ledger, log: () => {} });

for (let call = 1; ; call += 1) {
  const id = `main-${process.pid}.${call}`;
  journal.record(callEvent(liveRecord({ id })), { call });
  journal.record(callEvent(callRecord({ id })), null);
  await journal.flush();
  process.stdout.write(`${id}\n`);
}
