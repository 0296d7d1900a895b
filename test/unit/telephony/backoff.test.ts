import { reconnectDelayMs } from '../../../src/telephony/backoff.ts';

const chances = [0, 0.25, 0.5, 0.999];

test('the first try to come back is made within a second', () => {
  for (const chance of chances) expect(reconnectDelayMs(0, false, () => chance)).toBeLessThan(1_000);
});

test('the waits grow to half a minute and no further, however long the PBX is away', () => {
  const longest = (failures: number) => reconnectDelayMs(failures, false, () => 0.999);
  expect(longest(3)).toBeGreaterThan(longest(1));
  expect(longest(30)).toBeLessThanOrEqual(30_000);
  expect(longest(1_000_000)).toBeLessThanOrEqual(30_000);
});

test('several hubs do not return at the same moment', () => {
  expect(new Set(chances.map((chance) => reconnectDelayMs(5, false, () => chance))).size).toBe(chances.length);
});

test('a refused log-in is repeated more slowly than a lost connection', () => {
  for (const failures of [0, 1, 5, 50]) {
    expect(reconnectDelayMs(failures, true, () => 0)).toBeGreaterThan(reconnectDelayMs(failures, false, () => 0));
  }
  expect(reconnectDelayMs(50, true, () => 0.999)).toBeLessThanOrEqual(300_000);
});
