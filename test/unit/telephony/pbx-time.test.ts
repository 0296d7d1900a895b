import { createPbxTimes } from '../../../src/telephony/records/pbx-time.ts';

const tokyo = createPbxTimes('Asia/Tokyo');
const berlin = createPbxTimes('Europe/Berlin');
const newYork = createPbxTimes('America/New_York');
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const uniqueId = (time: string) => `${Math.floor(Date.parse(time) / 1000)}.7`;

test('reads the clock of the PBX', () => {
  expect(iso(tokyo.read('2026-11-23 04:56:25', null))).toBe('2026-11-22T19:56:25.000Z');
  expect(iso(tokyo.read('2026-11-23 04:56:25.285000', '1795377385.0'))).toBe('2026-11-22T19:56:25.285Z');
  expect(iso(newYork.read('2026-07-01 12:00:00', null))).toBe('2026-07-01T16:00:00.000Z');
});

test('sees from the Uniqueid that a file was written in UTC', () => {
  expect(iso(tokyo.read('2026-11-22 19:56:28', '1795377385.0'))).toBe('2026-11-22T19:56:28.000Z');
  expect(iso(newYork.read('2026-07-01 16:00:00', uniqueId('2026-07-01T16:00:00Z')))).toBe('2026-07-01T16:00:00.000Z');
  expect(iso(newYork.read('2026-07-01 12:00:00', uniqueId('2026-07-01T16:00:00Z')))).toBe('2026-07-01T16:00:00.000Z');
});

test('tells the two halves of the hour that comes twice apart', () => {
  const text = '2026-10-25 02:30:00';
  expect(iso(berlin.read(text, uniqueId('2026-10-25T00:29:50Z')))).toBe('2026-10-25T00:30:00.000Z');
  expect(iso(berlin.read(text, uniqueId('2026-10-25T01:29:50Z')))).toBe('2026-10-25T01:30:00.000Z');
  expect(iso(berlin.read(text, null))).toBe('2026-10-25T00:30:00.000Z');
});

test('reads the day of the change, and an hour that is left out, as some moment near', () => {
  expect(iso(berlin.read('2026-03-29 01:59:59', null))).toBe('2026-03-29T00:59:59.000Z');
  expect(iso(berlin.read('2026-03-29 03:00:01', null))).toBe('2026-03-29T01:00:01.000Z');
  expect(Math.abs((berlin.read('2026-03-29 02:30:00', null) ?? 0) - Date.parse('2026-03-29T01:00:00Z'))).toBeLessThan(3_600_000);
});

test.each([
  ['1795377385.495324', '2026-11-22T19:56:25.495Z'],
  ['1795377385', '2026-11-22T19:56:25.000Z'],
  ['2026-11-23T04:56:25+0900', '2026-11-22T19:56:25.000Z'],
  ['2026-11-23 04:56:25.5+09', '2026-11-22T19:56:25.500Z'],
  ['2026-11-22T19:56:25Z', '2026-11-22T19:56:25.000Z'],
])('whatever the dateformat, %s is that moment', (text, wanted) => {
  expect(iso(tokyo.read(text, null))).toBe(wanted);
});

test.each(['', 'yesterday', '0000-00-00', '2026-11-23', '99999999999999999999', '1795377385; DROP TABLE cel'])(
  'no time: %j',
  (text) => {
    expect(tokyo.read(text, '1795377385.0')).toBeNull();
  },
);

test('refuses a zone there is none of', () => {
  expect(() => createPbxTimes('Asia/Edo')).toThrow(RangeError);
});
