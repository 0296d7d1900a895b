import { progressLine, progressTeller } from '../../../src/cli/directory-progress.ts';
import { restOf } from '../../../src/web/admin/reading-pace.ts';

const at = (recordsRead: number, total: number | null = 1_000_000) => ({
  ...{ connector: 'salesforce', object: 'Contact', recordsRead, total },
});

test.each([
  [at(0), { read: 0, ms: 0 }, 'salesforce Contact: 0 of 1000000 (0 %)'],
  [at(250_000), { read: 100_000, ms: 10_000 }, 'salesforce Contact: 250000 of 1000000 (25 %), 10000/s, 1 min 15 s left'],
  [at(10_000), { read: 10_000, ms: 100_000 }, 'salesforce Contact: 10000 of 1000000 (1 %), 100/s, 2 h 45 min left'],
  [at(999_990), { read: 10_000, ms: 10_000 }, 'salesforce Contact: 999990 of 1000000 (99 %), 1000/s'],
  [at(1_000_100), { read: 10_000, ms: 1_000 }, 'salesforce Contact: 1000100 of 1000000 (100 %), 10000/s'],
  [at(500, null), { read: 500, ms: 2_000 }, 'salesforce Contact: 500, 250/s'],
])('tells how much, how fast, how long still: %#', (progress, soFar, line) => {
  expect(progressLine(progress, soFar).en).toBe(line);
});

test('tells it in Japanese', () => {
  const line = (read: number, total: number | null, so: { read: number; ms: number }) => progressLine(at(read, total), so).ja;
  expect(line(250_000, 1_000_000, { read: 100_000, ms: 10_000 })).toBe(
    'salesforce Contact: 250000 / 1000000 件 (25 %)、毎秒 10000 件、残り約 1 分 15 秒',
  );
  expect(line(500, null, { read: 0, ms: 0 })).toBe('salesforce Contact: 500 件');
});

test('tells no more than a line a second, the end in any case, and a pace of this run alone', () => {
  let now = 0;
  const lines: string[] = [];
  const tell = progressTeller(
    (line) => lines.push(line.en),
    () => now,
  );
  for (const [ms, read] of [
    [0, 400],
    [500, 500],
    [1_000, 600],
    [1_100, 1_000],
  ] as const) {
    now = ms;
    tell(at(read, 1_000));
  }
  expect(lines).toEqual([
    'salesforce Contact: 400 of 1000 (40 %)',
    'salesforce Contact: 600 of 1000 (60 %), 200/s, 2 s left',
    'salesforce Contact: 1000 of 1000 (100 %), 545/s',
  ]);
});

test('a page knows the pace from two looks, and says nothing from one', () => {
  expect(restOf({ read: 100, at: 0 }, { read: 100, at: 0 }, 1_000)).toBeNull();
  expect(restOf({ read: 100, at: 0 }, { read: 300, at: 2_000 }, null)).toBeNull();
  expect(restOf({ read: 100, at: 0 }, { read: 300, at: 2_000 }, 1_300)).toEqual({ perSecond: 100, seconds: 10 });
});
