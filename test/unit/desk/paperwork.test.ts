import type { FollowUpPlan } from '../../../src/desk/follow-up.ts';
import type { PopDraft } from '../../../src/desk/pop.ts';
import { type Backup, type NotesAnswer, Paperwork } from '../../../src/web/desk/paperwork.ts';
import { Wish, type WishAnswer } from '../../../src/web/desk/wish.ts';

const EMPTY: PopDraft = { outcome: null, notes: '', followUp: null, revision: 0, by: null, committed: true };

interface Kept {
  readonly outcome: { readonly value: string | null } | null;
  readonly followUp: { readonly value: FollowUpPlan | null } | null;
}

/** A browser and a hub in one hand: timers run when the test says so, answers are what the test says. */
function openPaperwork(draft: PopDraft = EMPTY, backup: Backup | null = null, kept: Kept = { outcome: null, followUp: null }) {
  const due: (() => void)[] = [];
  const sent: { notes: string; revision: number }[] = [];
  const outcomes: (string | null)[] = [];
  const promised: (FollowUpPlan | null)[] = [];
  const hub = {
    answers: [] as NotesAnswer[],
    takesOutcomes: true,
    followUpAnswers: [] as WishAnswer[],
    backup: backup as Backup | null,
    keptOutcome: kept.outcome,
    keptFollowUp: kept.followUp,
  };
  const paperwork = new Paperwork(draft, {
    saveNotes: async (notes, revision) => {
      sent.push({ notes, revision });
      return hub.answers.shift() ?? { kind: 'ok', revision: revision + 1 };
    },
    saveOutcome: async (outcome) => {
      outcomes.push(outcome);
      return hub.takesOutcomes;
    },
    saveFollowUp: async (followUp) => {
      promised.push(followUp);
      return hub.followUpAnswers.shift() ?? 'taken';
    },
    keptOutcome: {
      read: () => hub.keptOutcome,
      write: (wanted) => {
        hub.keptOutcome = wanted;
      },
    },
    keptFollowUp: {
      read: () => hub.keptFollowUp,
      write: (wanted) => {
        hub.keptFollowUp = wanted;
      },
    },
    readBackup: () => hub.backup,
    writeBackup: (next) => {
      hub.backup = next;
    },
    later: (run) => {
      due.push(run);
      return () => {
        due.splice(due.indexOf(run), 1);
      };
    },
  });
  const runTimers = async () => {
    for (const run of due.splice(0)) run();
    await new Promise(setImmediate);
  };
  return { paperwork, hub, sent, outcomes, promised, runTimers };
}

test('saves once after a pause in the typing, not at every key', async () => {
  const { paperwork, sent, hub, runTimers } = openPaperwork();
  paperwork.type('納');
  paperwork.type('納期');
  expect(paperwork.read().save).toBe('unsaved');
  expect(hub.backup?.notes).toBe('納期');
  await runTimers();
  expect(sent).toEqual([{ notes: '納期', revision: 0 }]);
  expect(paperwork.read().save).toBe('saved');
  expect(hub.backup).toBeNull();
});

test('takes over what another page wrote when nothing was typed here', () => {
  const { paperwork } = openPaperwork();
  paperwork.sync({ ...EMPTY, notes: '別の画面', revision: 4, outcome: 'won' });
  expect(paperwork.read()).toMatchObject({ notes: '別の画面', outcome: 'won', save: 'saved' });
});

test('never replaces what is being typed', () => {
  const { paperwork } = openPaperwork();
  paperwork.type('入力中');
  paperwork.sync({ ...EMPTY, notes: '別の画面', revision: 1 });
  expect(paperwork.read().notes).toBe('入力中');
});

test('shows a conflict, saves nothing until it is resolved, and then joins both texts', async () => {
  const { paperwork, sent, hub, runTimers } = openPaperwork();
  hub.answers = [{ kind: 'conflict', notes: '相手', revision: 7 }];
  paperwork.type('自分');
  await runTimers();
  expect(paperwork.read()).toMatchObject({ save: 'conflict', theirs: '相手', notes: '自分' });
  paperwork.type('自分の続き');
  await runTimers();
  expect(sent).toHaveLength(1);
  paperwork.resolve('both');
  await runTimers();
  expect(sent.at(-1)).toEqual({ notes: '相手\n自分の続き', revision: 7 });
  expect(paperwork.read()).toMatchObject({ save: 'saved', theirs: null });
});

