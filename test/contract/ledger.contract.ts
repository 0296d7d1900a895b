import { sql, type Transaction } from 'kysely';
import type { CallId } from '../../src/calls/call.ts';
import type { LedgerChange } from '../../src/calls/ledger-change.ts';
import { editFollowUp, editOutcome, UnknownCall } from '../../src/calls/ledger-edit.ts';
import type { TrackedCall } from '../../src/calls/ledger-rows.ts';
import { createLedger, type Ledger } from '../../src/calls/ledger-store.ts';
import { BadPageMark } from '../../src/calls/page-mark.ts';
import type { Store } from '../../src/store/open-database.ts';
import type { Database } from '../../src/store/schema.ts';
import { callRecord, liveRecord } from '../support/call-records.ts';
import { openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../support/databases.ts';
import { until } from '../support/until.ts';

/** What the ledger promises on every database. */
export function ledgerContract(start: () => Promise<TestDatabases>): void {
  let databases: TestDatabases;
  let store: Store;
  let told: LedgerChange[];
  let ledger: Ledger;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  beforeEach(async () => {
    store = await openFreshStore(databases);
    told = [];
    const companion = async (_: unknown, changes: readonly LedgerChange[]) => void told.push(...changes);
    ledger = createLedger({ store, companion, committed: () => {} });
  });
  afterEach(() => store.close());
  afterAll(() => databases.stop());

  const A = 'main-100.1' as CallId;
  const B = 'main-100.2' as CallId;
  const C = 'main-100.3' as CallId;
  const won = { code: 'won', label: '成約' };
  const by = { by: '1001', at: 1_763_838_060_000 };

  function tracked(record: TrackedCall['record'], state: unknown = null, absorbed: readonly CallId[] = []): TrackedCall {
    return { record, state, absorbed };
  }

  test('gives a call back exactly as the tracker told it', async () => {
    const call = callRecord({
      id: A,
      customer: { raw: "'; drop table calls; --", number: null, name: '山田\u0000\n"太郎"', withheld: false },
    });
    await ledger.write([tracked(call)]);
    expect(await ledger.find(A)).toEqual(call);
    expect(await ledger.find('nobody' as CallId)).toBeNull();
  });

  test('takes a whole crowd of calls that rang at every phone in one transaction', async () => {
    const rang = Array.from({ length: 100 }, (_, index) => String(1000 + index));
    await ledger.write(Array.from({ length: 500 }, (_, index) => tracked(callRecord({ id: `main-400.${index}`, rang }))));
    expect(await ledger.counts()).toEqual({ live: 0, ended: 500 });
    expect((await ledger.list({ limit: 500, before: null, number: null, agent: '1099' })).calls).toHaveLength(500);
  });

  test('remembers what the tracker needs to go on with live calls, and forgets it at their end', async () => {
    const live = liveRecord({ id: A });
    await ledger.write([
      tracked(live, { legs: ['SIP/1001'] }),
      tracked(liveRecord({ id: B, pbx: 'branch' }), 7),
      tracked(callRecord({ id: C })),
    ]);
    expect((await ledger.live())[0]).toEqual({ record: live, state: { legs: ['SIP/1001'] } });
    expect((await ledger.live()).map(({ record }) => record.id)).toEqual([A, B]);
    await ledger.write([tracked(callRecord({ id: A }), null)]);
    expect((await ledger.live()).map(({ record }) => record.id)).toEqual([B]);
    expect(await ledger.counts()).toEqual({ live: 1, ended: 2 });
  });

  test('says once that a call has ended, and again only when something was learned about it', async () => {
    await ledger.write([tracked(liveRecord({ id: A }))]);
    expect(told).toEqual([]);
    const call = callRecord({ id: A });
    await ledger.write([tracked(call)]);
    await ledger.write([tracked(call)]);
    const corrected = callRecord({ id: A, hangupBy: 'agent' });
    await ledger.write([tracked(corrected)]);
    expect(told).toEqual([
      { type: 'callEnded', call },
      { type: 'callCorrected', call: corrected },
    ]);
  });

  test('keeps nothing of a call when what is owed for it cannot be noted', async () => {
    const failing = createLedger({
      store,
      companion: () => Promise.reject(new Error('cannot note it')),
      committed: () => {},
    });
    await expect(failing.write([tracked(callRecord({ id: A }))])).rejects.toThrow('cannot note it');
    expect(await ledger.find(A)).toBeNull();
  });

  test('keeps what people write while the call goes on and after it', async () => {
    await ledger.write([tracked(liveRecord({ id: A }))]);
    await ledger.setOutcome(A, { notes: '見積もり希望', ...by });
    expect(told).toEqual([]);
    await ledger.write([tracked(callRecord({ id: A }))]);
    const edited = await ledger.setOutcome(A, { outcome: won, ...by });
    expect(edited).toEqual(callRecord({ id: A, outcome: won, notes: '見積もり希望' }));
    expect(await ledger.find(A)).toEqual(edited);
    expect(told.map((change) => change.type)).toEqual(['callEnded', 'callEdited']);
    await ledger.setOutcome(A, { outcome: won, notes: '見積もり希望', ...by });
    expect(told).toHaveLength(2);
    await ledger.setOutcome(A, { outcome: null, notes: null, ...by });
    expect(await ledger.find(A)).toEqual(callRecord({ id: A }));
  });

  test('holds one chosen customer per connector, which can be changed and taken back', async () => {
    await ledger.write([tracked(callRecord({ id: A }))]);
    await ledger.setMatch(A, { connector: 'salesforce', record: { object: 'Contact', id: '003A', name: '高橋 一郎' }, ...by });
    await ledger.setMatch(A, { connector: 'kintone', record: { object: '12', id: '5', name: '高橋 一郎' }, ...by });
    const changed = await ledger.setMatch(A, {
      connector: 'salesforce',
      record: { object: 'Contact', id: '003B', name: '高橋 花子' },
      ...by,
    });
    expect(changed.matches).toEqual([
      { connector: 'kintone', object: '12', id: '5', name: '高橋 一郎' },
      { connector: 'salesforce', object: 'Contact', id: '003B', name: '高橋 花子' },
    ]);
    const left = await ledger.setMatch(A, { connector: 'kintone', record: null, ...by });
    expect(left.matches.map((match) => match.connector)).toEqual(['salesforce']);
    expect(told.map((change) => change.type)).toEqual(['callEnded', 'callEdited', 'callEdited', 'callEdited', 'callEdited']);
  });

  const later = { dueAt: '2026-11-24T01:00:00.000Z', note: '見積もりの件' };

  test('keeps what was promised, and tells of it when the call ends', async () => {
    await ledger.write([tracked(liveRecord({ id: A }))]);
    await ledger.setFollowUp(A, { followUp: later, ...by });
    expect(told).toEqual([]);
    await ledger.write([tracked(callRecord({ id: A }))]);
    const followUp = { ...later, state: 'open', reopened: false } as const;
    expect(await ledger.find(A)).toEqual(callRecord({ id: A, followUp }));
    expect(told).toEqual([{ type: 'callEnded', call: callRecord({ id: A, followUp }) }]);
    await ledger.setFollowUp(A, { followUp: later, ...by });
    expect(told).toHaveLength(1);
  });

  test('what is taken back while the call goes on leaves no trace; after its end it is cancelled, and can be set anew', async () => {
    await ledger.write([tracked(liveRecord({ id: A }))]);
    await ledger.setFollowUp(A, { followUp: later, ...by });
    expect((await ledger.setFollowUp(A, { followUp: null, ...by })).followUp).toBeNull();
    await ledger.write([tracked(callRecord({ id: A }))]);
    expect((await ledger.setFollowUp(A, { followUp: null, ...by })).followUp).toBeNull();
    await ledger.setFollowUp(A, { followUp: later, ...by });
    const cancelled = await ledger.setFollowUp(A, { followUp: null, ...by });
    expect(cancelled.followUp).toEqual({ ...later, state: 'cancelled', reopened: false });
    expect(await ledger.find(A)).toEqual(cancelled);
    const anew = await ledger.setFollowUp(A, { followUp: { ...later, note: null }, ...by });
    expect(anew.followUp).toEqual({ ...later, note: null, state: 'open', reopened: true });
    expect(told.map((change) => change.type)).toEqual(['callEnded', 'callEdited', 'callEdited', 'callEdited']);
  });

  test('lists what is open, the next due first, page by page, for everybody or for one agent', async () => {
    const due = (hours: number) => ({ dueAt: new Date(Date.parse(later.dueAt) + hours * 3_600_000).toISOString(), note: null });
    await ledger.write([
      tracked(callRecord({ id: A, rang: ['1001', '1002'], spokeWith: ['1001', '1002'] })),
      tracked(callRecord({ id: B, rang: ['1001'], spokeWith: ['1001'] })),
      tracked(callRecord({ id: C, rang: ['1001'], spokeWith: ['1001'] })),
      tracked(callRecord({ id: 'main-100.4' })),
    ]);
    await ledger.setFollowUp(A, { followUp: due(3), ...by });
    await ledger.setFollowUp(B, { followUp: due(1), ...by });
    await ledger.setFollowUp(C, { followUp: due(1), ...by });
    await ledger.setFollowUp('main-100.4' as CallId, { followUp: due(0), ...by });
    await ledger.setFollowUp('main-100.4' as CallId, { followUp: null, ...by });
    const page = async (limit: number, after: string | null, agent: string | null) => {
      const { calls, next } = await ledger.followUps({ limit, after, agent });
      return { ids: calls.map(({ id }) => id), next };
    };
    const first = await page(2, null, null);
    expect(first.ids).toEqual([B, C]);
    expect(await page(2, first.next, null)).toEqual({ ids: [A], next: null });
    expect((await page(50, null, '1002')).ids).toEqual([A]);
    expect((await page(50, null, '1001')).ids).toEqual([B, C]);
    await expect(ledger.followUps({ limit: 1, after: 'nonsense', agent: null })).rejects.toThrow(BadPageMark);
  });

  test('when two calls become one, an open promise is kept, whichever of them it was made in', async () => {
    await ledger.write([tracked(liveRecord({ id: A })), tracked(liveRecord({ id: B }))]);
    await ledger.setFollowUp(B, { followUp: later, ...by });
    await ledger.write([tracked(liveRecord({ id: A }), 1, [B])]);
    expect((await ledger.find(A))?.followUp).toEqual({ ...later, state: 'open', reopened: false });
    await ledger.write([tracked(liveRecord({ id: C }))]);
    await ledger.setFollowUp(C, { followUp: { ...later, note: '別件' }, ...by });
    await ledger.write([tracked(liveRecord({ id: A }), 1, [B, C])]);
    expect((await ledger.find(A))?.followUp?.note).toBe('見積もりの件');
  });

  test('an open promise counts as set anew when the call it comes to had one that was taken back', async () => {
    await ledger.write([tracked(callRecord({ id: A })), tracked(callRecord({ id: B }))]);
    await ledger.setFollowUp(A, { followUp: later, ...by });
    await ledger.setFollowUp(A, { followUp: null, ...by });
    await ledger.setFollowUp(B, { followUp: { ...later, note: '別件' }, ...by });
    await ledger.write([tracked(callRecord({ id: A }), null, [B])]);
    expect((await ledger.find(A))?.followUp).toEqual({ ...later, note: '別件', state: 'open', reopened: true });
    expect((await ledger.followUps({ limit: 10, after: null, agent: null })).calls.map(({ id }) => id)).toEqual([A]);
  });

  test('a promise or a note that is being written in the very moment of the end, or of a merge, is not overlooked', async () => {
    await ledger.write([tracked(liveRecord({ id: A })), tracked(callRecord({ id: B }))]);
    told.length = 0;
    const meanwhile = async (edit: (tx: Transaction<Database>) => Promise<unknown>, written: TrackedCall) => {
      const writing = await store.db.transaction().execute(async (tx) => {
        await edit(tx);
        const begun = ledger.write([written]);
        // On SQLite it waits by itself: one transaction at a time.
        if (store.kind === 'postgres') await until('the ledger waits for the edit', isSomebodyWaiting);
        return [begun];
      });
      await Promise.all(writing);
    };
    await meanwhile((tx) => editFollowUp(tx, A, { followUp: later, ...by }), tracked(callRecord({ id: A })));
    expect(told).toMatchObject([{ type: 'callEnded', call: { followUp: later } }]);
    await meanwhile((tx) => editOutcome(tx, B, { outcome: won, ...by }), tracked(callRecord({ id: A }), null, [B]));
    expect((await ledger.find(A))?.outcome).toEqual(won);
  });

  async function isSomebodyWaiting(): Promise<boolean> {
    const waiting = sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return (await waiting.execute(store.db)).rows.length > 0;
  }

  test('refuses to write about a call that is not there', async () => {
    await expect(ledger.setOutcome(A, { outcome: won, ...by })).rejects.toThrow(UnknownCall);
    await expect(ledger.setMatch(A, { connector: 'x', record: null, ...by })).rejects.toThrow(UnknownCall);
    await expect(ledger.setFollowUp(A, { followUp: null, ...by })).rejects.toThrow(UnknownCall);
  });

  test('keeps every edit when many people write about one call at once', async () => {
    await ledger.write([tracked(callRecord({ id: A }))]);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    await Promise.all(
      names.map((name) => ledger.setMatch(A, { connector: name, record: { object: 'o', id: name, name }, ...by })),
    );
    expect((await ledger.find(A))?.matches.map((match) => match.connector)).toEqual(names);
  });

  test('finds a call that became part of another one under either id, with what people wrote about both', async () => {
    await ledger.write([tracked(liveRecord({ id: A })), tracked(liveRecord({ id: B }))]);
    await ledger.setOutcome(A, { notes: 'one', ...by });
    await ledger.setOutcome(B, { outcome: won, notes: 'two', ...by });
    await ledger.setMatch(B, { connector: 'kintone', record: { object: '12', id: '5', name: 'x' }, ...by });
    const merged = liveRecord({ id: A, linkedIds: ['100.1', '100.2'] });
    await ledger.write([tracked(merged, 1, [B])]);
    const found = await ledger.find(B);
    expect(found).toEqual({
      ...merged,
      outcome: won,
      notes: 'one\ntwo',
      matches: [{ connector: 'kintone', object: '12', id: '5', name: 'x' }],
    });
    expect(await ledger.counts()).toEqual({ live: 1, ended: 0 });
    expect(told).toEqual([{ type: 'callsMerged', survivor: A, absorbed: B }]);
    await ledger.setOutcome(B, { notes: 'three', ...by });
    expect((await ledger.find(A))?.notes).toBe('three');
  });

  test('takes nobody whom an agent consulted by telephone for the customer of the call', async () => {
    const consulted = { raw: '0312345678', number: '+81312345678', name: null, withheld: false };
    await ledger.write([
      tracked(liveRecord({ id: A })),
      tracked(liveRecord({ id: B, customer: consulted, direction: 'outbound' })),
    ]);
    await ledger.setMatch(B, { connector: 'salesforce', record: { object: 'Contact', id: '003B', name: '運送会社' }, ...by });
    await ledger.write([tracked(liveRecord({ id: A }), 1, [B])]);
    expect((await ledger.find(A))?.matches).toEqual([]);
  });

  test('follows chains of merged calls, in whatever order they are told', async () => {
    await ledger.write([tracked(liveRecord({ id: A })), tracked(liveRecord({ id: B })), tracked(liveRecord({ id: C }))]);
    await ledger.write([tracked(liveRecord({ id: A }), 1, [B]), tracked(liveRecord({ id: B }), 1, [C])]);
    expect((await ledger.find(C))?.id).toBe(A);
    expect((await ledger.find(B))?.id).toBe(A);
  });

  test('never brings an absorbed call back when it is told late', async () => {
    await ledger.write([tracked(liveRecord({ id: A }), 1, [B])]);
    await ledger.write([tracked(callRecord({ id: B })), tracked(liveRecord({ id: A }), 1, [B])]);
    expect((await ledger.find(B))?.id).toBe(A);
    expect(await ledger.counts()).toEqual({ live: 1, ended: 0 });
  });

  test('lists the newest first, page by page, without losing or repeating one', async () => {
    const ids = Array.from({ length: 7 }, (_, index) => `main-200.${index}` as CallId);
    await ledger.write(
      ids.map((id, index) => tracked(callRecord({ id, startedAt: `2026-11-23T01:00:0${Math.floor(index / 3)}.000Z` }))),
    );
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page = await ledger.list({ limit: 3, before, number: null, agent: null });
      seen.push(...page.calls.map((call) => call.id));
      before = page.next;
    } while (before !== null);
    expect(seen).toEqual([...ids].reverse());
    await expect(ledger.list({ limit: 3, before: 'nonsense', number: null, agent: null })).rejects.toThrow(BadPageMark);
  });

  test('lists the calls of one customer and of one agent', async () => {
    const other = { raw: '0312345678', number: '+81312345678', name: null, withheld: false };
    await ledger.write([
      tracked(callRecord({ id: A, rang: ['1001', '1002'], spokeWith: ['1002'] })),
      tracked(callRecord({ id: B, customer: other, rang: [], spokeWith: [], placedBy: '1001', direction: 'outbound' })),
      tracked(callRecord({ id: C, rang: ['1003'], spokeWith: ['1003'] })),
    ]);
    const idsOf = async (number: string | null, agent: string | null) =>
      (await ledger.list({ limit: 10, before: null, number, agent })).calls.map((call) => call.id).sort();
    expect(await idsOf('+81312345678', null)).toEqual([B]);
    expect(await idsOf(null, '1001')).toEqual([A, B]);
    expect(await idsOf('+819012345678', '1003')).toEqual([C]);
  });

  test('tells the earlier calls with a number and the calls that wait for an outcome', async () => {
    await ledger.write([
      tracked(callRecord({ id: A })),
      tracked(callRecord({ id: B, startedAt: '2026-11-23T02:00:00.000Z' })),
      tracked(liveRecord({ id: C })),
      tracked(callRecord({ id: 'main-300.1', direction: 'internal', customer: null })),
    ]);
    expect((await ledger.earlierWith('+819012345678', 10)).map((call) => call.id)).toEqual([B, A]);
    expect((await ledger.earlierWith('+819012345678', 1)).map((call) => call.id)).toEqual([B]);
    await ledger.setOutcome(A, { outcome: won, ...by });
    expect((await ledger.withoutOutcome(10)).map((call) => call.id)).toEqual([B]);
  });
}
