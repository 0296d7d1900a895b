/** When and what is filled in: the hub's part between the PBX's records and the ledger, on both databases. */
import type { CallId, CallRecord, LiveCall } from '../../../src/calls/call.ts';
import { filedCalls } from '../../../src/calls/filed-calls.ts';
import type { LedgerChange } from '../../../src/calls/ledger-change.ts';
import { createLedger, type Ledger } from '../../../src/calls/ledger-store.ts';
import { createUnheardStore } from '../../../src/calls/unheard-store.ts';
import { createFillIn, type FillIn } from '../../../src/hub/fill-in.ts';
import type { Store } from '../../../src/store/open-database.ts';
import { defaultNumbering } from '../../../src/telephony/numbering.ts';
import type { RecordRows } from '../../../src/telephony/records/record-rows.ts';
import { type RecordSource, RecordsUnavailable } from '../../../src/telephony/records/record-source.ts';
import { translateRecords } from '../../../src/telephony/records/records-translator.ts';
import { atOnce, type Pace } from '../../../src/telephony/records/unhurried.ts';
import { callRecord } from '../../support/call-records.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { trackerSettings } from '../../support/traces.ts';
import { writtenRowsOf } from '../../support/written-records.ts';

const minute = 60_000;
/** Two calls, of which the first ends before the second begins. */
const all = writtenRowsOf('01-queue-answered');
const calls = atOnce(filedCalls(atOnce(translateRecords(all, defaultNumbering)), trackerSettings)).map(({ record }) => record);
const [first, second] = calls as [CallRecord, CallRecord];
const begun = Date.parse(first.startedAt);
const over = Date.parse(second.endedAt ?? '') + 2 * minute;
/** Every slice is over as soon as it has begun. */
function hurriedPace(onTurn: () => void): Pace {
  let time = 0;
  const now = () => {
    time += 100;
    return time;
  };
  return {
    now,
    async nextTurn() {
      onTurn();
    },
  };
}

const none: RecordRows = { cel: [], cdr: [], queueLog: [] };

