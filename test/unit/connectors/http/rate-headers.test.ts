import { dayOf, restMs } from '../../../../connectors/http/rate-headers.ts';

const now = Date.parse('2026-11-23T01:00:00Z');

test.each<[string, Readonly<Record<string, string>>, number | null]>([
  ['nothing', {}, null],
  ['something left', { 'ratelimit-remaining': '3', 'ratelimit-reset': '30' }, 0],
  ['nothing left, seconds', { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, 30_000],
  ['nothing left, an instant', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 45) }, 45_000],
  ['nothing left, an instant in milliseconds', { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(now + 500) }, 500],
  ['a list of windows', { ratelimit: '"burst";r=0;t=2, "hour";r=0;t=1800;pk=:abc:' }, 1_800_000],
  ['a list with something left', { ratelimit: '"burst";r=4;t=2' }, 0],
  ['no reset', { 'ratelimit-remaining': '0' }, null],
  ['an instant that is over', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 - 5) }, 0],
  ['no figures', { 'ratelimit-remaining': 'none', 'ratelimit-reset': 'soon' }, null],
  ['no end', { 'ratelimit-remaining': '0', 'ratelimit-reset': '999999999' }, 86_400_000],
])('a rest is read from headers that tell %s', (_what, headers, ms) => {
  expect(restMs(headers, now)).toBe(ms);
});

test('the day is read from the headers that are named, and from no others', () => {
  const headers = { 'x-daily-limit': '5000', 'x-daily-remaining': '4990', 'ratelimit-remaining': '0' };
  const named = { limit: 'X-Daily-Limit', remaining: 'X-Daily-Remaining' };
  expect(dayOf(headers, named)).toEqual({ used: 10, limit: 5000 });
  expect(dayOf(headers, undefined)).toBeNull();
  expect(dayOf({ 'x-daily-limit': '5000' }, named)).toBeNull();
  expect(dayOf({ 'x-daily-limit': '0', 'x-daily-remaining': '0' }, named)).toBeNull();
});
