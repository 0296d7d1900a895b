import { type Connector, Missing, RateLimited, Rejected, Unauthorized, Unreachable } from '../../connectors/connector.ts';
import type { CallId } from '../../src/calls/call.ts';
import { HeldBack } from '../../src/quotas/held-back.ts';
import type { Store } from '../../src/store/open-database.ts';
import { FactsUnavailable } from '../../src/write-back/render.ts';
import { callRecord, liveRecord } from '../support/call-records.ts';
import { openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../support/databases.ts';
import { rejected } from '../support/remembering-crm.ts';
import { createWriteBackRig, type WriteBackRig } from '../support/write-back-rig.ts';

/** What the owed records promise on every database: each call leaves exactly one log in every CRM, whatever happens between. */
export function owedContract(start: () => Promise<TestDatabases>): void {
  let databases: TestDatabases;
  let store: Store;
  let rig: WriteBackRig;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  beforeEach(async () => {
    store = await openFreshStore(databases);
    rig = createWriteBackRig(store);
  });
  afterEach(() => store.close());
  afterAll(() => databases.stop());

  const A = 'main-100.1' as CallId;
  const B = 'main-100.2' as CallId;
  const by = { by: '1001', at: 1_763_838_060_000 };
  const won = { code: 'won', label: '成約' };
  const manyCalls = (count: number) =>
    Array.from({ length: count }, (_, index) => callRecord({ id: `main-200.${index + 1000}` }));
  const { signal } = new AbortController();

  describe('when all is well', () => {
    test('a call that has ended is owed to every CRM, and logged once', async () => {
      await rig.end(callRecord({ id: A }));
      expect([await rig.entry(A), await rig.missing()]).toEqual(['waiting: queued', 1]);
      expect(await rig.drain()).toEqual({ written: 1, refused: 0, nextAt: null });
      await rig.drain('kintone');
      expect([await rig.entry(A), await rig.entry(A, 'kintone'), await rig.missing()]).toEqual(['logged', 'logged', 0]);
      expect([...rig.crms.salesforce.records.keys()]).toEqual([A]);
      expect([...rig.crms.kintone.records.keys()]).toEqual([A]);
    });

    test('a call that is still going on and an internal call are owed to nobody', async () => {
      await rig.end(liveRecord({ id: A }), callRecord({ id: B, direction: 'internal', customer: null }));
      expect(await rig.drain()).toEqual({ written: 0, refused: 0, nextAt: null });
      expect([await rig.entry(A), await rig.entry(B), await rig.missing()]).toEqual([
        'waiting: stillTalking',
        'notNeeded: internal',
        0,
      ]);
    });

    test('a backlog is paid in the largest batches the CRM takes', async () => {
      await rig.end(...manyCalls(450));
      expect((await rig.drain()).written).toBe(450);
      await rig.drain('kintone');
      expect(rig.crms.salesforce.requests).toEqual([200, 200, 50]);
      expect(rig.crms.kintone.requests).toEqual([100, 100, 100, 100, 50]);
    });

    test('what the CRM does not have goes before what only changes there, and fills its batch with it', async () => {
      await rig.end(...manyCalls(150));
      await rig.drain();
      for (const { id } of manyCalls(150)) await rig.ledger.setOutcome(id, { outcome: won, ...by });
      rig.clock.now += 1_000;
      await rig.end(callRecord({ id: A }), callRecord({ id: B }));
      const batches: string[][] = [];
      const remember: Pick<Connector, 'write'> = {
        write: (batch, signal) => {
          batches.push(batch.map((write) => write.key?.value ?? ''));
          return rig.crms.salesforce.write(batch, signal);
        },
      };
      const connectors = new Map([['salesforce', { connector: remember, maxBatch: 100 }]]);
      await rig.newDrainer({ connectors }).drain('salesforce', signal);
      expect(batches.map(({ length }) => length)).toEqual([100, 52]);
      expect(batches[0]?.slice(0, 2)).toEqual([A, B]);
    });

    test('the connector is told which records it never had, and no longer once one was sent', async () => {
      const told: (boolean | undefined)[] = [];
      rig.crms.salesforce.refuse = (write) => {
        told.push(write.isFirst);
        return undefined;
      };
      rig.crms.salesforce.failing = { error: new Unreachable('timeout'), after: true };
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      rig.crms.salesforce.failing = null;
      rig.clock.now += 600_000;
      await rig.drain();
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      await rig.drain();
      expect(told).toEqual([true, undefined, undefined]);
    });

    test('another customer, chosen after the log was written, changes that log', async () => {
      rig.mapping = async (_, callId) => {
        const call = await rig.ledger.find(callId);
        const fields = { WhoId: call?.matches[0]?.id ?? null };
        return { object: 'Task', key: { field: 'CallId', value: callId }, fields, owners: {} };
      };
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      const record = { object: 'Contact', id: '003B', name: '別の 人' };
      await rig.ledger.setMatch(A, { connector: 'salesforce', record, ...by });
      await rig.drain();
      expect([...rig.crms.salesforce.records.keys()]).toEqual([A]);
      expect(rig.crms.salesforce.records.get(A)?.fields.WhoId).toBe('003B');
    });

    test('ten changes while the CRM is away are one write', async () => {
      await rig.end(callRecord({ id: A }));
      for (let change = 1; change <= 10; change += 1) await rig.ledger.setOutcome(A, { notes: `note ${change}`, ...by });
      await rig.drain();
      expect(rig.crms.salesforce.requests).toEqual([1]);
      expect(rig.crms.salesforce.records.get(A)?.fields.Notes).toBe('note 10');
    });

    test('an outcome that comes after the log changes the same record', async () => {
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      expect(await rig.entry(A)).toBe('waiting: queued');
      await rig.drain();
      expect(rig.crms.salesforce.records.size).toBe(1);
      expect(rig.crms.salesforce.records.get(A)?.fields.Outcome).toBe('won');
    });

    test('a change that comes while the record is being written is not lost', async () => {
      await rig.end(callRecord({ id: A }));
      let changes = 0;
      rig.crms.salesforce.during = async () => {
        changes += 1;
        if (changes === 1) await rig.ledger.setOutcome(A, { outcome: won, ...by });
      };
      await rig.drain();
      expect(rig.crms.salesforce.requests).toEqual([1, 1]);
      expect(rig.crms.salesforce.records.get(A)?.fields.Outcome).toBe('won');
      expect(await rig.entry(A)).toBe('logged');
    });

    test('two hubs that share the work never write the same call twice', async () => {
      await rig.end(...manyCalls(300));
      const reports = await Promise.all([rig.drain(), rig.drain(), rig.drain()]);
      expect(reports.reduce((sum, report) => sum + report.written, 0)).toBe(300);
      expect(rig.crms.salesforce.requests.reduce((sum, size) => sum + size, 0)).toBe(300);
    });

    test('what is owed at the very end of a run is paid by that run, when it is asked for again', async () => {
      const drainer = rig.newDrainer({
        owed: {
          ...rig.owed,
          nextDueAt: async (connector) => {
            const nextAt = await rig.owed.nextDueAt(connector);
            if (rig.crms.salesforce.records.size === 1) {
              await rig.end(callRecord({ id: B }));
              void drainer.drain('salesforce', signal);
            }
            return nextAt;
          },
        },
      });
      await rig.end(callRecord({ id: A }));
      expect((await drainer.drain('salesforce', signal)).written).toBe(2);
    });

    test('a record that may repeat and has no key is written once', async () => {
      rig.mapping = async () => ({ object: 'Note', key: null, fields: { text: 'x' }, owners: {} });
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      await rig.drain();
      expect(rig.crms.salesforce.records.size).toBe(1);
    });
  });

  describe('when the CRM says no', () => {
    test('a CRM that cannot be reached is tried again later and later, one record at a time until it answers', async () => {
      await rig.end(...manyCalls(5));
      rig.crms.salesforce.failing = { error: new Unreachable('connect ECONNREFUSED'), after: false };
      const waits: number[] = [];
      for (let failure = 1; failure <= 12; failure += 1) {
        const { nextAt } = await rig.drain();
        waits.push((nextAt ?? 0) - rig.clock.now);
        rig.clock.now = nextAt ?? 0;
      }
      expect(waits.slice(0, 4)).toEqual([750, 1_500, 3_000, 6_000]);
      expect(Math.max(...waits)).toBeLessThanOrEqual(300_000);
      expect(rig.crms.salesforce.requests).toEqual([5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
      expect(await rig.entry('main-200.1000')).toBe('waiting: unreachable');
      rig.crms.salesforce.failing = null;
      rig.clock.now += 600_000;
      expect((await rig.drain()).written).toBe(5);
      expect(await rig.missing()).toBe(5);
      await rig.drain('kintone');
      expect(await rig.missing()).toBe(0);
    });

    test('a time-out after the CRM has committed leaves one record', async () => {
      await rig.end(callRecord({ id: A }));
      rig.crms.salesforce.failing = { error: new Unreachable('timeout'), after: true };
      await rig.drain();
      rig.crms.salesforce.failing = null;
      rig.clock.now += 600_000;
      await rig.drain();
      expect(rig.crms.salesforce.records.size).toBe(1);
      expect(await rig.entry(A)).toBe('logged');
    });

    test('a CRM that asks us to wait is left alone for exactly that long, and the wait is no failed try', async () => {
      await rig.end(callRecord({ id: A }));
      rig.crms.salesforce.failing = { error: new RateLimited('REQUEST_LIMIT_EXCEEDED', 30_000), after: false };
      const { nextAt } = await rig.drain();
      expect((nextAt ?? 0) - rig.clock.now).toBe(30_000);
      expect((await rig.owedOf(A))?.attempts).toBe(0);
      rig.crms.salesforce.failing = null;
      rig.clock.now += 29_999;
      expect((await rig.drain()).written).toBe(0);
      rig.clock.now += 1;
      expect((await rig.drain()).written).toBe(1);
    });

    test('a clock that is put back by hours makes no call and no CRM wait for hours', async () => {
      rig.crms.salesforce.failing = { error: new RateLimited('too many requests', 60_000), after: false };
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      rig.clock.now -= 9 * 3_600_000;
      await rig.drain();
      await rig.drain();
      expect(rig.crms.salesforce.requests).toHaveLength(2);
      rig.crms.salesforce.failing = null;
      rig.clock.now += 60_000;
      await rig.drain();
      expect(await rig.entry(A)).toBe('logged');
    });

    test('a CRM that lets us in no more is held with its reason, and asked with one record before all are sent', async () => {
      await rig.end(...manyCalls(3));
      rig.crms.salesforce.failing = { error: new Unauthorized('INVALID_SESSION_ID'), after: false };
      const { nextAt } = await rig.drain();
      expect(await rig.entry('main-200.1000')).toBe('needsPerson: unauthorized');
      expect(await rig.admin.holds()).toMatchObject([
        { connector: 'salesforce', kind: 'unauthorized', reason: 'INVALID_SESSION_ID' },
      ]);
      rig.crms.salesforce.failing = null;
      rig.clock.now = nextAt ?? 0;
      expect((await rig.drain()).written).toBe(3);
      expect(rig.crms.salesforce.requests).toEqual([3, 1, 2]);
      expect(await rig.admin.holds()).toEqual([]);
    });

    test('a hub that is started with its credentials mended does not wait for the end of the hold', async () => {
      await rig.end(...manyCalls(3));
      rig.crms.salesforce.failing = { error: new Unauthorized('invalid_client'), after: false };
      rig.crms.kintone.failing = { error: new RateLimited('too many requests', 60_000), after: false };
      await rig.drain();
      await rig.drain('kintone');
      rig.crms.salesforce.failing = null;
      expect((await rig.drain()).written).toBe(0);
      await rig.owed.trySignInsAgain();
      expect((await rig.drain()).written).toBe(3);
      expect(await rig.admin.holds()).toMatchObject([
        { connector: 'kintone', kind: 'rateLimited', until: rig.clock.now + 60_000 },
      ]);
    });

    test('records of a batch that is refused as a whole wait for their turn alone; they need nobody yet', async () => {
      await rig.end(callRecord({ id: A }), callRecord({ id: B }));
      rig.crms.salesforce.failing = { error: new Missing('no such app'), after: false };
      const sound = rig.mapping;
      const seen: unknown[] = [];
      let renders = 0;
      rig.mapping = async (wish, callId) => {
        renders += 1;
        if (renders === 3) seen.push(await rig.entry(B), await rig.missing(60_000));
        return sound(wish, callId);
      };
      await rig.drain();
      expect(seen).toEqual(['waiting: missing', 0]);
      expect([await rig.entry(B), await rig.missing(60_000)]).toEqual(['refused: missing', 2]);
    });

    test('a CRM that fails in the middle of a backlog costs no record a try it did not have', async () => {
      await rig.end(...manyCalls(500));
      let requests = 0;
      rig.crms.salesforce.during = async () => {
        requests += 1;
        if (requests === 2) rig.crms.salesforce.failing = { error: new Unauthorized('INVALID_SESSION_ID'), after: false };
      };
      const { written, nextAt } = await rig.drain();
      expect([written, rig.crms.salesforce.requests]).toEqual([200, [200, 200]]);
      const { records, total } = await rig.admin.list({ connector: 'salesforce', status: 'owed', limit: 1_000 });
      expect([total, new Set(records.map(({ attempts }) => attempts))]).toEqual([300, new Set([0])]);
      rig.crms.salesforce.failing = null;
      rig.clock.now = nextAt ?? 0;
      expect((await rig.drain()).written).toBe(300);
      expect(rig.crms.salesforce.requests.slice(2)).toEqual([1, 200, 99]);
      expect(rig.crms.salesforce.records.size).toBe(500);
    });

    test('corrections that are held back let call logs through, hold nobody, and are made when their hour comes', async () => {
      await rig.end(...manyCalls(250));
      await rig.drain();
      for (const { id } of manyCalls(250)) await rig.ledger.setOutcome(id, { outcome: won, ...by });
      let isShort = true;
      let asked = 0;
      const corrections: Pick<Connector, 'write'> = {
        async write(batch, given) {
          asked += 1;
          if (isShort) throw new HeldBack('9,600 of 10,000 used', 8 * 3_600_000);
          return rig.crms.salesforce.write(batch, given);
        },
      };
      const connectors = new Map([['salesforce', { connector: rig.crms.salesforce, corrections, maxBatch: 100 }]]);
      const drainer = rig.newDrainer({ connectors });
      const first = await drainer.drain('salesforce', signal);
      // The second batch was in hand already when the first one was held back.
      expect([first, asked]).toEqual([{ written: 0, refused: 0, nextAt: rig.clock.now + 300_000 }, 2]);
      expect(await rig.admin.holds()).toEqual([]);
      await rig.end(callRecord({ id: A }));
      expect((await drainer.drain('salesforce', signal)).written).toBe(1 + 50);
      expect(await rig.entry(A)).toBe('logged');
      isShort = false;
      rig.clock.now += 300_000;
      expect((await drainer.drain('salesforce', signal)).written).toBe(200);
      expect(rig.crms.salesforce.records.get('main-200.1000')?.fields.Outcome).toBe('won');
    });

    test('call logs that we hold back ourselves wait, and go in a full batch when their turn comes', async () => {
      await rig.end(...manyCalls(150));
      rig.crms.salesforce.failing = { error: new HeldBack('9,900 of 10,000 used', 120_000), after: false };
      expect((await rig.drain()).nextAt).toBe(rig.clock.now + 120_000);
      expect(await rig.entry('main-200.1000')).toBe('waiting: heldBack');
      expect(await rig.admin.holds()).toMatchObject([{ kind: 'heldBack', reason: '9,900 of 10,000 used' }]);
      rig.crms.salesforce.failing = null;
      rig.clock.now += 120_000;
      expect((await rig.drain()).written).toBe(150);
      expect(rig.crms.salesforce.requests).toEqual([150, 150]);
      expect(await rig.admin.holds()).toEqual([]);
    });

    test('a CRM that is held never holds another one', async () => {
      await rig.end(callRecord({ id: A }));
      rig.crms.salesforce.failing = { error: new Unauthorized('INVALID_SESSION_ID'), after: false };
      await rig.drain();
      expect((await rig.drain('kintone')).written).toBe(1);
    });

    test('a record the CRM refuses goes to the dead letters in its own words and does not stop the others', async () => {
      await rig.end(...manyCalls(3));
      rig.crms.salesforce.refuse = (write) => (write.key?.value === 'main-200.1001' ? rejected('件名が長すぎます') : undefined);
      expect(await rig.drain()).toMatchObject({ written: 2, refused: 1 });
      expect(await rig.entry('main-200.1001')).toBe('refused: rejected');
      expect((await rig.owedOf('main-200.1001'))?.problem).toMatchObject({
        code: 'rejected',
        message: '件名が長すぎます',
        fields: [{ field: 'Subject', code: 'STRING_TOO_LONG' }],
      });
      rig.clock.now += 3_600_000;
      await rig.drain();
      expect(rig.crms.salesforce.requests).toEqual([3]);
    });

    test('a later outcome, or a retry after the mapping was corrected, takes a dead letter up again', async () => {
      await rig.end(callRecord({ id: A }), callRecord({ id: B }));
      rig.crms.salesforce.refuse = () => rejected('no');
      await rig.drain();
      rig.crms.salesforce.refuse = () => undefined;
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      await rig.drain();
      expect([await rig.entry(A), await rig.entry(B)]).toEqual(['logged', 'refused: rejected']);
      expect(await rig.admin.retry({ connector: 'salesforce' })).toBe(1);
      await rig.drain();
      expect(await rig.entry(B)).toBe('logged');
    });

    test('something that is gone is refused, unless looking again finds something else', async () => {
      await rig.end(callRecord({ id: A }));
      let looked = 0;
      rig.crms.salesforce.refuse = () => (looked === 1 ? undefined : { ok: false, error: new Missing('Contact 003 is deleted') });
      const lookAgain = async () => {
        looked += 1;
        return true;
      };
      await rig.newDrainer({ lookAgain }).drain('salesforce', signal);
      expect([looked, await rig.entry(A)]).toEqual([1, 'logged']);
      await rig.end(callRecord({ id: B }));
      looked = 0;
      await rig.drain();
      expect(await rig.entry(B)).toBe('refused: missing');
    });

    test('what went away while the CRM was down is looked for as well', async () => {
      await rig.end(callRecord({ id: A }));
      rig.crms.salesforce.failing = { error: new Unreachable('down'), after: false };
      for (let tried = 1; tried <= 3; tried += 1) {
        await rig.drain();
        rig.clock.now += 600_000;
      }
      rig.crms.salesforce.failing = null;
      let looked = 0;
      rig.crms.salesforce.refuse = () => (looked === 1 ? undefined : { ok: false, error: new Missing('Contact 003 is deleted') });
      const lookAgain = async () => {
        looked += 1;
        return true;
      };
      await rig.newDrainer({ lookAgain }).drain('salesforce', signal);
      expect([looked, await rig.entry(A)]).toEqual([1, 'logged']);
    });

    test('one record that breaks whole batches is found, and the others are logged', async () => {
      await rig.end(...manyCalls(4));
      const poison = new Rejected('MALFORMED', []);
      rig.crms.salesforce.write = async (batch) => {
        if (batch.some((write) => write.key?.value === 'main-200.1002')) throw poison;
        return batch.map((write) => ({ ok: true as const, id: write.key?.value ?? '', created: true }));
      };
      expect(await rig.drain()).toMatchObject({ written: 3, refused: 1 });
      expect(await rig.entry('main-200.1002')).toBe('refused: rejected');
    });

    test('an error that no connector may throw is tried a few times and then needs a person', async () => {
      await rig.end(callRecord({ id: A }));
      rig.crms.salesforce.failing = { error: new TypeError('x is undefined'), after: false };
      for (let tried = 1; tried <= 20; tried += 1) {
        await rig.drain();
        rig.clock.now += 600_000;
      }
      expect(rig.crms.salesforce.requests).toHaveLength(6);
      expect(await rig.entry(A)).toBe('needsPerson: unexpected');
    });

    test('a connector that gives fewer answers than records is believed in nothing', async () => {
      await rig.end(...manyCalls(2));
      rig.crms.salesforce.write = async () => [{ ok: true, id: 'x', created: true }];
      await rig.drain();
      expect((await rig.owedOf('main-200.1001'))?.status).toBe('owed');
    });

    test('a CRM that never answers is given up in time', async () => {
      await rig.end(callRecord({ id: A }));
      rig.crms.salesforce.during = () => new Promise(() => {});
      await rig.newDrainer({ writeTimeoutMs: 1 }).drain('salesforce', signal);
      expect(await rig.entry(A)).toBe('waiting: unreachable');
    });

    test('a call the mapping cannot write needs a person, and is written when the mapping is corrected', async () => {
      const corrected = rig.mapping;
      rig.mapping = async () => ({ problem: { code: 'ambiguous', message: 'two customers share the number' } });
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      expect([await rig.entry(A), await rig.missing()]).toEqual(['needsPerson: ambiguous', 1]);
      rig.mapping = corrected;
      await rig.admin.retry({ callId: A, connector: 'salesforce' });
      await rig.drain();
      expect(await rig.entry(A)).toBe('logged');
    });

    test('a call the mapping has nothing to say about is not needed, until it changes', async () => {
      rig.mapping = async () => null;
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      expect(await rig.entry(A)).toBe('notNeeded: mapping');
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      expect(await rig.entry(A)).toBe('waiting: queued');
    });

    test('a mapping with a bug costs its own record, not the others', async () => {
      const sound = rig.mapping;
      rig.mapping = async (purpose, callId) => {
        if (callId === A) throw new TypeError('undefined is not a function');
        return sound(purpose, callId);
      };
      await rig.end(callRecord({ id: A }), callRecord({ id: B }));
      await rig.drain();
      expect([await rig.entry(A), await rig.entry(B)]).toEqual(['needsPerson: mapping', 'logged']);
    });

    test('a call that could not be read just now needs nobody, and is logged when it can be', async () => {
      const sound = rig.mapping;
      rig.mapping = async () => {
        throw new FactsUnavailable('database is locked');
      };
      await rig.end(callRecord({ id: A }));
      for (let tried = 1; tried <= 20; tried += 1) {
        await rig.drain();
        rig.clock.now += 600_000;
      }
      expect(await rig.entry(A)).toBe('waiting: unexpected');
      rig.mapping = sound;
      await rig.drain();
      expect(await rig.entry(A)).toBe('logged');
    });
  });

  describe('what was promised for later', () => {
    const later = { dueAt: '2026-11-24T01:00:00.000Z', note: null };
    const keys = () => [...rig.crms.salesforce.records.keys()];

    test('is a record of its own, changed in its place, and counted while it is missing', async () => {
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      await rig.drain('kintone');
      await rig.ledger.setFollowUp(A, { followUp: later, ...by });
      expect(await rig.missing()).toBe(1);
      await rig.drain();
      await rig.drain('kintone');
      await rig.ledger.setFollowUp(A, { followUp: { ...later, dueAt: '2026-11-25T01:00:00.000Z' }, ...by });
      await rig.ledger.setFollowUp(A, { followUp: null, ...by });
      await rig.drain();
      await rig.drain('kintone');
      expect([keys(), await rig.missing()]).toEqual([[A, `${A}-followUp`], 0]);
      expect(rig.crms.salesforce.records.get(`${A}-followUp`)?.fields).toEqual({
        Status: 'cancelled',
        Due: '2026-11-25T01:00:00.000Z',
      });
    });

    test('waits by itself where the CRM has no place for it; call logs do not, and it is written when there is one', async () => {
      const sound = rig.mapping;
      rig.mapping = async (wish, callId) =>
        wish.purpose === 'followUp' ? { wait: { code: 'missing', message: 'no app for it' } } : sound(wish, callId);
      await rig.end(liveRecord({ id: A }));
      await rig.ledger.setFollowUp(A, { followUp: later, ...by });
      await rig.end(callRecord({ id: A }));
      for (let hour = 0; hour < 8; hour += 1) {
        await rig.drain();
        rig.clock.now += 3_600_000;
      }
      expect([keys(), await rig.missing(), await rig.entry(A)]).toEqual([[A], 1, 'logged']);
      expect((await rig.admin.list({ connector: 'salesforce', status: null, limit: 10 })).records).toMatchObject([
        { purpose: 'followUp', status: 'owed', problem: { code: 'missing', message: 'no app for it' } },
      ]);
      rig.mapping = sound;
      await rig.drain();
      expect(keys()).toEqual([A, `${A}-followUp`]);
    });

    test('those that waited for a place go together when it is there, whatever their number', async () => {
      const sound = rig.mapping;
      rig.mapping = async () => ({ wait: { code: 'missing', message: 'no app for it' } });
      await rig.end(...manyCalls(150));
      for (let hour = 0; hour < 8; hour += 1) {
        await rig.drain();
        rig.clock.now += 3_600_000;
      }
      rig.mapping = sound;
      await rig.drain();
      expect(rig.crms.salesforce.requests).toEqual([150]);
    });

    test('the renderer is told whether the CRM may have it already', async () => {
      const told: boolean[] = [];
      const sound = rig.mapping;
      rig.mapping = async (wish, callId) => {
        told.push(wish.wasSent);
        return sound(wish, callId);
      };
      rig.crms.salesforce.failing = { error: new Unreachable('timeout'), after: true };
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      rig.crms.salesforce.failing = null;
      rig.clock.now += 600_000;
      await rig.drain();
      expect(told).toEqual([false, true]);
    });

    test('belongs to the call that two turned out to be, also when only the absorbed one had it', async () => {
      await rig.end(liveRecord({ id: B }));
      await rig.ledger.setFollowUp(B, { followUp: later, ...by });
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      await rig.ledger.write([{ record: callRecord({ id: A }), state: null, absorbed: [B] }]);
      await rig.drain();
      expect(keys()).toEqual([A, `${A}-followUp`]);
    });

    test('a person can give it up without the call log, and take that back', async () => {
      await rig.end(liveRecord({ id: A }));
      await rig.ledger.setFollowUp(A, { followUp: later, ...by });
      await rig.end(callRecord({ id: A }));
      const followUp = { callId: A, connector: 'salesforce', part: 'followUp' } as const;
      expect(await rig.admin.discard(followUp, { reason: 'a test', by: 'admin' })).toBe(1);
      await rig.drain();
      expect(keys()).toEqual([A]);
      expect(await rig.admin.restore({ ...followUp, part: 'callLog' })).toBe(0);
      expect(await rig.admin.restore(followUp)).toBe(1);
      await rig.drain();
      expect(keys()).toEqual([A, `${A}-followUp`]);
    });
  });

  describe('when two calls turn out to be one', () => {
    const merge = () =>
      rig.ledger.write([{ record: callRecord({ id: A, linkedIds: ['100.1', '100.2'] }), state: null, absorbed: [B] }]);

    test('there is one log, when neither was sent', async () => {
      await rig.end(callRecord({ id: A }), callRecord({ id: B }));
      await merge();
      await rig.drain();
      expect([...rig.crms.salesforce.records.keys()]).toEqual([A]);
    });

    test('the log of the absorbed one becomes the log of both, when it was sent already', async () => {
      await rig.end(callRecord({ id: B }));
      await rig.drain();
      await rig.end(liveRecord({ id: A }));
      await rig.ledger.write([{ record: liveRecord({ id: A }), state: 1, absorbed: [B] }]);
      await merge();
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      await rig.drain();
      expect([...rig.crms.salesforce.records.keys()]).toEqual([B]);
      expect(rig.crms.salesforce.records.get(B)?.fields.Outcome).toBe('won');
      expect([await rig.entry(A), await rig.missing()]).toEqual(['logged', 1]);
      await rig.drain('kintone');
      expect([...rig.crms.kintone.records.keys()]).toEqual([A]);
    });

    test('the log of the absorbed one is kept, when only it may have reached the CRM', async () => {
      rig.crms.salesforce.failing = { error: new Unreachable('timeout'), after: true };
      await rig.end(callRecord({ id: B }));
      await rig.drain();
      rig.crms.salesforce.failing = null;
      await rig.end(callRecord({ id: A }));
      await merge();
      rig.clock.now += 600_000;
      await rig.drain();
      expect([...rig.crms.salesforce.records.keys()]).toEqual([B]);
    });

    test('nothing is sent for the absorbed one, when they merge just before it is sent', async () => {
      await rig.end(callRecord({ id: A }), callRecord({ id: B }));
      const sound = rig.mapping;
      let renders = 0;
      rig.mapping = async (purpose, callId) => {
        const rendered = await sound(purpose, callId);
        renders += 1;
        if (renders === 2) await merge();
        return rendered;
      };
      await rig.drain();
      expect([...rig.crms.salesforce.records.keys()]).toEqual([A]);
    });

    test('a person is told which one to delete, when the CRM has a log of each', async () => {
      await rig.end(callRecord({ id: A }), callRecord({ id: B }));
      await rig.drain();
      await merge();
      await rig.drain();
      expect(await rig.entry(A)).toBe('needsPerson: duplicate');
      const { records } = await rig.admin.list({ connector: 'salesforce', status: null, limit: 10 });
      expect(records[0]?.problem?.message).toContain(`remote-${B}`);
      expect(await rig.admin.retry({ connector: 'salesforce' })).toBe(0);
      // The page shows it with the call that is left, whose own log must not be given up for it.
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      const shown = { callId: A, connector: 'salesforce', part: 'callLog' } as const;
      expect(await rig.admin.discard(shown, { reason: 'deleted in the CRM', by: 'admin' })).toBe(1);
      await rig.drain();
      expect(await rig.entry(A)).toBe('logged');
      expect(rig.crms.salesforce.records.get(A)?.fields.Outcome).toBe('won');
    });
  });

  describe('the key of a record', () => {
    test('stays what it was first sent with, when the mapping makes another one of the same field', async () => {
      await rig.end(callRecord({ id: A }));
      await rig.drain();
      const fields = { CallId: `new-${A}`, Notes: 'x' };
      rig.mapping = async () => ({ object: 'Task', key: { field: 'CallId', value: `new-${A}` }, fields, owners: {} });
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      await rig.drain();
      expect([...rig.crms.salesforce.records.keys()]).toEqual([A]);
      expect(rig.crms.salesforce.records.get(A)?.fields.CallId).toBe(A);
    });

    test('may move to another object only while the CRM has nothing', async () => {
      await rig.end(callRecord({ id: A }), callRecord({ id: B }));
      rig.crms.salesforce.refuse = (write) => (write.key?.value === B ? rejected('no such field') : undefined);
      await rig.drain();
      rig.crms.salesforce.refuse = () => undefined;
      rig.mapping = async (_, callId) => ({ object: 'Call__c', key: { field: 'Key__c', value: callId }, fields: {}, owners: {} });
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      await rig.admin.retry({ connector: 'salesforce' });
      await rig.drain();
      expect([await rig.entry(A), await rig.entry(B)]).toEqual(['needsPerson: mapping', 'logged']);
    });
  });

  describe('what an admin can do', () => {
    test('discard a record with a reason, which stays discarded when the call changes, and take that back', async () => {
      await rig.end(callRecord({ id: A }));
      expect(await rig.admin.discard({ callId: A, connector: 'salesforce' }, { reason: 'a test call', by: 'admin' })).toBe(1);
      await rig.ledger.setOutcome(A, { outcome: won, ...by });
      await rig.drain();
      expect([rig.crms.salesforce.records.size, await rig.entry(A)]).toEqual([0, 'notNeeded: discarded']);
      expect((await rig.owedOf(A))?.problem).toMatchObject({ message: 'a test call', by: 'admin' });
      expect(await rig.admin.restore({ callId: A, connector: 'salesforce' })).toBe(1);
      await rig.drain();
      expect(await rig.entry(A)).toBe('logged');
    });

    test('retry a held CRM at once', async () => {
      await rig.end(callRecord({ id: A }));
      rig.crms.salesforce.failing = { error: new Unauthorized('expired'), after: false };
      await rig.drain();
      rig.crms.salesforce.failing = null;
      const record = await rig.owedOf(A);
      if (record === undefined) throw new Error('nothing is owed');
      await rig.admin.retry({ id: record.id });
      expect((await rig.drain()).written).toBe(1);
    });

    test('name a record that is not there without harm', async () => {
      const nothing = { callId: A, connector: 'salesforce' };
      expect(await rig.admin.retry(nothing)).toBe(0);
      expect(await rig.admin.discard(nothing, { reason: 'x', by: 'y' })).toBe(0);
      expect(await rig.admin.restore(nothing)).toBe(0);
    });
  });

  describe('when a hub dies', () => {
    test('what it held is free for others when its lease is over, or at once when it was the only hub', async () => {
      await rig.end(callRecord({ id: A }));
      await rig.owed.claim({ connector: 'salesforce', limit: 10, alone: false });
      expect((await rig.drain()).written).toBe(0);
      expect(await rig.owed.releaseAbandoned('expired')).toBe(0);
      rig.clock.now += 180_001;
      expect(await rig.owed.releaseAbandoned('expired')).toBe(1);
      expect((await rig.drain()).written).toBe(1);
      await rig.end(callRecord({ id: B }));
      await rig.owed.claim({ connector: 'salesforce', limit: 10, alone: false });
      expect(await rig.owed.releaseAbandoned('all')).toBe(1);
    });

    test('what the CRM answered is kept although the database is locked for a while', async () => {
      await rig.end(callRecord({ id: A }));
      let locked = 3;
      const settle: typeof rig.owed.settle = async (lease, settled) => {
        locked -= 1;
        if (locked >= 0) throw new Error('database is locked');
        await rig.owed.settle(lease, settled);
      };
      await rig.newDrainer({ owed: { ...rig.owed, settle } }).drain('salesforce', signal);
      expect([rig.crms.salesforce.requests, await rig.entry(A)]).toEqual([[1], 'logged']);
    });

    test('a hub that is stopped in the middle of a write gives the records back at once', async () => {
      await rig.end(callRecord({ id: A }));
      const stopping = new AbortController();
      rig.crms.salesforce.during = async () => stopping.abort();
      rig.crms.salesforce.failing = { error: new Error('aborted'), after: true };
      await rig.newDrainer().drain('salesforce', stopping.signal);
      rig.crms.salesforce.during = async () => {};
      rig.crms.salesforce.failing = null;
      expect((await rig.owedOf(A))?.attempts).toBe(0);
      await rig.drain();
      expect([rig.crms.salesforce.records.size, await rig.entry(A)]).toEqual([1, 'logged']);
    });

    test('a hub that was only slow and writes after its lease writes once more, so that the newest state stands', async () => {
      await rig.end(callRecord({ id: A }));
      const slow = await rig.owed.claim({ connector: 'salesforce', limit: 10, alone: false });
      rig.clock.now += 180_001;
      await rig.owed.releaseAbandoned('expired');
      await rig.drain();
      const record = slow.records[0];
      if (record === undefined) throw new Error('nothing was claimed');
      await rig.owed.settle(slow.lease, [{ record, verdict: { do: 'written', remoteId: 'late' } }]);
      expect((await rig.owedOf(A))?.status).toBe('owed');
      await rig.drain();
      expect([rig.crms.salesforce.records.size, (await rig.owedOf(A))?.remoteId]).toEqual([1, `remote-${A}`]);
    });
  });
}
