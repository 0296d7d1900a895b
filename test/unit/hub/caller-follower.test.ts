import type { CallerMatch, MatchedRecord } from '../../../src/callers/caller-match.ts';
import type { CallId, CallMatchRef, CallRecord } from '../../../src/calls/call.ts';
import { createCallerFollower } from '../../../src/hub/caller-follower.ts';
import { createMetrics } from '../../../src/observability/metrics.ts';
import { callEvent, callRecord, liveRecord } from '../../support/call-records.ts';
import { until } from '../../support/until.ts';

const sato = '+819012345678';
const suzuki = '+819087654321';
const callId = 'main-1763838000.1' as CallId;

function matchOf(id: string | null): CallerMatch {
  if (id === null) return { kind: 'unknown', records: [], chosen: {}, unasked: [] };
  const record: MatchedRecord = { connector: 'salesforce', object: 'Contact', id, name: id, url: '', card: [], link: {} };
  return { kind: 'known', records: [record], chosen: { salesforce: record }, unasked: [] };
}

/** A follower over a ledger in memory; `crm` says whose number is whose, `gate` is waited for before each answer of the journal. */
function follow() {
  const crm = new Map<string, string>();
  const matches = new Map<CallId, CallMatchRef[]>();
  const shown: [CallId, string | null][] = [];
  const rig = { crm, shown, gate: Promise.resolve() as Promise<unknown>, ended: [] as CallRecord[], brokenOnce: false };
  const follower = createCallerFollower({
    resolver: () => ({ resolve: async ({ number }) => matchOf(crm.get(number ?? '') ?? null) }),
    journal: { flush: async () => void (await rig.gate) },
    ledger: {
      find: async (id) => callRecord({ id, matches: matches.get(id) ?? [] }),
      async setMatch(id, { connector, record }) {
        const others = (matches.get(id) ?? []).filter((one) => one.connector !== connector);
        matches.set(id, record === null ? others : [...others, { connector, ...record }]);
        return callRecord({ id });
      },
      async earlierWith(number) {
        if (rig.brokenOnce) {
          rig.brokenOnce = false;
          throw new Error('database is locked');
        }
        return rig.ended.filter(({ customer }) => customer?.number === number);
      },
      list: async () => ({ calls: [], next: null }),
    },
    directory: { find: async () => [] },
    onMatch: (id, match) => shown.push([id, match.records[0]?.id ?? null]),
    metrics: createMetrics(),
    now: () => 0,
    log: () => {},
  });
  return { ...rig, rig, follower, of: (id: CallId) => (matches.get(id) ?? []).map((one) => one.id) };
}

const customer = (number: string) => ({ raw: number, number, name: null, withheld: false });
const rings = (number: string, id: string = callId) => callEvent(liveRecord({ id, customer: customer(number) }));
const ends = (number: string) => callEvent(callRecord({ customer: customer(number) }));

test('a call whose number turns out to be another one belongs to the customer of the new number', async () => {
  const { crm, follower, of } = follow();
  crm.set(sato, 'sato').set(suzuki, 'suzuki');
  follower.onCallEvent(rings(sato));
  await until('the first guess is written', () => of(callId).includes('sato'));
  follower.onCallEvent(rings(suzuki));
  await until('the customer of the new number is written', () => of(callId).join() === 'suzuki');
  await follower.close();
});

test('a call whose number turns out to be nobody’s keeps nobody’s record', async () => {
  const { crm, follower, of } = follow();
  crm.set(sato, 'sato');
  follower.onCallEvent(rings(sato));
  await until('the first guess is written', () => of(callId).includes('sato'));
  follower.onCallEvent(rings(suzuki));
  await until('the first guess is taken back', () => of(callId).length === 0);
  await follower.close();
});

test('an answer that comes after the number has changed is not written', async () => {
  const { crm, rig, follower, of, shown } = follow();
  crm.set(sato, 'sato');
  let open = () => {};
  rig.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  follower.onCallEvent(rings(sato));
  await until('the first answer is there', () => shown.length === 1);
  follower.onCallEvent(rings(suzuki));
  open();
  await follower.close();
  expect(of(callId)).toEqual([]);
});

test('a customer whom the operator enters into the CRM during the call gets the call', async () => {
  const { crm, follower, of, shown } = follow();
  follower.onCallEvent(rings(sato));
  await until('nobody was found', () => shown.length === 1);
  await until('it is remembered', async () => {
    crm.set(sato, 'sato');
    await follower.onNumbersAppeared([sato]);
    return of(callId).includes('sato');
  });
  expect(shown.at(-1)).toEqual([callId, 'sato']);
  follower.onCallEvent(ends(sato));
  await follower.close();
});

test('a number that could not be matched again because of the database is tried again', async () => {
  const { crm, rig, follower, of, shown } = follow();
  follower.onCallEvent(rings(sato));
  await until('nobody was found', () => shown.length === 1);
  follower.onCallEvent(ends(sato));
  rig.ended.push(callRecord({ customer: customer(sato) }));
  rig.brokenOnce = true;
  crm.set(sato, 'sato');
  await expect(follower.onNumbersAppeared([sato])).rejects.toThrow('locked');
  await follower.onNumbersAppeared([sato]);
  await follower.close();
  expect(of(callId)).toEqual(['sato']);
});

test('a restored call of which only the end is heard still gets its customer', async () => {
  const { crm, follower, of } = follow();
  crm.set(sato, 'sato');
  follower.onCallEvent(ends(sato));
  await follower.close();
  expect(of(callId)).toEqual(['sato']);
});

test('who was consulted in a call that became part of another one is not taken for its customer', async () => {
  const { crm, rig, follower, of } = follow();
  const consultation = 'main-1763838005.7' as CallId;
  crm.set(suzuki, 'suzuki');
  let open = () => {};
  rig.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  follower.onCallEvent(rings(sato));
  follower.onCallEvent(rings(suzuki, consultation));
  follower.onCallEvent(callEvent(liveRecord({ customer: customer(sato) }), consultation));
  open();
  await follower.close();
  expect([of(callId), of(consultation)]).toEqual([[], []]);
});