test('taking the other text after a conflict needs no saving', async () => {
  const { paperwork, sent, hub, runTimers } = openPaperwork();
  hub.answers = [{ kind: 'conflict', notes: '相手', revision: 7 }];
  paperwork.type('自分');
  await runTimers();
  paperwork.resolve('theirs');
  await runTimers();
  expect(paperwork.read()).toMatchObject({ notes: '相手', save: 'saved' });
  expect(sent).toHaveLength(1);
});

test('tries again until the hub is back', async () => {
  const { paperwork, hub, sent, runTimers } = openPaperwork();
  hub.answers = [{ kind: 'failed' }, { kind: 'failed' }];
  paperwork.type('停電');
  await runTimers();
  expect(paperwork.read().save).toBe('failed');
  await runTimers();
  await runTimers();
  expect(paperwork.read().save).toBe('saved');
  expect(sent).toHaveLength(3);
});

test('a page that was reloaded before saving finds its text again and saves it', async () => {
  const { paperwork, sent, runTimers } = openPaperwork(
    { ...EMPTY, notes: '古い', revision: 2 },
    {
      notes: '古いと新しい',
      baseNotes: '古い',
      revision: 2,
    },
  );
  expect(paperwork.read()).toMatchObject({ notes: '古いと新しい', save: 'unsaved' });
  await runTimers();
  expect(sent).toEqual([{ notes: '古いと新しい', revision: 2 }]);
});

test('choosing an outcome can be undone step by step; choosing it twice takes it back', async () => {
  const { paperwork, outcomes, runTimers } = openPaperwork();
  paperwork.choose('won');
  paperwork.choose('recall');
  paperwork.undo();
  expect(paperwork.read().outcome).toBe('won');
  paperwork.undo();
  expect(paperwork.read()).toMatchObject({ outcome: null, canUndo: false });
  paperwork.choose('won');
  paperwork.choose('won');
  await runTimers();
  expect(paperwork.read().outcome).toBeNull();
  expect(outcomes.at(-1)).toBeNull();
});

test('an outcome that could not be saved stays pending and is sent again', async () => {
  const { paperwork, hub, outcomes, runTimers } = openPaperwork();
  hub.takesOutcomes = false;
  paperwork.choose('won');
  await runTimers();
  expect(paperwork.read()).toMatchObject({ outcome: 'won', isOutcomePending: true });
  paperwork.sync({ ...EMPTY, outcome: null });
  expect(paperwork.read().outcome).toBe('won');
  hub.takesOutcomes = true;
  await runTimers();
  expect(paperwork.read().isOutcomePending).toBe(false);
  expect(outcomes).toEqual(['won', 'won']);
});

test('"done" sends everything first and says when it could not', async () => {
  const { paperwork, hub } = openPaperwork();
  paperwork.type('最後の一言');
  hub.answers = [{ kind: 'failed' }];
  expect(await paperwork.flush()).toBe(false);
  expect(await paperwork.flush()).toBe(true);
});

const tomorrow = '2026-11-24T01:00:00.000Z';

test('a time is sent at once, its note after a pause in the typing; taking it back is sent too', async () => {
  const { paperwork, promised, runTimers } = openPaperwork();
  paperwork.promise(tomorrow);
  expect(paperwork.read()).toMatchObject({ followUp: { dueAt: tomorrow, note: '' }, isFollowUpPending: true });
  await runTimers();
  expect(paperwork.read().isFollowUpPending).toBe(false);
  paperwork.noteFollowUp('見積');
  paperwork.noteFollowUp('見積の件');
  expect(promised).toEqual([{ dueAt: tomorrow, note: '' }]);
  await runTimers();
  paperwork.promise('2026-11-25T01:00:00.000Z');
  paperwork.takeBack();
  await runTimers();
  expect(promised.slice(1)).toEqual([
    { dueAt: tomorrow, note: '見積の件' },
    { dueAt: '2026-11-25T01:00:00.000Z', note: '見積の件' },
    null,
  ]);
});

