import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { CallId } from '../calls/call.ts';
import type { Database } from '../store/schema.ts';
import type { KeptDraft } from './desk-ports.ts';

/** Drafts survive a reload, a transfer and a restart; older ones than these are of calls nobody works on any more. */
export interface DraftStore {
  /** Newest first. */
  recent(): Promise<readonly KeptDraft[]>;
  keep(draft: KeptDraft): Promise<void>;
}

const MOST_DRAFTS = 2_000;
const KEPT_FOR_MS = 7 * 24 * 3_600_000;

const draftShape = z.object({
  outcome: z.string().nullable(),
  notes: z.string(),
  // Drafts of earlier versions have none.
  followUp: z.object({ dueAt: z.string(), note: z.string() }).nullable().default(null),
  revision: z.number(),
  finishedBy: z.string().nullable(),
  closed: z.array(z.string()),
  by: z.string().nullable(),
  at: z.string(),
});

export function createDraftStore(db: Kysely<Database>, now: () => number): DraftStore {
  return {
    async recent() {
      await db
        .deleteFrom('desk_drafts')
        .where('kept_at', '<', now() - KEPT_FOR_MS)
        .execute();
      const rows = await db.selectFrom('desk_drafts').selectAll().orderBy('kept_at', 'desc').limit(MOST_DRAFTS).execute();
      return rows.map((row) => ({ callId: row.call_id as CallId, ...draftShape.parse(JSON.parse(row.draft)) }));
    },
    async keep({ callId, ...draft }) {
      const kept = { draft: JSON.stringify(draft), kept_at: now() };
      await db
        .insertInto('desk_drafts')
        .values({ call_id: callId, ...kept })
        .onConflict((conflict) => conflict.column('call_id').doUpdateSet(kept))
        .execute();
    },
  };
}
