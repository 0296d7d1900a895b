import { createChoiceStore } from '../../src/callers/choice-store.ts';
import type { Store } from '../../src/store/open-database.ts';
import { START_TIMEOUT_MS } from '../support/databases.ts';

const tokyo = '+81312345678';

/** What the memory of operators' choices promises, whatever database holds it. */
export function choiceStoreContract(openStore: () => Promise<Store>): void {
  let store: Store;
  beforeAll(async () => {
    store = await openStore();
  }, START_TIMEOUT_MS);
  afterAll(() => store.close());
  beforeEach(() => store.db.deleteFrom('caller_choices').execute());

  test('remembers the last choice of each connector, who made it and when', async () => {
    let now = Date.parse('2026-01-01T00:00:00.000Z');
    const choices = createChoiceStore(store.db, () => now);
    await choices.remember({ number: tokyo, connector: 'salesforce', object: 'Contact', id: '003A', by: '1001' });
    await choices.remember({ number: tokyo, connector: 'kintone', object: '12', id: '7', by: '1001' });
    now += 1000;
    await choices.remember({ number: tokyo, connector: 'salesforce', object: 'Lead', id: '00QB', by: '1002' });
    expect(await choices.ofNumber(tokyo)).toEqual([
      { number: tokyo, connector: 'kintone', object: '12', id: '7', by: '1001', at: '2026-01-01T00:00:00.000Z' },
      { number: tokyo, connector: 'salesforce', object: 'Lead', id: '00QB', by: '1002', at: '2026-01-01T00:00:01.000Z' },
    ]);
    expect(await choices.ofNumber('+81312345679')).toEqual([]);
  });

  test('forgets the choice of one connector or of all', async () => {
    const choices = createChoiceStore(store.db, () => 0);
    for (const connector of ['kintone', 'salesforce']) {
      await choices.remember({ number: tokyo, connector, object: 'o', id: '1', by: '1001' });
    }
    await choices.forget(tokyo, 'kintone');
    expect((await choices.ofNumber(tokyo)).map(({ connector }) => connector)).toEqual(['salesforce']);
    await choices.forget(tokyo);
    await choices.forget(tokyo);
    expect(await choices.ofNumber(tokyo)).toEqual([]);
  });
}
