/** Drafts in the database, also those that an earlier version has kept. */
import type { CallId } from '../../../src/calls/call.ts';
import { keptDraft } from '../../../src/desk/draft.ts';
import { createDraftStore } from '../../../src/desk/draft-store.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { openDatabase } from '../../../src/store/open-database.ts';

const NOW = Date.parse('2026-11-23T01:05:00.000Z');
const blank = { outcome: null, notes: '', revision: 0, finishedBy: null, closed: [], by: null, at: '2026-11-23T01:00:00.000Z' };

test('what was promised is kept, and a draft of an earlier version promises nothing', async () => {
  const store = openDatabase({ url: 'sqlite::memory:' });
  await migrate(store);
  const drafts = createDraftStore(store.db, () => NOW);
  const followUp = { dueAt: '2026-11-24T01:00:00.000Z', note: '見積もりの件' };
  const promised = keptDraft('main-1.1' as CallId, { ...blank, followUp });
  await drafts.keep(promised);
  const old = { call_id: 'main-1.2', draft: JSON.stringify(blank), kept_at: NOW - 1_000 };
  await store.db.insertInto('desk_drafts').values(old).execute();
  expect(await drafts.recent()).toEqual([promised, { callId: 'main-1.2', ...blank, followUp: null }]);
  await store.close();
});
