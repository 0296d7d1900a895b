import { type CallerRecord, RateLimited, Unreachable } from '../../../connectors/connector.ts';
import type { CallerMatch } from '../../../src/callers/caller-match.ts';
import type { DirectoryRecord } from '../../../src/callers/directory-entry.ts';
import type { RememberedChoice } from '../../../src/callers/rank-matches.ts';
import { type CallerResolverDeps, createCallerResolver } from '../../../src/callers/resolve-caller.ts';
import { callerRecord, contacts } from '../../support/caller-records.ts';
import { type FakeCallerAnswers, fakeCallerConnector } from '../../support/fake-caller-connector.ts';

const tokyo = '+81312345678';
const customer = { raw: '0312345678', number: tokyo, withheld: false };
const apps = { object: '12', phones: ['tel'], name: 'name', fields: [] };
const never = new AbortController().signal;
const sato = callerRecord('003A', { Phone: '03-1234-5678' });

interface World {
  readonly salesforce?: FakeCallerAnswers;
  readonly kintone?: FakeCallerAnswers;
  readonly held?: readonly DirectoryRecord[];
  /** Records the directory has, but not among the first it gives for the number. */
  readonly beyond?: readonly DirectoryRecord[];
  readonly choices?: readonly RememberedChoice[];
  readonly completeAt?: number | null;
  readonly deps?: Partial<CallerResolverDeps>;
}

