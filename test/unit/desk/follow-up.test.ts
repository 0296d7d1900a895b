import { changeFollowUp, emptyDraft, mergeDrafts } from '../../../src/desk/draft.ts';
import { dueAtProblem } from '../../../src/desk/follow-up.ts';
import { START } from '../../support/desk-calls.ts';

const now = Date.parse('2026-11-25T01:00:00.000Z');
const later = { dueAt: '2026-11-26T01:00:00.000Z', note: '見積もりの件' };
const empty = emptyDraft(START);

test.each([
  ['2026-11-25T00:58:59.000Z', 'past'],
  ['2026-11-25T00:59:30.000Z', null],
  ['2026-11-25T01:30:00.000Z', null],
  ['2028-11-25T01:00:00.000Z', null],
  ['2028-11-25T01:00:01.000Z', 'tooFar'],
])('%s is %s', (dueAt, problem) => {
  expect(dueAtProblem(dueAt, null, now)).toBe(problem);
});

test('what was promised may stay when its time has come: only its note changes', () => {
  const past = { dueAt: '2026-11-24T01:00:00.000Z', note: '' };
  expect(dueAtProblem(past.dueAt, past, now)).toBeNull();
});

test('a promise after "done" opens the paperwork again; the same promise changes nothing', () => {
  const done = { ...empty, finishedBy: '1001' };
  const promised = changeFollowUp(done, later, '1002', START);
  expect(promised).toMatchObject({ followUp: later, finishedBy: null, by: '1002' });
  expect(changeFollowUp(promised, { ...later }, '1003', START)).toBe(promised);
  expect(changeFollowUp(promised, null, '1003', START).followUp).toBeNull();
});

test('when two calls become one, what was promised in either is kept, the survivor’s first', () => {
  const one = { ...empty, followUp: later };
  const other = { ...empty, followUp: { ...later, note: '別件' } };
  expect(mergeDrafts(empty, one).followUp).toEqual(later);
  expect(mergeDrafts(one, other).followUp).toEqual(later);
  expect(mergeDrafts(one, empty)).toBe(one);
});