describe.each(databaseKinds)('$kind', ({ start }) => {
  let databases: TestDatabases;
  let store: Store;
  let ledger: Ledger;
  let clock = 0;
  let rows: RecordRows = all;
  let failure: Error | null = null;
  let live: LiveCall[] = [];
  let changes: LedgerChange[] = [];
  let matched: CallId[] = [];
  let logged: string[] = [];
  let asked: number[] = [];
  let flushed: Promise<void> = Promise.resolve();
  /** Called whenever others get their turn. */
  let onTurn: (() => void) | null = null;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);

  afterAll(() => databases?.stop());

  beforeEach(async () => {
    store = await openFreshStore(databases);
    ledger = createLedger({
      store,
      companion: () => Promise.resolve(),
      committed: (told) => {
        changes.push(...told);
      },
    });
    [clock, rows, failure, live, changes, matched, logged, asked] = [begun - minute, all, null, [], [], [], [], []];
    flushed = Promise.resolve();
    onTurn = null;
  });

  afterEach(() => store.close());

  const source: RecordSource = {
    name: 'CEL file of the test',
    read(since) {
      asked.push(since);
      return failure === null ? Promise.resolve({ rows, skipped: 0, readUpTo: null }) : Promise.reject(failure);
    },
    close: () => Promise.resolve(),
  };

  /** The hub comes to life, and hears the PBX if `hears`. */
  async function startHub(hears = true, sources: readonly RecordSource[] = [source]): Promise<FillIn> {
    const fillIn = createFillIn({
      ...{ sources, settings: trackerSettings, numbering: defaultNumbering, ledger },
      store: createUnheardStore(store.db, 'main'),
      otherPbxs: ['osaka'],
      journal: { flush: () => flushed },
      live: () => live,
      matchCaller: ({ id }) => {
        matched.push(id);
        return Promise.resolve();
      },
      ...(onTurn !== null && { pace: hurriedPace(() => onTurn?.()) }),
      now: () => clock,
      log: (_, message) => {
        logged.push(message);
      },
    });
    await fillIn.restore();
    if (hears) {
      fillIn.onTelephonyEvent({ type: 'snapshotTaken', at: clock, channels: [], bridges: [], parked: [] });
      await fillIn.noteHearing();
      await fillIn.run();
    }
    return fillIn;
  }

  /** A hub was there, and is no more since before the calls began. */
  async function hubThatDied(): Promise<void> {
    rows = none;
    await (await startHub()).close();
    [rows, logged, asked] = [all, [], []];
    clock = over;
  }

  async function inLedger(): Promise<readonly CallRecord[]> {
    const { calls: found } = await ledger.list({ limit: 100, before: null, number: null, agent: null });
    return found.toReversed();
  }

  test('what passed while the hub was dead is filled in once, told once, and its callers are looked up', async () => {
    await hubThatDied();
    const fillIn = await startHub();
    expect(await inLedger()).toEqual(calls);
    await fillIn.run();
    await fillIn.close();
    await (await startHub()).close();
    expect(await inLedger()).toEqual(calls);
    expect(changes.map(({ type }) => type)).toEqual(['callEnded', 'callEnded']);
    expect(matched).toEqual([first.id, second.id]);
    expect(logged).toEqual(['calls filled in from what the PBX wrote down']);
  });

  test('the history of a PBX before the very first start is none of ours', async () => {
    clock = over + 60 * minute;
    const fillIn = await startHub();
    expect(await inLedger()).toEqual([]);
    await fillIn.close();
  });

  test('after a long absence the last seven days are filled in', async () => {
    await hubThatDied();
    clock = over + 8 * 24 * 60 * minute;
    await (await startHub()).close();
    expect(asked.at(-1)).toBe(clock - 7 * 24 * 60 * minute);
    expect(await inLedger()).toEqual([]);
  });

  test('a call is left alone until it has been over for a minute', async () => {
    await hubThatDied();
    clock = Date.parse(first.endedAt ?? '') + minute + 1_000;
    const fillIn = await startHub();
    expect(await inLedger()).toEqual([first]);
    clock += minute;
    await fillIn.run();
    expect(await inLedger()).toEqual(calls);
    await fillIn.close();
  });

  test('a call that was heard stays as it was heard', async () => {
    const fillIn = await startHub();
    const heard = { ...first, filledIn: false, talkSeconds: 3.21, recordings: ['a.wav'] };
    await ledger.write([{ record: heard, state: null, absorbed: [] }]);
    clock = over;
    await fillIn.run();
    expect(await inLedger()).toEqual([heard, second]);
    await fillIn.close();
  });

  test('a call whose end was not heard is completed, and what people wrote about it stays', async () => {
    const fillIn = await startHub();
    const lostAt = Date.parse(first.answeredAt ?? '') + 1_000;
    const cut = { ...first, filledIn: false, endedAt: new Date(lostAt).toISOString(), hangupBy: null, talkSeconds: 1 };
    await ledger.write([{ record: cut, state: null, absorbed: [] }]);
    await ledger.setOutcome(first.id, { outcome: { code: 'won', label: '成約' }, notes: null, by: '1002', at: lostAt });
    fillIn.onTelephonyEvent({ type: 'connectionLost', at: lostAt });
    clock = over;
    fillIn.onTelephonyEvent({ type: 'snapshotTaken', at: clock, channels: [], bridges: [], parked: [] });
    await fillIn.run();
    await fillIn.close();
    expect(await inLedger()).toEqual([{ ...first, outcome: { code: 'won', label: '成約' } }, second]);
    expect(changes.map(({ type }) => type)).toEqual(['callEnded', 'callEdited', 'callCorrected', 'callEnded']);
  });

  test('a call that went on at another PBX stays as both have told it, whatever was not heard at one', async () => {
    const fillIn = await startHub();
    const lostAt = Date.parse(first.answeredAt ?? '') + 1_000;
    const begunHere = { ...first, filledIn: false, linkedIds: [...first.linkedIds, 'osaka-1795377386.1'], spokeWith: ['2001'] };
    const begunThere = { ...second, id: 'osaka-1795377300.1' as CallId, pbx: 'osaka', filledIn: false, talkSeconds: 1 };
    await ledger.write([
      { record: begunHere, state: null, absorbed: [] },
      { record: second, state: null, absorbed: [] },
    ]);
    await ledger.write([{ record: begunThere, state: null, absorbed: [second.id] }]);
    fillIn.onTelephonyEvent({ type: 'connectionLost', at: lostAt });
    clock = over;
    fillIn.onTelephonyEvent({ type: 'snapshotTaken', at: clock, channels: [], bridges: [], parked: [] });
    await fillIn.run();
    await fillIn.close();
    expect(await inLedger()).toEqual([begunHere, begunThere]);
  });

  test('others get their turn all the while, and a hub that is told to stop meanwhile stops', async () => {
    await hubThatDied();
    let turns = 0;
    onTurn = () => {
      turns += 1;
    };
    await (await startHub()).close();
    expect(turns).toBeGreaterThan(all.cel.length / 20);
    expect(await inLedger()).toEqual(calls);

    rows = writtenRowsOf('12-blind-transfer');
    clock = Math.max(...rows.cel.map(({ at }) => at)) + 2 * minute;
    const fillIn = await startHub(false);
    let closing: Promise<void> | null = null;
    onTurn = () => {
      closing ??= fillIn.close();
    };
    await fillIn.run();
    await closing;
    expect(await inLedger()).toEqual(calls);
    expect(logged).toEqual(['calls filled in from what the PBX wrote down']);
  });

  test('a ledger that takes nothing keeps it from being closed for no longer than anything else', async () => {
    await hubThatDied();
    flushed = new Promise(() => {});
    const fillIn = await startHub(false);
    const running = fillIn.run();
    await fillIn.close();
    await running;
    expect(await inLedger()).toEqual([]);
    expect(logged).toEqual([]);
  });

  test('a call somebody listens to is waited for, however long', async () => {
    await hubThatDied();
    const going = { ...first, filledIn: false, endedAt: null, result: null };
    await ledger.write([{ record: going, state: { some: 'state' }, absorbed: [] }]);
    const fillIn = await startHub(false);
    await fillIn.run();
    clock += 60 * minute;
    await fillIn.run();
    expect((await inLedger())[0]?.endedAt).toBeNull();
    // The snapshot told that it is over; what was heard of it ends there.
    const ended = { ...going, endedAt: going.answeredAt, result: 'answered', hangupBy: null } as const;
    await ledger.write([{ record: ended, state: null, absorbed: [] }]);
    await fillIn.run();
    expect(await inLedger()).toEqual(calls);
    await fillIn.close();
  });

  test('records that cannot be read are told of once, and made up for when they can', async () => {
    await hubThatDied();
    failure = new RecordsUnavailable('It is not there.', 'Look for it.');
    const fillIn = await startHub();
    await fillIn.run();
    expect(logged).toEqual(['what the PBX writes down cannot be read; trying again']);
    failure = null;
    clock += 24 * 60 * minute;
    await fillIn.run();
    expect(await inLedger()).toEqual(calls);
    await fillIn.close();
  });

  test('too much for one reading is read in several', async () => {
    await hubThatDied();
    const inParts: RecordSource = {
      ...source,
      read(since) {
        asked.push(since);
        const upTo = since + 12 * minute;
        const part = all.cel.filter(({ at }) => at >= since && at <= upTo);
        return Promise.resolve({ rows: { ...none, cel: part }, skipped: 0, readUpTo: upTo < clock ? upTo : null });
      },
    };
    clock = over + 60 * minute;
    await (await startHub(true, [inParts])).close();
    expect(asked.length).toBeGreaterThan(4);
    expect((await inLedger()).map(({ id }) => id)).toEqual(calls.map(({ id }) => id));
    expect(changes).toHaveLength(2);
  });

  test('a consultation that CDR told of before the rest of the call becomes part of it', async () => {
    await hubThatDied();
    const written = writtenRowsOf('13-attended-transfer', ['cdr.csv']);
    const consultation = written.cdr.find(({ src, dst }) => src === '1001' && dst === '1009');
    const customer = consultation && written.cdr.filter(({ channelId }) => channelId === '1795377608.119');
    const target = written.cdr.filter(({ channel }) => channel === consultation?.dstChannel);
    rows = { ...none, cdr: consultation === undefined ? [] : [consultation] };
    clock = (consultation?.endAt ?? 0) + 2 * minute;
    const fillIn = await startHub();
    expect(await inLedger()).toMatchObject([{ direction: 'internal' }]);
    rows = { ...none, cdr: [...(customer ?? []), ...target, ...rows.cdr] };
    clock += 5 * minute;
    await fillIn.run();
    expect(await inLedger()).toMatchObject([{ id: 'main-1795377608.119', direction: 'inbound' }]);
    await fillIn.close();
  });

  test('a hub that is stopping hears nothing any more', async () => {
    const fillIn = await startHub();
    await fillIn.close();
    clock += minute;
    await fillIn.noteHearing();
    expect((await createUnheardStore(store.db, 'main').progress())?.heardAt).toBe(begun - minute);
  });

  test('the calls of a time are told in pages, the latest first, and those of one moment each once', async () => {
    const startedAt = new Date(begun).toISOString();
    const earlier = new Date(begun - 1).toISOString();
    const calls = [
      callRecord({ id: 'main-1.1', startedAt }),
      callRecord({ id: 'main-1.2', startedAt }),
      callRecord({ id: 'main-1.3', startedAt: earlier }),
      callRecord({ id: 'osaka-1.4', pbx: 'osaka', startedAt }),
    ];
    await ledger.write(calls.map((record) => ({ record, state: null, absorbed: [] })));
    const unheard = createUnheardStore(store.db, 'main');
    const told: string[] = [];
    for (let after: CallRecord | null = null; ; ) {
      const [call]: readonly CallRecord[] = await unheard.callsBegun(begun - minute, begun, { after, limit: 1 });
      if (call === undefined) break;
      told.push(call.id);
      after = call;
    }
    expect(told).toEqual(['main-1.2', 'main-1.1', 'main-1.3']);
  });

  test('without any source nothing happens, and the gaps are remembered for the day there is one', async () => {
    const fillIn = await startHub(true, []);
    fillIn.onTelephonyEvent({ type: 'connectionLost', at: begun });
    await fillIn.close();
    const [gap] = (await createUnheardStore(store.db, 'main').gaps(begun)).slice(-1);
    expect(gap).toEqual({ from: begun - minute, to: Number.POSITIVE_INFINITY });
  });
});