function resolverWith(world: World = {}) {
  const salesforce = fakeCallerConnector('salesforce', [contacts], world.salesforce);
  const kintone = fakeCallerConnector('kintone', [apps], world.kintone);
  const held = [...(world.held ?? [])];
  const clock = { now: 1_000_000 };
  const limit = new AbortController();
  const logged: string[] = [];
  const status = {
    readingEverything: false,
    recordsRead: 0,
    total: null,
    pageAt: null,
    completeAt: world.completeAt ?? null,
    problem: null,
  };
  const resolver = createCallerResolver(
    {
      directory: {
        find: async () => held,
        record: async (ref) => world.beyond?.find(({ id }) => id === ref.id) ?? null,
        put: async (connector, _source, records) => {
          held.push(...records.map((record) => ({ ...record, connector })));
        },
        sources: async () => [
          { connector: 'salesforce', object: 'Contact', ...status },
          { connector: 'kintone', object: '12', ...status },
        ],
      },
      choices: {
        ofNumber: async () => (world.choices ?? []).map((choice) => ({ ...choice, number: tokyo, by: '1001', at: '' })),
      },
      connectors: [salesforce, kintone],
      present: (connector, { object, id, name }) => ({ connector, object, id, name, url: `https://${id}`, card: [], link: {} }),
      now: () => clock.now,
      timeLimit: () => limit.signal,
      log: (_level, message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`),
      ...world.deps,
    },
    { numbers: {} },
  );
  return { resolver, salesforce, kintone, held, clock, limit, logged };
}

test('a caller the directory knows costs no call to any CRM', async () => {
  const { resolver, salesforce, kintone } = resolverWith({
    held: [
      { ...sato, connector: 'salesforce' },
      { ...sato, object: '12', id: '7', connector: 'kintone' },
    ],
  });
  const match = await resolver.resolve(customer, never);
  expect(match).toMatchObject({ kind: 'known', chosen: { salesforce: { id: '003A' }, kintone: { id: '7' } }, unasked: [] });
  expect([...salesforce.queries, ...kintone.queries]).toEqual([]);
});

test('a withheld caller is withheld, also when the network hands the number over all the same', async () => {
  const { resolver, salesforce } = resolverWith();
  for (const caller of [
    { raw: 'anonymous', number: null, withheld: true },
    { raw: '0312345678', number: tokyo, withheld: true },
    { raw: '<unknown>', number: null, withheld: false },
  ]) {
    expect(await resolver.resolve(caller, never)).toEqual({ kind: 'withheld', records: [], chosen: {}, unasked: [] });
  }
  expect(salesforce.queries).toEqual([]);
});

test.each(["'; DROP TABLE calls; --", '9'.repeat(200), '1001', 'sip:alice@example.com'])(
  'nobody is looked for under %s',
  async (raw) => {
    const { resolver, salesforce, kintone } = resolverWith();
    expect((await resolver.resolve({ raw, number: null, withheld: false }, never)).kind).toBe('unknown');
    expect([...salesforce.queries, ...kintone.queries]).toEqual([]);
  },
);

test('a number the call left unread is read here', async () => {
  const { resolver } = resolverWith({ salesforce: { find: async () => [sato] } });
  expect((await resolver.resolve({ raw: '０３－１２３４－５６７８', number: null, withheld: false }, never)).kind).toBe('known');
});

test('whom the directory does not know is asked for in every CRM, in every spelling', async () => {
  const { resolver, salesforce, kintone, held } = resolverWith({ salesforce: { find: async () => [sato] } });
  expect(await resolver.resolve(customer, never)).toMatchObject({ kind: 'known', chosen: { salesforce: { id: '003A' } } });
  expect(salesforce.queries).toMatchObject([{ number: tokyo, sources: [contacts] }]);
  expect(salesforce.queries[0]?.spellings).toEqual(expect.arrayContaining(['03-1234-5678', '+81312345678']));
  expect(kintone.queries).toHaveLength(1);
  expect(held).toMatchObject([{ id: '003A', connector: 'salesforce' }]);
});

test('when one CRM knows the caller, another is asked only as long as its directory is not complete and fresh', async () => {
  const held = [{ ...sato, connector: 'salesforce' }];
  const incomplete = resolverWith({ held, completeAt: null });
  await incomplete.resolver.resolve(customer, never);
  expect(incomplete.kintone.queries).toHaveLength(1);
  const stale = resolverWith({ held, completeAt: 1 });
  await stale.resolver.resolve(customer, never);
  expect(stale.kintone.queries).toHaveLength(1);
  const fresh = resolverWith({ held, completeAt: 999_000 });
  await fresh.resolver.resolve(customer, never);
  expect(fresh.kintone.queries).toHaveLength(0);
  // Its reading came to an end while we looked: what it brought last may not have been seen.
  const justNow = resolverWith({ held, completeAt: 1_000_000 });
  await justNow.resolver.resolve(customer, never);
  expect(justNow.kintone.queries).toHaveLength(1);
});

test('a hit that does not hold the number is dropped', async () => {
  const other = callerRecord('003B', { Phone: '06-1234-5678' });
  const { resolver } = resolverWith({ salesforce: { find: async () => [other, sato] } });
  expect((await resolver.resolve(customer, never)).records.map(({ id }) => id)).toEqual(['003A']);
});

test('a CRM that fails or is too slow takes nothing away from the others, and is named', async () => {
  const { resolver, limit, logged } = resolverWith({
    salesforce: { find: () => new Promise<readonly CallerRecord[]>(() => {}) },
    kintone: { find: async () => [{ ...sato, object: '12', id: '7' }] },
  });
  const resolving = resolver.resolve(customer, never);
  limit.abort(new DOMException('too slow', 'TimeoutError'));
  expect(await resolving).toMatchObject({ unasked: expect.arrayContaining(['salesforce']) });
  expect(logged.join()).not.toContain('12345678');
  const failing = resolverWith({
    salesforce: { find: async () => Promise.reject(new Unreachable('down')) },
    kintone: { find: async () => [{ ...sato, object: '12', id: '7' }] },
  });
  expect(await failing.resolver.resolve(customer, never)).toMatchObject({
    kind: 'known',
    records: [{ id: '7' }],
    unasked: ['salesforce'],
  });
});

test('a CRM at its limit is left alone until the limit is over', async () => {
  const { resolver, salesforce, clock } = resolverWith({
    salesforce: { find: async () => Promise.reject(new RateLimited('slow down', 5_000)) },
  });
  await resolver.resolve(customer, never);
  expect((await resolver.resolve(customer, never)).unasked).toEqual(['salesforce']);
  expect(salesforce.queries).toHaveLength(1);
  clock.now += 5_000;
  await resolver.resolve(customer, never);
  expect(salesforce.queries).toHaveLength(2);
  // Also when the clock is put back meanwhile.
  clock.now -= 3_600_000;
  await resolver.resolve(customer, never);
  expect(salesforce.queries).toHaveLength(3);
});

test('that nobody is known is remembered for a minute, a failure is not', async () => {
  const { resolver, salesforce, kintone, clock } = resolverWith({
    kintone: { find: async () => Promise.reject(new Unreachable('down')) },
  });
  await resolver.resolve(customer, never);
  await resolver.resolve(customer, never);
  expect([salesforce.queries.length, kintone.queries.length]).toEqual([1, 2]);
  clock.now += 60_000;
  await resolver.resolve(customer, never);
  expect(salesforce.queries).toHaveLength(2);
});

test('two phones ringing for one number ask once', async () => {
  const { resolver, salesforce } = resolverWith({ salesforce: { find: async () => [sato] } });
  const [first, second] = await Promise.all([resolver.resolve(customer, never), resolver.resolve(customer, never)]);
  expect(first).toEqual(second);
  expect(salesforce.queries).toHaveLength(1);
});

test('what the directory knows is told at once while a CRM is still being asked', async () => {
  const answer = Promise.withResolvers<readonly CallerRecord[]>();
  const { resolver } = resolverWith({ held: [{ ...sato, connector: 'salesforce' }], kintone: { find: () => answer.promise } });
  const interim = Promise.withResolvers<CallerMatch>();
  const resolving = resolver.resolve(customer, never, interim.resolve);
  expect(await interim.promise).toMatchObject({ kind: 'known', records: [{ id: '003A' }], unasked: ['kintone'] });
  answer.resolve([{ ...sato, object: '12', id: '7' }]);
  expect(await resolving).toMatchObject({ records: [{ id: '003A' }, { id: '7' }], unasked: [] });
});

test('who gives up is told so; the others still get their answer', async () => {
  const answer = Promise.withResolvers<readonly CallerRecord[]>();
  const { resolver } = resolverWith({ salesforce: { find: () => answer.promise } });
  const leaving = new AbortController();
  const left = resolver.resolve(customer, leaving.signal);
  const stays = resolver.resolve(customer, never);
  leaving.abort(new Error('the call is over'));
  await expect(left).rejects.toThrow('the call is over');
  answer.resolve([sato]);
  expect((await stays).kind).toBe('known');
});

test('the operator’s remembered choice decides among several', async () => {
  const suzuki = callerRecord('003B', { Phone: '03-1234-5678' }, { modifiedAt: '2026-09-01T00:00:00.000Z' });
  const held = [sato, suzuki].map((record) => ({ ...record, connector: 'salesforce' }));
  expect((await resolverWith({ held, completeAt: 999_000 }).resolver.resolve(customer, never)).kind).toBe('ambiguous');
  const choices = [{ connector: 'salesforce', object: 'Contact', id: '003A' }];
  const match = await resolverWith({ held, choices, completeAt: 999_000 }).resolver.resolve(customer, never);
  expect(match).toMatchObject({
    kind: 'known',
    chosen: { salesforce: { id: '003A' } },
    records: [{ id: '003A' }, { id: '003B' }],
  });
});

test('the remembered choice is found behind a switchboard with more people than are listed, as long as it has the number', async () => {
  const held = ['003A', '003B'].map((id) => ({ ...callerRecord(id, { Phone: '03-1234-5678' }), connector: 'salesforce' }));
  const choices = [{ connector: 'salesforce', object: 'Contact', id: '003Z' }];
  const beyond = (phone: string) => [{ ...callerRecord('003Z', { Phone: phone }), connector: 'salesforce' }];
  const still = resolverWith({ held, choices, beyond: beyond('03-1234-5678'), completeAt: 999_000 });
  expect(await still.resolver.resolve(customer, never)).toMatchObject({ kind: 'known', chosen: { salesforce: { id: '003Z' } } });
  const moved = resolverWith({ held, choices, beyond: beyond('06-1234-5678'), completeAt: 999_000 });
  expect((await moved.resolver.resolve(customer, never)).kind).toBe('ambiguous');
});

test('a record of an object the mapping no longer names does not keep the CRM from being asked', async () => {
  const held = [{ ...callerRecord('001A', { Phone: '03-1234-5678' }, { object: 'Account' }), connector: 'salesforce' }];
  const { resolver, salesforce } = resolverWith({ held });
  expect((await resolver.resolve(customer, never)).kind).toBe('unknown');
  expect(salesforce.queries).toHaveLength(1);
});

test('a directory that cannot be read, a choice that cannot be read and a card that cannot be made leave the pop standing', async () => {
  const broken = async () => Promise.reject(new Error('database is locked'));
  const { resolver } = resolverWith({
    salesforce: { find: async () => [sato] },
    deps: {
      directory: { find: broken, record: broken, put: broken, sources: broken },
      choices: { ofNumber: broken },
      present: () => {
        throw new Error('template');
      },
    },
  });
  expect(await resolver.resolve(customer, never)).toMatchObject({
    kind: 'known',
    records: [{ id: '003A', name: 'Name of 003A', card: [] }],
  });
});
