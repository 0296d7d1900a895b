import { Unauthorized } from '../../connectors/connector.ts';
import type { CallId } from '../../src/calls/call.ts';
import type { Store } from '../../src/store/open-database.ts';
import type { LedgerState } from '../../src/write-back/ledger-entry.ts';
import { countByState, countMissingCalls } from '../../src/write-back/ledger-summary.ts';
import { createLedgerView, type LedgerView } from '../../src/write-back/ledger-view.ts';
import { callRecord, liveRecord } from '../support/call-records.ts';
import { openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../support/databases.ts';
import { rejected } from '../support/remembering-crm.ts';
import { createWriteBackRig, type WriteBackRig } from '../support/write-back-rig.ts';

const connectors = ['salesforce', 'kintone'];

/** What the admin sees of the ledger, on every database: every call in the one state it is in, and the number that must be 0. */
export function ledgerViewContract(start: () => Promise<TestDatabases>): void {
  let databases: TestDatabases;
  let store: Store;
  let rig: WriteBackRig;
  let view: LedgerView;

  /** One call in each state in Salesforce; kintone is owed all of them and lets nobody in. */
  beforeAll(async () => {
    databases = await start();
    store = await openFreshStore(databases);
    rig = createWriteBackRig(store);
    const recordUrl = (connector: string, ref: { object: string; id: string }) => `${connector}:${ref.object}/${ref.id}`;
    view = createLedgerView({ store, connectors, recordUrl });
    const at = (minute: number) => `2026-11-23T01:0${minute}:00.000Z`;
    await rig.end(
      callRecord({ id: 'main-logged', startedAt: at(1) }),
      callRecord({ id: 'main-refused', startedAt: at(2) }),
      callRecord({ id: 'main-person', startedAt: at(3) }),
      callRecord({ id: 'main-discarded', startedAt: at(4) }),
    );
    await rig.admin.discard({ callId: 'main-discarded' as CallId, connector: 'salesforce' }, { reason: 'test', by: 'admin' });
    rig.crms.salesforce.refuse = (write) => (write.key?.value === 'main-refused' ? rejected('no') : undefined);
    const sound = rig.mapping;
    rig.mapping = async (purpose, callId) =>
      callId === 'main-person' ? { problem: { code: 'ambiguous', message: 'two customers' } } : sound(purpose, callId);
    await rig.drain();
    rig.mapping = sound;
    rig.crms.kintone.failing = { error: new Unauthorized('GAIA_IL23'), after: false };
    await rig.drain('kintone');
    await rig.end(
      callRecord({ id: 'main-waiting', startedAt: at(5) }),
      callRecord({ id: 'main-internal', startedAt: at(6), direction: 'internal' }),
    );
    await rig.end(liveRecord({ id: 'main-talking', startedAt: at(7) }));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await store.close();
    await databases.stop();
  });

  async function idsIn(state: LedgerState | null, connector: string | null): Promise<readonly string[]> {
    const { rows } = await view.rows({ state, connector, limit: 50, before: null });
    return rows.map((row) => row.call.id.replace('main-', ''));
  }

  test('lists every call, newest first, with its state in each CRM and the page of its log', async () => {
    const { rows, next } = await view.rows({ state: null, connector: null, limit: 50, before: null });
    const shown = rows.map(({ call, entries }) => [
      call.id.replace('main-', ''),
      ...entries.map(({ state, reason }) => `${state} ${reason?.code}`),
    ]);
    expect(shown).toEqual([
      ['talking', 'waiting stillTalking', 'waiting stillTalking'],
      ['internal', 'notNeeded internal', 'notNeeded internal'],
      ['waiting', 'waiting queued', 'needsPerson unauthorized'],
      ['discarded', 'notNeeded discarded', 'needsPerson unauthorized'],
      ['person', 'needsPerson ambiguous', 'needsPerson unauthorized'],
      ['refused', 'refused rejected', 'needsPerson unauthorized'],
      ['logged', 'logged undefined', 'needsPerson unauthorized'],
    ]);
    expect(rows.at(-1)?.entries[0]?.recordUrl).toBe('salesforce:Task/remote-main-logged');
    expect(next).toBeNull();
  });

  test('shows a follow-up beside the call log, each in its own state', async () => {
    const fresh = await openFreshStore(databases);
    const own = createWriteBackRig(fresh);
    await own.end(callRecord({ id: 'main-promised' }));
    await own.drain();
    await own.ledger.setFollowUp('main-promised' as CallId, {
      ...{ followUp: { dueAt: '2026-11-24T01:00:00.000Z', note: null }, by: '1001', at: 0 },
    });
    const shown = createLedgerView({ store: fresh, connectors, recordUrl: () => null });
    const { rows } = await shown.rows({ state: null, connector: null, limit: 50, before: null });
    // The log is to be written again too: what was promised may be a part of it.
    expect(rows[0]?.entries.map(({ connector, part, state }) => `${connector} ${part} ${state}`)).toEqual([
      'salesforce callLog waiting',
      'salesforce followUp waiting',
      'kintone callLog waiting',
      'kintone followUp waiting',
    ]);
    expect((await countByState(fresh, connectors)).map(({ counts }) => counts.notNeeded)).toEqual([0, 0]);
    const sound = own.mapping;
    own.mapping = async (wish, callId) =>
      wish.purpose === 'followUp' ? { wait: { code: 'missing', message: 'no app for it' } } : sound(wish, callId);
    await own.drain();
    const [after] = (await shown.rows({ state: 'needsPerson', connector: 'salesforce', limit: 50, before: null })).rows;
    expect(after?.entries.slice(0, 2)).toMatchObject([
      { part: 'callLog', state: 'logged' },
      { part: 'followUp', state: 'needsPerson', reason: { code: 'missing', detail: 'no app for it' } },
    ]);
    expect((await shown.rows({ state: 'waiting', connector: 'salesforce', limit: 50, before: null })).rows).toEqual([]);
    expect((await countByState(fresh, connectors))[0]?.counts).toMatchObject({ logged: 1, needsPerson: 1, waiting: 0 });
    await own.drain('kintone');
    expect(await countMissingCalls(fresh, { now: own.clock.now, graceMs: 60_000 })).toBe(1);
    await fresh.close();
  });

  test.each([
    ['logged', 'salesforce', ['logged']],
    ['waiting', 'salesforce', ['talking', 'waiting']],
    ['needsPerson', 'salesforce', ['person']],
    ['refused', 'salesforce', ['refused']],
    ['notNeeded', 'salesforce', ['internal', 'discarded']],
    ['logged', 'kintone', []],
    ['waiting', 'kintone', ['talking']],
    ['needsPerson', 'kintone', ['waiting', 'discarded', 'person', 'refused', 'logged']],
    ['needsPerson', null, ['waiting', 'discarded', 'person', 'refused', 'logged']],
    ['refused', null, ['refused']],
  ] as const)('finds the calls that are %s in %s', async (state, connector, expected) => {
    expect(await idsIn(state, connector)).toEqual(expected);
  });

  test('pages through a state without losing or repeating a call', async () => {
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page = await view.rows({ state: 'needsPerson', connector: 'kintone', limit: 2, before });
      seen.push(...page.rows.map((row) => row.call.id));
      before = page.next;
    } while (before !== null);
    expect(seen).toEqual(['main-waiting', 'main-discarded', 'main-person', 'main-refused', 'main-logged']);
  });

  test('counts what it lists', async () => {
    for (const { connector, counts } of await countByState(store, connectors)) {
      for (const state of Object.keys(counts) as LedgerState[]) {
        expect([connector, state, counts[state]]).toEqual([connector, state, (await idsIn(state, connector)).length]);
      }
    }
  });

  test('counts every call that is missing in a CRM once, and not what is still on its way', async () => {
    const now = rig.clock.now;
    expect(await countMissingCalls(store, { now, graceMs: 0 })).toBe(5);
    expect(await countMissingCalls(store, { now: now + 60_000, graceMs: 60_000 })).toBe(5);
  });

  test('does not wait to count a call that needs a person', async () => {
    const justNow = { now: rig.clock.now, graceMs: 60_000 };
    expect(await countMissingCalls(store, justNow)).toBe(5);
    await store.db.updateTable('connector_holds').set({ kind: 'unreachable' }).execute();
    expect(await countMissingCalls(store, justNow)).toBe(2);
    await store.db.updateTable('connector_holds').set({ kind: 'unauthorized' }).execute();
  });
}
