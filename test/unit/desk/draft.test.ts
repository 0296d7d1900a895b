import { changeNotes, changeOutcome, emptyDraft, mergeDrafts } from '../../../src/desk/draft.ts';
import { START } from '../../support/desk-calls.ts';

const empty = emptyDraft(START);
const write = (notes: string, revision: number) => ({ notes, revision, by: '1001', at: START });

test('notes written upon the current revision are taken', () => {
  expect(changeNotes(empty, write('折り返し', 0))).toEqual({
    conflict: false,
    draft: { ...empty, notes: '折り返し', revision: 1, by: '1001' },
  });
});

test('notes written upon an old revision never overwrite what somebody else wrote', () => {
  const { draft } = changeNotes(empty, write('先', 0));
  expect(changeNotes(draft, write('後', 0))).toEqual({ conflict: true, draft });
});

test('saying again what is already there is no conflict', () => {
  const { draft } = changeNotes(empty, write('同じ', 0));
  expect(changeNotes(draft, write('同じ', 0))).toEqual({ conflict: false, draft });
});

test('writing on after "done" opens the paperwork again', () => {
  const done = { ...empty, finishedBy: '1001' };
  expect(changeNotes(done, write('追記', 0)).draft.finishedBy).toBeNull();
  expect(changeOutcome(done, 'won', '1001', START).finishedBy).toBeNull();
});

test('joining two drafts keeps both texts and the survivor’s outcome', () => {
  const one = { ...empty, notes: '一', outcome: 'won', revision: 2 };
  const other = { ...empty, notes: '二', outcome: 'recall', revision: 5 };
  expect(mergeDrafts(one, other)).toMatchObject({ notes: '一\n二', outcome: 'won', revision: 6 });
  expect(mergeDrafts(one, empty)).toBe(one);
});
