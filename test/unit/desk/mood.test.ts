import { moodOf } from '../../../src/web/admin/mood.ts';

function summary(owed: number, counts: Partial<Record<'waiting' | 'needsPerson' | 'refused', number>>) {
  const none = { logged: 0, waiting: 0, needsPerson: 0, refused: 0, notNeeded: 0 };
  return { owed, connectors: [{ connector: 'kintone', label: 'kintone', counts: { ...none, ...counts } }] };
}

test('a refused call alarms the admin at once, also before it counts as overdue', () => {
  expect(moodOf(summary(0, { refused: 1 }))).toBe('owedBad');
  expect(moodOf(summary(1, { needsPerson: 1 }))).toBe('owedBad');
});

test('every call is said to be logged only when none is on its way', () => {
  expect(moodOf(summary(0, {}))).toBe('owedGood');
  expect(moodOf(summary(0, { waiting: 3 }))).toBe('owedOnTheWay');
  expect(moodOf(summary(3, { waiting: 3 }))).toBe('owedWaiting');
});