test('what the hub has taken stays when notes are saved before the hub tells of it', async () => {
  const { paperwork, runTimers } = openPaperwork();
  paperwork.choose('recall');
  paperwork.promise(tomorrow);
  paperwork.type('見積の件');
  await runTimers();
  expect(paperwork.read()).toMatchObject({ outcome: 'recall', followUp: { dueAt: tomorrow }, save: 'saved' });
});

test('what could not be sent before the page was loaded again is sent then', async () => {
  const before = openPaperwork();
  before.hub.takesOutcomes = false;
  before.hub.followUpAnswers = ['failed'];
  before.paperwork.choose('recall');
  before.paperwork.promise(tomorrow);
  await new Promise(setImmediate);
  const { keptOutcome, keptFollowUp } = before.hub;
  const after = openPaperwork(EMPTY, null, { outcome: keptOutcome, followUp: keptFollowUp });
  after.paperwork.sync(EMPTY);
  expect(after.paperwork.read()).toMatchObject({ outcome: 'recall', followUp: { dueAt: tomorrow }, isFollowUpPending: true });
  await after.runTimers();
  expect([after.outcomes, after.promised]).toEqual([['recall'], [{ dueAt: tomorrow, note: '' }]]);
  expect([after.hub.keptOutcome, after.hub.keptFollowUp]).toEqual([null, null]);
});

test('a promise and its taking back are sent one after the other: the hub cannot hear the older one last', async () => {
  const answers: ((answer: WishAnswer) => void)[] = [];
  const sent: (FollowUpPlan | null)[] = [];
  const wish = new Wish<FollowUpPlan | null>({
    kept: { read: () => null, write: () => undefined },
    send: (followUp) => {
      sent.push(followUp);
      return new Promise((resolve) => answers.push(resolve));
    },
    settled: () => undefined,
    later: () => () => undefined,
  });
  const promise = { dueAt: tomorrow, note: '' };
  wish.want(promise);
  wish.want(null);
  const all = wish.send();
  expect(sent).toEqual([promise]);
  answers[0]?.('taken');
  await new Promise(setImmediate);
  expect([sent, wish.isOpen]).toEqual([[promise, null], true]);
  answers[1]?.('taken');
  await all;
  expect([sent.length, wish.isOpen]).toEqual([2, false]);
});

test('a follow-up that another page promised is shown, unless one is on its way from here', async () => {
  const { paperwork, runTimers } = openPaperwork();
  const theirs = { dueAt: tomorrow, note: '別の画面' };
  paperwork.sync({ ...EMPTY, followUp: theirs });
  expect(paperwork.read().followUp).toEqual(theirs);
  paperwork.noteFollowUp('入力中');
  paperwork.sync({ ...EMPTY, followUp: theirs });
  expect(paperwork.read().followUp?.note).toBe('入力中');
  await runTimers();
  paperwork.sync({ ...EMPTY, followUp: null });
  expect(paperwork.read().followUp).toBeNull();
});

test('a time that the hub refuses is told, and nothing counts as saved; one that does not arrive is sent again', async () => {
  const { paperwork, hub, promised, runTimers } = openPaperwork();
  hub.followUpAnswers = ['refused', 'failed', 'taken'];
  paperwork.promise(tomorrow);
  await runTimers();
  expect(paperwork.read()).toMatchObject({ followUp: null, isDueAtRefused: true, isFollowUpPending: false });
  paperwork.promise(tomorrow);
  await runTimers();
  expect([paperwork.read().isDueAtRefused, paperwork.isDirty]).toEqual([false, true]);
  await runTimers();
  expect([promised.length, paperwork.isDirty]).toEqual([3, false]);
  hub.followUpAnswers = ['refused'];
  paperwork.takeBack();
  expect(await paperwork.flush()).toBe(false);
});
