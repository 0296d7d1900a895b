import { type BlockedPattern, patternsOf } from '../../src/routing/blocked-pattern.ts';
import { type BlockedNumber, type BlockedNumbers, createBlockedNumbers } from '../../src/routing/blocked-store.ts';
import type { Store } from '../../src/store/open-database.ts';
import { openFreshStore, START_TIMEOUT_MS, type TestDatabases } from '../support/databases.ts';

/** What the block list promises on every database. */
export function blockedNumbersContract(start: () => Promise<TestDatabases>): void {
  let databases: TestDatabases;
  let store: Store;
  let blocked: BlockedNumbers;
  let now: number;

  beforeAll(async () => {
    databases = await start();
  }, START_TIMEOUT_MS);
  beforeEach(async () => {
    store = await openFreshStore(databases);
    now = 1_763_838_000_000;
    blocked = createBlockedNumbers(store.db, () => now);
  });
  afterEach(() => store.close());
  afterAll(() => databases.stop());

  const YAMADA = '+819012345678';
  function entry(pattern: string, more: Partial<BlockedNumber> = {}): Omit<BlockedNumber, 'at'> {
    return { pattern: pattern as BlockedPattern, reason: '迷惑電話', by: '1001', until: null, ...more };
  }

  test('tells of a blocked number why, by whom and since when; of others nothing', async () => {
    await blocked.add(entry(YAMADA));
    expect(await blocked.find(YAMADA)).toEqual({ ...entry(YAMADA), at: now });
    expect(await blocked.find('+819012345679')).toBeNull();
  });

  test('blocks all that begin alike, and says the most exact reason', async () => {
    await blocked.add(entry('+81*', { reason: 'country' }));
    await blocked.add(entry('+8190*', { reason: 'mobile' }));
    expect(await blocked.find('+81312345678')).toMatchObject({ reason: 'country' });
    expect(await blocked.find(YAMADA)).toMatchObject({ reason: 'mobile' });
    await blocked.add(entry(YAMADA, { reason: 'this one' }));
    expect(await blocked.find(YAMADA)).toMatchObject({ reason: 'this one' });
    expect(await blocked.find('+12125550100')).toBeNull();
  });

  test('what has run out blocks nobody, is not listed, and goes away with the next entry', async () => {
    await blocked.add(entry(YAMADA, { until: now + 1_000 }));
    now += 1_000;
    expect(await blocked.find(YAMADA)).toBeNull();
    expect(await blocked.list({ limit: 10, after: null })).toEqual({ entries: [], next: null });
    await blocked.add(entry('+81312345678'));
    expect(await store.db.selectFrom('blocked_numbers').select('pattern').execute()).toEqual([{ pattern: '+81312345678' }]);
  });

  test('an entry that has run out leaves a wider one in force', async () => {
    await blocked.add(entry('+8190*', { reason: 'mobile' }));
    await blocked.add(entry(YAMADA, { until: now + 1_000 }));
    now += 1_000;
    expect(await blocked.find(YAMADA)).toMatchObject({ reason: 'mobile' });
  });

  test('blocking again replaces what was said before', async () => {
    await blocked.add(entry(YAMADA, { until: now + 1_000 }));
    now += 10;
    await blocked.add(entry(YAMADA, { reason: 'again', by: 'yamada' }));
    expect((await blocked.list({ limit: 10, after: null })).entries).toEqual([
      { ...entry(YAMADA, { reason: 'again', by: 'yamada' }), at: now },
    ]);
  });

  test('a removed number is put through again; removing it twice is said', async () => {
    await blocked.add(entry(YAMADA));
    expect(await blocked.remove(YAMADA as BlockedPattern)).toBe(true);
    expect(await blocked.remove(YAMADA as BlockedPattern)).toBe(false);
    expect(await blocked.find(YAMADA)).toBeNull();
  });

  test('a long list comes in pages, each entry once', async () => {
    const all = Array.from({ length: 25 }, (_, index) => `+8131234${String(5_000 + index)}`);
    for (const pattern of all) await blocked.add(entry(pattern));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await blocked.list({ limit: 10, after });
      seen.push(...page.entries.map(({ pattern }) => pattern));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(all);
  });

  test('keeps whatever a person writes as a reason', async () => {
    const reason = '\'; drop table blocked_numbers; --\u0000\n"太郎" 😀';
    await blocked.add(entry(YAMADA, { reason }));
    expect(await blocked.find(YAMADA)).toMatchObject({ reason: reason.replace('\u0000', '') });
  });

  test('a hostile number is simply not on the list', async () => {
    await blocked.add(entry(YAMADA));
    for (const hostile of ["' or '1'='1", '+'.repeat(200), '+8190%', '*', '']) {
      expect(patternsOf(hostile).length).toBeLessThan(20);
      expect(await blocked.find(hostile)).toBeNull();
    }
  });
}
