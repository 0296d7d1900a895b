import { Rejected } from '../../../../connectors/connector.ts';
import {
  firstPlace,
  type Place,
  placeAfterLast,
  placeAfterPage,
  placeToResume,
  writeCursor,
} from '../../../../connectors/kintone/change-cursor.ts';

const MORNING = Date.parse('2026-11-23T01:00:00Z');
const HOUR = 3_600_000;
const resumed = (at: Place, now: number) => placeToResume(writeCursor(at), now);

test('begins with everything, from the first record', () => {
  expect(firstPlace(MORNING)).toEqual({ step: 'everything', began: '2026-11-23T01:00:00.000Z', afterId: 0, total: null });
});

test('goes on behind the last record of a page, and keeps the total', () => {
  const second = placeAfterPage(firstPlace(MORNING), 500, 1200);
  expect(placeAfterPage(second, 1000, null)).toMatchObject({ afterId: 1000, total: 1200 });
});

test('goes on in the middle of an interrupted reading of everything, under the same name, even a day later', () => {
  const middle = placeAfterPage(firstPlace(MORNING), 500, 1200);
  expect(resumed(middle, MORNING + 30 * HOUR)).toEqual(middle);
});

test('asks after everything for what changed since some minutes before that reading began', () => {
  const after = resumed(placeAfterLast(firstPlace(MORNING)), MORNING + HOUR);
  expect(after).toMatchObject({ step: 'changes', from: '2026-11-23T00:55:00.000Z', afterId: 0 });
});

test('leaves no minute between two readings of changes', () => {
  const first = resumed(placeAfterLast(firstPlace(MORNING)), MORNING + HOUR);
  const second = resumed(placeAfterLast(first), MORNING + 2 * HOUR);
  expect(second).toMatchObject({ from: '2026-11-23T01:55:00.000Z' });
});

test('goes on in the middle of interrupted changes from the same moment', () => {
  const first = resumed(placeAfterLast(firstPlace(MORNING)), MORNING + HOUR);
  const middle = placeAfterPage(first, 77, null);
  expect(resumed(middle, MORNING + 2 * HOUR)).toEqual(middle);
});

test('compares all ids once three in the morning has passed in Japan, and reads the changes before it afterwards', () => {
  const day = placeAfterLast(firstPlace(MORNING));
  expect(resumed(day, Date.parse('2026-11-23T17:59:00Z')).step).toBe('changes');
  const night = resumed(day, Date.parse('2026-11-23T18:01:00Z'));
  expect(night).toMatchObject({ step: 'ids', began: '2026-11-23T18:01:00.000Z', from: '2026-11-23T00:55:00.000Z' });
  const middle = placeAfterPage(night, 500, 1200);
  expect(resumed(middle, Date.parse('2026-11-24T10:00:00Z'))).toEqual(middle);
  const after = resumed(placeAfterLast(middle), Date.parse('2026-11-24T10:00:00Z'));
  expect(after).toMatchObject({ step: 'changes', from: '2026-11-23T00:55:00.000Z', afterId: 0 });
});

test.each(['', 'x', '{}', 'null', '[]', '{"step":"everything"}', '{"step":"changes","from":"yesterday","afterId":0}'])(
  'refuses %j, which is no cursor of ours',
  (cursor) => {
    expect(() => placeToResume(cursor, MORNING)).toThrow(Rejected);
  },
);
