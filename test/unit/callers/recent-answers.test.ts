import { createRecentAnswers } from '../../../src/callers/recent-answers.ts';

test('forgets what is old and, when full, what nobody asked for longest', () => {
  let now = 0;
  const answers = createRecentAnswers<number>({ most: 2, forMs: 100 }, () => now);
  answers.set('a', 1);
  answers.set('b', 2);
  expect(answers.get('a')).toBe(1);
  answers.set('c', 3);
  expect([answers.get('a'), answers.get('b'), answers.get('c')]).toEqual([1, undefined, 3]);
  now = 100;
  expect(answers.get('a')).toBeUndefined();
});

test('keeps nothing longer because the clock was put back', () => {
  let now = 9 * 3_600_000;
  const answers = createRecentAnswers<string>({ most: 2, forMs: 100 }, () => now);
  answers.set('a', 'nobody');
  now = 0;
  expect(answers.get('a')).toBeUndefined();
});
