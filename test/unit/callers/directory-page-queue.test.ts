import type { ChangePage } from '../../../connectors/connector.ts';
import { belongTogether, type GatheredPage, gatherPages } from '../../../src/callers/directory-page-queue.ts';
import { callerRecord, changePage } from '../../support/caller-records.ts';

const one = (id: string, more: Partial<ChangePage> = {}) => changePage([callerRecord(id, {})], { cursor: id, ...more });
const gone = (id: string, more: Partial<ChangePage> = {}) => changePage([], { deleted: [{ object: 'Contact', id }], ...more });
const limits = { recordsAtOnce: 3, mostAhead: 6, patienceMs: 60_000 };

async function gathered(pages: AsyncIterable<ChangePage>): Promise<readonly GatheredPage[]> {
  const all: GatheredPage[] = [];
  for await (const page of gatherPages(pages, limits)) all.push(page);
  return all;
}

test('hands many small pages out as few, in order, with the cursor of the last', async () => {
  const all = await gathered(
    (async function* () {
      for (const id of ['1', '2', '3', '4', '5', '6', '7']) yield one(id);
    })(),
  );
  expect(all.map(({ page }) => page.records.map(({ id }) => id).join(''))).toEqual(['123', '456', '7']);
  expect(all.map(({ page, pages }) => [page.cursor, pages])).toEqual([
    ['3', 3],
    ['6', 3],
    ['7', 1],
  ]);
});

test('asks the CRM for no more than may wait', async () => {
  let asked = 0;
  const pages = gatherPages(
    (async function* () {
      for (; asked < 1_000; asked += 1) yield one(String(asked));
    })(),
    limits,
  );
  await pages.next();
  for (let turn = 0; turn < 100; turn += 1) await null;
  expect(asked).toBeLessThan(15);
  await pages.return(undefined);
});

test('hands out what was read before it says that the reading failed', async () => {
  const pages = gatherPages(
    (async function* () {
      yield one('1');
      yield one('2');
      throw new Error('connection lost');
    })(),
    limits,
  );
  expect(await pages.next()).toMatchObject({ value: { page: { cursor: '2' }, pages: 2 } });
  await expect(pages.next()).rejects.toThrow('connection lost');
});

test('does not wait for company longer than its patience', async () => {
  const never = new Promise<void>(() => {});
  const pages = gatherPages(
    (async function* () {
      yield one('1');
      await never;
    })(),
    { ...limits, patienceMs: 1 },
  );
  expect(await pages.next()).toMatchObject({ value: { page: { cursor: '1' } } });
  await pages.return(undefined);
});

test('keeps a place that comes without records at once, whatever its patience', async () => {
  const never = new Promise<void>(() => {});
  const pages = gatherPages(
    (async function* () {
      yield changePage([], { cursor: 'job begun' });
      await never;
    })(),
    limits,
  );
  expect(await pages.next()).toMatchObject({ value: { page: { cursor: 'job begun' } } });
  await pages.return(undefined);
});

test.each([
  ['records after records', one('1'), one('2'), true],
  ['deletions after deletions', gone('1'), gone('2'), true],
  ['records after deletions', gone('1'), one('2'), true],
  ['deletions after records, which may be the same', one('1'), gone('1'), false],
  [
    'two readings of everything',
    one('1', { everything: { id: 'a', last: false } }),
    one('2', { everything: { id: 'b', last: false } }),
    false,
  ],
  ['changes behind the end of everything', one('1', { everything: { id: 'a', last: true } }), one('2'), false],
])('%s: %#', (_, first, second, isOne) => {
  expect(belongTogether(first, second)).toBe(isOne);
});
