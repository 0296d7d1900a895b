import type { CallId } from '../../../src/calls/call.ts';
import { createJournal } from '../../../src/calls/journal.ts';
import type { Store } from '../../../src/store/open-database.ts';
import type { OwedStore } from '../../../src/write-back/owed-store.ts';
import { callEvent, callRecord, liveRecord } from '../../support/call-records.ts';
import { databaseKinds, openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../../support/databases.ts';
import { createWriteBackRig, type WriteBackRig } from '../../support/write-back-rig.ts';

/** Stands for a process that dies at its n-th effect, before or after it has happened: from then on nothing of it happens. */
class Death {
  effects = 0;
  #inFlight = 0;
  readonly #at: number;
  readonly #after: boolean;

  constructor(at: number, after: boolean) {
    this.#at = at;
    this.#after = after;
  }

  get isDead(): boolean {
    return this.effects >= this.#at;
  }

  /** Dead, and nothing that it had begun is still on its way into the database. */
  get isOver(): boolean {
    return this.isDead && this.#inFlight === 0;
  }

  /** The same methods, mortal. */
  befall<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          if (this.isDead) throw new Error('the hub is dead');
          this.effects += 1;
          if (this.isDead && !this.#after) throw new Error('killed before');
          this.#inFlight += 1;
          const result: unknown = await Reflect.apply(method, target, args).finally(() => {
            this.#inFlight -= 1;
          });
          if (this.isDead) throw new Error('killed after');
          return result;
        };
      },
    });
  }
}

const A = 'main-100.1' as CallId;
const B = 'main-100.2' as CallId;
const won = { outcome: { code: 'won', label: '成約' }, by: '1001', at: 1_763_838_060_000 };

describe.each(databaseKinds)('a hub that is killed, on $kind', ({ start }) => {
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

  /** Drains until it dies; false when it lived to the end. */
  async function drainUntilDeath(death: Death): Promise<boolean> {
    const owed: OwedStore = death.befall(rig.owed);
    const connector = death.befall({ write: rig.crms.salesforce.write });
    const drainer = rig.newDrainer({ owed, connectors: new Map([['salesforce', { connector, maxBatch: 200 }]]) });
    await drainer.drain('salesforce', new AbortController().signal).catch(() => {});
    return death.isDead;
  }

  async function startAgainAndFinish(): Promise<void> {
    await rig.owed.releaseAbandoned('all');
    rig.clock.now += 600_000;
    await rig.drain();
  }

  test.each([['before'], ['after']])('%s any step of writing leaves exactly one log of every call', async (when) => {
    let died = true;
    for (let step = 1; died; step += 1) {
      const ids = [`main-${step}.1`, `main-${step}.2`];
      await rig.end(...ids.map((id) => callRecord({ id })));
      died = await drainUntilDeath(new Death(step, when === 'after'));
      await rig.ledger.setOutcome(ids[0] as CallId, won);
      await startAgainAndFinish();
      expect(rig.crms.salesforce.records.size).toBe(2 * step);
      expect(rig.crms.salesforce.records.get(ids[0] ?? '')?.fields.Outcome).toBe('won');
      expect(await Promise.all(ids.map((id) => rig.entry(id)))).toEqual(['logged', 'logged']);
    }
    expect(rig.crms.salesforce.records.size).toBeGreaterThan(2 * 5);
  });

  test.each([['before'], ['after']])('%s any step, while the call becomes part of another one, leaves one log', async (when) => {
    let died = true;
    for (let step = 1; died; step += 1) {
      const [older, younger] = [`main-${step}.1` as CallId, `main-${step}.2` as CallId];
      await rig.end(callRecord({ id: younger }));
      died = await drainUntilDeath(new Death(step, when === 'after'));
      await rig.ledger.write([{ record: callRecord({ id: older }), state: null, absorbed: [younger] }]);
      await rig.ledger.setOutcome(older, won);
      await startAgainAndFinish();
      expect(rig.crms.salesforce.records.size).toBe(step);
      expect([...rig.crms.salesforce.records.values()].at(-1)?.fields.Outcome).toBe('won');
      expect(await rig.entry(younger)).toBe('logged');
    }
  });

  test('while the journal writes, loses nothing of what was written and doubles nothing when it is told again', async () => {
    const events = [
      callEvent(liveRecord({ id: A })),
      callEvent(liveRecord({ id: B })),
      callEvent(liveRecord({ id: A, linkedIds: ['100.1', '100.2'] }), B),
      callEvent(callRecord({ id: A, linkedIds: ['100.1', '100.2'] })),
    ];
    for (let step = 1; step <= events.length + 1; step += 1) {
      const death = new Death(step, step % 2 === 0);
      const ledger = death.befall(rig.ledger);
      const journal = createJournal({ ledger, log: () => {}, maxBatch: 1, wait: () => new Promise(() => {}) });
      for (const event of events) {
        journal.record(event, event.call.record.endedAt === null ? { some: 'state' } : null);
        while (!death.isOver && journal.pending > 0) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(death.isOver).toBe(step <= events.length);
      // The next hub restores what is live, hears the PBX's snapshot, and tells all of it again.
      const next = createJournal({ ledger: rig.ledger, log: () => {} });
      for (const event of events) next.record(event, event.call.record.endedAt === null ? { some: 'state' } : null);
      await next.close();
    }
    await rig.drain();
    expect(await rig.ledger.counts()).toEqual({ live: 0, ended: 1 });
    expect([...rig.crms.salesforce.records.keys()]).toEqual([A]);
    expect(await rig.ledger.live()).toEqual([]);
  });
});
